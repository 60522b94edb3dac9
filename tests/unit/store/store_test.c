/*
 * The store over real files: steps, the append-only journal, secrets, what
 * happens to damaged files and full disks.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/store.h"

static char folder[64];
static uint8_t device_key[SEAL_KEY];
static int64_t now_ms;
static struct store *store;

static int64_t
fake_wall(void *ctx)
{
	return now_ms;
}

static struct err
reopen(void)
{
	struct store_params p = { .folder = folder,
		.bank_code = "004",
		.branch_code = "0123",
		.device_key = device_key,
		.clock = { fake_wall, fake_wall, NULL } };

	store_close(store);
	store = NULL;
	return store_open(&store, &p);
}

static char *
path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static void
set_up(void)
{
	strcpy(folder, "/tmp/dasi-store-XXXXXX");
	cr_assert_not_null(mkdtemp(folder));
	memset(device_key, 7, sizeof device_key);
	now_ms = 1795330800000; /* 2026-11-22 16:20 in Korea */
	struct err e = reopen();
	cr_assert_not(err_is(e), "%s", e.where);
}

static void
tear_down(void)
{
	static const char *const names[] = { "dasi.db", "dasi.db-wal",
		"dasi.ballast", "dasi.db-journal" };

	store_close(store);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(path_of(names[i]));
	rmdir(folder);
}

TestSuite(store, .init = set_up, .fini = tear_down);

static struct store_case
new_case(const char *serial)
{
	struct store_case c = { .fee_won = -1 };
	struct store_blob blob = { BLOB_PERSON, span_str("{\"name\":\"a\"}") };
	struct store_change ch = { .blobs = &blob, .blob_count = 1 };

	strcpy(c.serial, serial);
	strcpy(c.issuer, "cn=yessignCA-Test,o=yessign,c=kr");
	struct err e = store_case_create(store, &c, &ch);
	cr_assert_not(err_is(e), "%s %s", err_name(e.code), e.where);
	return c;
}

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

static int
sql(const char *text)
{
	sqlite3 *db;
	int rc;

	cr_assert_eq(sqlite3_open(path_of("dasi.db"), &db), SQLITE_OK);
	rc = sqlite3_exec(db, text, NULL, NULL, NULL);
	sqlite3_close(db);
	return rc;
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

	store_close(store);
	store = NULL;
	cr_expect_neq(stat(path_of("dasi.db-wal"), &st), 0);
	cr_assert_eq(stat(path_of("dasi.db"), &st), 0);
	cr_expect_eq(st.st_mode & 077, 0, "nobody else may read it");
	cr_assert_not(err_is(reopen()));
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
	store_close(store);
	store = NULL;
	cr_expect_neq(sql("DELETE FROM journal"), SQLITE_OK);
	cr_expect_neq(sql("UPDATE journal SET effect = 'x'"), SQLITE_OK);
	cr_expect_neq(sql("INSERT INTO purge SELECT id FROM cases"), SQLITE_OK,
	    "an open case cannot be purged");
	cr_expect_neq(sql("UPDATE cases SET version = 9"), SQLITE_OK);
	cr_assert_not(err_is(reopen()));
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
	cr_assert_not(err_is(reopen()));
	cr_assert_not(err_is(store_blob_get(store, &b, &c, BLOB_SIGN_PRI)));
	cr_expect(span_eq(buf_span(&b), blob.data));
	cr_assert_not(err_is(store_case_step(store, &c, &end)));
	b.n = 0;
	struct err e = store_blob_get(store, &b, &c, BLOB_SIGN_PRI);
	cr_expect_eq(e.code, E_NOTFOUND);
	store_close(store);
	store = NULL;
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

Test(store, another_device_key_or_branch_is_refused)
{
	device_key[0] ^= 1;
	cr_expect_eq(reopen().code, E_MISMATCH);
	device_key[0] ^= 1;
	cr_expect_not(err_is(reopen()));
}

Test(store, a_second_process_is_refused_while_the_first_lives)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct store *second;
		struct store_params p = { .folder = folder,
			.bank_code = "004",
			.branch_code = "0123",
			.device_key = device_key,
			.clock = { fake_wall, fake_wall, NULL } };
		_exit(store_open(&second, &p).code);
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_expect_eq(WEXITSTATUS(status), E_EXISTS);
}

Test(store, a_foreign_file_is_refused_and_left_as_found)
{
	static const char text[] = "this is somebody's diary, not a database "
				   "at all, and must stay as it is\n";
	char got[sizeof text];
	int fd;

	store_close(store);
	store = NULL;
	unlink(path_of("dasi.db"));
	fd = open(path_of("dasi.db"), O_WRONLY | O_CREAT, 0600);
	cr_assert_eq(write(fd, text, sizeof text), sizeof text);
	close(fd);
	cr_expect_eq(reopen().code, E_CORRUPT);
	fd = open(path_of("dasi.db"), O_RDONLY);
	cr_expect_eq(read(fd, got, sizeof got), sizeof got);
	close(fd);
	cr_expect_eq(memcmp(got, text, sizeof text), 0);
}

Test(store, a_database_that_is_gone_or_empty_is_not_begun_afresh)
{
	struct stat st;

	store_close(store);
	store = NULL;
	unlink(path_of("dasi.db"));
	cr_expect_eq(reopen().code, E_CORRUPT, "the ballast is left of it");
	cr_expect_neq(stat(path_of("dasi.db"), &st), 0, "nothing was made");
	close(open(path_of("dasi.db"), O_WRONLY | O_CREAT, 0600));
	cr_expect_eq(reopen().code, E_CORRUPT);
	cr_assert_eq(stat(path_of("dasi.db"), &st), 0);
	cr_expect_eq(st.st_size, 0, "left as found");
	unlink(path_of("dasi.ballast"));
	cr_expect_not(err_is(reopen()), "without a trace it is a new branch");
}

Test(store, another_programs_database_is_refused)
{
	store_close(store);
	store = NULL;
	unlink(path_of("dasi.db"));
	cr_assert_eq(sql("CREATE TABLE bookmarks (url TEXT)"), SQLITE_OK);
	cr_expect_eq(reopen().code, E_CORRUPT);
	cr_expect_eq(sql("SELECT url FROM bookmarks"), SQLITE_OK);
}

Test(store, a_newer_schema_is_refused)
{
	store_close(store);
	store = NULL;
	cr_assert_eq(sql("PRAGMA user_version = 99"), SQLITE_OK);
	cr_expect_eq(reopen().code, E_UNSUPPORTED);
}

Test(store, a_damaged_page_is_noticed_at_opening)
{
	uint8_t junk[512];
	struct stat st;
	int fd;

	for (int i = 0; i < 40; i++) {
		char serial[8];
		snprintf(serial, sizeof serial, "%02x", i);
		new_case(serial);
	}
	store_close(store);
	store = NULL;
	memset(junk, 0xee, sizeof junk);
	cr_assert_eq(stat(path_of("dasi.db"), &st), 0);
	fd = open(path_of("dasi.db"), O_WRONLY);
	for (off_t at = 4096; at < st.st_size; at += 4096)
		cr_assert_eq(pwrite(fd, junk, sizeof junk, at), sizeof junk);
	close(fd);
	cr_expect_eq(reopen().code, E_CORRUPT);
}

/* In a child with a tiny file system of its own.  Exit status: 0 good, 77 when
 * this machine lets nobody mount, else the line that failed. */
#define OR_EXIT(x)                                                             \
	do {                                                                   \
		if (!(x))                                                      \
			_exit(__LINE__ % 200 + 1 == 77 ? 1                     \
						       : __LINE__ % 200 + 1);  \
	} while (0)

static void
fill_the_disk(void)
{
	static uint8_t big[32 * 1024];
	struct store_blob blob = { BLOB_P12, { big, sizeof big } };
	struct store_change fat = { .blobs = &blob, .blob_count = 1 };
	struct store_case first, c;
	struct err e = err_none();
	int made = 0;

	store_close(store);
	store = NULL;
	if (unshare(CLONE_NEWNS | (geteuid() == 0 ? 0 : CLONE_NEWUSER)) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("tmpfs", folder, "tmpfs", 0, "size=2560k") != 0)
		_exit(77);
	OR_EXIT(!err_is(reopen()));
	first = new_case("aa");
	while (!err_is(e) && made++ < 200) {
		memset(&c, 0, sizeof c);
		c.fee_won = -1;
		snprintf(c.serial, sizeof c.serial, "%04x", made);
		strcpy(c.issuer, first.issuer);
		e = store_case_create(store, &c, &fat);
	}
	OR_EXIT(e.code == E_FULL);
	/* the room the refused case had begun to take is used up first */
	for (int i = 0; i < 4; i++)
		OR_EXIT(!err_is(store_case_step(store, &first, &fat)));
	OR_EXIT(store_is_low(store));
	OR_EXIT(!err_is(move(&first, CASE_EV_REPORT_LOSS)));
	OR_EXIT(!err_is(reopen()));
	OR_EXIT(!err_is(store_case_by_no(store, &c, first.case_no)));
	OR_EXIT(c.state == CASE_REPORTED);
	_exit(0);
}

Test(store, on_a_full_disk_an_open_case_can_still_be_brought_on)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		fill_the_disk();
	cr_assert_eq(waitpid(child, &status, 0), child);
	if (WEXITSTATUS(status) == 77)
		cr_skip("no mount here");
	cr_expect_eq(status, 0, "line (mod 200) %d", WEXITSTATUS(status) - 1);
}

Test(store, the_ballast_is_laid_at_opening)
{
	struct stat st;

	cr_assert_eq(stat(path_of("dasi.ballast"), &st), 0);
	cr_expect_eq(st.st_size, STORE_BALLAST);
	cr_expect_not(store_is_low(store));
	unlink(path_of("dasi.ballast"));
	cr_expect_not(store_is_low(store), "laid again");
	cr_assert_eq(stat(path_of("dasi.ballast"), &st), 0);
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
