/*
 * Spans, the bounded builder, str_copy and the names of errors.
 */
#include <criterion/criterion.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/span.h"

Test(span, an_absent_string_is_the_empty_span)
{
	cr_expect_eq(span_str(NULL).n, 0);
	cr_expect_eq(span_str("").n, 0);
	cr_expect_eq(span_str("abc").n, 3);
	cr_expect(span_eq(span_str(NULL), span_str("")));
}

Test(span, equality_is_of_length_and_bytes)
{
	cr_expect(span_eq(span_str("abc"), span_make("abcd", 3)));
	cr_expect_not(span_eq(span_str("abc"), span_str("abcd")));
	cr_expect_not(span_eq(span_str("abc"), span_str("abd")));
	cr_expect_not(span_eq(span_make("a\0b", 3), span_make("a\0c", 3)));
}

Test(buf, a_full_buf_keeps_what_it_has_and_refuses_the_rest)
{
	uint8_t room[8];
	struct buf b = buf_make(room, 4);

	memset(room, '#', sizeof room);
	buf_add_str(&b, "abc");
	cr_expect_not(b.full);
	buf_add_str(&b, "de");
	cr_expect(b.full);
	cr_expect(span_eq(buf_span(&b), span_str("abc")));
	buf_add_byte(&b, 'd'); /* would fit, but came after the gap */
	buf_add(&b, "", 0);
	cr_expect(b.full);
	cr_expect(span_eq(buf_span(&b), span_str("abc")));
	cr_expect_eq(memcmp(room + 3, "#####", 5), 0, "nothing beyond");
}

Test(buf, exactly_full_is_not_full)
{
	uint8_t room[4];
	struct buf b = buf_make(room, 4);

	buf_add_str(&b, "abcd");
	buf_add(&b, NULL, 0);
	cr_expect_not(b.full);
	cr_expect_eq(b.n, 4);
	buf_add_byte(&b, 'e');
	cr_expect(b.full);
	cr_expect_eq(b.n, 4);
}

Test(buf, an_impossible_length_does_not_wrap_around)
{
	uint8_t room[4];
	struct buf b = buf_make(room, 4);

	buf_add_str(&b, "ab");
	buf_add(&b, "x", SIZE_MAX);
	cr_expect(b.full);
	cr_expect_eq(b.n, 2);
}

Test(buf, without_room_everything_but_nothing_is_refused)
{
	struct buf b = buf_make(NULL, 0);

	buf_add_str(&b, "");
	cr_expect_not(b.full);
	buf_add_byte(&b, 0);
	cr_expect(b.full);
}

Test(buf, any_appends_give_the_longest_run_of_whole_ones)
{
	uint8_t room[64], piece[32], want[64];

	srand(3);
	for (int round = 0; round < 5000; round++) {
		size_t cap = (size_t)rand() % (sizeof room + 1), have = 0;
		struct buf b = buf_make(room, cap);
		bool over = false;
		for (int k = 0; k < 8; k++) {
			size_t n = (size_t)rand() % sizeof piece;
			memset(piece, rand(), n);
			buf_add(&b, piece, n);
			over = over || have + n > cap;
			if (over)
				continue;
			memcpy(want + have, piece, n);
			have += n;
		}
		cr_assert_eq(b.full, over);
		cr_assert(span_eq(buf_span(&b), span_make(want, have)));
	}
}

Test(str_copy, ends_with_a_nul_and_says_whether_all_fitted)
{
	char out[4];

	cr_expect(str_copy(out, sizeof out, "abc"));
	cr_expect_str_eq(out, "abc");
	cr_expect_not(str_copy(out, sizeof out, "abcd"));
	cr_expect_str_eq(out, "abc");
	cr_expect(str_copy(out, sizeof out, ""));
	cr_expect_str_eq(out, "");
	cr_expect_not(str_copy(out, 1, "a"));
	cr_expect_str_eq(out, "");
	out[0] = '#';
	cr_expect_not(str_copy(out, 0, ""));
	cr_expect_eq(out[0], '#', "no room at all is not touched");
}

Test(err, each_code_has_a_word_of_its_own)
{
	for (int i = 0; i < E_COUNT; i++) {
		const char *name = err_name((enum err_code)i);
		cr_assert_not_null(name, "code %d", i);
		cr_expect_gt(strlen(name), 0);
		for (const char *p = name; *p != '\0'; p++)
			cr_expect(islower((unsigned char)*p) || *p == '_');
		for (int j = 0; j < i; j++)
			cr_expect_str_neq(name, err_name((enum err_code)j));
	}
	cr_expect_str_eq(err_name(E_NOTFOUND), "not_found");
	cr_expect_str_eq(err_name(E_COUNT), "unknown");
	cr_expect_str_eq(err_name((enum err_code) - 1), "unknown");
}

Test(err, a_system_error_carries_errno)
{
	struct err e;

	errno = ENOTDIR;
	e = err_sys("here");
	cr_expect_eq(e.code, E_SYS);
	cr_expect_eq(e.sys, ENOTDIR);
	cr_expect_str_eq(e.where, "here");
	cr_expect(err_is(e));
	cr_expect_not(err_is(err_none()));
}
