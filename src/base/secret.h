/*
 * base/secret.h - keeping secrets out of places that outlive their use.
 *
 * Every program calls secret_harden() first thing in main.  Programs that
 * see personal data or passwords also link base/wipe_alloc.c, which replaces
 * free and realloc so that every library's heap blocks are wiped on release.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Overwrite `n` bytes; the compiler may not remove it.  `p` may be NULL. */
void secret_wipe(void *p, size_t n);

/* Equality whose time does not depend on the content. */
bool secret_equal(const void *a, const void *b, size_t n);

/*
 * RLIMIT_CORE 0, PR_SET_DUMPABLE 0, umask 077, and mlockall when the limit
 * allows it (*locked says whether; NULL is fine).
 */
MUST_USE struct err secret_harden(bool *locked);

/*
 * Overwrite the unused stack below the caller (64 KiB).  Called by a loop
 * after it handled a message that carried a secret.
 */
void secret_wipe_stack(void);

#endif
