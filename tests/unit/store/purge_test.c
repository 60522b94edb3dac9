/*
 * The end of a case and of what is kept of it, with an audit log: all in one
 * transaction or not at all; and files from before sealed records had an age.
 */
#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "rig.h"
#include "store/audit_rows.h"

TestSuite(purge, .init = rig_begin_audited, .fini = rig_end);

/* On the closed file. */
static int
sql(const char *text)
{
	rig_close();
	return rig_sql(text);
}

static struct err
end(struct store_case *c, const char *kept)
{
	struct store_change ch = { .moves = true,
		.event = CASE_EV_CANCEL,
		.forget = true,
		.kept = span_str(kept) };

	return store_case_step(store, c, &ch);
}

static uint64_t
audit_rows(void)
{
	return audit_log_size(store_audit_log(store));
}

Test(purge, what_must_be_kept_and_cannot_be_keeps_the_case_as_it_was)
{
	struct store_case c = new_case("01"), found;
	uint64_t rows = audit_rows();
	uint8_t room[64];
	struct buf b = buf_make(room, sizeof room);

	/* without a head office there is nobody to seal it for */
	for (int audit = 1; audit >= 0; audit--) {
		cr_expect_eq(end(&c, "words").code, E_STATE);
		cr_assert_not(
		    err_is(store_case_by_no(store, &found, c.case_no)));
		cr_expect_eq((int)found.state, CASE_OPEN);
		b.n = 0;
		cr_expect_not(
		    err_is(store_blob_get(store, &b, &found, BLOB_PERSON)));
		if (audit == 1)
			cr_expect_eq(audit_rows(), rows);
		cr_assert_not(err_is(rig_open(audit == 0)));
	}
	cr_expect_not(err_is(end(&c, "")));
	cr_expect_eq(audit_rows(), rows + 1);
}

Test(purge, an_anchor_row_says_what_went_and_only_then)
{
	struct store_case c = new_case("01");
	uint64_t rows;
	int64_t n;

	cr_assert_not(err_is(end(&c, "")));
	rows = audit_rows();
	cr_assert_not(err_is(store_purge(store, &n, now_ms / 1000)));
	cr_expect_eq(n, 0);
	cr_assert_not(err_is(store_purge_sealed(store, &n, now_ms / 1000)));
	cr_expect_eq(n, 0);
	cr_expect_eq(audit_rows(), rows);
	cr_assert_not(err_is(store_purge(store, &n, now_ms / 1000 + 1)));
	cr_expect_eq(n, 1);
	cr_expect_eq(audit_rows(), rows + 1);
	cr_assert_not(
	    err_is(rig_open(true))); /* the log still holds together */
}

Test(purge, a_file_from_before_gets_the_age_of_its_records)
{
	struct store_case c = new_case("01");

	/* as it was before those steps */
	cr_assert_eq(sql("DROP TABLE desk_entry; DROP TABLE desk_doc;"
			 "DROP TABLE desk_proposal; DROP TABLE desk_guide;"
			 "DROP TABLE desk_message; DROP INDEX case_ended;"),
	    SQLITE_OK);
	cr_assert_eq(sql("DROP INDEX audit_blob_age;"
			 "ALTER TABLE audit_blob DROP COLUMN kept_at;"
			 "DROP TABLE audit_anchor;"
			 "DROP TABLE pay_event; DROP TABLE pay;"
			 "PRAGMA user_version = 2"),
	    SQLITE_OK);
	cr_assert_not(err_is(rig_open(true)));
	cr_expect_not(err_is(store_case_by_no(store, &c, c.case_no)));
	cr_expect_eq(sql("SELECT kept_at FROM audit_blob"), SQLITE_OK);
}

Test(purge, a_record_goes_at_its_age_and_not_before)
{
	int64_t n;

	cr_assert_eq(sql("INSERT INTO audit_blob (hash, sealed, kept_at) VALUES"
			 " (zeroblob(32), x'01', 1000),"
			 " (randomblob(32), x'02', 2000)"),
	    SQLITE_OK);
	cr_assert_not(err_is(rig_open(true)));
	cr_assert_not(err_is(store_purge_sealed(store, &n, 1000)));
	cr_expect_eq(n, 0);
	cr_assert_not(err_is(store_purge_sealed(store, &n, 1001)));
	cr_expect_eq(n, 1);
	cr_assert_not(err_is(store_purge_sealed(store, &n, 2001)));
	cr_expect_eq(n, 1);
}
