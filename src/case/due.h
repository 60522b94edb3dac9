/*
 * case/due.h - business days, opening hours and the promise date.
 *
 * Korean civil time throughout.  Holidays, substitute days included, are the
 * configuration's; Saturday and Sunday are always closed.
 */
#ifndef CASE_DUE_H
#define CASE_DUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Days as 20261225, in any order. */
struct holidays {
	const int *days;
	size_t n;
};

/* Minutes since midnight; a bank: 540 to 960. */
struct due_hours {
	int opens, closes;
};

enum due_open {
	DUE_OPEN,
	DUE_BEFORE, /* opens later today */
	DUE_AFTER,
	DUE_WEEKEND,
	DUE_HOLIDAY,
	DUE_OPEN_COUNT
};

/* Both as Korean midnight of the day, in Unix seconds. */
struct due_promise {
	int64_t target; /* the usual: one business day (R40) */
	int64_t latest; /* the promise: three business days (R41) */
};

enum { DUE_TARGET_DAYS = 1, DUE_LATEST_DAYS = 3 };

/* "2026-12-25" to 20261225; E_FORMAT unless exactly that and a real day. */
MUST_USE struct err due_parse_day(int *out, const char *text);

bool due_business_day(int64_t unix_s, struct holidays h);

/*
 * Midnight of the n-th business day after the day of `from`; n >= 0, and 0
 * is the day itself or, if that is none, the next business day.
 */
int64_t due_add(int64_t from, int n, struct holidays h);

enum due_open due_open(int64_t now, struct due_hours hours, struct holidays h);
/* "hours.open" "hours.before" ... */
const char *due_open_key(enum due_open open);

/* `now` if open, else the moment the counter opens next. */
int64_t due_next_open(int64_t now, struct due_hours hours, struct holidays h);

/*
 * What to promise for an application taken at `now`: counted from today, or
 * from the next business day when the counter has closed already.
 */
struct due_promise due_promise(
    int64_t now, struct due_hours hours, struct holidays h);

#endif
