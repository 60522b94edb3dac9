/*
 * UTF-8: coding, broken bytes, control, width and composition.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* clang-format off */
static const struct {
	uint32_t cp; const char *bytes; int width;
} chars[] = {
	{ 'A',      "A",                1 }, { 0x7f,     "\x7f",             0 },
	{ 0x80,     "\xc2\x80",         0 }, { 0xe9,     "\xc3\xa9",         1 },
	{ 0x7ff,    "\xdf\xbf",        -1 }, { 0x800,    "\xe0\xa0\x80",     1 },
	{ 0xac00,   "\xea\xb0\x80",     2 }, { 0xd7a3,   "\xed\x9e\xa3",     2 },
	{ 0x3131,   "\xe3\x84\xb1",     2 }, { 0x4e00,   "\xe4\xb8\x80",     2 },
	{ 0xff21,   "\xef\xbc\xa1",     2 }, { 0x301,    "\xcc\x81",         0 },
	{ 0xb7,     "\xc2\xb7",         1 }, { 0xffff,   "\xef\xbf\xbf",    -1 },
	{ 0x10000,  "\xf0\x90\x80\x80", 1 }, { 0x1f600,  "\xf0\x9f\x98\x80", 2 },
	{ 0x10ffff, "\xf4\x8f\xbf\xbf", -1 },
};

/* what Table 3-7 of the Unicode standard leaves out */
static const char *const broken[] = {
	"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x80\x80",
	"\xe0\x9f\xbf", "\xe2\x82", "\xe2\x82\x41", "\xed\xa0\x80", "\xed\xbf\xbf",
	"\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf0\x9f\x98", "\xf4\x90\x80\x80",
	"\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\xff",
};
/* clang-format on */
enum { CHARS = sizeof chars / sizeof chars[0] };

Test(utf8, decodes_and_encodes_one_character)
{
	for (size_t i = 0; i < CHARS; i++) {
		size_t n = strlen(chars[i].bytes);
		char out[UTF8_MAX];
		uint32_t cp = 0;

		cr_expect_eq(utf8_decode(&cp, chars[i].bytes, n), n);
		cr_expect_eq(cp, chars[i].cp);
		cr_expect_eq(utf8_encode(out, cp), n);
		cr_expect_eq(memcmp(out, chars[i].bytes, n), 0);
		cr_expect_eq(utf8_last(chars[i].bytes, n), n);
		cr_expect_eq(utf8_decode(&cp, chars[i].bytes, n - 1), 0,
		    "a part of U+%04X", chars[i].cp);
		if (chars[i].width >= 0)
			cr_expect_eq(utf8_width(chars[i].cp), chars[i].width,
			    "U+%04X", chars[i].cp);
	}
}

Test(utf8, every_code_point_but_surrogates_comes_back)
{
	for (uint32_t cp = 0; cp <= 0x110100; cp++) {
		bool is = cp <= 0x10ffff && (cp < 0xd800 || cp > 0xdfff);
		char out[UTF8_MAX];
		uint32_t back = ~cp;
		size_t n = utf8_encode(out, cp);

		cr_assert_eq(n > 0, is, "U+%04X", cp);
		if (!is)
			continue;
		cr_assert_eq(utf8_decode(&back, out, n), n);
		cr_assert_eq(back, cp);
		cr_assert(utf8_width(cp) >= 0 && utf8_width(cp) <= 2);
	}
	cr_expect_eq(utf8_encode((char[UTF8_MAX]){ 0 }, UINT32_MAX), 0);
}

Test(utf8, broken_bytes_are_not_valid)
{
	uint32_t cp;

	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		size_t n = strlen(broken[i]);
		cr_expect_eq(utf8_decode(&cp, broken[i], n), 0, "row %zu", i);
		cr_expect_not(utf8_valid(broken[i], n), "row %zu", i);
	}
	cr_expect_eq(utf8_decode(&cp, "A", 0), 0);
	cr_expect(utf8_valid("", 0));
	cr_expect(utf8_valid("a\0b", 3));
	cr_expect(utf8_valid("홍길동 Gildong", 17));
	cr_expect_not(utf8_valid("홍길동", 8));
	cr_expect_not(utf8_valid("가\xff나", 7));
}

Test(utf8, random_bytes_are_taken_apart_without_harm)
{
	/* bytes that begin, go on or break a character more often than not */
	static const char likely[] =
	    "A\x80\xbf\xc2\xe0\xea\xed\xf0\xf4\xff\xb0";
	uint8_t room[256];
	char s[24];

	srand(13);
	for (int round = 0; round < 200000; round++) {
		size_t n = (size_t)rand() % (sizeof s + 1), at = 0;
		struct buf b = buf_make(room, sizeof room);
		uint32_t cp;
		for (size_t i = 0; i < n; i++)
			s[i] = rand() % 4 == 0 ? (char)rand()
					       : likely[(size_t)rand() %
							(sizeof likely - 1)];
		while (at < n) {
			char again[UTF8_MAX];
			size_t used = utf8_decode(&cp, s + at, n - at);
			if (used == 0)
				break;
			cr_assert_leq(used, n - at);
			cr_assert_eq(utf8_encode(again, cp), used);
			cr_assert_eq(memcmp(again, s + at, used), 0);
			at += used;
			cr_assert_eq(utf8_last(s, at), used);
		}
		cr_assert_eq(utf8_valid(s, n), at == n);
		cr_assert_eq(err_is(utf8_nfc(&b, s, n)), at != n);
		cr_assert_leq(utf8_last(s, n), UTF8_MAX);
		cr_assert_eq(utf8_last(s, n) == 0, n == 0);
		cr_assert_eq(utf8_text_width(s, n), utf8_text_width(s, at));
	}
}

Test(utf8, the_last_character_is_whole)
{
	cr_expect_eq(utf8_last("abc", 3), 1);
	cr_expect_eq(utf8_last("ab가", 5), 3);
	cr_expect_eq(utf8_last("가a", 4), 1);
	cr_expect_eq(utf8_last("\xf0\x9f\x98\x80", 4), 4);
	cr_expect_eq(utf8_last("", 0), 0);
}

Test(utf8, what_could_steer_or_hide_is_control)
{
	static const uint32_t bad[] = { 0, 7, '\n', '\t', 0x1b, 0x7f, 0x80,
		0x85, 0x9b, 0x9f, 0xad, 0x200b, 0x200d, 0x200e, 0x200f, 0x2028,
		0x2029, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069, 0xfeff, 0xe0001,
		0xe0041, 0xd800, 0xe000, 0xfffe, 0xffff, 0x10ffff, 0x110000,
		UINT32_MAX };
	static const uint32_t good[] = { ' ', 'A', '~', 0xa0, 0xe9, 0x1100,
		0x1161, 0x3131, 0x3164, 0xac00, 0x4e00, 0x301, 0x20ac,
		0x1f600 };

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		cr_expect(utf8_is_control(bad[i]), "U+%04X", bad[i]);
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		cr_expect_not(utf8_is_control(good[i]), "U+%04X", good[i]);
}

Test(utf8, plain_text_is_whole_and_without_controls)
{
	cr_expect(utf8_plain("", 0));
	cr_expect(utf8_plain("홍 a", 5));
	cr_expect_not(utf8_plain("a\tb", 3));
	cr_expect_not(utf8_plain("a\0b", 3), "a NUL is a control");
	cr_expect_not(utf8_plain("a\xe2\x80\xae", 4), "right-to-left override");
	cr_expect_not(utf8_plain("홍", 2), "cut");
}

Test(utf8, text_is_as_wide_as_its_characters)
{
	cr_expect_eq(utf8_text_width("", 0), 0);
	cr_expect_eq(utf8_text_width("abc", 3), 3);
	cr_expect_eq(utf8_text_width("홍길동", 9), 6);
	cr_expect_eq(utf8_text_width("홍 a", 5), 4);
	cr_expect_eq(utf8_text_width("e\xcc\x81", 3), 1);
}

static bool
composes_to(const char *text, const char *want)
{
	uint8_t room[64];
	struct buf b = buf_make(room, sizeof room);
	struct err e = utf8_nfc(&b, text, strlen(text));

	return !err_is(e) && span_eq(buf_span(&b), span_str(want));
}

Test(utf8, jamo_are_composed_into_syllables)
{
	cr_expect(composes_to("\u1112\u1169\u11bc", "홍"));
	cr_expect(composes_to("\u1100\u1161", "가"));
	cr_expect(composes_to("가\u11a8", "각"));
	cr_expect(composes_to("\u1112\u1169\u11bc\u1100\u1175\u11af"
			      "\u1103\u1169\u11bc",
	    "홍길동"));
	/* compatibility jamo are letters of their own */
	cr_expect(composes_to("ㅎㅗㅇ", "ㅎㅗㅇ"));
	cr_expect(composes_to("\u1100\u1100", "\u1100\u1100"));
	cr_expect(composes_to("\u1161\u1100", "\u1161\u1100"));
}

Test(utf8, composition_follows_the_standard_elsewhere_too)
{
	cr_expect(composes_to("", ""));
	cr_expect(composes_to("plain", "plain"));
	cr_expect(composes_to("e\u0301", "\u00e9"));
	cr_expect(composes_to("\u212b", "\u00c5"), "Angstrom");
	cr_expect(composes_to("\uf900", "\u8c48"), "a CJK compatibility form");
	cr_expect(composes_to("\u0958", "\u0915\u093c"), "an exclusion");
	cr_expect(composes_to("a\u0323\u0307", "\u1ea1\u0307"), "order");
	cr_expect(composes_to("a\u0307\u0323", "\u1ea1\u0307"), "order");
	cr_expect(composes_to("\ufb01", "\ufb01"), "no NFKC");
}

Test(utf8, all_syllables_survive_and_come_from_their_jamo)
{
	for (uint32_t s = 0; s < 11172; s++) {
		char jamo[3 * UTF8_MAX + 1], want[UTF8_MAX + 1];
		size_t n = utf8_encode(jamo, 0x1100 + s / 588);

		n += utf8_encode(jamo + n, 0x1161 + s % 588 / 28);
		if (s % 28 != 0)
			n += utf8_encode(jamo + n, 0x11a7 + s % 28);
		jamo[n] = '\0';
		want[utf8_encode(want, 0xac00 + s)] = '\0';
		cr_assert(composes_to(jamo, want));
		cr_assert(composes_to(want, want));
	}
}

Test(utf8, composition_reports_room_and_broken_bytes)
{
	uint8_t room[4];
	struct buf b = buf_make(room, 2);

	cr_expect_eq(utf8_nfc(&b, "가", 3).code, E_LIMIT);
	cr_expect_eq(b.n, 0);
	b = buf_make(room, 3);
	cr_expect(
	    !err_is(utf8_nfc(&b, "\u1100\u1161", 6)), "room of the result");
	b = buf_make(room, sizeof room);
	cr_expect_eq(utf8_nfc(&b, "\xea\xb0", 2).code, E_FORMAT);
	cr_expect_eq(b.n, 0);
}
