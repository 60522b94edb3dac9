/*
 * phone_p12.c - the two files that a phone gets, as dasi-key makes them:
 * phone-p12 SIGNPRI CERT CA COMPATIBLE STRONG, the password on stdin.
 * SIGNPRI is a signPri.key with R, CERT and CA are DER; the last two are
 * written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/secret.h"
#include "npki/npki.h"
#include "npki/p12.h"

enum { ROOM = 16 * 1024 };

static void
must(struct err e)
{
	if (!err_is(e))
		return;
	fprintf(stderr, "phone-p12: %s (%s)\n", err_name(e.code), e.where);
	exit(3);
}

static X509 *
certificate(const char *path)
{
	static uint8_t room[ROOM];
	struct buf b = buf_make(room, sizeof room);
	const uint8_t *p = room;
	X509 *cert;

	must(file_read(&b, path));
	cert = d2i_X509(NULL, &p, (long)b.n);
	if (cert == NULL)
		must(err_make(E_FORMAT, 0, path));
	return cert;
}

static void
write_file(const char *path, const struct npki_key *key, X509 *cert,
    STACK_OF(X509) * chain, enum p12_profile profile, struct span password)
{
	static uint8_t room[ROOM];
	struct buf out = buf_make(room, sizeof room);

	must(npki_p12_write(&out, key, cert, chain, profile, password));
	must(file_write(path, buf_span(&out), 0600));
}

int
main(int argc, char **argv)
{
	static uint8_t room[ROOM];
	char password_secret[128] = "";
	struct buf b = buf_make(room, sizeof room);
	struct npki_key key = { 0 };
	STACK_OF(X509) *chain = sk_X509_new_null();
	struct span password;
	X509 *cert;

	if (argc != 6 ||
	    fgets(password_secret, sizeof password_secret, stdin) == NULL)
		return 2;
	password_secret[strcspn(password_secret, "\n")] = '\0';
	password = span_str(password_secret);
	must(npki_init());
	must(file_read(&b, argv[1]));
	must(npki_pri_read(&key, buf_span(&b), password));
	cert = certificate(argv[2]);
	sk_X509_push(chain, certificate(argv[3]));
	write_file(argv[4], &key, cert, chain, P12_COMPATIBLE, password);
	write_file(argv[5], &key, cert, chain, P12_STRONG, password);
	sk_X509_pop_free(chain, X509_free);
	X509_free(cert);
	npki_key_free(&key);
	secret_wipe(password_secret, sizeof password_secret);
	return 0;
}
