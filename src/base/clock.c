/*
 * base/clock.c - the system clock and Korean civil time.
 */
#define _GNU_SOURCE
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t
now_ms(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t
system_wall(void *ctx)
{
	(void)ctx;
	return now_ms(CLOCK_REALTIME);
}

static int64_t
system_mono(void *ctx)
{
	(void)ctx;
	return now_ms(CLOCK_BOOTTIME);
}

struct clock
clock_system(void)
{
	return (struct clock){ system_wall, system_mono, NULL };
}

/* Seconds of the same wall clock in UTC; kept within the years 0 to 9999. */
static int64_t
kst_seconds(int64_t unix_s)
{
	static const int64_t first = -62167219200, last = 253402300799;

	if (unix_s < first - KST_OFFSET_S)
		return first;
	if (unix_s > last - KST_OFFSET_S)
		return last;
	return unix_s + KST_OFFSET_S;
}

struct civil
civil_from_unix(int64_t unix_s)
{
	time_t t = (time_t)kst_seconds(unix_s);
	struct tm tm;

	gmtime_r(&t, &tm);
	return (struct civil){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
		tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_wday };
}

int64_t
civil_to_unix(const struct civil *c)
{
	struct tm tm;

	memset(&tm, 0, sizeof tm);
	tm.tm_year = c->year - 1900;
	tm.tm_mon = c->month - 1;
	tm.tm_mday = c->day;
	tm.tm_hour = c->hour;
	tm.tm_min = c->minute;
	tm.tm_sec = c->second;
	return (int64_t)timegm(&tm) - KST_OFFSET_S;
}

bool
civil_date_valid(int year, int month, int day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (year < 1800 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] + (month == 2 && leap);
}

/* The value of n digits at p, or -1; stops at the end of the text. */
static int
digits(const char *p, int n)
{
	int v = 0;

	for (; n > 0; n--, p++) {
		if (*p < '0' || *p > '9')
			return -1;
		v = v * 10 + (*p - '0');
	}
	return v;
}

/* Of at least ten bytes. */
static bool
read_date(struct civil *out, const char *s)
{
	*out = (struct civil){ .year = digits(s, 4),
		.month = digits(s + 5, 2),
		.day = digits(s + 8, 2) };
	return s[4] == '-' && s[7] == '-' &&
	       civil_date_valid(out->year, out->month, out->day);
}

bool
civil_date_read(struct civil *out, const char *text)
{
	struct civil c;

	if (strlen(text) != strlen("0000-00-00") || !read_date(&c, text))
		return false;
	if (out != NULL)
		*out = c;
	return true;
}

bool
civil_iso_read(int64_t *out_unix_s, const char *text)
{
	char again[CLOCK_TEXT];
	struct civil c;
	int64_t unix_s;

	if (strlen(text) != strlen("0000-00-00T00:00:00+09:00") ||
	    !read_date(&c, text))
		return false;
	c.hour = digits(text + 11, 2);
	c.minute = digits(text + 14, 2);
	c.second = digits(text + 17, 2);
	unix_s = civil_to_unix(&c);
	/* an hour that does not exist is written otherwise */
	civil_iso_text(again, unix_s);
	if (strcmp(again, text) != 0)
		return false;
	*out_unix_s = unix_s;
	return true;
}

bool
civil_minute_read(int *out, const char *text)
{
	int hour = digits(text, 2), minute;

	if (hour < 0 || hour > 23 || text[2] != ':')
		return false;
	minute = digits(text + 3, 2);
	if (minute < 0 || minute > 59 || text[5] != '\0')
		return false;
	*out = hour * 60 + minute;
	return true;
}

static int64_t
floor_day(int64_t unix_s)
{
	int64_t s = kst_seconds(unix_s);

	return s >= 0 ? s / 86400 : -((-s + 86399) / 86400);
}

int
civil_days_between(int64_t a_unix_s, int64_t b_unix_s)
{
	return (int)(floor_day(b_unix_s) - floor_day(a_unix_s));
}

/* Two digits: tells the compiler what civil_from_unix promises. */
static unsigned
two(int v)
{
	return (unsigned)v % 100;
}

void
civil_date_text(char out[static CLOCK_TEXT], int64_t unix_s)
{
	struct civil c = civil_from_unix(unix_s);

	snprintf(out, CLOCK_TEXT, "%04u-%02u-%02u", (unsigned)c.year % 10000,
	    two(c.month), two(c.day));
}

void
civil_time_text(char out[static CLOCK_TEXT], int64_t unix_s)
{
	struct civil c = civil_from_unix(unix_s);

	snprintf(out, CLOCK_TEXT, "%04u-%02u-%02u %02u:%02u:%02u",
	    (unsigned)c.year % 10000, two(c.month), two(c.day), two(c.hour),
	    two(c.minute), two(c.second));
}

void
civil_iso_text(char out[static CLOCK_TEXT], int64_t unix_s)
{
	struct civil c = civil_from_unix(unix_s);

	snprintf(out, CLOCK_TEXT, "%04u-%02u-%02uT%02u:%02u:%02u+09:00",
	    (unsigned)c.year % 10000, two(c.month), two(c.day), two(c.hour),
	    two(c.minute), two(c.second));
}
