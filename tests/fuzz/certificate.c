/*
 * Fuzz target: a certificate, described and held against the profile.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "npki/cert.h"
#include "npki/profile.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (err_is(npki_init()))
		abort();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct npki_cert_info info;
	uint32_t findings;
	X509 *cert;

	if (err_is(npki_cert_parse_any(&cert, span_make(data, n))))
		return 0;
	npki_profile_check(&findings, cert);
	if (!err_is(npki_cert_info(&info, cert))) {
		/* a leaf is one safe path component, whatever came in */
		if (strchr(info.leaf, '/') != NULL ||
		    strcmp(info.leaf, "..") == 0 ||
		    strchr(info.org, '/') != NULL ||
		    strcmp(info.org, "..") == 0 ||
		    !utf8_valid(info.leaf, strlen(info.leaf)))
			abort();
	}
	X509_free(cert);
	return 0;
}
