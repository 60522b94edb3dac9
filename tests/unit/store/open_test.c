/*
 * Opening a store: whose file it is, damaged files and full disks.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <fcntl.h>
#include <sched.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rig.h"

TestSuite(opening, .init = rig_begin, .fini = rig_end);

Test(opening, another_device_key_or_branch_is_refused)
{
	device_key[0] ^= 1;
	cr_expect_eq(rig_open(false).code, E_MISMATCH);
	device_key[0] ^= 1;
	cr_expect_not(err_is(rig_open(false)));
}

Test(opening, a_second_process_is_refused_while_the_first_lives)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct store *second;
		struct store_params p = rig_params();
		_exit(store_open(&second, &p).code);
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_expect_eq(WEXITSTATUS(status), E_EXISTS);
}

Test(opening, a_foreign_file_is_refused_and_left_as_found)
{
	static const char text[] = "this is somebody's diary, not a database "
				   "at all, and must stay as it is\n";
	char got[sizeof text];
	int fd;

	rig_close();
	unlink(path_of("dasi.db"));
	fd = open(path_of("dasi.db"), O_WRONLY | O_CREAT, 0600);
	cr_assert_eq(write(fd, text, sizeof text), sizeof text);
	close(fd);
	cr_expect_eq(rig_open(false).code, E_CORRUPT);
	fd = open(path_of("dasi.db"), O_RDONLY);
	cr_expect_eq(read(fd, got, sizeof got), sizeof got);
	close(fd);
	cr_expect_eq(memcmp(got, text, sizeof text), 0);
}

Test(opening, a_database_that_is_gone_or_empty_is_not_begun_afresh)
{
	struct stat st;

	rig_close();
	unlink(path_of("dasi.db"));
	cr_expect_eq(
	    rig_open(false).code, E_CORRUPT, "the ballast is left of it");
	cr_expect_neq(stat(path_of("dasi.db"), &st), 0, "nothing was made");
	close(open(path_of("dasi.db"), O_WRONLY | O_CREAT, 0600));
	cr_expect_eq(rig_open(false).code, E_CORRUPT);
	cr_assert_eq(stat(path_of("dasi.db"), &st), 0);
	cr_expect_eq(st.st_size, 0, "left as found");
	unlink(path_of("dasi.ballast"));
	cr_expect_not(
	    err_is(rig_open(false)), "without a trace it is a new branch");
}

Test(opening, another_programs_database_is_refused)
{
	rig_close();
	unlink(path_of("dasi.db"));
	cr_assert_eq(rig_sql("CREATE TABLE bookmarks (url TEXT)"), SQLITE_OK);
	cr_expect_eq(rig_open(false).code, E_CORRUPT);
	cr_expect_eq(rig_sql("SELECT url FROM bookmarks"), SQLITE_OK);
}

Test(opening, a_newer_schema_is_refused)
{
	rig_close();
	cr_assert_eq(rig_sql("PRAGMA user_version = 99"), SQLITE_OK);
	cr_expect_eq(rig_open(false).code, E_UNSUPPORTED);
}

Test(opening, a_damaged_page_is_noticed_at_opening)
{
	uint8_t junk[512];
	struct stat st;
	int fd;

	for (int i = 0; i < 40; i++) {
		char serial[8];
		snprintf(serial, sizeof serial, "%02x", i);
		new_case(serial);
	}
	rig_close();
	memset(junk, 0xee, sizeof junk);
	cr_assert_eq(stat(path_of("dasi.db"), &st), 0);
	fd = open(path_of("dasi.db"), O_WRONLY);
	for (off_t at = 4096; at < st.st_size; at += 4096)
		cr_assert_eq(pwrite(fd, junk, sizeof junk, at), sizeof junk);
	close(fd);
	cr_expect_eq(rig_open(false).code, E_CORRUPT);
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
	struct store_change report = { .moves = true,
		.event = CASE_EV_REPORT_LOSS };
	struct store_case first, c;
	struct err e = err_none();
	int made = 0;

	rig_close();
	if (unshare(CLONE_NEWNS | (geteuid() == 0 ? 0 : CLONE_NEWUSER)) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("tmpfs", folder, "tmpfs", 0, "size=2560k") != 0)
		_exit(77);
	OR_EXIT(!err_is(rig_open(false)));
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
	first.hold = HOLD_PENDING;
	first.reported_at = now_ms / 1000;
	OR_EXIT(!err_is(store_case_step(store, &first, &report)));
	OR_EXIT(!err_is(rig_open(false)));
	OR_EXIT(!err_is(store_case_by_no(store, &c, first.case_no)));
	OR_EXIT(c.state == CASE_REPORTED);
	_exit(0);
}

Test(opening, on_a_full_disk_an_open_case_can_still_be_brought_on)
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

Test(opening, the_ballast_is_laid_at_opening)
{
	struct stat st;

	cr_assert_eq(stat(path_of("dasi.ballast"), &st), 0);
	cr_expect_eq(st.st_size, STORE_BALLAST);
	cr_expect_not(store_is_low(store));
	unlink(path_of("dasi.ballast"));
	cr_expect_not(store_is_low(store), "laid again");
	cr_assert_eq(stat(path_of("dasi.ballast"), &st), 0);
}
