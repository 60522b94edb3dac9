/*
 * npki/p12.h - PKCS#12 in the Korean shape, and reading any common one
 * without losing R.
 *
 * OpenSSL's PKCS12_parse and PKCS12_create drop R; these do not.
 * Source: facts/npki.md section 4.
 */
#ifndef NPKI_P12_H
#define NPKI_P12_H

#include <openssl/x509.h>

#include "npki/pri.h"

enum {
	P12_ITER = 1024,	 /* as the known files have it */
	P12_PHONE_ITER = 100000, /* a file that lies in a phone's downloads */
	P12_CHAIN_MAX = 8
};

/* facts/handoff.md 2.3 has which phone reads what. */
enum p12_profile {
	P12_KOREAN,	/* certificates plain, 3DES, SHA-1 MAC, P12_ITER */
	P12_COMPATIBLE, /* all under 3DES, SHA-1 MAC, P12_PHONE_ITER */
	P12_STRONG,	/* AES-256, PBKDF2 and MAC of SHA-256, P12_PHONE_ITER */
	P12_PROFILE_COUNT
};

/*
 * Append a PKCS#12 v3 file of one identity: the certificate, the chain, the
 * shrouded key; certificate and key with localKeyID = the certificate's
 * subjectKeyIdentifier (its SHA-1 of the key when absent) and no
 * friendlyName; R in the key's attributes.  P12_KOREAN has all in one plain
 * authSafe, the others the certificates in an encrypted one of their own.
 * `chain` may be NULL.  E_ARG, E_LIMIT (`out` unchanged), E_CRYPTO.
 */
MUST_USE struct err npki_p12_write(struct buf *out, const struct npki_key *key,
    X509 *cert, STACK_OF(X509) * chain, enum p12_profile profile,
    struct span password_secret);

struct npki_p12 {
	struct npki_key key;
	X509 *cert;		/* the key's certificate */
	STACK_OF(X509) * chain; /* the others; never NULL after a read */
};

/*
 * Read a PKCS#12 file with one key: 3DES, RC2, PBES2 with AES, SEED or ARIA.
 * The MAC, when there is one, must verify.  `out` is written only on success;
 * free it with npki_p12_free.  E_PASSWORD; E_FORMAT; E_LIMIT over
 * NPKI_P12_MAX, more than PRI_ITER_MAX iterations in all, or
 * too many certificates;
 * E_NOTFOUND without a key, or without its certificate; E_UNSUPPORTED.
 */
MUST_USE struct err npki_p12_read(
    struct npki_p12 *out, struct span der, struct span password_secret);
void npki_p12_free(struct npki_p12 *p12);

#endif
