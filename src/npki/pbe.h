/*
 * npki/pbe.h - password-based encryption as signPri.key and PKCS#12 name it;
 * used inside this folder.
 */
#ifndef NPKI_PBE_H
#define NPKI_PBE_H

#include <openssl/evp.h>

#include "npki/npki.h"
#include "npki/pri.h"

enum { PBE_IV = 16, PBE_KEY_MAX = 32, PBE_SALT_MAX = 64 };

/* What an AlgorithmIdentifier asks for.  Spans borrow from its bytes. */
struct pbe {
	enum pri_form form;
	struct span salt;
	uint32_t iterations;
	const EVP_CIPHER *cipher;
	const EVP_MD *prf; /* PBES2 only */
	struct span iv;	   /* PBES2 only */
};

/*
 * Read the content of an AlgorithmIdentifier.  E_UNSUPPORTED, E_FORMAT.
 */
MUST_USE struct err pbe_parse(struct pbe *out, struct span algorithm);

/* Its iterations alone, for any scheme with {salt, count} or PBES2; E_FORMAT.
 */
MUST_USE struct err pbe_iterations(uint32_t *out, struct span algorithm);

/* Its name in words; see npki_pri_algorithm. */
MUST_USE struct err pbe_name(
    char out[static PRI_ALGORITHM_TEXT], struct span algorithm);

/*
 * Encrypt or decrypt with PKCS#7 padding, appending to `out`.  A wrong padding
 * is E_PASSWORD; E_LIMIT, E_CRYPTO.
 */
MUST_USE struct err pbe_crypt(struct buf *out, const struct pbe *pbe,
    struct span in, struct span password_secret, bool encrypt);

/* Append the whole AlgorithmIdentifier of `pbe` (SEED_SHA1 or PBES2/SEED). */
void pbe_encode(struct buf *out, const struct pbe *pbe);

#endif
