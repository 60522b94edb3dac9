/*
 * ship/batch.c - arrays in the format of PostgreSQL's array_recv(): integers
 * of 32 bits, most significant byte first.
 */
#include "prog/ship/batch.h"

#include <string.h>

#include "base/text.h"
#include "rpc/rpc.h"

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

/* One element out of the member `key`, of `least` to `most` bytes. */
static bool
add_bytes(
    struct buf *b, const json_t *o, const char *key, size_t least, size_t most)
{
	size_t at = b->n, n;

	put(b, 0);
	if (b->full || err_is(rpc_get_bytes(b, o, key)))
		return false;
	n = b->n - at - 4;
	put_at(b->p + at, n);
	return n >= least && n <= most;
}

struct err
batch_add(struct batch *b, const json_t *rows)
{
	const struct err bad = err_make(E_PROTOCOL, 0, "ship: rows");
	const json_t *row;
	size_t i;

	if (!json_is_array(rows) || json_array_size(rows) > BATCH_ROWS - b->n)
		return bad;
	json_array_foreach(rows, i, row)
	{
		if (rpc_int(row, "seq", -1) != (json_int_t)(b->from + b->n) ||
		    !add_bytes(&b->rows, row, "row", 1, ROW_BYTES) ||
		    !add_bytes(&b->hashes, row, "hash", HASH_SIZE, HASH_SIZE))
			return bad;
		b->n++;
	}
	return err_none();
}

void
batch_end(struct batch *b)
{
	put_at(b->rows.p + HEAD_LENGTH_AT, b->n);
	put_at(b->hashes.p + HEAD_LENGTH_AT, b->n);
}
