/*
 * Widths, wrapping and the cell grid.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/frame.h"
#include "ui/wrap.h"

static struct frame f;
static char dump[FRAME_DUMP_MAX];

static const char *
plain(void)
{
	(void)frame_dump(&f, FRAME_PLAIN, dump, sizeof dump);
	return dump;
}

static const char *
styled(void)
{
	(void)frame_dump(&f, FRAME_STYLED, dump, sizeof dump);
	return dump;
}

Test(wrap, counts_columns_as_a_terminal_does)
{
	static const struct {
		const char *text;
		int cols;
	} rows[] = {
		{ "", 0 }, { "abc", 3 }, { "홍길동", 6 }, { "가a나", 5 },
		{ "ㄱ", 2 }, { "e\xcc\x81", 1 }, /* e and an acute */
		{ "\xcc\x81", 1 },		 /* a mark alone: '?' */
		{ "a\x80"
		  "b",
		    3 },	  /* a broken byte: '?' */
		{ "\x1b[0m", 4 }, /* a control: '?' */
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_eq(
		    wrap_cols(rows[i].text), rows[i].cols, "row %zu", i);
	cr_expect_eq(wrap_cols(NULL), 0);
}

Test(wrap, breaks_korean_at_spaces_and_long_words_anywhere)
{
	static const struct {
		const char *text;
		int cols;
		const char *lines[5];
	} rows[] = {
		{ "신분증에 적힌 성명을 입력해 주십시오.", 21,
		    { "신분증에 적힌 성명을", "입력해 주십시오.", NULL } },
		{ "가나다라마", 4, { "가나", "다라", "마", NULL } },
		{ "가나다라마", 5, { "가나", "다라", "마", NULL } },
		{ "aa  bb", 3, { "aa", "bb", NULL } },
		{ "aaa bbb", 3, { "aaa", "bbb", NULL } },
		{ "one\ntwo", 9, { "one", "two", NULL } },
		{ "one\n\ntwo", 9, { "one", "", "two", NULL } },
		{ "aaa\nb", 3, { "aaa", "b", NULL } },
		{ "ab cdefgh", 4, { "ab", "cdef", "gh", NULL } },
		{ "x ", 4, { "x", NULL } },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *text = rows[i].text;
		size_t n = strlen(text);
		int line = 0;

		while (n > 0) {
			struct wrap_line w;
			size_t used = wrap_next(&w, text, n, rows[i].cols);
			const char *want = rows[i].lines[line];

			cr_assert(want != NULL, "row %zu has more lines", i);
			cr_expect(w.n == strlen(want) &&
				      memcmp(text + w.from, want, w.n) == 0,
			    "row %zu line %d: \"%.*s\"", i, line, (int)w.n,
			    text + w.from);
			text += used;
			n -= used;
			line++;
		}
		cr_expect(rows[i].lines[line] == NULL, "row %zu: too few", i);
		cr_expect_eq(wrap_count(rows[i].text, rows[i].cols), line);
	}
}

/* Random text of spaces, Latin, Hangul, marks, newlines and broken bytes. */
static size_t
random_text(char *out, size_t cap)
{
	static const char *const parts[] = { " ", "a", "홍", "길동", "\n", "-",
		"e\xcc\x81", "\xff", "뷁", "1", "  " };
	size_t n = 0, want = (size_t)rand() % (cap - 8);

	while (n < want) {
		const char
		    *p = parts[(size_t)rand() % (sizeof parts / sizeof *parts)];
		memcpy(out + n, p, strlen(p));
		n += strlen(p);
	}
	out[n] = '\0';
	return n;
}

Test(wrap, lines_never_exceed_the_width_and_lose_only_blanks)
{
	char text[200];

	srand(7);
	for (int round = 0; round < 5000; round++) {
		size_t n = random_text(text, sizeof text), at = 0, letters = 0;
		int cols = 2 + rand() % 30;

		for (size_t i = 0; i < n; i++)
			letters += text[i] != ' ' && text[i] != '\n';
		while (at < n) {
			struct wrap_line w;
			size_t used = wrap_next(&w, text + at, n - at, cols);

			cr_assert(used > 0 && used <= n - at);
			cr_assert(w.cols <= cols && w.from + w.n <= used);
			for (size_t i = 0; i < w.n; i++)
				letters -= text[at + w.from + i] != ' ';
			at += used;
		}
		cr_assert_eq(letters, 0);
	}
}

Test(frame, clips_without_splitting_a_wide_character)
{
	frame_init(&f, 2, 5);
	cr_expect_eq(frame_put(&f, 0, 0, ROLE_TEXT, "가나다"), 6);
	cr_expect_str_eq(plain(), "가나\n\n");
	frame_init(&f, 1, 6);
	frame_put(&f, 0, -1, ROLE_TEXT, "가나");
	cr_expect_str_eq(plain(), " 나\n");
	frame_put(&f, 7, 0, ROLE_TEXT, "x");
	frame_put(&f, -1, 0, ROLE_TEXT, "x");
	cr_expect_str_eq(plain(), " 나\n");
}

Test(frame, overwriting_half_a_wide_character_blanks_the_other_half)
{
	frame_init(&f, 1, 8);
	frame_put(&f, 0, 0, ROLE_TEXT, "가나다");
	frame_put(&f, 0, 1, ROLE_TEXT, "x");
	cr_expect_str_eq(plain(), " x나다\n");
	frame_put(&f, 0, 4, ROLE_TEXT, "y");
	cr_expect_str_eq(plain(), " x나y\n");
	frame_put(&f, 0, 3, ROLE_TEXT, "라");
	cr_expect_str_eq(plain(), " x 라\n");
}

Test(frame, draws_controls_and_broken_bytes_as_question_marks)
{
	frame_init(&f, 1, 20);
	frame_put(&f, 0, 0, ROLE_TEXT,
	    "a\x1b[2Jb\xff\xe2\x80\xae"
	    "c");
	cr_expect_str_eq(plain(), "a?[2Jb??c\n");
}

Test(frame, dump_tells_roles_and_cursor)
{
	frame_init(&f, 2, 20);
	frame_put(&f, 0, 1, ROLE_TITLE, "제목");
	frame_put(&f, 0, 6, ROLE_TEXT, "text");
	frame_put(&f, 1, 0, ROLE_FOCUS, "a ");
	frame_put(&f, 1, 2, ROLE_ERROR, "!");
	frame_cursor(&f, 1, 2);
	cr_expect_str_eq(
	    styled(), " {title:제목} text\n{focus:a }{error:!}\ncursor 1,2\n");
	frame_cursor(&f, 2, 0);
	cr_expect(strstr(styled(), "cursor none\n") != NULL);
}

Test(frame, dump_is_cut_to_the_room)
{
	char small[5];

	frame_init(&f, 1, 10);
	frame_put(&f, 0, 0, ROLE_TEXT, "abcdefgh");
	cr_expect(frame_dump(&f, FRAME_PLAIN, small, sizeof small) < 5);
	cr_expect(frame_dump(&f, FRAME_PLAIN, small, 0) == 0);
}

Test(frame, every_row_is_as_wide_as_the_frame_whatever_is_put)
{
	char text[120];

	srand(11);
	for (int round = 0; round < 2000; round++) {
		frame_init(&f, 1 + rand() % 4, 1 + rand() % 30);
		for (int i = 0; i < 12; i++) {
			(void)random_text(text, sizeof text);
			(void)frame_put_n(&f, rand() % 5 - 1, rand() % 40 - 5,
			    (enum role)(rand() % ROLE_COUNT), text,
			    strlen(text), rand() % 40);
		}
		for (int r = 0; r < f.rows; r++) {
			int at = 0;

			while (at < f.cols) {
				const struct cell *c = &f.cells[r][at];

				cr_assert(c->width == 1 || c->width == 2);
				cr_assert(utf8_valid(c->text, strlen(c->text)));
				if (c->width == 2)
					cr_assert(c[1].width == 0);
				at += c->width;
			}
			cr_assert_eq(at, f.cols);
		}
	}
}

Test(frame, wipe_leaves_no_letter)
{
	frame_init(&f, 3, 30);
	frame_put(&f, 1, 1, ROLE_VALUE, "홍길동");
	frame_wipe(&f);
	cr_expect_str_eq(plain(), "\n\n\n");
	for (size_t i = 0; i < sizeof f.cells; i++)
		cr_assert(((const unsigned char *)f.cells)[i] < 0x80);
}

Test(frame, size_is_clamped_to_its_capacity)
{
	frame_init(&f, 0, -3);
	cr_expect(f.rows == 1 && f.cols == 1);
	frame_init(&f, 9999, 9999);
	cr_expect(f.rows == FRAME_ROWS && f.cols == FRAME_COLS);
}
