/*
 * identity/rrn.c - resident and alien registration numbers.
 */
#include "identity/rrn.h"

#include <string.h>

#include "base/secret.h"
#include "base/span.h"
#include "identity/digits.h"

enum { GENDER = 6, CHECK = 12 };

/* From this birth date on the last six digits are random. */
static const struct civil random_from = { .year = 2020, .month = 10, .day = 5 };

static bool
thirteen(const char *digits)
{
	return strlen(digits) == RRN_DIGITS &&
	       strspn(digits, "0123456789") == RRN_DIGITS;
}

static int
century(char g)
{
	static const int centuries[10] = { 1800, 1900, 1900, 2000, 2000, 1900,
		1900, 2000, 2000, 1800 };

	return centuries[g - '0'];
}

enum id_kind
rrn_kind(const char *digits_secret)
{
	if (!thirteen(digits_secret))
		return ID_KIND_COUNT;
	return digits_secret[GENDER] >= '5' && digits_secret[GENDER] <= '8'
		   ? ID_ALIEN
		   : ID_RRN;
}

bool
rrn_birth(struct civil *out, const char *digits_secret)
{
	struct civil c = { 0 };

	if (!thirteen(digits_secret))
		return false;
	c.year = century(digits_secret[GENDER]) +
		 digits_value(digits_secret, 2);
	c.month = digits_value(digits_secret + 2, 2);
	c.day = digits_value(digits_secret + 4, 2);
	if (!civil_date_valid(c.year, c.month, c.day))
		return false;
	/* The weekday comes from the calendar; noon is far from any edge. */
	c.hour = 12;
	*out = civil_from_unix(civil_to_unix(&c));
	out->hour = 0;
	return true;
}

/* Residents subtract from 11, aliens from 13 (domain.md 3.2: two more). */
static bool
check_digit_fits(const char *d, enum id_kind kind)
{
	static const int weights[] = { 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5 };
	int base = kind == ID_RRN ? 11 : 13;
	int sum = digits_weigh(d, weights, CHECK);

	return (base - sum % 11) % 10 == d[CHECK] - '0';
}

static enum id_reason
find_fault(const char *d, enum id_kind kind, const struct civil *today)
{
	bool alien = rrn_kind(d) == ID_ALIEN;
	struct civil birth;

	if (alien != (kind != ID_RRN))
		return ID_R_KIND;
	if (!rrn_birth(&birth, d))
		return ID_R_DATE;
	if (century(d[GENDER]) == 1800)
		return ID_R_CENTURY;
	if (date_after(&birth, today))
		return ID_R_FUTURE;
	if (date_after(&random_from, &birth) && !check_digit_fits(d, kind))
		return ID_R_CHECK_DIGIT;
	return ID_R_NONE;
}

struct id_check
rrn_check(char out_secret[static RRN_TEXT], enum id_kind kind, const char *text,
    const struct civil *today)
{
	struct id_check c = digits_exact(out_secret, RRN_TEXT, kind, text);
	enum id_reason r;

	if (c.verdict == ID_REJECT)
		return c;
	r = find_fault(out_secret, kind, today);
	if (r == ID_R_NONE)
		return id_ok(kind);
	if (r == ID_R_CHECK_DIGIT)
		return id_soft(kind, r);
	secret_wipe(out_secret, RRN_TEXT);
	return id_reject(kind, r, 0);
}

int
age_on(const struct civil *birth, const struct civil *today)
{
	int years = today->year - birth->year;

	if (today->month < birth->month ||
	    (today->month == birth->month && today->day < birth->day))
		years--;
	return years;
}

bool
age_minor(const struct civil *birth, const struct civil *today)
{
	return age_on(birth, today) < ADULT_AGE;
}

void
rrn_format(char out_secret[static RRN_TEXT + 1],
    const char digits_secret[static RRN_TEXT])
{
	struct buf b = buf_make(out_secret, RRN_TEXT + 1);

	buf_add(&b, digits_secret, GENDER);
	buf_add_byte(&b, '-');
	buf_add(&b, digits_secret + GENDER, RRN_TEXT - GENDER);
}
