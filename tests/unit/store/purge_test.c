/*
 * The end of a case and of what is kept of it, with an audit log: all in one
 * transaction or not at all; and files from before sealed records had an age.
 */
#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/audit_rows.h"

static char folder[64];
static uint8_t device_key[SEAL_KEY];
static int64_t now_ms;
static struct store *store;

static int64_t
fake_clock(void *ctx)
{
	return now_ms;
}

static void
open_again(bool audit)
{
	struct store_params p = { .folder = folder,
		.bank_code = "004",
		.branch_code = "0123",
		.device_key = device_key,
		.clock = { fake_clock, fake_clock, NULL } };
	char escrow[128];
	struct store_audit_params ap = { .branch = "004-0123",
		.origin = "audit.dasi/004/0123",
		.device_key = device_key,
		.escrow = escrow };

	store_close(store);
	store = NULL;
	snprintf(escrow, sizeof escrow, "%s/audit.escrow", folder);
	cr_assert_not(err_is(store_open(&store, &p)));
	if (audit)
		cr_assert_not(err_is(store_audit_open(store, &ap)));
}

static void
set_up(void)
{
	strcpy(folder, "/tmp/dasi-purge-XXXXXX");
	cr_assert_not_null(mkdtemp(folder));
	memset(device_key, 7, sizeof device_key);
	now_ms = 1795330800000;
	open_again(true);
}

static void
tear_down(void)
{
	static const char *const names[] = { "dasi.db", "dasi.db-wal",
		"dasi.ballast", "dasi.signed", "audit.escrow" };
	char path[128];

	store_close(store);
	store = NULL;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

TestSuite(purge, .init = set_up, .fini = tear_down);

/* On the closed file. */
static int
sql(const char *text)
{
	char path[128];
	sqlite3 *db;
	int rc;

	store_close(store);
	store = NULL;
	snprintf(path, sizeof path, "%s/dasi.db", folder);
	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	rc = sqlite3_exec(db, text, NULL, NULL, NULL);
	sqlite3_close(db);
	return rc;
}

static struct store_case
new_case(void)
{
	struct store_case c = { .fee_won = -1, .serial = "01" };
	struct store_blob blob = { BLOB_PERSON, span_str("{\"name\":\"a\"}") };
	struct store_change ch = { .blobs = &blob, .blob_count = 1 };

	strcpy(c.issuer, "cn=yessignCA-Test,o=yessign,c=kr");
	cr_assert_not(err_is(store_case_create(store, &c, &ch)));
	return c;
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
	struct store_case c = new_case(), found;
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
		open_again(audit == 0);
	}
	cr_expect_not(err_is(end(&c, "")));
	cr_expect_eq(audit_rows(), rows + 1);
}

Test(purge, an_anchor_row_says_what_went_and_only_then)
{
	struct store_case c = new_case();
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
	open_again(true); /* the log still holds together */
}

Test(purge, a_file_from_before_gets_the_age_of_its_records)
{
	struct store_case c = new_case();

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
	open_again(true);
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
	open_again(true);
	cr_assert_not(err_is(store_purge_sealed(store, &n, 1000)));
	cr_expect_eq(n, 0);
	cr_assert_not(err_is(store_purge_sealed(store, &n, 1001)));
	cr_expect_eq(n, 1);
	cr_assert_not(err_is(store_purge_sealed(store, &n, 2001)));
	cr_expect_eq(n, 1);
}
