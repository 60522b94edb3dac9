/*
 * identity/password.h - the rule for a new certificate password, and how good
 * one is, in words.
 *
 * The rule of the five CAs since 2014: ten characters or more with a letter, a
 * digit and a special character, without ' " \ (shown as the won sign) and |.
 * Old certificates may have shorter ones: never apply this when reading.  The
 * kiosk says it while one types, dasi-key holds to it, dasi cert passwd too.
 * The upper bound of 56 is ours: under the only documented one (64), and it
 * fits one hash block with its salt.  A blank is refused: readers trim it.
 */
#ifndef IDENTITY_PASSWORD_H
#define IDENTITY_PASSWORD_H

#include "base/span.h"

enum { PASSWORD_MIN = 10, PASSWORD_MAX = 56 };

enum password_reason {
	PASSWORD_OK,
	PASSWORD_NOT_ASCII, /* e.g. Hangul: the keyboard is in 한글 */
	PASSWORD_FORBIDDEN, /* ' " \ | or a won sign */
	PASSWORD_BLANK,	    /* a space */
	PASSWORD_CONTROL,   /* a control character */
	PASSWORD_SHORT,
	PASSWORD_LONG,
	PASSWORD_NO_LETTER,
	PASSWORD_NO_DIGIT,
	PASSWORD_NO_SPECIAL,
	PASSWORD_REASON_COUNT
};

/* The first rule broken, in the order above; PASSWORD_OK when none is. */
enum password_reason password_check(struct span password_secret);

/* Text key: "password.ok", "password.short", ...; never NULL. */
const char *password_reason_key(enum password_reason r);

enum password_strength {
	PASSWORD_WEAK, /* breaks the rule, or is guessed quickly */
	PASSWORD_FAIR,
	PASSWORD_GOOD,
	PASSWORD_STRENGTH_COUNT
};

/* What makes it weaker, as bits. */
enum {
	PASSWORD_HINT_REPEATED = 1, /* "aaa", "1111" */
	PASSWORD_HINT_SEQUENCE = 2, /* "1234", "dcba", "qwer" */
	PASSWORD_HINT_PERSONAL = 4, /* contains a hint given */
	PASSWORD_HINT_COMMON = 8    /* contains a well-known word */
};

/*
 * An honest, simple estimate: it counts what is left after repeats, runs,
 * common words and the person's own numbers are taken out.  `personal` is up
 * to `n` texts (birth date as 900101 and 19900101, phone number, name); those
 * under four characters are ignored; may be NULL when n is 0.
 * *hints gets the bits above; it may be NULL.
 */
enum password_strength password_strength(unsigned *hints,
    struct span password_secret, const struct span *personal_secret, size_t n);

/* "password.weak", "password.fair", "password.good"; never NULL. */
const char *password_strength_key(enum password_strength s);

#endif
