/*
 * The terminal as a whole: term-echo in a pty, seen through libvterm.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "vt.h"

enum { LIMIT_MS = 10000, BAD_KEY_BYTES = 200, FULL_PAINT_BYTES = 4096 };

static struct vt *vt;

static char *argument; /* of term-echo; NULL for none */

/* term-echo stands beside this program. */
static struct vt *
start_env(int rows, int cols, const char *const *env)
{
	static char path[PATH_MAX];
	char self[PATH_MAX] = "";
	char *argv[] = { path, argument, NULL };

	if (readlink("/proc/self/exe", self, sizeof self - 1) < 0)
		return NULL;
	snprintf(path, sizeof path, "%.4000s/term-echo", dirname(self));
	return vt_start(rows, cols, argv, env);
}

static void
start(const char *term)
{
	char type[64];
	const char *env[] = { type, NULL };

	snprintf(type, sizeof type, "TERM=%s", term);
	vt = start_env(24, 80, env);
	cr_assert(vt != NULL);
	cr_assert(vt_wait_text(vt, "last=ready", LIMIT_MS), "%s\n%s", term,
	    vt_screen(vt));
}

static void
stop(void)
{
	vt_free(vt);
	vt = NULL;
}

TestSuite(term, .fini = stop, .timeout = 60);

/* A sure sign that everything typed so far was handled. */
static void
settle(void)
{
	cr_assert(vt_keys(vt, "\033[24;9z\033OR"));
	cr_assert(
	    vt_wait_text(vt, "last=key20", LIMIT_MS), "%s", vt_screen(vt));
	/* The rest of that frame. */
	cr_assert(vt_wait_quiet(vt, 30, LIMIT_MS));
}

/* Those of them that are installed here. */
static bool
is_known(const char *type)
{
	static const char *const dirs[] = { "/lib/terminfo",
		"/usr/share/terminfo", "/etc/terminfo" };
	char path[128];

	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s/%c/%s", dirs[i], type[0], type);
		if (access(path, R_OK) == 0)
			return true;
	}
	return false;
}

static const char *const types[] = { "xterm-256color", "linux", "tmux-256color",
	"screen-256color", "vt220", "foot", "xterm" };

Test(term, hangul_is_typed_and_drawn_two_columns_wide_everywhere)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (!is_known(types[i]))
			continue;
		start(types[i]);
		cr_expect(
		    strstr(vt_row(vt, 0), "시험 화면") != NULL, "%s", types[i]);
		cr_expect_eq(vt_width(vt, 0, 2), 2);
		vt_keys(vt, "ghdrlfehd");
		cr_expect(vt_wait_text(vt, "홍길동", LIMIT_MS), "%s\n%s",
		    types[i], vt_screen(vt));
		settle();
		cr_expect(vt_has(vt, "name=3"), "%s", types[i]);
		stop();
	}
}

Test(term, utf8_comes_and_goes_without_lang)
{
	static const char *const env[] = { "LC_ALL", "LANG", "LC_CTYPE", NULL };

	vt = start_env(24, 80, env);
	cr_assert(vt_wait_text(vt, "last=ready", LIMIT_MS));
	vt_keys(vt, "뷁쀍");
	cr_expect(vt_wait_text(vt, "뷁쀍", LIMIT_MS), "%s", vt_screen(vt));
	cr_expect(vt_has(vt, "시험 화면"));
}

Test(term, unknown_types_are_refused_in_words)
{
	/* curses itself loses a block when it does not know the type */
	static const char *const env[] = { "TERM=no-such-terminal",
		"ASAN_OPTIONS=detect_leaks=0", NULL };
	int status = 0;

	vt = start_env(24, 80, env);
	cr_assert(vt_wait_exit(vt, &status, LIMIT_MS));
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 2);
	cr_expect(vt_has(vt, "term_open: term: $TERM"), "%s", vt_screen(vt));
}

Test(term, a_tap_never_types_into_a_field)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (!is_known(types[i]))
			continue;
		start(types[i]);
		vt_keys(vt, "\t");
		vt_keys(vt, "\033[<0;240;9M\033[<0;240;9m");
		vt_keys(vt, "\033[<0;12;300M\033[<0;12;300m");
		vt_keys(vt, "\033[M !!\033[M#!!");
		settle();
		cr_expect(vt_has(vt, "pin=0 name=0"), "%s\n%s", types[i],
		    vt_screen(vt));
		stop();
	}
}

Test(term, a_tap_hits_what_it_touches_and_only_sgr_mice_are_asked_for)
{
	size_t n;

	start("xterm-256color");
	cr_expect(strstr(vt_output(vt, &n), "\033[?1006h") != NULL);
	vt_keys(vt, "\033[<0;12;5M\033[<0;12;5m");
	cr_expect(vt_wait_text(vt, "last=tap1", LIMIT_MS), "%s", vt_screen(vt));
	stop();
	start("tmux-256color");
	cr_expect(strstr(vt_output(vt, &n), "\033[?1000h") == NULL);
}

Test(term, a_paste_of_a_megabyte_neither_crashes_nor_fills_a_field)
{
	enum { MEGA = 1 << 20 };
	static char big[MEGA + 1];
	static const char *const marks[][2] = { { "\033[200~", "\033[201~" },
		{ "", "" } };

	for (int i = 0; i < MEGA; i++)
		big[i] = i % 50 == 49 ? '\r' : (char)('a' + i % 26);
	for (int i = 0; i < 2; i++) {
		start("xterm-256color");
		vt_keys(vt, "\t\033[20~");
		vt_keys(vt, marks[i][0]);
		cr_assert(vt_type(vt, big, MEGA));
		vt_keys(vt, marks[i][1]);
		cr_assert(vt_wait_quiet(vt, 400, LIMIT_MS));
		settle();
		cr_expect(vt_has(vt, "pin=20") || i == 1, "%s", vt_screen(vt));
		stop();
	}
}

Test(term, a_marked_paste_submits_nothing)
{
	start("xterm-256color");
	vt_keys(vt, "\t\033[200~one\rtwo\r\033[201~");
	settle();
	cr_expect(vt_has(vt, "pin=6 name=0"), "%s", vt_screen(vt));
}

Test(term, garbage_never_becomes_text)
{
	static const char garbage[] =
	    "\xff\xfe\xc0\x80\xed\xa0\x80\xf5"
	    "\033[?1;2c\033]0;evil\007\033P+q544e\033\\\033[38;5;1m\033[>1u"
	    "\033_x\033\\\033(0\033[1;2;3;4;5;6;7;8;9;10t\x90q\x9c";

	start("xterm-256color");
	vt_keys(vt, "\t");
	vt_type(vt, garbage, sizeof garbage - 1);
	settle();
	cr_expect(vt_has(vt, "pin=0 name=0"), "%s", vt_screen(vt));
}

Test(term, a_lone_escape_is_the_escape_key)
{
	start("xterm-256color");
	vt_keys(vt, "ghd");
	cr_assert(vt_wait_text(vt, "홍", LIMIT_MS));
	vt_keys(vt, "\033");
	cr_expect(vt_wait_text(vt, "last=key3", LIMIT_MS));
}

Test(term, it_follows_the_size_down_to_one_cell_and_back)
{
	static const int sizes[][2] = { { 5, 12 }, { 1, 1 }, { 10, 44 },
		{ 13, 57 }, { 1, 200 }, { 80, 250 }, { 40, 120 } };
	char size[64];

	start("xterm-256color");
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		vt_resize(vt, sizes[i][0], sizes[i][1]);
		cr_assert(vt_wait_quiet(vt, 100, LIMIT_MS));
		snprintf(
		    size, sizeof size, "size=%dx%d", sizes[i][1], sizes[i][0]);
		if (sizes[i][0] >= 10 && sizes[i][1] >= 44)
			cr_expect(vt_wait_text(vt, size, LIMIT_MS), "%s\n%s",
			    size, vt_screen(vt));
		else if (sizes[i][0] == 5)
			cr_expect(vt_wait_text(vt, "작은 화면", LIMIT_MS));
	}
	vt_keys(vt, "ghd");
	cr_expect(vt_wait_text(vt, "홍", LIMIT_MS));
}

Test(term, a_hangup_ends_it_without_another_byte)
{
	int status = 0;

	start("xterm-256color");
	vt_keys(vt, "ghd");
	cr_assert(vt_wait_text(vt, "홍", LIMIT_MS));
	vt_hangup(vt);
	cr_assert(vt_wait_exit(vt, &status, LIMIT_MS));
	cr_expect(WIFEXITED(status), "signal %d", WTERMSIG(status));
	cr_expect_eq(WEXITSTATUS(status), 11, "drawing was refused");
}

/* The main screen again, no marks around a paste, no mouse. */
static void
expect_given_back(void)
{
	size_t n;
	const char *out = vt_output(vt, &n);

	cr_expect(memmem(out, n, "\033[?1049l", 8) != NULL);
	cr_expect(memmem(out, n, "\033[?2004l", 8) != NULL);
	cr_expect(memmem(out, n, "\033[?1000l", 8) != NULL);
}

Test(term, sigterm_gives_the_terminal_back)
{
	int status = 0;

	start("xterm-256color");
	kill(vt_pid(vt), SIGTERM);
	cr_assert(vt_wait_exit(vt, &status, LIMIT_MS));
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 10);
	expect_given_back();
}

Test(term, a_failed_assert_gives_the_terminal_back_and_still_ends_it)
{
	int status = 0;

	start("xterm-256color");
	kill(vt_pid(vt), SIGABRT);
	cr_assert(vt_wait_exit(vt, &status, LIMIT_MS));
	cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	expect_given_back();
}

Test(term, it_wakes_up_for_other_descriptors)
{
	start("xterm-256color");
	vt_keys(vt, "\033[15~");
	cr_expect(vt_wait_text(vt, "last=pipe", LIMIT_MS), "%s", vt_screen(vt));
}

Test(term, it_ticks_when_nothing_happens)
{
	static char ms[] = "20";

	argument = ms;
	vt = start_env(24, 80, NULL);
	cr_expect(vt_wait_text(vt, "last=tick", LIMIT_MS));
}

Test(term, ctrl_c_and_ctrl_z_do_nothing)
{
	start("xterm-256color");
	kill(vt_pid(vt), SIGTSTP);
	vt_keys(vt, "\003\032\034");
	settle();
	cr_expect(vt_has(vt, "pin=0 name=0"));
}

static double
ms_since(const struct timespec *from)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - from->tv_sec) * 1e3 +
	       (double)(now.tv_nsec - from->tv_nsec) / 1e6;
}

Test(term, a_key_costs_few_bytes_and_the_screen_a_few_thousand)
{
	size_t before, after, first;
	char want[32];
	double total = 0;

	start("xterm-256color");
	cr_assert(vt_wait_quiet(vt, 50, LIMIT_MS));
	(void)vt_output(vt, &first);
	cr_expect(first <= FULL_PAINT_BYTES, "%zu", first);
	vt_keys(vt, "\t1");
	cr_assert(vt_wait_text(vt, "pin=1", LIMIT_MS));
	cr_assert(vt_wait_quiet(vt, 50, LIMIT_MS));
	for (int i = 2; i <= 12; i++) {
		struct timespec from;

		(void)vt_output(vt, &before);
		clock_gettime(CLOCK_MONOTONIC, &from);
		vt_keys(vt, "1");
		snprintf(want, sizeof want, "pin=%d ", i);
		cr_assert(vt_wait_text(vt, want, LIMIT_MS));
		total += ms_since(&from);
		cr_assert(vt_wait_quiet(vt, 20, LIMIT_MS));
		(void)vt_output(vt, &after);
		cr_expect(after - before <= BAD_KEY_BYTES, "%zu bytes",
		    after - before);
	}
	fprintf(stderr, "term: first paint %zu bytes, key %zu bytes, %.2f ms\n",
	    first, after - before, total / 11);
}

/* Does the program's memory hold these bytes? */
static bool
memory_has(pid_t pid, const char *bytes, size_t len)
{
	char path[64], line[512];
	FILE *maps, *mem;
	bool found = false;

	snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
	maps = fopen(path, "r");
	snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
	mem = fopen(path, "r");
	cr_assert(maps != NULL && mem != NULL);
	while (!found && fgets(line, sizeof line, maps) != NULL) {
		unsigned long from, to;
		char mode[8];
		char *block;
		size_t n;

		if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) != 3 ||
		    mode[0] != 'r' || mode[1] != 'w' || to - from > 64 << 20)
			continue;
		block = malloc(to - from);
		if (block == NULL || fseeko(mem, (off_t)from, SEEK_SET) != 0) {
			free(block);
			continue;
		}
		n = fread(block, 1, to - from, mem);
		found = memmem(block, n, bytes, len) != NULL;
		free(block);
	}
	fclose(maps);
	fclose(mem);
	return found;
}

Test(term, wipe_leaves_neither_text_nor_scrollback)
{
	static const char text[] = "쀍뷁똠";
	/* one cell as curses keeps it: U+BDC1 and four empty marks */
	static const char cell[20] = { '\xc1', '\xbd' };
	size_t n;
	const char *out;

	start("xterm-256color");
	vt_keys(vt, text);
	cr_assert(vt_wait_text(vt, text, LIMIT_MS));
	cr_expect(
	    memory_has(vt_pid(vt), text, strlen(text)), "the search finds it");
	cr_expect(memory_has(vt_pid(vt), cell, sizeof cell),
	    "the search finds it in curses");
	vt_keys(vt, "\033");
	cr_assert(vt_wait_text(vt, "last=key3", LIMIT_MS));
	settle();
	cr_expect(!vt_has(vt, "쀍"));
	cr_expect(!memory_has(vt_pid(vt), text, strlen(text)));
	cr_expect(!memory_has(vt_pid(vt), cell, sizeof cell));
	out = vt_output(vt, &n);
	cr_expect(memmem(out, n, "\033[3J", 4) != NULL);
}
