/*
 * handoff/start.h - what every placement does before its loop.
 */
#ifndef PROG_HANDOFF_START_H
#define PROG_HANDOFF_START_H

#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

enum { START_PEM_MAX = 64 * 1024 };

/* A certificate chain, its key, an authority: PEM, the NUL counted. */
struct start_pem {
	struct span cert, key, ca;
	char cert_room[START_PEM_MAX], key_room[START_PEM_MAX],
	    ca_room[START_PEM_MAX];
};

/* `ca` may be NULL.  As file_read(). */
MUST_USE struct err start_pem_read(
    struct start_pem *p, const char *cert, const char *key, const char *ca);
/* The key is nowhere afterwards but in the TLS library. */
void start_pem_wipe(struct start_pem *p);

/* SIGTERM and SIGINT as a descriptor; SIGPIPE ignored.  E_SYS. */
MUST_USE struct err start_signals(int *fd);

/* The clock that cannot be set. */
int64_t start_now_ms(void);

#endif
