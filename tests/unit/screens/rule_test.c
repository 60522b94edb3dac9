/*
 * rule_test.c - the password rule and the words for numbers.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "base/clock.h"
#include "screens/kiosk/password_rule.h"
#include "screens/kiosk/words.h"
#include "support.h"

static struct page page;

TestSuite(rule, .init = support_open);

Test(rule, names_the_first_rule_a_password_breaks)
{
	static const struct {
		const char *text;
		enum password_fault fault;
	} rows[] = {
		{ "", PASSWORD_EMPTY },
		{ "Harbor#27", PASSWORD_TOO_SHORT },
		{ "Harbor#271", PASSWORD_FINE },
		{ "Harbor 2719#", PASSWORD_BAD_CHAR },
		{ "Harbor'2719#", PASSWORD_BAD_CHAR },
		{ "Harbor\"2719#", PASSWORD_BAD_CHAR },
		{ "Harbor\\2719#", PASSWORD_BAD_CHAR },
		{ "Harbor|2719#", PASSWORD_BAD_CHAR },
		{ "하버2719#abcd", PASSWORD_BAD_CHAR },
		{ "12345678#9", PASSWORD_LETTER },
		{ "abcdefgh#i", PASSWORD_DIGIT },
		{ "abcdefgh1i", PASSWORD_SPECIAL },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1#",
		    PASSWORD_FINE }, /* 56 */
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1#",
		    PASSWORD_TOO_LONG },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_eq(password_rule(rows[i].text), rows[i].fault, "%s",
		    rows[i].text);
}

Test(rule, grades_what_is_left_without_runs_and_repeats)
{
	cr_expect_eq(password_grade("Harbor#2719x"), PASSWORD_FAIR);
	cr_expect_eq(password_grade("Harbor#2719xQuay"), PASSWORD_GOOD);
	cr_expect_eq(password_grade("aaaaaaaa1#"), PASSWORD_WEAK);
	cr_expect_eq(password_grade("abcdefg123#"), PASSWORD_WEAK);
	cr_expect_eq(password_grade("dcba4321#!"), PASSWORD_WEAK);
	cr_expect_eq(password_grade("short1!"), PASSWORD_WEAK);
}

Test(rule, every_fault_and_grade_has_a_key)
{
	cr_expect_null(password_rule_key(PASSWORD_FINE));
	for (int f = PASSWORD_EMPTY; f < PASSWORD_FAULT_COUNT; f++)
		cr_expect_not_null(password_rule_key(f));
	for (int g = 0; g < PASSWORD_GRADE_COUNT; g++)
		cr_expect_not_null(password_grade_key(g));
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
