/*
 * base/span.c - bounded byte building.
 */
#include "base/span.h"

#include <string.h>

struct span
span_str(const char *s)
{
	return span_make(s, s == NULL ? 0 : strlen(s));
}

bool
span_eq(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

void
buf_add(struct buf *b, const void *p, size_t n)
{
	if (b->full || n > b->cap - b->n) {
		b->full = true;
		return;
	}
	if (n > 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
}

void
buf_add_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_add_byte(struct buf *b, uint8_t v)
{
	buf_add(b, &v, 1);
}

bool
str_copy(char *dst, size_t cap, const char *s)
{
	size_t n = strlen(s);
	bool fits = n < cap;

	if (cap == 0)
		return false;
	if (!fits)
		n = cap - 1;
	memcpy(dst, s, n);
	dst[n] = '\0';
	return fits;
}
