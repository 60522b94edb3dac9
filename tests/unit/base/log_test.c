/*
 * The log: one line per event whatever is put into it.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/utf8.h"

static int ends[2], stderr_before;
static char got[8192];

static void
catch_stderr(void)
{
	cr_assert_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	stderr_before = dup(STDERR_FILENO);
	cr_assert_geq(dup2(ends[1], STDERR_FILENO), 0);
	log_open("test", LOG_INFO);
}

static void
release_stderr(void)
{
	dup2(stderr_before, STDERR_FILENO);
	close(stderr_before);
	close(ends[0]);
	close(ends[1]);
}

TestSuite(log, .init = catch_stderr, .fini = release_stderr);

/* All that was logged since the last call. */
static const char *
logged(void)
{
	ssize_t n = read(ends[0], got, sizeof got - 1);

	got[n > 0 ? n : 0] = '\0';
	return got;
}

Test(log, a_line_has_priority_program_and_text)
{
	log_line(LOG_ERROR, "case %d", 7);
	cr_expect_str_eq(logged(), "<3>test: case 7\n");
	log_line(LOG_WARNING, "a");
	log_line(LOG_NOTICE, "b");
	log_line(LOG_INFO, "c");
	cr_expect_str_eq(logged(), "<4>test: a\n<5>test: b\n<6>test: c\n");
}

Test(log, lines_above_the_level_are_dropped)
{
	log_line(LOG_DEBUG, "quiet");
	cr_expect_str_eq(logged(), "");
	log_open("test", LOG_ERROR);
	log_line(LOG_WARNING, "quiet");
	cr_expect_str_eq(logged(), "");
	log_line(LOG_ERROR, "loud");
	cr_expect_str_eq(logged(), "<3>test: loud\n");
	log_open("test", LOG_DEBUG);
	log_line(LOG_DEBUG, "detail");
	cr_expect_str_eq(logged(), "<7>test: detail\n");
}

/* clang-format off */
static const struct { const char *text, *shown; } escapes[] = {
	{ "two\nlines",         "two\\x0alines"            },
	{ "\x1b[2J\x07\r\t",    "\\x1b[2J\\x07\\x0d\\x09"  },
	{ "\x7f",               "\\x7f"                    },
	{ "홍길동 é",           "홍길동 é"                 },
	{ "\xc2\x9b" "31m",     "\\xc2\\x9b31m"            }, /* C1: CSI */
	{ "a\xff\xfe" "b",      "a\\xff\\xfeb"             },
	{ "\xea\xb0",           "\\xea\\xb0"               }, /* half a syllable */
	{ "\xed\xa0\x80",       "\\xed\\xa0\\x80"          }, /* a surrogate */
	{ "\u202e" "cod",       "\\xe2\\x80\\xaecod"       }, /* turns around */
	{ "back\\slash %s",     "back\\slash %s"           },
};
/* clang-format on */

Test(log, bytes_that_steer_or_break_are_escaped)
{
	for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
		char want[256] = "<5>test: ";
		strncat(want, escapes[i].shown, 200);
		strncat(want, "\n", 2);
		log_line(LOG_NOTICE, "%s", escapes[i].text);
		cr_expect_str_eq(logged(), want);
	}
}

Test(log, any_bytes_give_one_clean_line)
{
	char text[600];

	srand(17);
	for (int round = 0; round < 5000; round++) {
		size_t n = (size_t)rand() % (sizeof text - 1);
		const char *line;
		for (size_t i = 0; i < n; i++)
			text[i] = (char)(1 + rand() % 255);
		text[n] = '\0';
		log_line(LOG_INFO, "%s", text);
		line = logged();
		n = strlen(line);
		cr_assert_gt(n, 0);
		cr_assert_eq(strchr(line, '\n'), line + n - 1);
		cr_assert(utf8_valid(line, n));
		for (size_t i = 0; i + 1 < n; i++)
			cr_assert((unsigned char)line[i] >= 0x20);
	}
}

Test(log, long_text_is_cut_between_characters)
{
	char text[2000], want[600] = "<6>test: ";

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	memset(want + 9, 'x', 511);
	memcpy(want + 520, "\n", 2);
	log_line(LOG_INFO, "%s", text);
	cr_expect_str_eq(logged(), want);
	/* 511 bytes end in the middle of this syllable: it is left out */
	memcpy(text + 509, "가", 3);
	memcpy(want + 518, "\n", 2);
	log_line(LOG_INFO, "%s", text);
	cr_expect_str_eq(logged(), want);
	/* and here it just fits */
	memset(text + 508, 'x', 4);
	memcpy(text + 508, "가", 3);
	memcpy(want + 517, "가\n", 5);
	log_line(LOG_INFO, "%s", text);
	cr_expect_str_eq(logged(), want);
}

Test(log, the_longest_line_escaped_throughout_is_whole)
{
	char text[512], want[9 + 511 * 4 + 2] = "<6>test: ";

	memset(text, 1, sizeof text - 1);
	text[sizeof text - 1] = '\0';
	for (int i = 0; i < 511; i++)
		memcpy(want + 9 + i * 4, "\\x01", 4);
	memcpy(want + sizeof want - 2, "\n", 2);
	log_line(LOG_INFO, "%s", text);
	cr_expect_str_eq(logged(), want);
}

Test(log, an_error_is_told_by_code_system_text_and_place)
{
	log_err(LOG_ERROR, "store", err_make(E_CORRUPT, 0, "store: page"));
	cr_expect_str_eq(logged(), "<3>test: store: corrupt at store: page\n");
	log_err(LOG_WARNING, "write", err_make(E_FULL, ENOSPC, "file: write"));
	cr_expect_str_eq(logged(),
	    "<4>test: write: full (No space left on device) at "
	    "file: write\n");
}

Test(log, logging_leaves_errno_alone)
{
	close(STDERR_FILENO);
	errno = ENOENT;
	log_line(LOG_ERROR, "nobody hears this");
	cr_expect_eq(errno, ENOENT);
	dup2(ends[1], STDERR_FILENO);
}
