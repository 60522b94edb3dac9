/*
 * identity/issue_date.c - the issue date printed on an identity card.
 */
#include "identity/issue_date.h"

#include <string.h>

#include "base/secret.h"
#include "identity/digits.h"

static const char digit_set[] = "0123456789";
static const char separators[] = " .-/";

/*
 * Take one group of at most `most` digits, right-aligned and padded with
 * zeros, and the separators after it.
 */
static bool
take_group(char *out, size_t most, const char **text)
{
	size_t n = strspn(*text, digit_set);

	if (n == 0 || n > most)
		return false;
	memset(out, '0', most);
	memcpy(out + most - n, *text, n);
	*text += n;
	*text += strspn(*text, separators);
	return true;
}

static bool
take_groups(char out[static ISSUE_DATE_TEXT], const char *text)
{
	if (strspn(text, digit_set) != 4)
		return false;
	if (!take_group(out, 4, &text) || !take_group(out + 4, 2, &text) ||
	    !take_group(out + 6, 2, &text))
		return false;
	out[ISSUE_DATE_TEXT - 1] = '\0';
	return *text == '\0';
}

static enum id_reason
take(char out[static ISSUE_DATE_TEXT], const char *text, int *count)
{
	enum id_reason r = digits_take(out, ISSUE_DATE_TEXT, count, text, "./");
	size_t run;

	if (r != ID_R_NONE)
		return r;
	text += strspn(text, separators);
	run = strspn(text, digit_set);
	if (*count == ISSUE_DATE_TEXT - 1)
		return ID_R_NONE;
	/* No separator inside: the year cannot be told from the rest. */
	if (run == (size_t)*count)
		return ID_R_LENGTH;
	return take_groups(out, text) ? ID_R_NONE : ID_R_FORM;
}

static enum id_reason
find_fault(const char *d, const struct civil *today)
{
	struct civil c = { .year = digits_value(d, 4),
		.month = digits_value(d + 4, 2),
		.day = digits_value(d + 6, 2) };

	if (!civil_date_valid(c.year, c.month, c.day))
		return ID_R_DATE;
	if (c.year < 1900)
		return ID_R_CENTURY;
	return date_after(&c, today) ? ID_R_FUTURE : ID_R_NONE;
}

struct id_check
issue_date_check(char out[static ISSUE_DATE_TEXT], const char *text,
    const struct civil *today)
{
	int count;
	enum id_reason r = take(out, text, &count);

	if (r == ID_R_NONE)
		r = find_fault(out, today);
	if (r == ID_R_NONE)
		return id_ok(ID_ISSUE_DATE);
	secret_wipe(out, ISSUE_DATE_TEXT);
	return id_reject(ID_ISSUE_DATE, r, r == ID_R_LENGTH ? count : 0);
}
