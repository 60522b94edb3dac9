/*
 * identity/contact.h - telephone numbers and e-mail addresses.
 */
#ifndef IDENTITY_CONTACT_H
#define IDENTITY_CONTACT_H

#include <stdbool.h>

#include "identity/check.h"

enum {
	PHONE_TEXT = 13,
	PHONE_FORMATTED = 15,
	EMAIL_LOCAL = 64,
	EMAIL_TEXT = 255
};

/*
 * Korean numbers of facts/domain.md 3.9; hyphens, spaces, dots, parentheses
 * and a leading +82 are taken off.  8 to 12 digits to `out`, empty after a
 * rejection.  Which exchanges exist is not checked.
 */
struct id_check phone_check(char out[static PHONE_TEXT], const char *text);

/* phone_check() and able to receive a text message, else ID_R_KIND. */
struct id_check mobile_check(char out[static PHONE_TEXT], const char *text);

/* "010-1234-5678", "02-123-4567", "1566-0566"; "" for no checked number. */
void phone_format(char out[static PHONE_FORMATTED], const char *digits);

/*
 * The addresses people have (RFC 5321 without quoting and literals): ASCII,
 * a domain of at least two labels.  `out` has the domain in lower case.
 * ID_R_DIGITS: a character no address has; ID_R_FORM: wrongly arranged.
 */
struct id_check email_check(char out[static EMAIL_TEXT], const char *text);

/* Whether an address typed twice is the same; both as email_check() left. */
bool email_same(const char *a, const char *b);

#endif
