/*
 * screens/kiosk/password_rule.c - see the header.
 */
#include "screens/kiosk/password_rule.h"

#include <stddef.h>
#include <string.h>

#include "base/secret.h"
#include "identity/password.h"

/* clang-format off */
static const char *const fault_keys[PASSWORD_REASON_COUNT] = {
	[PASSWORD_OK]		= NULL,
	[PASSWORD_NOT_ASCII]	= "password.rule.char",
	[PASSWORD_FORBIDDEN]	= "password.rule.char",
	[PASSWORD_BLANK]	= "password.rule.char",
	[PASSWORD_CONTROL]	= "password.rule.char",
	[PASSWORD_SHORT]	= "password.rule.short",
	[PASSWORD_LONG]		= "password.rule.long",
	[PASSWORD_NO_LETTER]	= "password.rule.letter",
	[PASSWORD_NO_DIGIT]	= "password.rule.digit",
	[PASSWORD_NO_SPECIAL]	= "password.rule.special",
};

static const char *const grade_keys[PASSWORD_STRENGTH_COUNT] = {
	[PASSWORD_WEAK] = "password.grade.weak",
	[PASSWORD_FAIR] = "password.grade.fair",
	[PASSWORD_GOOD] = "password.grade.good",
};
/* clang-format on */

const char *
password_fault(const char *password_secret)
{
	if (password_secret[0] == '\0')
		return "password.rule.empty";
	return fault_keys[password_check(span_str(password_secret))];
}

const char *
password_word(const char *password_secret)
{
	const char *fault = password_fault(password_secret);

	if (password_secret[0] == '\0')
		return NULL;
	if (fault != NULL)
		return fault;
	return grade_keys[password_strength(
	    NULL, span_str(password_secret), NULL, 0)];
}

bool
password_same(const char *a_secret, const char *b_secret)
{
	size_t n = strlen(a_secret);

	return n == strlen(b_secret) && secret_equal(a_secret, b_secret, n);
}
