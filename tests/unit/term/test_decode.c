/*
 * The decoder: bytes into keys, and nothing else into text.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "term/decode.h"

static struct decoder d;
static int64_t now;

/* What the bytes made, as words: "홍" typed, "<up>", "p:x" pasted. */
static const char *
decode_n(const char *bytes, size_t n)
{
	static char out[8192];
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n && at + 64 < sizeof out; i++) {
		struct event ev;
		char text[UTF8_MAX + 1] = "";

		if (!decode_byte(&d, &ev, (uint8_t)bytes[i], now))
			continue;
		if (ev.kind == EV_KEY && ev.key == K_CHAR) {
			text[utf8_encode(text, ev.ch)] = '\0';
			at += (size_t)sprintf(
			    out + at, "%s%s", ev.pasted ? "p:" : "", text);
		} else if (ev.kind == EV_KEY) {
			at += (size_t)sprintf(out + at, "<%d>", ev.key);
		} else {
			at += (size_t)sprintf(
			    out + at, "<m%d,%d,%d>", ev.kind, ev.row, ev.col);
		}
	}
	return out;
}

static const char *
decode(const char *bytes)
{
	return decode_n(bytes, strlen(bytes));
}

static void
init(void)
{
	now = 1000;
	decode_init(&d);
}

TestSuite(decode, .init = init);

Test(decode, knows_the_keys_of_many_terminals)
{
	/* clang-format off */
	static const struct { const char *bytes; enum key key; } rows[] = {
		{ "\033[A", K_UP },      { "\033OA", K_UP },
		{ "\033[1;5B", K_DOWN }, { "\033[C", K_RIGHT },
		{ "\033OD", K_LEFT },    { "\033[H", K_HOME },
		{ "\033[1~", K_HOME },   { "\033[7~", K_HOME },
		{ "\033OF", K_END },     { "\033[4~", K_END },
		{ "\033[5~", K_PGUP },   { "\033[6~", K_PGDN },
		{ "\033[3~", K_DELETE }, { "\033[Z", K_BACKTAB },
		{ "\033OP", K_F1 },      { "\033[[A", K_F1 },
		{ "\033[11~", K_F1 },    { "\033[[E", K_F5 },
		{ "\033[15~", K_F5 },    { "\033[20~", K_HANGUL },
		{ "\033[24~", K_F12 },   { "\033[32;2u", K_HANGUL },
		{ "\033[32;5u", K_HANGUL }, { "\033[27;2;32~", K_HANGUL },
		{ "\r", K_ENTER },       { "\n", K_ENTER },
		{ "\033OM", K_ENTER },   { "\t", K_TAB },
		{ "\177", K_BACKSPACE }, { "\b", K_BACKSPACE },
		{ "\025", K_CLEAR },     { "\x9b" "A", K_UP },
		{ "\xc2\x9b" "A", K_UP },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char want[16];

		snprintf(want, sizeof want, "<%d>", rows[i].key);
		cr_expect_str_eq(decode(rows[i].bytes), want, "row %zu", i);
		cr_expect_str_eq(decode("x"), "x", "row %zu", i);
	}
	cr_expect_str_eq(decode_n("", 1), "<17>", "Ctrl-Space is %d", K_HANGUL);
}

Test(decode, unknown_sequences_make_nothing)
{
	static const char *const rows[] = { "\033[?1;2c", "\033[>0;276;0c",
		"\033[999;999n", "\033]0;title\007", "\033]11;rgb:0/0/0\033\\",
		"\033P1$r0m\033\\", "\033_apc\033\\", "\033^pm\033\\", "\033[I",
		"\033[O", "\033[1;2;3;4;5;6;7;8;9;10;11;12z", "\033(B",
		"\033#8", "\033x", "\033[ q", "\033[!p",
		"\033[99999999999999999999~", "\033[<64;10;10M", "\033[M !!",
		"\033Oz", "\033[25~", "\x90whatever\033\\", "\033[97;5u",
		"\033[57441u" };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *got = decode(rows[i]);

		cr_expect_str_eq(got, "", "row %zu: %s", i, got);
		now += 5000;
		cr_expect_str_eq(decode("x"), "x", "row %zu", i);
	}
}

Test(decode, a_lone_escape_is_a_key_after_its_time)
{
	struct event ev;

	cr_expect_str_eq(decode("\033"), "");
	cr_expect_eq(decode_wait_ms(&d, now), DECODE_ESC_MS);
	cr_expect(!decode_timeout(&d, &ev, now + DECODE_ESC_MS - 1));
	cr_expect(decode_timeout(&d, &ev, now + DECODE_ESC_MS));
	cr_expect_eq(ev.key, K_ESC);
	cr_expect_eq(decode_wait_ms(&d, now + DECODE_ESC_MS), -1);
	/* a slow line: the rest of an arrow still makes no text */
	now += 100;
	cr_expect(strchr(decode("[A"), '[') == NULL);
	cr_expect_str_eq(decode("x"), "x");
	cr_expect_str_eq(decode("\033\033"), "<3>", "two: the first is one");
}

Test(decode, half_a_sequence_is_given_up)
{
	struct event ev;

	decode("\033[12;");
	cr_expect_eq(decode_wait_ms(&d, now), DECODE_GIVE_UP_MS);
	cr_expect(!decode_timeout(&d, &ev, now + DECODE_GIVE_UP_MS));
	cr_expect_str_eq(decode("a"), "a");
}

Test(decode, broken_utf8_is_dropped)
{
	static const struct {
		const char *bytes, *text;
	} rows[] = {
		{ "\xed\x99\x8d", "홍" },
		{ "a\xed\x99"
		  "b",
		    "ab" },
		{ "a\xff\xfe\xfd"
		  "b",
		    "ab" },
		{ "\xc0\x80"
		  "c",
		    "c" },
		{ "\xed\xa0\x80"
		  "d",
		    "d" }, /* a surrogate */
		{ "\xf4\x90\x80\x80"
		  "e",
		    "e" }, /* above U+10FFFF */
		{ "\xe2\x28\xa1"
		  "f",
		    "(f" },
		{ "\x80\x81\xbf"
		  "g",
		    "g" },
		{ "\xed\xed\x99\x8d", "홍" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_str_eq(
		    decode(rows[i].bytes), rows[i].text, "row %zu", i);
}

Test(decode, a_paste_is_marked_and_its_newline_does_not_act)
{
	cr_expect_str_eq(decode("\033[200~ab\r\t\033[Ac\033[201~d\r"),
	    "p:ap:bp:\np:\tp:cd<2>");
}

Test(decode, a_paste_is_capped_and_ends)
{
	int pasted = 0;
	struct event ev;

	decode("\033[200~");
	for (int i = 0; i < 1000000; i++)
		pasted += decode_byte(&d, &ev, 'x', now);
	cr_expect_eq(pasted, DECODE_PASTE_MAX);
	decode("\033[201~");
	cr_expect_str_eq(decode("1"), "1");
	/* one that is never closed */
	decode("\033[200~abc");
	cr_expect(!decode_timeout(&d, &ev, now + DECODE_GIVE_UP_MS));
	cr_expect_str_eq(decode("1"), "1");
}

Test(decode, a_flood_without_marks_is_a_paste_too)
{
	struct event ev;
	int acted = 0, made = 0;

	for (int i = 0; i < 100000; i++) {
		if (!decode_byte(&d, &ev, i % 10 == 9 ? '\r' : 'x', now))
			continue;
		made++;
		acted += i > 300 && ev.key == K_ENTER;
	}
	cr_expect_eq(acted, 0);
	cr_expect(made < DECODE_BURST + DECODE_PASTE_MAX + 40);
	decode_idle(&d);
	cr_expect_str_eq(decode("a\r"), "a<2>");
}

Test(decode, a_tap_is_told_on_release_where_it_was_pressed)
{
	cr_expect_str_eq(decode("\033[<0;240;9M"), "");
	cr_expect_str_eq(decode("\033[<0;240;9m"), "<m2,8,239>");
	cr_expect_str_eq(decode("\033[<0;240;9m"), "", "no press");
	decode("\033[<0;5;5M");
	cr_expect_str_eq(decode("\033[<0;50;5m"), "", "moved away");
	decode("\033[<2;5;5M");
	cr_expect_str_eq(decode("\033[<2;5;5m"), "", "right button");
	cr_expect_str_eq(decode("\033[<0;0;0M\033[<0;0;0m"), "", "no cell");
}

Test(decode, any_bytes_keep_its_invariants)
{
	srand(9);
	for (int i = 0; i < 3000000; i++) {
		static const char bytes[] = "\033[<0;O]P~MmA\\\x9b\xc2\xed";
		struct event ev;
		uint8_t byte = rand() % 2 ? (uint8_t)rand()
					  : (uint8_t)bytes[(size_t)rand() %
							   (sizeof bytes - 1)];

		now += rand() % 50 == 0 ? rand() % 2000 : 0;
		if (rand() % 20 == 0)
			(void)decode_timeout(&d, &ev, now);
		if (decode_byte(&d, &ev, byte, now) && ev.key == K_CHAR)
			cr_assert(ev.ch == '\n' || ev.ch == '\t' ||
				  ev.ch >= 0xa0 ||
				  (ev.ch >= ' ' && ev.ch < 0x7f));
		cr_assert(d.param_n >= 0 && d.param_n < DECODE_PARAMS);
		cr_assert(d.utf8_n >= 0 && d.utf8_n <= UTF8_MAX);
	}
}
