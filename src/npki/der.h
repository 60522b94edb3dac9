/*
 * npki/der.h - a bounded reader and writer of DER, for the few structures
 * that OpenSSL does not know or would re-encode differently.
 *
 * The reader borrows; it never looks past its span and accepts definite,
 * minimal lengths below 16 MiB and one-byte tags only.
 */
#ifndef NPKI_DER_H
#define NPKI_DER_H

#include <stdbool.h>

#include "base/err.h"
#include "base/span.h"

enum {
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_UTF8 = 0x0c,
	DER_PRINTABLE = 0x13,
	DER_BMP = 0x1e,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT = 0xa0 /* constructed [0]; add the number */
};

struct der {
	uint8_t tag;
	struct span value; /* the content */
	struct span whole; /* tag, length and content */
};

/*
 * Take the first element off `in`, which moves past it.  E_FORMAT when there
 * is none or it is malformed; `in` is then unchanged.
 */
MUST_USE struct err der_next(struct der *out, struct span *in);

/* The same, and its tag must be `tag`; *value gets the content.  E_FORMAT. */
MUST_USE struct err der_take(struct span *value, struct span *in, uint8_t tag);

/* True when the next element exists and has this tag. */
bool der_peek(struct span in, uint8_t tag);

/* The one element that fills `in` exactly; its content.  E_FORMAT. */
MUST_USE struct err der_only(struct span *value, struct span in, uint8_t tag);

/* The content of an INTEGER as 0..UINT32_MAX.  E_FORMAT. */
MUST_USE struct err der_uint(uint32_t *out, struct span value);

/* Dotted text of an OID's content, NUL-terminated.  E_FORMAT, E_LIMIT. */
MUST_USE struct err der_oid_text(char *out, size_t cap, struct span value);

/* Append tag, minimal length and content; b->full when it does not fit. */
void der_put(struct buf *b, uint8_t tag, struct span value);

/*
 * Wrap what was appended to `b` since it held `from` bytes into one element.
 * Moves those bytes up to make room for tag and length.
 */
void der_wrap(struct buf *b, size_t from, uint8_t tag);

#endif
