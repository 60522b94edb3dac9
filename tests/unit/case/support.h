/*
 * Shared by the case tests.
 */
#ifndef TEST_CASE_SUPPORT_H
#define TEST_CASE_SUPPORT_H

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdint.h>
#include <string.h>

#include "base/clock.h"

/* Criterion's own comparison of texts wants them writable. */
#define SAME(got, want)                                                        \
	cr_expect(strcmp((got), (want)) == 0, "got \"%s\", want \"%s\"",       \
	    (got), (want))

#define ROWS(a) (sizeof(a) / sizeof *(a))

/* xorshift64*: the same walk on every machine. */
static inline uint32_t
next_random(uint64_t *s)
{
	*s ^= *s >> 12;
	*s ^= *s << 25;
	*s ^= *s >> 27;
	return (uint32_t)((*s * 0x2545F4914F6CDD1DULL) >> 32);
}

/* A Korean moment. */
static inline int64_t
at(int year, int month, int day, int hour, int minute)
{
	struct civil c = { .year = year,
		.month = month,
		.day = day,
		.hour = hour,
		.minute = minute };

	return civil_to_unix(&c);
}

#endif
