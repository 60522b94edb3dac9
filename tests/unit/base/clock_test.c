/*
 * Korean civil time; expected values are from `TZ=Asia/Seoul date`.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* clang-format off */
static const struct {
	int64_t		 unix_s;
	struct civil	 c;
	const char	*text;
} moments[] = {
	{ 0,            { 1970,  1,  1,  9,  0,  0, 4 }, "1970-01-01 09:00:00" },
	{ -1,           { 1970,  1,  1,  8, 59, 59, 4 }, "1970-01-01 08:59:59" },
	{ -32400,       { 1970,  1,  1,  0,  0,  0, 4 }, "1970-01-01 00:00:00" },
	{ -32401,       { 1969, 12, 31, 23, 59, 59, 3 }, "1969-12-31 23:59:59" },
	{ 951750000,    { 2000,  2, 29,  0,  0,  0, 2 }, "2000-02-29 00:00:00" },
	{ 951836399,    { 2000,  2, 29, 23, 59, 59, 2 }, "2000-02-29 23:59:59" },
	{ 951836400,    { 2000,  3,  1,  0,  0,  0, 3 }, "2000-03-01 00:00:00" },
	{ 1709132400,   { 2024,  2, 29,  0,  0,  0, 4 }, "2024-02-29 00:00:00" },
	{ 1795323909,   { 2026, 11, 22, 14,  5,  9, 0 }, "2026-11-22 14:05:09" },
	{ 1798729199,   { 2026, 12, 31, 23, 59, 59, 4 }, "2026-12-31 23:59:59" },
	{ 1798729200,   { 2027,  1,  1,  0,  0,  0, 5 }, "2027-01-01 00:00:00" },
	{ 4107509999,   { 2100,  2, 28, 23, 59, 59, 0 }, "2100-02-28 23:59:59" },
	{ 4107510000,   { 2100,  3,  1,  0,  0,  0, 1 }, "2100-03-01 00:00:00" },
	{ -2203923601,  { 1900,  2, 28, 23, 59, 59, 3 }, "1900-02-28 23:59:59" },
	{ -2203923600,  { 1900,  3,  1,  0,  0,  0, 4 }, "1900-03-01 00:00:00" },
};
/* clang-format on */

Test(civil, goes_from_unix_to_korean_time_and_back)
{
	for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
		struct civil c = civil_from_unix(moments[i].unix_s);
		char text[CLOCK_TEXT];

		cr_expect_eq(memcmp(&c, &moments[i].c, sizeof c), 0, "%s",
		    moments[i].text);
		cr_expect_eq(civil_to_unix(&moments[i].c), moments[i].unix_s,
		    "%s", moments[i].text);
		civil_time_text(text, moments[i].unix_s);
		cr_expect_str_eq(text, moments[i].text);
	}
}

Test(civil, has_three_ways_of_writing)
{
	char text[CLOCK_TEXT];

	civil_date_text(text, 1795323909);
	cr_expect_str_eq(text, "2026-11-22");
	civil_time_text(text, 1795323909);
	cr_expect_str_eq(text, "2026-11-22 14:05:09");
	civil_iso_text(text, 1795323909);
	cr_expect_str_eq(text, "2026-11-22T14:05:09+09:00");
}

Test(civil, comes_back_from_any_second_of_four_digit_years)
{
	srand(5);
	for (int i = 0; i < 100000; i++) {
		int64_t span = INT64_C(253402300799) + INT64_C(62167219200);
		uint64_t r = (uint64_t)rand() << 31 ^ (uint64_t)rand();
		int64_t at = (int64_t)(r % (uint64_t)span) -
			     INT64_C(62167219200) - KST_OFFSET_S;
		struct civil c = civil_from_unix(at);

		cr_assert_eq(civil_to_unix(&c), at);
		cr_assert(c.month >= 1 && c.month <= 12 && c.day >= 1);
		cr_assert(
		    c.year < 1800 || civil_date_valid(c.year, c.month, c.day));
	}
}

Test(civil, stays_in_four_digit_years_for_any_number)
{
	static const int64_t far[] = { INT64_MIN, INT64_MAX,
		INT64_C(253402300800), INT64_C(-62167251601) };
	char text[CLOCK_TEXT];

	for (size_t i = 0; i < 4; i++) {
		civil_iso_text(text, far[i]);
		cr_expect_str_eq(text, far[i] > 0
					   ? "9999-12-31T23:59:59+09:00"
					   : "0000-01-01T00:00:00+09:00");
	}
	cr_expect_eq(civil_days_between(INT64_MIN, INT64_MAX), 3652424);
}

/* clang-format off */
static const struct { int y, m, d; bool valid; } dates[] = {
	{ 2024,  2, 29, true  }, { 2023,  2, 29, false }, { 2026,  2, 30, false },
	{ 2000,  2, 29, true  }, { 1900,  2, 29, false }, { 2100,  2, 29, false },
	{ 2026,  4, 30, true  }, { 2026,  4, 31, false }, { 2026, 12, 31, true  },
	{ 2026, 12, 32, false }, { 2026, 13,  1, false }, { 2026,  0,  1, false },
	{ 2026,  1,  0, false }, { 2026,  1, -1, false }, { 2026, -1,  1, false },
	{ 1800,  1,  1, true  }, { 1799, 12, 31, false }, { 9999, 12, 31, true  },
	{ 10000, 1,  1, false },
};
/* clang-format on */

Test(civil, knows_which_dates_exist)
{
	for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++)
		cr_expect_eq(
		    civil_date_valid(dates[i].y, dates[i].m, dates[i].d),
		    dates[i].valid, "%d-%d-%d", dates[i].y, dates[i].m,
		    dates[i].d);
}

Test(civil, the_dates_that_exist_are_those_that_come_back)
{
	for (int y = 1890; y <= 2110; y++)
		for (int m = 1; m <= 12; m++)
			for (int d = 1; d <= 31; d++) {
				struct civil c = { y, m, d, 12, 0, 0, 0 };
				struct civil b = civil_from_unix(
				    civil_to_unix(&c));
				cr_assert_eq(civil_date_valid(y, m, d),
				    b.month == m && b.day == d, "%d-%d-%d", y,
				    m, d);
			}
}

Test(civil, what_was_written_is_read_again)
{
	char date[CLOCK_TEXT], iso[CLOCK_TEXT];
	struct civil c;
	int64_t back;

	for (int64_t t = -86400LL * 365 * 100; t < 86400LL * 365 * 200;
	     t += 86400 * 17 + 12347) {
		civil_date_text(date, t);
		civil_iso_text(iso, t);
		cr_assert(civil_date_read(&c, date), "%s", date);
		cr_assert_eq(civil_days_between(civil_to_unix(&c), t), 0);
		cr_assert(civil_iso_read(&back, iso), "%s", iso);
		cr_assert_eq(back, t, "%s", iso);
	}
}

Test(civil, nothing_else_is_read)
{
	static const char *const days[] = { "", "2026-02-30", "2026-13-01",
		"2026-1-01", "2026-01-1", " 026-01-01", "+026-01-01",
		"2026-01--1", "2026/01/01", "2026-01-01 ", "2026-01-011",
		"20260101", "2026-01-0\n", "1799-12-31" };
	static const char *const times[] = { "", "2026-02-30T00:00:00+09:00",
		"2026-02-03T24:00:00+09:00", "2026-02-03T00:60:00+09:00",
		"2026-02-03T00:00:60+09:00", "2026-02-03T00:00:-1+09:00",
		"2026-02-03T00:00:00+00:00", "2026-02-03T00:00:00Z",
		"2026-02-03T 0:00:00+09:00", "2026-02-03 00:00:00+09:00",
		"2026-02-03", "2026-02-03T00:00:00+09:00 " };
	static const char *const minutes[] = { "", "9", "9:00", "09",
		"09:", "09:0", "09:60", "24:00", "09.00", "0a:00", "09:00 ",
		"-1:00" };
	struct civil c = { .year = 1 };
	int64_t t = 1;
	int minute = 1;

	for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
		cr_expect_not(civil_date_read(&c, days[i]), "%s", days[i]);
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
		cr_expect_not(civil_iso_read(&t, times[i]), "%s", times[i]);
	for (size_t i = 0; i < sizeof minutes / sizeof minutes[0]; i++)
		cr_expect_not(
		    civil_minute_read(&minute, minutes[i]), "%s", minutes[i]);
	cr_expect_eq(c.year, 1);
	cr_expect_not(civil_date_read(NULL, "2026-02-30"));
	cr_expect(civil_date_read(NULL, "2026-02-28"));
	cr_expect_eq(t, 1);
	cr_expect_eq(minute, 1);
	cr_expect(civil_minute_read(&minute, "00:00") && minute == 0);
	cr_expect(civil_minute_read(&minute, "23:59") && minute == 1439);
}

static int64_t
at(int y, int m, int d, int hour, int minute, int second)
{
	struct civil c = { y, m, d, hour, minute, second, 0 };

	return civil_to_unix(&c);
}

Test(civil, days_are_counted_between_korean_midnights)
{
	int64_t noon = at(2026, 11, 22, 12, 0, 0);
	int64_t last = at(2026, 11, 22, 23, 59, 59);

	cr_expect_eq(civil_days_between(noon, last), 0);
	cr_expect_eq(civil_days_between(last, last + 1), 1);
	cr_expect_eq(civil_days_between(last + 1, last), -1);
	/* 09:00 in Korea is midnight in UTC: no border */
	cr_expect_eq(civil_days_between(at(2026, 11, 22, 8, 59, 59),
			 at(2026, 11, 22, 9, 0, 0)),
	    0);
	cr_expect_eq(civil_days_between(noon, at(2027, 3, 14, 0, 0, 0)), 112);
	cr_expect_eq(civil_days_between(
			 at(2024, 2, 28, 23, 0, 0), at(2024, 3, 1, 1, 0, 0)),
	    2);
	cr_expect_eq(civil_days_between(
			 at(2023, 2, 28, 23, 0, 0), at(2023, 3, 1, 1, 0, 0)),
	    1);
	/* across the epoch and before it */
	cr_expect_eq(civil_days_between(-32401, -32400), 1);
	cr_expect_eq(civil_days_between(
			 at(1969, 12, 31, 1, 0, 0), at(1970, 1, 2, 1, 0, 0)),
	    2);
	cr_expect_eq(civil_days_between(
			 at(1960, 2, 28, 23, 59, 59), at(1960, 3, 1, 0, 0, 0)),
	    2);
}

Test(civil, days_between_adds_up)
{
	srand(9);
	for (int i = 0; i < 20000; i++) {
		int64_t a = (int64_t)rand() * 2 - rand();
		int64_t b = (int64_t)rand() * 2 - rand();
		int n = civil_days_between(a, b);

		cr_assert_eq(civil_days_between(b, a), -n);
		cr_assert_eq(civil_days_between(a, b + 86400), n + 1);
		cr_assert(llabs(b - a - (int64_t)n * 86400) < 86400);
	}
}

Test(clock, the_systems_clock_moves_forward_and_is_of_this_age)
{
	struct clock c = clock_system();
	int64_t a = c.mono_ms(c.ctx), b = c.mono_ms(c.ctx);

	cr_expect_geq(b, a);
	cr_expect_gt(c.wall_ms(c.ctx), INT64_C(1700000000000));
}
