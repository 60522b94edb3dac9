/*
 * Fuzz target: PKCS#12 under a fixed password.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "npki/p12.h"

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
	struct npki_p12 p12;

	if (!err_is(npki_p12_read(
		&p12, span_make(data, n), span_str("WTuA8Ev0lWXVFSiI!")))) {
		if (p12.cert == NULL || p12.key.pkey == NULL)
			abort();
		npki_p12_free(&p12);
	}
	return 0;
}
