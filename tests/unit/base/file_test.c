/*
 * Whole files: what is left when writing stops or fails at any step.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "faults.h"

static char home[] = "/tmp/dasi-file.XXXXXX";

static void
go_home(void)
{
	umask(022);
	cr_assert_not_null(mkdtemp(home));
	cr_assert_eq(chdir(home), 0);
}

static void
remove_home(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		execlp("rm", "rm", "-rf", home, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

TestSuite(file, .init = go_home, .fini = remove_home);

static bool
put(const char *path, const char *text)
{
	return !err_is(file_write(path, span_str(text), 0600));
}

static bool
holds(const char *path, const char *text)
{
	static uint8_t room[1 << 16];
	struct buf b = buf_make(room, sizeof room);

	return !err_is(file_read(&b, path)) &&
	       span_eq(buf_span(&b), span_str(text));
}

/* Names in the folder, without . and .. */
static int
entries(const char *folder)
{
	DIR *d = opendir(folder);
	int n = -2;

	cr_assert_not_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

Test(file, what_is_written_is_read)
{
	struct stat st;

	cr_expect(put("a", "one"));
	cr_expect(holds("a", "one"));
	cr_expect(put("a", "two"), "replaced");
	cr_expect(holds("a", "two"));
	cr_expect(put("a", ""));
	cr_expect(holds("a", ""));
	cr_expect_eq(entries("."), 1, "no temporary name is left");
	cr_expect(!err_is(file_write("a", span_str("x"), 0640)));
	cr_assert_eq(stat("a", &st), 0);
	cr_expect_eq(st.st_mode & 07777, 0640);
}

Test(file, a_path_may_be_relative_or_absolute)
{
	char path[PATH_MAX];

	cr_assert(!err_is(file_make_dirs("x/y")));
	snprintf(path, sizeof path, "%s/x/y/f", home);
	cr_expect(put("x/y/f", "1"));
	cr_expect(holds(path, "1"));
	cr_expect(put(path, "2"));
	cr_expect(holds("x/y/f", "2"));
}

Test(file, reading_appends_up_to_the_room_and_not_more)
{
	uint8_t room[8];
	struct buf b = buf_make(room, 5);

	cr_assert(put("a", "abcd"));
	buf_add_byte(&b, '>');
	cr_expect(!err_is(file_read(&b, "a")), "exactly fits");
	cr_expect(span_eq(buf_span(&b), span_str(">abcd")));
	b = buf_make(room, 3);
	cr_expect_eq(file_read(&b, "a").code, E_LIMIT);
	b = buf_make(room, 0);
	cr_expect_eq(file_read(&b, "a").code, E_LIMIT);
}

Test(file, a_missing_file_is_not_found)
{
	uint8_t room[8];
	struct buf b = buf_make(room, sizeof room);

	cr_expect_eq(file_read(&b, "none").code, E_NOTFOUND);
	cr_expect_eq(file_read(&b, ".").code, E_SYS);
	cr_expect_not(put("none/f", "1"));
	cr_expect_eq(file_write("none/f", span_str("1"), 0600).code, E_SYS);
}

Test(file, a_link_is_not_read_and_is_replaced_not_followed)
{
	uint8_t room[8];
	struct buf b = buf_make(room, sizeof room);
	struct stat st;

	cr_assert(put("target", "old"));
	cr_assert_eq(symlink("target", "link"), 0);
	cr_expect_eq(file_read(&b, "link").code, E_SYS);
	cr_expect_eq(b.n, 0);
	cr_expect(put("link", "new"));
	cr_expect(holds("target", "old"));
	cr_expect(holds("link", "new"));
	cr_assert_eq(lstat("link", &st), 0);
	cr_expect(S_ISREG(st.st_mode));
}

Test(file, a_link_waiting_under_the_temporary_name_is_not_followed)
{
	cr_assert(put("victim", "safe"));
	cr_assert_eq(symlink("victim", ".a.tmp"), 0);
	cr_expect(put("a", "mine"));
	cr_expect(holds("victim", "safe"));
	cr_expect(holds("a", "mine"));
}

Test(file, impossible_names_are_refused)
{
	char name[NAME_MAX + 2], *path = malloc(PATH_MAX * 2);

	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	cr_expect_eq(file_write(name, span_str("1"), 0600).code, E_LIMIT);
	memset(path, 'p', PATH_MAX * 2 - 1);
	path[PATH_MAX * 2 - 1] = '\0';
	path[1] = '/';
	cr_expect_eq(file_write(path, span_str("1"), 0600).code, E_LIMIT);
	cr_expect_eq(file_make_dirs(path).code, E_LIMIT);
	cr_expect(err_is(file_write("./", span_str("1"), 0600)));
	cr_expect_eq(entries("."), 0);
	free(path);
}

/* One write of "new" over "old" in a child; how it ended. */
static int
write_in_child(enum fault_kind kind, int step, int sys)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		fault_arm(kind, step, sys);
		_exit(put("f", "new") ? 0 : 1);
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return status;
}

/* How many calls one write makes: unlink, open, write, fsync, rename, fsync. */
static int
count_steps(void)
{
	fault_arm(FAULT_SHORT, -1, 0);
	cr_assert(put("counted", "x"));
	cr_assert_eq(unlink("counted"), 0);
	return fault_disarm();
}

Test(file, a_crash_at_any_step_leaves_the_old_or_the_new)
{
	int steps = count_steps(), olds = 0, news = 0;

	cr_assert_eq(steps, 6);
	for (int i = 0; i < steps; i++) {
		int status;
		cr_assert(put("f", "old"));
		status = write_in_child(FAULT_KILL, i, 0);
		cr_assert(WIFSIGNALED(status), "step %d", i);
		cr_assert(holds("f", "old") || holds("f", "new"), "step %d", i);
		olds += holds("f", "old");
		news += holds("f", "new");
		cr_assert(put("f", "again"), "a left-over stands in no way");
		cr_assert(holds("f", "again"));
		cr_assert_eq(entries("."), 1);
	}
	cr_expect_eq(olds, 5, "until the rename");
	cr_expect_eq(news, 1, "and after it");
}

Test(file, a_failure_at_any_step_is_reported_and_leaves_no_litter)
{
	/* the first step clears a left-over and may fail: there is none */
	for (int i = 1; i < 6; i++) {
		int status;
		cr_assert(put("f", "old"));
		status = write_in_child(FAULT_FAIL, i, EIO);
		cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1,
		    "step %d", i);
		cr_assert(holds("f", i < 5 ? "old" : "new"), "step %d", i);
		cr_assert_eq(entries("."), 1, "step %d", i);
	}
}

Test(file, full_and_read_only_have_codes_of_their_own)
{
	static const struct {
		int sys;
		enum err_code code;
	} rows[] = { { ENOSPC, E_FULL }, { EDQUOT, E_FULL },
		{ EROFS, E_READONLY }, { EIO, E_SYS }, { EACCES, E_SYS } };

	for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
		for (int i = 1; i < 6; i++) {
			struct err e;
			fault_arm(FAULT_FAIL, i, rows[r].sys);
			e = file_write("f", span_str("x"), 0600);
			fault_disarm();
			cr_expect_eq(e.code, rows[r].code, "step %d", i);
			cr_expect_eq(e.sys, rows[r].sys);
		}
}

Test(file, short_and_interrupted_writes_go_on)
{
	fault_arm(FAULT_SHORT, -1, 0);
	cr_expect(put("f", "one byte at a time"));
	fault_disarm();
	cr_expect(holds("f", "one byte at a time"));
	fault_arm(FAULT_INTERRUPTED, 2, 0);
	cr_expect(put("f", "after a signal"));
	fault_disarm();
	cr_expect(holds("f", "after a signal"));
}

Test(file, a_device_without_room_is_full)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	cr_assert_geq(fd, 0);
	cr_expect_eq(file_write_all(fd, span_str("x")).code, E_FULL);
	cr_expect(!err_is(file_write_all(fd, span_str(""))));
	close(fd);
}

Test(file, a_write_cut_by_the_systems_limit_keeps_the_old)
{
	struct rlimit small = { 4096, RLIM_INFINITY }, before;
	static char big[8192];
	struct err e;

	memset(big, 'b', sizeof big - 1);
	cr_assert(put("f", "old"));
	signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
	small.rlim_max = before.rlim_max;
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	e = file_write("f", span_str(big), 0600);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
	cr_expect_eq(e.code, E_SYS);
	cr_expect_eq(e.sys, EFBIG);
	cr_expect(holds("f", "old"));
	cr_expect_eq(entries("."), 1);
}

static bool
made(const char *path)
{
	return !err_is(file_make_dirs(path));
}

Test(file, folders_are_made_with_their_parents)
{
	struct stat st;

	cr_expect(made("a/b/c"));
	cr_assert_eq(stat("a/b/c", &st), 0);
	cr_expect(S_ISDIR(st.st_mode));
	cr_expect_eq(st.st_mode & 07777, 0700);
	cr_expect(made("a/b/c"), "again");
	cr_expect(made("a/b/c/"));
	cr_expect(made("a//b/./d"));
	cr_expect(made("x/"));
	cr_expect(made("/"));
	cr_expect(made("."));
	cr_expect_eq(entries("a/b"), 2);
	cr_assert_eq(symlink("a", "la"), 0);
	cr_expect(made("la/e"), "through a link");
	cr_expect_eq(entries("a"), 2);
}

Test(file, a_file_in_the_place_of_a_folder_is_an_error)
{
	cr_assert(put("f", "1"));
	cr_expect_not(made("f"));
	cr_expect_not(made("f/below"));
	cr_assert_eq(symlink("nowhere", "dangling"), 0);
	cr_expect_not(made("dangling"));
	cr_expect_not(made(""));
	cr_expect(holds("f", "1"));
}
