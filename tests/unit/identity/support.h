/*
 * Shared by the identity tests: one row of "typed -> verdict", one fixed
 * today, and a small repeatable random source.
 */
#ifndef TEST_IDENTITY_SUPPORT_H
#define TEST_IDENTITY_SUPPORT_H

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "identity/check.h"

struct row {
	enum id_kind kind;
	const char *typed;
	enum id_verdict verdict;
	enum id_reason reason;
	const char *out; /* NULL: not compared */
};

/* Criterion's own comparison of texts wants them writable. */
#define SAME(got, want)                                                        \
	cr_expect(strcmp((got), (want)) == 0, "got \"%s\", want \"%s\"",       \
	    (got), (want))

#define ROWS(a) (sizeof(a) / sizeof *(a))

static const struct civil today = {
	.year = 2026, .month = 11, .day = 22, .hour = 10, .weekday = 0
};

static inline void
check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char out[ID_TEXT] = "left over";
		struct id_check c = id_check_text(
		    out, rows[i].kind, rows[i].typed, &today);

		cr_expect(eq(int, (int)c.verdict, (int)rows[i].verdict),
		    "verdict of \"%s\"", rows[i].typed);
		cr_expect(eq(int, (int)c.reason, (int)rows[i].reason),
		    "reason of \"%s\"", rows[i].typed);
		cr_expect(eq(int, (int)c.kind, (int)rows[i].kind));
		if (rows[i].out != NULL)
			SAME(out, rows[i].out);
		if (c.verdict == ID_REJECT)
			cr_expect(eq(int, out[0], 0), "\"%s\" left text",
			    rows[i].typed);
	}
}

/* xorshift64*: the same walk on every machine. */
static inline uint32_t
next_random(uint64_t *s)
{
	*s ^= *s >> 12;
	*s ^= *s << 25;
	*s ^= *s >> 27;
	return (uint32_t)((*s * 0x2545F4914F6CDD1DULL) >> 32);
}

#endif
