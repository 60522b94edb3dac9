/*
 * token/rsa.h - a key on a token as OpenSSL's EVP_PKEY.
 */
#ifndef PROG_TOKEN_RSA_H
#define PROG_TOKEN_RSA_H

#include <openssl/evp.h>

#include "prog/token/token.h"

/* The private key `key` of the session, with what it last failed with. */
struct rsa_key {
	const struct token *token;
	CK_OBJECT_HANDLE key;
	struct err failed;
};

/*
 * An RSA key that signs SHA-256 digests (PKCS#1 v1.5) by `key`, which must
 * stay as long as *out does; its public half is `public`.  The caller frees
 * it.  E_CRYPTO, E_UNSUPPORTED when `public` is not RSA.
 */
MUST_USE struct err rsa_wrap(
    EVP_PKEY **out, struct rsa_key *key, EVP_PKEY *public);

/*
 * Sign by `key` and verify with the certificate.  What the token failed with,
 * else E_MISMATCH, E_UNSUPPORTED, E_CRYPTO.
 */
MUST_USE struct err rsa_prove(
    const struct token *token, CK_OBJECT_HANDLE key, const X509 *cert);

/* The public key of these big-endian numbers; the caller's.  E_CRYPTO. */
MUST_USE struct err rsa_public(
    EVP_PKEY **out, struct span modulus, struct span exponent);

#endif
