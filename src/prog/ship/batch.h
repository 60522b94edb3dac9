/*
 * ship/batch.h - rows on their way, in the form PostgreSQL takes them.
 *
 * A batch is two bytea[] in PostgreSQL's binary format, rows and hashes,
 * written as the rows come in; nothing is copied again before it is sent.
 */
#ifndef SHIP_BATCH_H
#define SHIP_BATCH_H

#include <stdint.h>

#include "audit/hash.h"
#include "audit/row.h"
#include "base/err.h"
#include "base/span.h"

enum {
	BATCH_ROWS = 500,
	BATCH_HEAD = 5 * 4, /* dimensions, flags, type, length, first index */
	BATCH_ROWS_BYTES = BATCH_HEAD + BATCH_ROWS * (4 + ROW_BYTES),
	BATCH_PACKED = BATCH_ROWS * (4 + HASH_SIZE + ROW_BYTES),
	BATCH_HASH_BYTES = BATCH_HEAD + BATCH_ROWS * (4 + HASH_SIZE)
};

struct batch {
	uint64_t from; /* seq of the first row */
	size_t n;
	struct buf rows, hashes;
	uint8_t rows_room[BATCH_ROWS_BYTES];
	uint8_t hashes_room[BATCH_HASH_BYTES];
};

void batch_begin(struct batch *b, uint64_t from);

/*
 * Add `n` rows as `ship.rows` hands them over: for each the length of the row
 * (32 bits, most significant byte first), its hash, and the row.  E_PROTOCOL:
 * anything else, or more than fit; the batch is then void.
 */
MUST_USE struct err batch_add(struct batch *b, struct span packed, size_t n);

/* Write the lengths into the heads; once, before it is sent. */
void batch_end(struct batch *b);

#endif
