/*
 * token/objects.h - what a joint certificate is on a token.
 *
 *   CKO_PRIVATE_KEY, CKO_PUBLIC_KEY  CKA_ID = SHA-1 of the public key
 *   CKO_CERTIFICATE                  the same CKA_ID; those of the CAs above
 *   CKO_DATA, private                R: label = the CKA_ID in hexadecimal
 *
 * A private key made here is called OBJECTS_UNFINISHED until everything is
 * written: what carries that name was left behind half-way.
 */
#ifndef PROG_TOKEN_OBJECTS_H
#define PROG_TOKEN_OBJECTS_H

#include <openssl/x509.h>

#include "npki/npki.h"
#include "prog/token/token.h"

enum { OBJECTS_ID = 20 };

#define OBJECTS_UNFINISHED "dasi: unfinished"

/* The CKA_ID of a public key: as its SubjectKeyIdentifier.  E_CRYPTO. */
MUST_USE struct err objects_id(uint8_t id[static OBJECTS_ID], EVP_PKEY *key);

/*
 * Make a key pair on the token: the private key sensitive, not extractable,
 * unfinished.  *public is the caller's.  E_UNSUPPORTED, E_FULL, ...
 */
MUST_USE struct err objects_generate(const struct token *t, int bits,
    uint8_t id[static OBJECTS_ID], EVP_PKEY **public);

/* The private key of this id.  E_GONE. */
MUST_USE struct err objects_key(const struct token *t,
    const uint8_t id[static OBJECTS_ID], CK_OBJECT_HANDLE *key);

MUST_USE struct err objects_put_r(const struct token *t,
    const uint8_t id[static OBJECTS_ID], const uint8_t r_secret[static NPKI_R]);
/* E_GONE when there is none, E_FORMAT when it is no R. */
MUST_USE struct err objects_get_r(const struct token *t,
    const uint8_t id[static OBJECTS_ID], uint8_t r_secret[static NPKI_R]);

/* *made tells whether it was not there yet. */
MUST_USE struct err objects_put_cert(
    const struct token *t, const X509 *cert, bool *made);
/* Take this very certificate away. */
MUST_USE struct err objects_drop_cert(const struct token *t, const X509 *cert);
/* That these very bytes can be read from the token.  E_MISMATCH. */
MUST_USE struct err objects_has_cert(const struct token *t, const X509 *cert);
/* Of all certificates whose private key is here, the one that ends last; the
 * caller's, with its id.  E_NOTFOUND. */
MUST_USE struct err objects_own_cert(
    const struct token *t, uint8_t id[static OBJECTS_ID], X509 **cert);

/* Everything is there: give the keys their name. */
MUST_USE struct err objects_finish(const struct token *t,
    const uint8_t id[static OBJECTS_ID], const char *name);

/* Take away key pair, certificate and R of this id.  The first error; the
 * rest is tried all the same. */
MUST_USE struct err objects_erase(
    const struct token *t, const uint8_t id[static OBJECTS_ID]);
/* The same with whatever was left unfinished. */
MUST_USE struct err objects_sweep(const struct token *t);

#endif
