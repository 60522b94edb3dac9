/*
 * How a step reaches the disk: over blocks the -wal file has already, and as
 * few pages as it changes.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "rig.h"
#include "store/audit_rows.h"

enum { LAID = 1024 * 1024, FRAME = 24 + 4096 };

TestSuite(wal, .init = rig_begin_audited, .fini = rig_end);

static off_t
wal_size(void)
{
	struct stat st;

	cr_assert_eq(stat(path_of("dasi.db-wal"), &st), 0);
	return st.st_size;
}

/* Frames in use: up to the last byte that is no zero. */
static size_t
wal_frames(void)
{
	static uint8_t room[2 * LAID];
	struct buf b = buf_make(room, sizeof room);

	cr_assert_not(err_is(file_read(&b, path_of("dasi.db-wal"))));
	while (b.n > 0 && room[b.n - 1] == 0)
		b.n--;
	return (b.n + FRAME - 1) / FRAME;
}

static struct store_case
plain_case(void)
{
	struct store_case c = { .fee_won = -1, .serial = "01" };
	struct store_change ch = { 0 };

	strcpy(c.issuer, "cn=yessignCA-Test,o=yessign,c=kr");
	cr_assert_not(err_is(store_case_create(store, &c, &ch)));
	return c;
}

Test(wal, it_is_laid_out_at_opening_and_does_not_grow_with_a_case)
{
	struct store_change note = { 0 };
	struct store_case c = plain_case();

	cr_expect_eq(wal_size(), LAID);
	for (int i = 0; i < 20; i++)
		cr_assert_not(err_is(store_case_step(store, &c, &note)));
	cr_expect_eq(wal_size(), LAID);
	cr_expect_gt(wal_frames(), 20);
}

Test(wal, keys_gone_by_leave_it_and_it_is_laid_out_again)
{
	struct store_case c = plain_case();

	now_ms += 61 * 1000;
	cr_assert_not(err_is(store_audit_tick(store))); /* cut and signed */
	cr_expect_gt(wal_frames(), 0);
	now_ms += 61 * 1000;
	cr_assert_not(err_is(store_audit_tick(store)));
	cr_expect_eq(wal_frames(), 0, "zeros");
	cr_expect_eq(wal_size(), LAID);
	cr_assert_not(err_is(rig_open(true)));
	cr_expect_not(err_is(store_case_by_no(store, &c, c.case_no)));
}

Test(wal, a_step_writes_no_page_of_an_index_over_cases)
{
	struct store_change note = { 0 };
	struct store_case c = plain_case();
	size_t before;

	cr_assert_not(err_is(store_case_step(store, &c, &note)));
	before = wal_frames();
	cr_assert_not(err_is(store_case_step(store, &c, &note)));
	/* the case, the journal, its index and counter, the audit row */
	cr_expect_leq(wal_frames() - before, 5);
}

Test(wal, what_tells_a_case_from_others_stays_as_it_was_created)
{
	struct store_change note = { 0 };
	struct store_case c = plain_case(), other;

	other = c;
	strcpy(other.serial, "02");
	cr_expect_eq(store_case_step(store, &other, &note).code, E_STATE);
	other = c;
	other.person_tag[0] ^= 1;
	cr_expect_eq(store_case_step(store, &other, &note).code, E_STATE);
	other = c;
	strcpy(other.issuer, "cn=another");
	cr_expect_eq(store_case_step(store, &other, &note).code, E_STATE);
	cr_expect_not(err_is(store_case_step(store, &c, &note)));
}
