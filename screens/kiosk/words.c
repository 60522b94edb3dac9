/*
 * screens/kiosk/words.c - numbers as people read them.
 */
#include "screens/kiosk/words.h"

#include <string.h>

#include "base/clock.h"
#include "ui/text.h"
#include "ui/wrap.h"

const char *
words_won(struct page *p, int won)
{
	const char *digits;

	if (won >= 1000000)
		digits = page_fmt(p, "%d,%03d,%03d", won / 1000000,
		    won / 1000 % 1000, won % 1000);
	else if (won >= 1000)
		digits = page_fmt(p, "%d,%03d", won / 1000, won % 1000);
	else
		digits = page_fmt(p, "%d", won);
	return page_fill(p, T("word.won"), digits);
}

const char *
words_weekday(int n)
{
	/* clang-format off */
	static const char *const keys[] = {
		"weekday.sun", "weekday.mon", "weekday.tue", "weekday.wed",
		"weekday.thu", "weekday.fri", "weekday.sat" };
	/* clang-format on */

	return T(keys[(unsigned)n % 7]);
}

static const char *
date_of(struct page *p, const struct civil *c)
{
	return page_fill(p, T("word.date"),
	    page_fmt(p, "%04d-%02d-%02d", c->year, c->month, c->day),
	    words_weekday(c->weekday));
}

const char *
words_date(struct page *p, int64_t unix_s)
{
	struct civil c = civil_from_unix(unix_s);

	return unix_s == 0 ? "" : date_of(p, &c);
}

const char *
words_plain_date(struct page *p, int64_t unix_s)
{
	struct civil c = civil_from_unix(unix_s);

	if (unix_s == 0)
		return "";
	return page_fmt(p, "%04d-%02d-%02d", c.year, c.month, c.day);
}

const char *
words_size(struct page *p, int64_t kb)
{
	long long mb = kb / 1024;

	return mb >= 1024 ? page_fmt(p, "%lld GB", mb / 1024)
			  : page_fmt(p, "%lld MB", mb);
}

static int
number(const char *s, int n)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		v = 10 * v + (s[i] - '0');
	}
	return v;
}

const char *
words_day(struct page *p, const char *date)
{
	struct civil c = { 0 };

	if (strlen(date) != 10 || date[4] != '-' || date[7] != '-')
		return page_copy(p, date);
	c.year = number(date, 4);
	c.month = number(date + 5, 2);
	c.day = number(date + 8, 2);
	if (!civil_date_valid(c.year, c.month, c.day))
		return page_copy(p, date);
	c = civil_from_unix(civil_to_unix(&c));
	return date_of(p, &c);
}

const char *
words_moment(struct page *p, int64_t unix_s)
{
	struct civil c = civil_from_unix(unix_s);

	if (unix_s == 0)
		return "";
	return page_fmt(
	    p, "%s %02d:%02d:%02d", date_of(p, &c), c.hour, c.minute, c.second);
}

const char *
words_days_left(struct page *p, int days)
{
	if (days < 0)
		return T("word.expired");
	if (days == 0)
		return T("word.expires_today");
	return page_fill(p, T("word.days_left"), page_fmt(p, "%d", days));
}

const char *
words_expiry(struct page *p, int64_t unix_s, int days)
{
	if (unix_s == 0)
		return "";
	return page_fmt(
	    p, "%s  %s", words_date(p, unix_s), words_days_left(p, days));
}

const char *
words_time_left(struct page *p, int64_t ms)
{
	int s = ms > 0 ? (int)((ms + 999) / 1000) : 0;

	return page_fmt(p, "%d:%02d", s / 60, s % 60);
}

const char *
words_time_spoken(struct page *p, int64_t left_ms)
{
	static const int marks_s[] = { 10, 30, 60 };

	for (size_t i = 0; i < sizeof marks_s / sizeof marks_s[0]; i++)
		if (left_ms <= marks_s[i] * (int64_t)1000)
			return page_fill(p, T("phone.left.within"),
			    page_fmt(p, "%d", marks_s[i]));
	return T("phone.left.more");
}

const char *
words_product(const char *product_key)
{
	return product_key[0] == '\0' ? "" : T(product_key);
}

const char *
words_status(struct page *p, const char *status)
{
	return status[0] == '\0' ? ""
				 : T(page_fmt(p, "cert.status.%s", status));
}

int
words_status_cols(void)
{
	enum { LEAST = 6 };
	int cols = wrap_cols(T("cert.status.suspended"));

	return cols > LEAST ? cols : LEAST;
}
