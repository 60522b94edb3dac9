/*
 * case/number.c - receipt and loss report numbers.
 */
#include "case/number.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/clock.h"

static const char letters[NUMBER_KIND_COUNT] = {
	[NUMBER_RECEIPT] = 'R',
	[NUMBER_LOSS] = 'L',
};

enum { DIGITS = 12 };

void
number_text(char out[static NUMBER_TEXT], const struct number *n)
{
	snprintf(out, NUMBER_TEXT, "%c-%08u-%04u", letters[n->kind],
	    (unsigned)n->day % 100000000u, (unsigned)n->count % 10000u);
}

struct err
number_format(char out[static NUMBER_TEXT], enum number_kind kind,
    int64_t unix_s, int count)
{
	struct civil c = civil_from_unix(unix_s);
	struct number n = { kind, c.year * 10000 + c.month * 100 + c.day,
		count };

	out[0] = '\0';
	if (count < 1 || count > NUMBER_DAY_MAX)
		return err_make(E_LIMIT, 0, "number: count");
	number_text(out, &n);
	return err_none();
}

/* Twelve digits, spaces and hyphens anywhere between, nothing else. */
static bool
take(int *day, int *count, const char *p)
{
	int n = 0;

	*day = *count = 0;
	for (; *p != '\0'; p++) {
		if (*p == ' ' || *p == '-')
			continue;
		if (*p < '0' || *p > '9' || n == DIGITS)
			return false;
		if (n < 8)
			*day = *day * 10 + (*p - '0');
		else
			*count = *count * 10 + (*p - '0');
		n++;
	}
	return n == DIGITS && *count > 0 &&
	       civil_date_valid(*day / 10000, *day / 100 % 100, *day % 100);
}

struct err
number_parse(struct number *out, const char *text)
{
	while (*text == ' ')
		text++;
	for (int k = 0; k < NUMBER_KIND_COUNT; k++) {
		struct number n = { .kind = (enum number_kind)k };

		if ((*text & ~0x20) != letters[k])
			continue;
		if (!take(&n.day, &n.count, text + 1))
			break;
		*out = n;
		return err_none();
	}
	return err_make(E_FORMAT, 0, "number: parse");
}
