/*
 * npki/pair.h - proof that a certificate and a private key work together.
 */
#ifndef NPKI_PAIR_H
#define NPKI_PAIR_H

#include <openssl/x509.h>

#include "npki/npki.h"

/* That the key is the certificate's.  E_MISMATCH. */
MUST_USE struct err npki_pair_check(const X509 *cert, EVP_PKEY *key);

/*
 * Sign 32 random bytes with `key`, verify under the certificate's public key.
 * E_MISMATCH when it does not verify; E_CRYPTO.
 */
MUST_USE struct err npki_test_sign(const X509 *cert, EVP_PKEY *key);

/*
 * Sign 32 random bytes as CMS (as a bank's site would receive it) and verify
 * with a path through `cas` (may be NULL) to `root` at `now`.  E_MISMATCH when
 * it does not verify; E_CRYPTO, E_NOMEM.
 */
MUST_USE struct err npki_test_cms(
    X509 *cert, EVP_PKEY *key, STACK_OF(X509) * cas, X509 *root, int64_t now);

#endif
