/*
 * case/number.h - receipt numbers R-20261122-0001 and loss report numbers
 * L-20261122-0001: kind, Korean day, count of that day.
 */
#ifndef CASE_NUMBER_H
#define CASE_NUMBER_H

#include <stdint.h>

#include "base/err.h"

enum { NUMBER_TEXT = 16, NUMBER_DAY_MAX = 9999 };

enum number_kind { NUMBER_RECEIPT, NUMBER_LOSS, NUMBER_KIND_COUNT };

struct number {
	enum number_kind kind;
	int day;   /* 20261122 */
	int count; /* 1..9999 */
};

/* E_LIMIT when the day's numbers are used up or count < 1; *out is "" then. */
MUST_USE struct err number_format(char out[static NUMBER_TEXT],
    enum number_kind kind, int64_t unix_s, int count);

/*
 * As people type it: small letters, spaces, hyphens missing.  E_FORMAT unless
 * a known kind, a real day and a count from 1 stand there.
 */
MUST_USE struct err number_parse(struct number *out, const char *text);

/* The one spelling of what number_parse() read. */
void number_text(char out[static NUMBER_TEXT], const struct number *n);

#endif
