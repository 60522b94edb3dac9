/*
 * The store over real files: steps, the append-only journal, secrets.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rig.h"

TestSuite(store, .init = rig_begin, .fini = rig_end);

static struct err
move(struct store_case *c, enum case_event event)
{
	struct store_change ch = { .moves = true, .event = event };

	if (event == CASE_EV_REPORT_LOSS) {
		c->hold = HOLD_PENDING;
		c->reported_at = now_ms / 1000;
	}
	return store_case_step(store, c, &ch);
}

Test(store, a_new_case_gets_the_next_receipt_number_of_the_day)
{
	cr_expect_str_eq(new_case("01").case_no, "R-20261122-0001");
	cr_expect_str_eq(new_case("02").case_no, "R-20261122-0002");
	now_ms += 86400000;
	cr_expect_str_eq(new_case("03").case_no, "R-20261123-0001");
}

Test(store, a_row_comes_back_as_it_was_written)
{
	struct store_case c = new_case("0a"), got;

	strcpy(c.problem, "peer.ca_down");
	strcpy(c.promise, "2026-11-25");
	c.fee_won = 1100;
	c.fee_vat = 100;
	c.new_not_after = 1800000000;
	cr_assert_not(err_is(move(&c, CASE_EV_REPORT_LOSS)));
	cr_expect_str_eq(c.loss_no, "L-20261122-0001");
	cr_assert_not(err_is(store_case_by_no(store, &got, c.case_no)));
	cr_expect_eq(memcmp(&got, &c, sizeof c), 0);
	cr_assert_not(err_is(store_case_live(store, &got, c.issuer, c.serial)));
	cr_expect_eq(got.id, c.id);
}

Test(store, survives_closing_and_leaves_no_wal_behind)
{
	struct store_case c = new_case("01"), got;
	struct stat st;

	rig_close();
	cr_expect_neq(stat(path_of("dasi.db-wal"), &st), 0);
	cr_assert_eq(stat(path_of("dasi.db"), &st), 0);
	cr_expect_eq(st.st_mode & 077, 0, "nobody else may read it");
	cr_assert_not(err_is(rig_open(false)));
	cr_assert_not(err_is(store_case_by_no(store, &got, c.case_no)));
	cr_expect_eq(got.version, 1);
}

Test(store, refuses_every_step_the_machine_does_not_know)
{
	for (int ev = 0; ev < CASE_EV_COUNT; ev++) {
		struct store_case c, before;
		char serial[8];

		snprintf(serial, sizeof serial, "%02x", ev);
		c = before = new_case(serial);
		if (case_allows(CASE_OPEN, ev))
			continue;
		struct store_change ch = { .moves = true, .event = ev };
		struct err e = store_case_step(store, &c, &ch);
		cr_expect_eq(e.code, E_STATE, "%s", case_event_name(ev));
		cr_expect_eq(memcmp(&c, &before, sizeof c), 0);
	}
}

Test(store, a_stale_copy_cannot_overwrite_a_newer_row)
{
	struct store_case c = new_case("01"), stale = c;

	cr_assert_not(err_is(move(&c, CASE_EV_REPORT_LOSS)));
	struct err e = move(&stale, CASE_EV_REPORT_LOSS);
	cr_expect_eq(e.code, E_STATE);
}

Test(store, one_live_case_per_certificate)
{
	struct store_case c = new_case("01"), second = { .fee_won = -1 };
	struct store_change ch = { 0 }, end = {
		.moves = true, .event = CASE_EV_CANCEL, .forget = true
	};

	strcpy(second.serial, "01");
	strcpy(second.issuer, c.issuer);
	struct err e = store_case_create(store, &second, &ch);
	cr_expect_eq(e.code, E_EXISTS);
	cr_assert_not(err_is(store_case_step(store, &c, &end)));
	cr_expect_gt(c.ended_at, 0);
	e = store_case_create(store, &second, &ch);
	cr_expect_not(err_is(e), "an ended case makes room");
	cr_expect_str_eq(second.case_no, "R-20261122-0002",
	    "the refused one used no number up");
}

Test(store, journal_rows_can_be_neither_changed_nor_deleted)
{
	struct store_case c = new_case("01");
	int64_t n;
	struct store_row row = { ROW_INTENT, "cmp.rr", "k1", NULL,
		span_str("der") };
	struct store_change ch = { .rows = &row, .row_count = 1 };

	cr_assert_not(err_is(store_case_step(store, &c, &ch)));
	cr_assert_not(err_is(store_journal_count(store, &n, &c)));
	cr_expect_eq(n, 3, "opened, noted, the intent");
	rig_close();
	cr_expect_neq(rig_sql("DELETE FROM journal"), SQLITE_OK);
	cr_expect_neq(rig_sql("UPDATE journal SET effect = 'x'"), SQLITE_OK);
	cr_expect_neq(rig_sql("INSERT INTO purge SELECT id FROM cases"),
	    SQLITE_OK, "an open case cannot be purged");
	cr_expect_neq(rig_sql("UPDATE cases SET version = 9"), SQLITE_OK);
	cr_assert_not(err_is(rig_open(false)));
	cr_assert_not(err_is(store_journal_count(store, &n, &c)));
	cr_expect_eq(n, 3);
}

Test(store, purge_takes_only_cases_that_ended_long_ago)
{
	struct store_case a = new_case("01"), b = new_case("02"),
			  c = new_case("03");
	struct store_change end = {
		.moves = true, .event = CASE_EV_CANCEL, .forget = true
	};
	int64_t n;

	cr_assert_not(err_is(store_case_step(store, &a, &end)));
	now_ms += 10000000;
	cr_assert_not(err_is(store_case_step(store, &b, &end)));
	cr_assert_not(err_is(store_purge(store, &n, now_ms / 1000)));
	cr_expect_eq(n, 1);
	cr_expect_eq(store_case_by_no(store, &a, a.case_no).code, E_NOTFOUND);
	cr_expect_eq(store_case_by_no(store, &b, b.case_no).code, E_NONE);
	cr_expect_eq(store_case_by_no(store, &c, c.case_no).code, E_NONE);
	cr_assert_not(err_is(store_purge(store, &n, now_ms / 1000)));
	cr_expect_eq(n, 0, "a second time finds nothing");
}

Test(store, an_intent_is_open_until_it_went_well)
{
	struct store_case c = new_case("01");
	uint8_t room[64];
	struct buf b = buf_make(room, sizeof room);
	char key[64];
	struct store_row rows[] = {
		{ ROW_INTENT, "cmp.ir", "k1", NULL, span_str("first") },
		{ ROW_RESULT, "cmp.ir", "k1", "peer.ca_down", { NULL, 0 } },
		{ ROW_INTENT, "cmp.ir", "k2", NULL, span_str("second") },
	};
	struct store_change ch = { .rows = rows, .row_count = 3 };

	cr_assert_not(err_is(store_case_step(store, &c, &ch)));
	struct err e = store_open_intent(
	    store, &b, key, sizeof key, &c, "cmp.ir");
	cr_assert_not(err_is(e));
	cr_expect_str_eq(key, "k2");
	cr_expect(span_eq(buf_span(&b), span_str("second")));
	rows[0] = (struct store_row){ ROW_RESULT, "cmp.ir", "k2", "ok",
		span_str("answer") };
	ch.row_count = 1;
	cr_assert_not(err_is(store_case_step(store, &c, &ch)));
	b.n = 0;
	e = store_open_intent(store, &b, key, sizeof key, &c, "cmp.ir");
	cr_assert_not(err_is(e), "the failed one may be sent again");
	cr_expect_str_eq(key, "k1");
	cr_expect(span_eq(buf_span(&b), span_str("first")));
	e = store_open_intent(store, &b, key, sizeof key, &c, "cmp.rr");
	cr_expect_eq(e.code, E_NOTFOUND);
}

Test(store, an_intent_without_a_key_is_refused_as_a_whole)
{
	struct store_case c = new_case("01"), got;
	struct store_row row = { ROW_INTENT, "cmp.ir", NULL, NULL,
		{ NULL, 0 } };
	struct store_change ch = { .moves = true,
		.event = CASE_EV_CANCEL,
		.rows = &row,
		.row_count = 1 };

	cr_expect(err_is(store_case_step(store, &c, &ch)));
	cr_assert_not(err_is(store_case_by_no(store, &got, c.case_no)));
	cr_expect_eq((int)got.state, CASE_OPEN, "nothing of it was written");
	cr_expect_eq(got.version, 1);
}

static bool
file_holds(const char *name, const char *needle)
{
	static uint8_t data[4 * 1024 * 1024];
	int fd = open(path_of(name), O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, data, sizeof data);

	if (fd >= 0)
		close(fd);
	return n > 0 && memmem(data, (size_t)n, needle, strlen(needle)) != NULL;
}

Test(store, what_is_sealed_is_in_no_file_and_opens_until_forgotten)
{
	struct store_case c = new_case("01");
	struct store_blob blob = { BLOB_SIGN_PRI, span_str("PLANTED-PRIVATE") };
	struct store_row row = { ROW_INTENT, "cmp.ir", "k", NULL,
		span_str("PLANTED-REQUEST") };
	struct store_change ch = {
		.rows = &row, .row_count = 1, .blobs = &blob, .blob_count = 1
	};
	struct store_change end = {
		.moves = true, .event = CASE_EV_CANCEL, .forget = true
	};
	uint8_t room[64];
	struct buf b = buf_make(room, sizeof room);

	strcpy(c.terminal, "PLANTED-CONTROL");
	cr_assert_not(err_is(store_case_step(store, &c, &ch)));
	cr_expect(file_holds("dasi.db-wal", "PLANTED-CONTROL"));
	cr_expect_not(file_holds("dasi.db-wal", "PLANTED-PRIVATE"));
	cr_expect_not(file_holds("dasi.db-wal", "PLANTED-REQUEST"));
	cr_assert_not(err_is(rig_open(false)));
	cr_assert_not(err_is(store_blob_get(store, &b, &c, BLOB_SIGN_PRI)));
	cr_expect(span_eq(buf_span(&b), blob.data));
	cr_assert_not(err_is(store_case_step(store, &c, &end)));
	b.n = 0;
	struct err e = store_blob_get(store, &b, &c, BLOB_SIGN_PRI);
	cr_expect_eq(e.code, E_NOTFOUND);
	rig_close();
	cr_expect(file_holds("dasi.db", "PLANTED-CONTROL"));
	cr_expect_not(file_holds("dasi.db", "PLANTED-PRIVATE"));
}

Test(store, a_person_has_one_tag_on_a_device_and_another_elsewhere)
{
	uint8_t a[SEAL_DIGEST], b[SEAL_DIGEST], other[SEAL_DIGEST];

	cr_assert_not(err_is(store_person_tag(a, store, "9001011234567")));
	cr_assert_not(err_is(store_person_tag(b, store, "9001011234567")));
	cr_assert_not(err_is(store_person_tag(other, store, "9001011234568")));
	cr_expect_eq(memcmp(a, b, sizeof a), 0);
	cr_expect_neq(memcmp(a, other, sizeof a), 0);
}

Test(store, live_cases_are_listed_in_order_and_in_pages)
{
	struct store_case page[2];
	int64_t after = 0;
	size_t n, all = 0;

	for (int i = 0; i < 5; i++) {
		char serial[8];
		snprintf(serial, sizeof serial, "%02x", i);
		new_case(serial);
	}
	do {
		cr_assert_not(
		    err_is(store_cases_live(store, page, 2, &n, after)));
		for (size_t i = 0; i < n; i++, all++) {
			cr_expect_gt(page[i].id, after);
			after = page[i].id;
		}
	} while (n > 0);
	cr_expect_eq(all, 5);
}
