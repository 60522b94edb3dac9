/*
 * screens/kiosk/password_rule.c - see the header.
 */
#include "screens/kiosk/password_rule.h"

#include <stddef.h>
#include <string.h>

#include "base/secret.h"

/* clang-format off */
static const char *const fault_keys[PASSWORD_FAULT_COUNT] = {
	[PASSWORD_FINE]		= NULL,
	[PASSWORD_EMPTY]	= "password.rule.empty",
	[PASSWORD_BAD_CHAR]	= "password.rule.char",
	[PASSWORD_TOO_SHORT]	= "password.rule.short",
	[PASSWORD_TOO_LONG]	= "password.rule.long",
	[PASSWORD_LETTER]	= "password.rule.letter",
	[PASSWORD_DIGIT]	= "password.rule.digit",
	[PASSWORD_SPECIAL]	= "password.rule.special",
};

static const char *const grade_keys[PASSWORD_GRADE_COUNT] = {
	[PASSWORD_WEAK] = "password.grade.weak",
	[PASSWORD_FAIR] = "password.grade.fair",
	[PASSWORD_GOOD] = "password.grade.good",
};
/* clang-format on */

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_allowed(char c)
{
	return c > ' ' && c < 0x7f && strchr("'\"\\|", c) == NULL;
}

enum password_fault
password_rule(const char *password_secret)
{
	size_t n = strlen(password_secret);
	bool letter = false, digit = false, special = false;

	for (size_t i = 0; i < n; i++) {
		char c = password_secret[i];
		if (!is_allowed(c))
			return PASSWORD_BAD_CHAR;
		letter |= is_letter(c);
		digit |= is_digit(c);
		special |= !is_letter(c) && !is_digit(c);
	}
	if (n == 0)
		return PASSWORD_EMPTY;
	if (n < PASSWORD_RULE_MIN)
		return PASSWORD_TOO_SHORT;
	if (n > PASSWORD_RULE_MAX)
		return PASSWORD_TOO_LONG;
	if (!letter)
		return PASSWORD_LETTER;
	if (!digit)
		return PASSWORD_DIGIT;
	return special ? PASSWORD_FINE : PASSWORD_SPECIAL;
}

const char *
password_rule_key(enum password_fault fault)
{
	return (unsigned)fault < PASSWORD_FAULT_COUNT ? fault_keys[fault]
						      : NULL;
}

/* The character continues a run of equal steps of -1, 0 or 1. */
static bool
is_run(const char *at, size_t i)
{
	int step, before;

	if (i < 2)
		return false;
	step = at[i] - at[i - 1];
	before = at[i - 1] - at[i - 2];
	return step == before && step >= -1 && step <= 1;
}

enum password_grade
password_grade(const char *password_secret)
{
	size_t left = 0;

	if (password_rule(password_secret) != PASSWORD_FINE)
		return PASSWORD_WEAK;
	for (size_t i = 0; password_secret[i] != '\0'; i++)
		left += !is_run(password_secret, i);
	if (left < 10)
		return PASSWORD_WEAK;
	return left < 13 ? PASSWORD_FAIR : PASSWORD_GOOD;
}

const char *
password_grade_key(enum password_grade grade)
{
	return grade_keys[(unsigned)grade < PASSWORD_GRADE_COUNT ? grade : 0];
}

const char *
password_word(const char *password_secret)
{
	enum password_fault fault = password_rule(password_secret);

	if (fault == PASSWORD_EMPTY)
		return NULL;
	if (fault != PASSWORD_FINE)
		return password_rule_key(fault);
	return password_grade_key(password_grade(password_secret));
}

bool
password_same(const char *a_secret, const char *b_secret)
{
	size_t n = strlen(a_secret);

	return n == strlen(b_secret) && secret_equal(a_secret, b_secret, n);
}
