/*
 * identity/passport.c - Korean passport numbers.
 */
#include "identity/passport.h"

#include <string.h>

#include "base/secret.h"

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
form_fits(const char *p)
{
	if (!letter(p[0]) || (!digit(p[4]) && !letter(p[4])))
		return false;
	for (int i = 1; i < PASSPORT_TEXT - 1; i++)
		if (i != 4 && !digit(p[i]))
			return false;
	return true;
}

static enum id_reason
take(char out[static PASSPORT_TEXT], const char *text, int *count)
{
	size_t n = 0;

	for (*count = 0; *text != '\0'; text++) {
		char c = *text;

		if (c == ' ' || c == '-')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (!digit(c) && !letter(c))
			return ID_R_DIGITS;
		if (n + 1 < PASSPORT_TEXT)
			out[n++] = c;
		if (*count < 10000)
			(*count)++;
	}
	out[n] = '\0';
	if (*count == 0)
		return ID_R_EMPTY;
	if (*count != PASSPORT_TEXT - 1)
		return ID_R_LENGTH;
	return form_fits(out) ? ID_R_NONE : ID_R_FORM;
}

struct id_check
passport_check(char out[static PASSPORT_TEXT], const char *text)
{
	int count;
	enum id_reason r = take(out, text, &count);

	if (r != ID_R_NONE) {
		secret_wipe(out, PASSPORT_TEXT);
		return id_reject(ID_PASSPORT, r, r == ID_R_LENGTH ? count : 0);
	}
	return strchr("MSRGD", out[0]) != NULL
		   ? id_ok(ID_PASSPORT)
		   : id_soft(ID_PASSPORT, ID_R_LETTER);
}
