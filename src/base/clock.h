/*
 * base/clock.h - the clock port: wall time for people, monotonic for timers.
 *
 * Pure code takes times as parameters; programs hold a `struct clock`.
 * Nothing depends on wall time moving evenly.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clock {
	int64_t (*wall_ms)(void *ctx); /* since 1970-01-01 UTC */
	int64_t (*mono_ms)(void *ctx); /* never steps back */
	void *ctx;
};

struct clock clock_system(void);

enum { KST_OFFSET_S = 9 * 3600, CLOCK_TEXT = 32 };

/* A civil moment in Korean time; Korea has no summer time. */
struct civil {
	int year, month, day; /* month 1-12 */
	int hour, minute, second;
	int weekday; /* 0 Sunday .. 6 Saturday */
};

struct civil civil_from_unix(int64_t unix_s); /* to KST */
int64_t civil_to_unix(const struct civil *c); /* from KST */
/* False for 2026-02-30 and the like; year 1800..9999. */
bool civil_date_valid(int year, int month, int day);
/* Whole days from KST midnight of a to KST midnight of b (negative if earlier).
 */
int civil_days_between(int64_t a_unix_s, int64_t b_unix_s);

/*
 * What civil_date_text and civil_iso_text wrote, read again.  False, and
 * nothing at *out, for a day or an hour that does not exist or anything else.
 */
/* At 00:00; `out` may be NULL, when only whether it is a date is asked. */
bool civil_date_read(struct civil *out, const char *text);
bool civil_iso_read(int64_t *out_unix_s, const char *text);
/* "00:00" to "23:59" as minutes of the day; false likewise. */
bool civil_minute_read(int *out, const char *text);

/* "2026-11-22", "2026-11-22 14:05:09", "2026-11-22T14:05:09+09:00". */
void civil_date_text(char out[static CLOCK_TEXT], int64_t unix_s);
void civil_time_text(char out[static CLOCK_TEXT], int64_t unix_s);
void civil_iso_text(char out[static CLOCK_TEXT], int64_t unix_s);

#endif
