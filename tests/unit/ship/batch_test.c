/*
 * The binary arrays, and rows of an agent that does not keep to the form.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "prog/ship/backoff.h"
#include "prog/ship/batch.h"

static struct batch b;
static uint8_t room[BATCH_PACKED + 100];

static size_t
pack(size_t at, size_t length)
{
	room[at] = (uint8_t)(length >> 24);
	room[at + 1] = (uint8_t)(length >> 16);
	room[at + 2] = (uint8_t)(length >> 8);
	room[at + 3] = (uint8_t)length;
	memset(room + at + 4, 0xaa, HASH_SIZE);
	memset(room + at + 4 + HASH_SIZE, 0xbb, length);
	return at + 4 + HASH_SIZE + length;
}

Test(batch, two_rows_are_two_arrays_as_postgresql_reads_them)
{
	static const uint8_t rows[] = { 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 17, 0,
		0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0xbb, 0, 0, 0, 2, 0xbb, 0xbb };

	batch_begin(&b, 7);
	cr_assert_eq(
	    batch_add(&b, span_make(room, pack(pack(0, 1), 2)), 2).code,
	    E_NONE);
	batch_end(&b);
	cr_expect_eq(b.n, 2);
	cr_assert_eq(b.rows.n, sizeof rows);
	cr_expect_eq(memcmp(b.rows.p, rows, sizeof rows), 0);
	cr_expect_eq(b.hashes.n, BATCH_HEAD + 2 * (4 + HASH_SIZE));
	cr_expect_eq(b.hashes.p[BATCH_HEAD + 3], HASH_SIZE);
	cr_expect_eq(b.hashes.p[BATCH_HEAD + 4], 0xaa);
}

Test(batch, the_most_and_longest_rows_fit)
{
	size_t n = 0;

	for (int i = 0; i < BATCH_ROWS; i++)
		n = pack(n, ROW_BYTES);
	cr_assert_eq(n, BATCH_PACKED);
	batch_begin(&b, 0);
	cr_expect_eq(
	    batch_add(&b, span_make(room, n), BATCH_ROWS).code, E_NONE);
	batch_begin(&b, 0);
	cr_expect_eq(
	    batch_add(&b, span_make(room, n), BATCH_ROWS + 1).code, E_PROTOCOL);
}

Test(batch, rows_cut_short_or_padded_are_refused)
{
	size_t n = pack(pack(0, 300), 20);

	for (size_t cut = 0; cut <= n + 1; cut++) {
		batch_begin(&b, 0);
		cr_expect_eq(batch_add(&b, span_make(room, cut), 2).code,
		    cut == n ? E_NONE : E_PROTOCOL, "%zu", cut);
	}
}

Test(batch, lengths_out_of_range_are_refused)
{
	static const size_t lengths[] = { 0, ROW_BYTES + 1, 0x7fffffff,
		0xffffffff };

	for (size_t i = 0; i < 4; i++) {
		pack(0, 0);
		for (int k = 0; k < 4; k++)
			room[k] = (uint8_t)(lengths[i] >> (24 - 8 * k));
		batch_begin(&b, 0);
		cr_expect_eq(
		    batch_add(&b, span_make(room, sizeof room), 1).code,
		    E_PROTOCOL, "%zu", lengths[i]);
	}
}

Test(backoff, waits_are_spread_from_nothing_to_a_ceiling_that_doubles)
{
	struct backoff w = { 1000, 600000, 0 };
	static const int64_t ceilings[] = { 1000, 2000, 4000, 8000, 16000,
		32000, 64000, 128000, 256000, 512000, 600000, 600000 };

	for (size_t i = 0; i < sizeof ceilings / sizeof *ceilings; i++) {
		struct backoff least = w;

		cr_expect_eq(backoff_next(&least, 0), 0);
		cr_expect_eq(
		    backoff_next(&w, (uint64_t)ceilings[i]), ceilings[i]);
	}
	for (uint64_t r = 1; r != 0; r <<= 1) {
		int64_t ms = backoff_next(&w, r - 1);
		cr_expect(ms >= 0 && ms <= 600000);
	}
	w.failures = 0;
	cr_expect_leq(backoff_next(&w, UINT64_MAX), 1000);
}
