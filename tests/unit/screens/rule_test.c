/*
 * rule_test.c - the password rule and the words for numbers.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "base/clock.h"
#include "screens/kiosk/password_rule.h"
#include "screens/kiosk/words.h"
#include "support.h"
#include "ui/text.h"

static struct page page;

TestSuite(rule, .init = support_open);

Test(rule, names_the_first_rule_a_password_breaks)
{
	static const struct {
		const char *text, *key; /* NULL: fine */
	} rows[] = {
		{ "", "password.rule.empty" },
		{ "Harbor#27", "password.rule.short" },
		{ "Harbor#271", NULL },
		{ "Harbor 2719#", "password.rule.char" },
		{ "Harbor'2719#", "password.rule.char" },
		{ "Harbor\t2719#", "password.rule.char" },
		{ "하버2719#abcd", "password.rule.char" },
		{ "12345678#9", "password.rule.letter" },
		{ "abcdefgh#i", "password.rule.digit" },
		{ "abcdefgh1i", "password.rule.special" },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1#",
		    NULL }, /* 56 */
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1#",
		    "password.rule.long" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *key = password_fault(rows[i].text);
		const char *said = password_word(rows[i].text);
		if (rows[i].key == NULL) {
			cr_expect_null(key, "%s", rows[i].text);
			cr_expect_eq(strncmp(said, "password.grade.", 15), 0);
			continue;
		}
		cr_assert_not_null(key, "%s", rows[i].text);
		cr_expect_str_eq(key, rows[i].key, "%s", rows[i].text);
		cr_expect(rows[i].text[0] == '\0'
			      ? said == NULL
			      : strcmp(said, rows[i].key) == 0,
		    "%s", rows[i].text);
	}
}

Test(rule, says_how_good_a_password_is)
{
	static const struct {
		const char *text, *key;
	} rows[] = {
		{ "x7#Kq!mT2v", "password.grade.fair" },
		{ "Harbor#2719xQuay", "password.grade.good" },
		{ "aaaaaaaa1#", "password.grade.weak" },
		{ "abcdefg123#", "password.grade.weak" },
		{ "dcba4321#!", "password.grade.weak" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_str_eq(password_word(rows[i].text), rows[i].key, "%s",
		    rows[i].text);
}

Test(rule, what_it_says_is_in_the_catalogue)
{
	static const char *const samples[] = { "", "short", "Harbor 2719#",
		"12345678#9", "abcdefgh#i", "abcdefgh1i" };

	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
		cr_expect(text_has(password_fault(samples[i])));
}

static int64_t
day(int y, int m, int d)
{
	struct civil c = { y, m, d, 0, 0, 0, 0 };

	return civil_to_unix(&c);
}

Test(rule, amounts_have_separators)
{
	page_begin(&page, &page, 24, 80);
	cr_expect_str_eq(words_won(&page, 0), "0원");
	cr_expect_str_eq(words_won(&page, 990), "990원");
	cr_expect_str_eq(words_won(&page, 4400), "4,400원");
	cr_expect_str_eq(words_won(&page, 110000), "110,000원");
	cr_expect_str_eq(words_won(&page, 1001000), "1,001,000원");
}

Test(rule, dates_have_a_weekday)
{
	page_begin(&page, &page, 24, 80);
	cr_expect_str_eq(
	    words_date(&page, day(2026, 11, 23)), "2026-11-23(월)");
	cr_expect_str_eq(words_day(&page, "2026-11-22"), "2026-11-22(일)");
	cr_expect_str_eq(words_day(&page, "2028-02-29"), "2028-02-29(화)");
	cr_expect_str_eq(words_day(&page, "2026-02-30"), "2026-02-30");
	cr_expect_str_eq(words_day(&page, "soon"), "soon");
	cr_expect_str_eq(words_date(&page, 0), "");
	support_language("en");
	cr_expect_str_eq(
	    words_date(&page, day(2026, 11, 23)), "2026-11-23 (Mon)");
}

Test(rule, time_left_is_told_in_words)
{
	page_begin(&page, &page, 24, 80);
	cr_expect_str_eq(words_days_left(&page, 112), "112일 남음");
	cr_expect_str_eq(words_days_left(&page, 0), "오늘 만료");
	cr_expect_str_eq(words_days_left(&page, -1), "만료됨");
	cr_expect_str_eq(words_time_left(&page, 161000), "2:41");
	cr_expect_str_eq(words_time_left(&page, 500), "0:01");
	cr_expect_str_eq(words_time_left(&page, -5), "0:00");
	cr_expect_str_eq(words_size(&page, 15204352), "14 GB");
	cr_expect_str_eq(words_size(&page, 2048), "2 MB");
}
