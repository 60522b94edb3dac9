/*
 * base/wipe_alloc.c - a heap that forgets: every released block is zeroed.
 *
 * Linked (not archived) into programs that handle personal data.  It takes
 * the place of free and realloc for the whole process, so that jansson,
 * OpenSSL, libcurl, SQLite and curses leave nothing of a customer behind.
 * glibc's own M_PERTURB skips blocks that go to the thread cache.
 * Not used under ASan, which owns these symbols.
 */
#define _GNU_SOURCE
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

extern void *__libc_malloc(size_t);
extern void __libc_free(void *);

void
free(void *p)
{
	if (p == NULL)
		return;
	explicit_bzero(p, malloc_usable_size(p));
	__libc_free(p);
}

/*
 * Growing always moves: glibc growing in place, or moving by itself, would
 * leave a copy behind in an old block.  A small shrink stays, its tail wiped.
 */
void *
realloc(void *p, size_t n)
{
	size_t had;
	void *q;

	if (p == NULL)
		return __libc_malloc(n);
	if (n == 0) {
		free(p);
		return NULL;
	}
	had = malloc_usable_size(p);
	if (n <= had && n >= had / 2) {
		explicit_bzero((char *)p + n, had - n);
		return p;
	}
	if ((q = __libc_malloc(n)) == NULL)
		return NULL;
	memcpy(q, p, n < had ? n : had);
	free(p);
	return q;
}
