/*
 * enrol/params.h - reading what a request brings: DER members, the pinned
 * issuer, and secrets that come through a pipe.
 */
#ifndef ENROL_PARAMS_H
#define ENROL_PARAMS_H

#include <jansson.h>
#include <openssl/x509.h>

#include "base/err.h"
#include "base/span.h"
#include "peer/cmp.h"

enum { PARAMS_FD_WAIT_MS = 10000 };

/* A DER certificate member; the caller's.  E_ARG, E_FORMAT, E_LIMIT. */
MUST_USE struct err params_cert(X509 **out, const json_t *o, const char *key);

/* Bytes that may be absent, null or "" (then out->n is 0).  E_ARG for another
 * type, E_FORMAT, E_LIMIT. */
MUST_USE struct err params_maybe_bytes(
    struct buf *out, const json_t *o, const char *key);

/* `issuer` {ca, root, chain, recipient?} and `timeout_s` of a start request. */
MUST_USE struct err params_peer(struct cmp_peer *out, const json_t *params);

/*
 * Everything a pipe holds until its writers close it.  E_ARG without a
 * descriptor, E_LIMIT when it is more than fits, E_TIMEOUT when it stays open
 * for PARAMS_FD_WAIT_MS, E_SYS.  On error `out_secret` is empty and wiped.
 */
MUST_USE struct err params_read_fd(struct buf *out_secret, int fd);

#endif
