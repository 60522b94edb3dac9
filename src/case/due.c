/*
 * case/due.c - business days, opening hours and the promise date.
 */
#include "case/due.h"

#include "base/clock.h"

enum { DAY_S = 86400 };

static int64_t
midnight(int64_t unix_s)
{
	struct civil c = civil_from_unix(unix_s);

	return unix_s - (c.hour * 3600 + c.minute * 60 + c.second);
}

struct err
due_parse_day(int *out, const char *text)
{
	struct civil c;

	if (!civil_date_read(&c, text))
		return err_make(E_FORMAT, 0, "due: day");
	*out = c.year * 10000 + c.month * 100 + c.day;
	return err_none();
}

static bool
holiday(const struct civil *c, struct holidays h)
{
	int day = c->year * 10000 + c->month * 100 + c->day;

	for (size_t i = 0; i < h.n; i++)
		if (h.days[i] == day)
			return true;
	return false;
}

static bool
weekend(const struct civil *c)
{
	return c->weekday == 0 || c->weekday == 6;
}

bool
due_business_day(int64_t unix_s, struct holidays h)
{
	struct civil c = civil_from_unix(unix_s);

	return !weekend(&c) && !holiday(&c, h);
}

/* Ends: the list of holidays does, and each week has five other days. */
static int64_t
this_or_next(int64_t day, struct holidays h)
{
	while (!due_business_day(day, h))
		day += DAY_S;
	return day;
}

int64_t
due_add(int64_t from, int n, struct holidays h)
{
	int64_t day = midnight(from);

	if (n <= 0)
		return this_or_next(day, h);
	for (; n > 0; n--)
		day = this_or_next(day + DAY_S, h);
	return day;
}

enum due_open
due_open(int64_t now, struct due_hours hours, struct holidays h)
{
	struct civil c = civil_from_unix(now);
	int minute = c.hour * 60 + c.minute;

	if (weekend(&c))
		return DUE_WEEKEND;
	if (holiday(&c, h))
		return DUE_HOLIDAY;
	if (minute < hours.opens)
		return DUE_BEFORE;
	return minute < hours.closes ? DUE_OPEN : DUE_AFTER;
}

const char *
due_open_key(enum due_open open)
{
	static const char *const keys[DUE_OPEN_COUNT] = {
		[DUE_OPEN] = "hours.open",
		[DUE_BEFORE] = "hours.before",
		[DUE_AFTER] = "hours.after",
		[DUE_WEEKEND] = "hours.weekend",
		[DUE_HOLIDAY] = "hours.holiday",
	};

	return (unsigned)open < DUE_OPEN_COUNT ? keys[open] : "hours.unknown";
}

int64_t
due_next_open(int64_t now, struct due_hours hours, struct holidays h)
{
	enum due_open o = due_open(now, hours, h);
	int64_t day;

	if (o == DUE_OPEN)
		return now;
	day = due_add(now, o == DUE_AFTER ? 1 : 0, h);
	return day + hours.opens * 60;
}

struct due_promise
due_promise(int64_t now, struct due_hours hours, struct holidays h)
{
	int64_t taken = due_next_open(now, hours, h);

	return (struct due_promise){ due_add(taken, DUE_TARGET_DAYS, h),
		due_add(taken, DUE_LATEST_DAYS, h) };
}
