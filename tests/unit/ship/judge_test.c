/*
 * What head office's witness signs, and what it refuses.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/row.h"
#include "base/text.h"
#include "prog/witness/judge.h"
#include "prog/witness/memory.h"

enum { ROWS = 600 };

static struct hasher *h;
static struct note_signer log_, office, other;
static struct {
	uint8_t bytes[200];
	size_t n;
} row[ROWS];
static uint64_t least_read; /* first row asked for */

static struct note_signer
signer(const char *name, uint8_t key)
{
	uint8_t seed[NOTE_SEED];
	struct note_signer s;

	memset(seed, key, sizeof seed);
	cr_assert_not(err_is(note_signer_make(&s, span_str(name), seed)));
	return s;
}

/* Row i of a branch; another `salt` makes another row. */
static void
row_make(size_t i, uint64_t seq, const char *branch, int salt)
{
	struct buf b = buf_make(row[i].bytes, sizeof row[i].bytes);
	struct audit_row r = { .branch = span_str(branch),
		.seq = seq,
		.wall_ms = salt,
		.actor = span_str("kiosk-1"),
		.role = span_str("kiosk"),
		.kind = span_str("case.open") };

	cr_assert_not(err_is(row_encode(&b, &r)));
	row[i].n = b.n;
}

static void
setup(void)
{
	cr_assert_not(err_is(hasher_open(&h)));
	log_ = signer("audit.dasi/004/0417", 1);
	other = signer("audit.dasi/004/0417", 2);
	office = signer("headoffice.dasi", 3);
	for (size_t i = 0; i < ROWS; i++)
		row_make(i, i, "004-0417", 0);
	least_read = UINT64_MAX;
}

static void
teardown(void)
{
	hasher_close(h);
}

TestSuite(judge, .init = setup, .fini = teardown);

static struct err
read_rows(void *ctx, uint64_t from, uint64_t to,
    struct err (*each)(void *arg, struct span row), void *arg)
{
	struct err e = err_none();

	least_read = from < least_read ? from : least_read;
	for (; !err_is(e) && from < to; from++)
		e = each(arg, span_make(row[from].bytes, row[from].n));
	return e;
}

static const struct witness_rows rows = { read_rows, NULL };

/* A note of the first `size` rows as they are now. */
static struct span
note(uint8_t out[static NOTE_BYTES], uint64_t size,
    const struct note_signer *by, const struct note_signer *cosigner,
    struct tree *tree)
{
	struct tree t;
	uint8_t leaf[HASH_SIZE], text[512];
	struct buf b = buf_make(text, sizeof text);
	struct buf n = buf_make(out, NOTE_BYTES);
	struct note_checkpoint c = { .origin = span_str("audit.dasi/004/0417"),
		.size = size };

	tree_clear(&t);
	for (uint64_t i = 0; i < size; i++) {
		cr_assert_not(err_is(
		    hash_leaf(h, leaf, span_make(row[i].bytes, row[i].n))));
		cr_assert_not(err_is(tree_append(&t, h, leaf)));
	}
	cr_assert_not(err_is(tree_root(&t, h, c.root)));
	cr_assert_not(err_is(note_checkpoint_text(&b, &c)));
	cr_assert_not(err_is(note_sign(&n, buf_span(&b), by)));
	if (cosigner != NULL)
		cr_assert_not(err_is(note_cosign(&n, cosigner)));
	if (tree != NULL)
		*tree = t;
	return buf_span(&n);
}

struct scene {
	uint8_t note[NOTE_BYTES], cosigned[NOTE_BYTES], seen[NOTE_BYTES];
	uint8_t frontier[TREE_FRONTIER];
	char key[NOTE_KEY_TEXT];
	struct witness_case c;
	struct witness_judgement j;
};
static struct scene s;

/* Rows up to `size` have a checkpoint; up to `cosigned` it is cosigned. */
static void
begin(uint64_t size, uint64_t cosigned)
{
	struct buf f = buf_make(s.frontier, sizeof s.frontier);
	struct tree t;

	note_key_text(s.key, &log_.key);
	s.c = (struct witness_case){ .branch = "004-0417",
		.origin = "audit.dasi/004/0417",
		.log_key = s.key,
		.size = ROWS };
	s.c.note = note(s.note, size, &log_, NULL, NULL);
	if (cosigned > 0) {
		s.c.cosigned = note(s.cosigned, cosigned, &log_, &office, &t);
		s.c.seen = note(s.seen, cosigned, &log_, &office, NULL);
		tree_pack(&t, &f);
		s.c.frontier = buf_span(&f);
	}
}

static enum witness_verdict
verdict(void)
{
	struct err e = witness_judge(&s.j, h, &office.key, &s.c, &rows);

	cr_assert_not(err_is(e), "%s", e.where);
	return s.j.verdict;
}

Test(judge, a_first_checkpoint_of_these_rows_is_cosigned)
{
	begin(300, 0);
	cr_expect_eq(verdict(), VERDICT_COSIGN);
	cr_expect_eq(s.j.tree.size, 300);
	cr_expect_eq(least_read, 0);
}

Test(judge, the_next_one_reads_only_the_rows_since)
{
	begin(600, 257);
	cr_expect_eq(verdict(), VERDICT_COSIGN);
	cr_expect_eq(least_read, 257);
}

Test(judge, rows_not_there_yet_are_waited_for)
{
	begin(300, 0);
	s.c.size = 299;
	cr_expect_eq(verdict(), VERDICT_LATER);
}

Test(judge, any_row_changed_since_it_was_signed_is_a_wrong_root)
{
	for (size_t i = 257; i < 400; i += 13) {
		begin(400, 257);
		row_make(i, i, "004-0417", 1);
		cr_expect_eq(verdict(), VERDICT_ROOT, "%zu", i);
		row_make(i, i, "004-0417", 0);
	}
}

Test(judge, a_row_changed_before_what_was_cosigned_cannot_return)
{
	/* signed anew over other rows, and the database cleaned up after */
	begin(400, 257);
	row_make(100, 100, "004-0417", 1);
	s.c.note = note(s.note, 400, &log_, NULL, NULL);
	cr_expect_eq(verdict(), VERDICT_ROOT, "from the frontier");
	s.c.cosigned = s.c.frontier = span_make(NULL, 0);
	cr_expect_eq(verdict(), VERDICT_ROOT, "from memory");
	s.c.seen = span_make(NULL, 0);
	cr_expect_eq(verdict(), VERDICT_COSIGN, "without memory: a new log");
}

Test(judge, signed_rows_of_another_branch_or_place_are_refused)
{
	row_make(299, 299, "004-0418", 0);
	begin(300, 0);
	cr_expect_eq(verdict(), VERDICT_ROOT);
	row_make(299, 298, "004-0417", 0);
	begin(300, 0);
	cr_expect_eq(verdict(), VERDICT_ROOT);
	row[299].bytes[0] ^= 1;
	begin(300, 0);
	cr_expect_eq(verdict(), VERDICT_ROOT);
}

Test(judge, a_frontier_that_is_not_the_cosigned_ones_is_not_used)
{
	begin(400, 257);
	s.frontier[3] ^= 1;
	cr_expect_eq(verdict(), VERDICT_COSIGN);
	cr_expect_eq(least_read, 0, "all rows were read again");
	begin(400, 257);
	s.c.frontier.n -= HASH_SIZE;
	cr_expect_eq(verdict(), VERDICT_COSIGN);
	cr_expect_eq(least_read, 0);
}

Test(judge, less_than_was_cosigned_before_waits)
{
	begin(200, 0);
	s.c.seen = note(s.seen, 300, &log_, &office, NULL);
	cr_expect_eq(verdict(), VERDICT_LATER);
}

Test(judge, a_note_of_another_key_origin_or_shape_is_refused)
{
	begin(300, 0);
	s.c.note = note(s.note, 300, &other, NULL, NULL);
	cr_expect_eq(verdict(), VERDICT_SIGNATURE);
	begin(300, 0);
	s.note[strlen("audit.dasi/004/0417\n")] = '2';
	cr_expect_eq(verdict(), VERDICT_SIGNATURE);
	begin(300, 0);
	s.c.origin = "audit.dasi/004/0418";
	cr_expect_eq(verdict(), VERDICT_SIGNATURE);
	begin(300, 0);
	s.c.note = span_str("nothing of a note");
	cr_expect_eq(verdict(), VERDICT_SIGNATURE);
}

Test(judge, without_a_key_or_with_a_foreign_memory_there_is_no_verdict)
{
	begin(300, 0);
	s.c.log_key = "k";
	cr_expect_eq(
	    witness_judge(&s.j, h, &office.key, &s.c, &rows).code, E_CORRUPT);
	begin(300, 0);
	s.c.seen = note(s.seen, 100, &log_, NULL, NULL);
	cr_expect_eq(
	    witness_judge(&s.j, h, &office.key, &s.c, &rows).code, E_CORRUPT);
}

Test(judge, memory_keeps_one_note_per_branch_whatever_its_name)
{
	char dir[] = "/tmp/dasi-witness-XXXXXX", path[128];
	static const char *const names[] = { "004-0417", "../../x", "a b" };
	uint8_t room[64];

	cr_assert(mkdtemp(dir) != NULL);
	for (size_t i = 0; i < 3; i++) {
		struct buf b = buf_make(room, sizeof room);

		cr_expect_eq(memory_read(&b, dir, names[i]).code, E_NONE);
		cr_expect_eq(b.n, 0);
		cr_expect_eq(
		    memory_write(dir, names[i], span_str(names[i])).code,
		    E_NONE);
		cr_expect_eq(memory_read(&b, dir, names[i]).code, E_NONE);
		cr_expect(span_eq(buf_span(&b), span_str(names[i])));
	}
	for (size_t i = 0; i < 3; i++) {
		char hex[HEX_TEXT(16)];

		hex_encode(hex, sizeof hex, span_str(names[i]));
		snprintf(path, sizeof path, "%s/%s.note", dir, hex);
		cr_expect_eq(remove(path), 0);
	}
	cr_expect_eq(remove(dir), 0, "nothing else was written");
}
