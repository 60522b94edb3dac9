/*
 * npki/der.c - a bounded reader and writer of DER.
 */
#include "npki/der.h"

#include <stdio.h>
#include <string.h>

enum { LENGTH_BYTES_MAX = 3, HEADER_MAX = 2 + LENGTH_BYTES_MAX };

struct err
der_next(struct der *out, struct span *in)
{
	const struct err bad = err_make(E_FORMAT, 0, "der: element");
	size_t header = 2, len;

	if (in->n < 2 || (in->p[0] & 0x1f) == 0x1f)
		return bad;
	len = in->p[1];
	if (len >= 0x80) {
		size_t more = len & 0x7f;

		if (more == 0 || more > LENGTH_BYTES_MAX || in->n < 2 + more)
			return bad;
		len = 0;
		for (size_t i = 0; i < more; i++)
			len = len << 8 | in->p[2 + i];
		/* minimal: no shorter form would have held it */
		if (len < 0x80 || (more > 1 && len >> (8 * (more - 1)) == 0))
			return bad;
		header += more;
	}
	if (len > in->n - header)
		return bad;
	out->tag = in->p[0];
	out->value = span_make(in->p + header, len);
	out->whole = span_make(in->p, header + len);
	*in = span_make(in->p + header + len, in->n - header - len);
	return err_none();
}

struct err
der_take(struct span *value, struct span *in, uint8_t tag)
{
	struct span rest = *in;
	struct der d;
	struct err e = der_next(&d, &rest);

	if (err_is(e))
		return e;
	if (d.tag != tag)
		return err_make(E_FORMAT, 0, "der: tag");
	*value = d.value;
	*in = rest;
	return err_none();
}

bool
der_peek(struct span in, uint8_t tag)
{
	return in.n > 0 && in.p[0] == tag;
}

struct err
der_only(struct span *value, struct span in, uint8_t tag)
{
	struct err e = der_take(value, &in, tag);

	if (!err_is(e) && in.n != 0)
		e = err_make(E_FORMAT, 0, "der: bytes after the end");
	return e;
}

struct err
der_uint(uint32_t *out, struct span value)
{
	const struct err bad = err_make(E_FORMAT, 0, "der: integer");
	uint32_t v = 0;

	if (value.n == 0 || (value.p[0] & 0x80) != 0)
		return bad;
	if (value.n > 1 && value.p[0] == 0) {
		if ((value.p[1] & 0x80) == 0)
			return bad;
		value = span_make(value.p + 1, value.n - 1);
	}
	if (value.n > sizeof v)
		return bad;
	for (size_t i = 0; i < value.n; i++)
		v = v << 8 | value.p[i];
	*out = v;
	return err_none();
}

struct err
der_oid_text(char *out, size_t cap, struct span value)
{
	uint64_t arc = 0;
	size_t at = 0;
	bool first = true;

	if (value.n == 0 || (value.p[value.n - 1] & 0x80) != 0)
		return err_make(E_FORMAT, 0, "der: oid");
	for (size_t i = 0; i < value.n; i++) {
		int n;

		if (arc >> 56 != 0 || (arc == 0 && value.p[i] == 0x80))
			return err_make(E_FORMAT, 0, "der: oid");
		arc = arc << 7 | (value.p[i] & 0x7f);
		if ((value.p[i] & 0x80) != 0)
			continue;
		if (first) {
			unsigned root = arc < 40 ? 0 : arc < 80 ? 1 : 2;

			n = snprintf(out + at, cap - at, "%u.%llu", root,
			    (unsigned long long)(arc - 40 * root));
		} else {
			n = snprintf(out + at, cap - at, ".%llu",
			    (unsigned long long)arc);
		}
		if (n < 0 || (size_t)n >= cap - at)
			return err_make(E_LIMIT, 0, "der: oid");
		at += (size_t)n;
		first = false;
		arc = 0;
	}
	return err_none();
}

static size_t
header_make(uint8_t out[static HEADER_MAX], uint8_t tag, size_t len)
{
	size_t more = len < 0x80 ? 0 : len < 0x100 ? 1 : len < 0x10000 ? 2 : 3;

	out[0] = tag;
	out[1] = (uint8_t)(more == 0 ? len : 0x80 | more);
	for (size_t i = 0; i < more; i++)
		out[2 + i] = (uint8_t)(len >> (8 * (more - 1 - i)));
	return 2 + more;
}

void
der_put(struct buf *b, uint8_t tag, struct span value)
{
	uint8_t header[HEADER_MAX];
	size_t n = header_make(header, tag, value.n);

	if (b->full || value.n >= 1 << 24 || b->cap - b->n < n ||
	    b->cap - b->n - n < value.n) {
		b->full = true;
		return;
	}
	buf_add(b, header, n);
	buf_add(b, value.p, value.n);
}

void
der_wrap(struct buf *b, size_t from, uint8_t tag)
{
	uint8_t header[HEADER_MAX];
	size_t len = b->n - from;
	size_t n = header_make(header, tag, len);

	if (b->full || len >= 1 << 24 || b->cap - b->n < n) {
		b->full = true;
		return;
	}
	memmove(b->p + from + n, b->p + from, len);
	memcpy(b->p + from, header, n);
	b->n += n;
}
