/*
 * key/jail.h - the walls around the process that holds private keys.
 *
 * Order: jail_secure_heap, libraries warmed up, jail_enter, and only then the
 * first byte from outside.
 */
#ifndef PROG_KEY_JAIL_H
#define PROG_KEY_JAIL_H

#include <stddef.h>

#include "base/err.h"

enum {
	JAIL_HEAP = 256 * 1024,	    /* what we ask for */
	JAIL_HEAP_LEAST = 64 * 1024 /* an RSA-4096 job needs half of it */
};

/*
 * Start OpenSSL's secure heap, *size bytes of it: locked into memory, kept out
 * of core files, between guard pages.  Under a small RLIMIT_MEMLOCK a smaller
 * one is tried, down to JAIL_HEAP_LEAST.  E_LIMIT when none can be locked.
 */
MUST_USE struct err jail_secure_heap(size_t *size);

/*
 * From here on no new privileges, and only the system calls a job needs:
 * reading, writing and messages on descriptors that are already here, memory,
 * time and randomness.  No open, socket, fork or exec: those kill the process.
 * E_SYS when the kernel refuses the filter.
 */
MUST_USE struct err jail_enter(void);

#endif
