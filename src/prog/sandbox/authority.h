/*
 * sandbox/authority.h - the test root, the issuing CAs below it, and the
 * certificates of RA and OCSP responder.
 */
#ifndef SANDBOX_AUTHORITY_H
#define SANDBOX_AUTHORITY_H

#include <openssl/x509.h>

#include "base/err.h"
#include "base/span.h"

enum { AUTHORITY_YESSIGN, AUTHORITY_KICA, AUTHORITY_COUNT };

/* A certificate with its private key; both owned. */
struct identity {
	X509 *cert;
	EVP_PKEY *key;
};

struct authorities {
	struct identity root;
	struct identity ca[AUTHORITY_COUNT];
	struct identity ra;   /* what signs rr; issued by yessign's CA */
	struct identity ocsp; /* answers for yessign's CA */
};

/*
 * Load everything from `dir` (DIR/ca), making what is missing.  Certificates
 * are written as DER and, for the RA, as PEM; keys as PEM, 0600.  Blocks: a
 * first start makes five RSA keys.  E_CRYPTO, E_SYS, E_FORMAT.
 */
MUST_USE struct err authorities_open(
    struct authorities *a, const char *dir, int64_t now);
void authorities_close(struct authorities *a);

/* The issuer's O: "yessign", "KICA"; never NULL. */
const char *authority_org(int which);
/* AUTHORITY_* of an O; -1 when it is none of ours. */
int authority_find(const char *org);

/*
 * DER of any OpenSSL object through its i2d function, written as a file.
 */
MUST_USE struct err write_der(const char *path,
    int (*i2d)(const void *, unsigned char **), const void *object);

#endif
