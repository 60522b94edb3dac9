/*
 * sandbox/mint.h - one subscriber certificate, to the byte as the Korean
 * profile has it (facts/npki.md section 3).
 */
#ifndef SANDBOX_MINT_H
#define SANDBOX_MINT_H

#include <openssl/x509.h>

#include "authority.h"
#include "npki/vid.h"

struct mint {
	const struct identity *by;
	const X509_NAME *subject;
	EVP_PKEY *key;	    /* the public key certified */
	uint32_t serial;    /* 1..INT32_MAX */
	int64_t not_before; /* Unix seconds */
	int64_t not_after;
	const char *policy; /* dotted */
	const struct identify_data *holder;
	const char *ocsp_url;
	const char *crl_url;
};

/* The caller frees *out with X509_free.  E_CRYPTO, E_ARG, E_LIMIT. */
MUST_USE struct err mint_certificate(X509 **out, const struct mint *m);

#endif
