/*
 * ship/batch.c - arrays in the format of PostgreSQL's array_recv(): integers
 * of 32 bits, most significant byte first.
 */
#include "prog/ship/batch.h"

enum { OID_BYTEA = 17, HEAD_LENGTH_AT = 12 };

static void
put_at(uint8_t *p, size_t v)
{
	for (int i = 3; i >= 0; i--, v >>= 8)
		p[i] = (uint8_t)(v & 0xff);
}

static void
put(struct buf *b, size_t v)
{
	uint8_t four[4];

	put_at(four, v);
	buf_add(b, four, sizeof four);
}

static void
put_head(struct buf *b)
{
	put(b, 1); /* dimensions */
	put(b, 0); /* no NULL among them */
	put(b, OID_BYTEA);
	put(b, 0); /* length, by batch_end */
	put(b, 1); /* first index */
}

void
batch_begin(struct batch *b, uint64_t from)
{
	b->from = from;
	b->n = 0;
	b->rows = buf_make(b->rows_room, sizeof b->rows_room);
	b->hashes = buf_make(b->hashes_room, sizeof b->hashes_room);
	put_head(&b->rows);
	put_head(&b->hashes);
}

/* One element of an array. */
static void
add(struct buf *b, const uint8_t *p, size_t n)
{
	put(b, n);
	buf_add(b, p, n);
}

static size_t
length_at(const uint8_t *p)
{
	return (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 |
	       p[3];
}

struct err
batch_add(struct batch *b, struct span packed, size_t n)
{
	const struct err bad = err_make(E_PROTOCOL, 0, "ship: rows");
	const uint8_t *p = packed.p;
	size_t left = packed.n, length;

	if (n > BATCH_ROWS - b->n)
		return bad;
	for (; n > 0; n--) {
		if (left < 4 + HASH_SIZE)
			return bad;
		length = length_at(p);
		if (length == 0 || length > ROW_BYTES ||
		    length > left - 4 - HASH_SIZE)
			return bad;
		add(&b->hashes, p + 4, HASH_SIZE);
		add(&b->rows, p + 4 + HASH_SIZE, length);
		p += 4 + HASH_SIZE + length;
		left -= 4 + HASH_SIZE + length;
		b->n++;
	}
	return left == 0 && !b->rows.full && !b->hashes.full ? err_none() : bad;
}

void
batch_end(struct batch *b)
{
	put_at(b->rows.p + HEAD_LENGTH_AT, b->n);
	put_at(b->hashes.p + HEAD_LENGTH_AT, b->n);
}
