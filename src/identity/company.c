/*
 * identity/company.c - business and corporate registration numbers.
 */
#include "identity/company.h"

#include <string.h>

#include "base/secret.h"
#include "base/span.h"
#include "identity/digits.h"

static bool
all_zero(const char *digits)
{
	return digits[strspn(digits, "0")] == '\0';
}

static bool
business_fits(const char *d)
{
	static const int weights[] = { 1, 3, 7, 1, 3, 7, 1, 3, 5 };
	int sum = digits_weigh(d, weights, 9) + 5 * (d[8] - '0') / 10;

	return (10 - sum % 10) % 10 == d[9] - '0';
}

static bool
corporate_fits(const char *d)
{
	static const int weights[] = { 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2 };

	return (10 - digits_weigh(d, weights, 12) % 10) % 10 == d[12] - '0';
}

struct id_check
business_check(char out[static BUSINESS_TEXT], const char *text)
{
	struct id_check c = digits_exact(out, BUSINESS_TEXT, ID_BUSINESS, text);

	if (c.verdict == ID_REJECT)
		return c;
	if (all_zero(out))
		c = id_reject(ID_BUSINESS, ID_R_ZERO, 0);
	else if (!business_fits(out))
		c = id_reject(ID_BUSINESS, ID_R_CHECK_DIGIT, 0);
	if (c.verdict == ID_REJECT)
		secret_wipe(out, BUSINESS_TEXT);
	return c;
}

enum business_form
business_form(const char digits[static BUSINESS_TEXT])
{
	int middle = digits_value(digits + 3, 2);

	if (middle >= 1 && middle <= 80)
		return BUSINESS_SOLE;
	if (middle >= 90)
		return BUSINESS_TAX_FREE;
	switch (middle) {
	case 81:
	case 86:
	case 87:
	case 88:
		return BUSINESS_COMPANY;
	case 82:
		return BUSINESS_NONPROFIT;
	case 83:
		return BUSINESS_PUBLIC;
	case 84:
		return BUSINESS_FOREIGN;
	case 85:
		return BUSINESS_BRANCH;
	default:
		return BUSINESS_OTHER;
	}
}

void
business_format(char out[static BUSINESS_FORMATTED],
    const char digits[static BUSINESS_TEXT])
{
	struct buf b = buf_make(out, BUSINESS_FORMATTED);

	buf_add(&b, digits, 3);
	buf_add_byte(&b, '-');
	buf_add(&b, digits + 3, 2);
	buf_add_byte(&b, '-');
	buf_add(&b, digits + 5, 6);
}

struct id_check
corporate_check(char out[static CORPORATE_TEXT], const char *text)
{
	struct id_check c = digits_exact(
	    out, CORPORATE_TEXT, ID_CORPORATE, text);

	if (c.verdict == ID_REJECT)
		return c;
	if (all_zero(out)) {
		secret_wipe(out, CORPORATE_TEXT);
		return id_reject(ID_CORPORATE, ID_R_ZERO, 0);
	}
	if (!corporate_fits(out))
		return id_soft(ID_CORPORATE, ID_R_CHECK_DIGIT);
	return c;
}

void
corporate_format(char out[static CORPORATE_FORMATTED],
    const char digits[static CORPORATE_TEXT])
{
	struct buf b = buf_make(out, CORPORATE_FORMATTED);

	buf_add(&b, digits, 6);
	buf_add_byte(&b, '-');
	buf_add(&b, digits + 6, 8);
}
