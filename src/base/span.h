/*
 * base/span.h - borrowed bytes, and a bounded builder over caller's storage.
 *
 * A span never owns.  A buf never grows: once an append does not fit, the buf
 * is `full`, keeps what it has and refuses everything after.
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
	const uint8_t *p;
	size_t n;
};

struct buf {
	uint8_t *p;
	size_t n; /* used */
	size_t cap;
	bool full; /* an append did not fit */
};

static inline struct span
span_make(const void *p, size_t n)
{
	return (struct span){ p, n };
}

/* The bytes of a C string without its NUL; NULL gives the empty span. */
struct span span_str(const char *s);
bool span_eq(struct span a, struct span b);

static inline struct buf
buf_make(void *p, size_t cap)
{
	return (struct buf){ p, 0, cap, false };
}

void buf_add(struct buf *b, const void *p, size_t n);
void buf_add_str(struct buf *b, const char *s);
void buf_add_byte(struct buf *b, uint8_t v);

static inline struct span
buf_span(const struct buf *b)
{
	return (struct span){ b->p, b->n };
}

/*
 * Copy `s` into `dst` of `cap` bytes, always NUL-terminated.  False, and the
 * longest prefix that fits, when it does not fit whole.
 */
bool str_copy(char *dst, size_t cap, const char *s);

#endif
