/*
 * npki/pri.h - signPri.key: an encrypted PKCS#8 private key with R inside.
 *
 * EVP_PKEY drops PKCS#8 attributes, and OpenSSL trims zero bits of a BIT
 * STRING; both would lose R.  So the plaintext is taken apart and put together
 * here, byte by byte, and R is always written as 03 15 00 <20 bytes>.
 * Source: facts/npki.md section 1.  Plaintext buffers are wiped on every path.
 */
#ifndef NPKI_PRI_H
#define NPKI_PRI_H

#include <openssl/evp.h>

#include "npki/npki.h"

enum {
	PRI_ATTRS_MAX = 1024,	/* bytes of attributes besides R that we keep */
	PRI_ITER = 2048,	/* what we write */
	PRI_ITER_MAX = 1000000, /* what we still read */
	PRI_PLAIN_MAX = 8192,	/* bytes of a PrivateKeyInfo */
	PRI_ALGORITHM_TEXT = 128, /* room for an algorithm's name */
	PRI_SALT = 8
};

enum pri_form {
	PRI_FORM_SEED_SHA1, /* outer 1.2.410.200004.1.15, the classic form */
	PRI_FORM_PBES2,	    /* written as SEED-CBC, HMAC-SHA1, no keyLength */
	PRI_FORM_SEED_OLD,  /* outer 1.2.410.200004.1.4; read only */
	PRI_FORM_COUNT
};

/*
 * A private key with what belongs to it.  `pkey` is owned; free the whole with
 * npki_key_free.  A caller that made its own key fills pkey, has_r and
 * r_secret in a zeroed struct.
 */
struct npki_key {
	EVP_PKEY *pkey;
	bool has_r;
	uint8_t r_secret[NPKI_R];
	enum pri_form form;	      /* how it was read */
	size_t attrs_n;		      /* other attributes, DER, */
	uint8_t attrs[PRI_ATTRS_MAX]; /* one after the other */
};

/* Frees pkey and wipes the struct.  NULL is fine. */
void npki_key_free(struct npki_key *key);

/*
 * Decrypt a signPri.key.  `out` is written only on success; then the caller
 * frees it.  The password is bytes, without NUL, at most NPKI_PASSWORD_READ.
 * Reads: .1.15, the old .1.4, and PBES2 with PBKDF2 (any HMAC-SHA-1/2 prf, any
 * sane keyLength) and SEED, AES or ARIA in CBC; 1..PRI_ITER_MAX iterations.
 * E_PASSWORD when the password does not open it, or opens it to nonsense;
 * E_UNSUPPORTED for an algorithm not listed (npki_pri_algorithm names it) or
 * iterations out of range; E_FORMAT for bytes that are no such file; E_LIMIT
 * for input over NPKI_PRI_MAX or more attributes than we keep; E_CRYPTO.
 * Takes as long as the iterations ask for: about a second at most.
 */
MUST_USE struct err npki_pri_read(
    struct npki_key *out, struct span der, struct span password_secret);

/*
 * The encryption of a signPri.key in words, such as "seedCBCWithSHA1" or
 * "PBES2 (PBKDF2 hmacWithSHA1, SEED-CBC)"; an unknown one as its dotted OID.
 * For messages and inspection; needs no password.  E_FORMAT, E_LIMIT.
 */
MUST_USE struct err npki_pri_algorithm(
    char out[static PRI_ALGORITHM_TEXT], struct span der);

/*
 * Encrypt a key into `out` (appended; 2 KiB suffice for RSA-2048) under fresh
 * salt and PRI_ITER iterations.  SEED_SHA1 is the form every reader handles:
 * 30820510 301a 0608 2a831a8c9a44010f 300e 0408 <salt> 0202 0800 048204f0 ...
 * The attributes that were read are written again, R first.
 * E_ARG for PRI_FORM_SEED_OLD, an empty password or one over 256 bytes;
 * E_LIMIT when `out` is too small (it is then unchanged); E_CRYPTO.
 */
MUST_USE struct err npki_pri_write(struct buf *out, const struct npki_key *key,
    enum pri_form form, struct span password_secret);

/*
 * The PrivateKeyInfo itself, in clear: for PKCS#12 and tests.  The caller
 * wipes `out_secret`.  E_LIMIT, E_CRYPTO.
 */
MUST_USE struct err npki_pri_plain_encode(
    struct buf *out_secret, const struct npki_key *key);

/*
 * The reverse.  `out` is written only on success; its form is SEED_SHA1.
 * E_FORMAT, also for an RSA or EC key whose parts do not fit each other;
 * E_UNSUPPORTED for another type of key; E_LIMIT.
 */
MUST_USE struct err npki_pri_plain_decode(
    struct npki_key *out, struct span plain_secret);

/*
 * Key derivation of .1.15 and the old .1.4 (PBKDF1 of 20 bytes).  `dk` is
 * secret; the caller wipes it.  The SEED key is dk[0..15]; the IV of .1.15 is
 * the first 16 bytes of SHA-1 over dk[16..19] only.  E_CRYPTO, E_ARG.
 */
MUST_USE struct err npki_pbkdf1(uint8_t dk_secret[static 20],
    struct span password_secret, struct span salt, uint32_t iterations);
MUST_USE struct err npki_seed_iv(
    uint8_t iv[static 16], const uint8_t dk_secret[static 20]);

#endif
