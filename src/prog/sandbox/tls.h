/*
 * sandbox/tls.h - the authority and the certificate of the card terminal and
 * of the VAN: one of their own, as in a branch.
 */
#ifndef SANDBOX_TLS_H
#define SANDBOX_TLS_H

#include <stdint.h>

#include "base/err.h"

enum { TLS_PEM = 4096 };

struct tls {
	char cert[TLS_PEM], key_secret[TLS_PEM]; /* PEM, NUL-terminated */
};

/*
 * Load DIR/tls.crt and DIR/tls.key, or make them, good for 127.0.0.1 and
 * localhost and signed by DIR/ca.crt, the one thing a client has to trust.
 * The CA's key is not kept.  E_CRYPTO, E_SYS.  Blocks.
 */
MUST_USE struct err tls_open(struct tls *t, const char *dir, int64_t now);

#endif
