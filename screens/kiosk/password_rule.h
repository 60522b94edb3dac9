/*
 * screens/kiosk/password_rule.h - the rule for a new certificate password and
 * how good one is, said while it is typed.
 *
 * The key worker checks the same rule again with src/npki/password.h; this
 * copy only lets the kiosk say so before anything is sent.
 */
#ifndef SCREENS_KIOSK_PASSWORD_RULE_H
#define SCREENS_KIOSK_PASSWORD_RULE_H

#include <stdbool.h>

enum { PASSWORD_RULE_MIN = 10, PASSWORD_RULE_MAX = 56 };

enum password_fault {
	PASSWORD_FINE,
	PASSWORD_EMPTY,
	PASSWORD_BAD_CHAR, /* not printable ASCII, a blank, ' " \ or | */
	PASSWORD_TOO_SHORT,
	PASSWORD_TOO_LONG,
	PASSWORD_LETTER, /* none in it */
	PASSWORD_DIGIT,
	PASSWORD_SPECIAL,
	PASSWORD_FAULT_COUNT
};

/* The first rule broken, in the order above. */
enum password_fault password_rule(const char *password_secret);
/* A text key, "password.rule.short" ...; NULL for PASSWORD_FINE. */
const char *password_rule_key(enum password_fault fault);

enum password_grade {
	PASSWORD_WEAK,
	PASSWORD_FAIR,
	PASSWORD_GOOD,
	PASSWORD_GRADE_COUNT
};

/*
 * What is left when repeats ("aaa") and runs ("1234", "dcba") are taken out:
 * under 10 characters weak, under 13 fair.  One that breaks the rule is weak.
 */
enum password_grade password_grade(const char *password_secret);
const char *password_grade_key(enum password_grade grade);

/* Said while typing: the rule broken, else the grade; NULL for "". */
const char *password_word(const char *password_secret);
/* Whether both entries are the same. */
bool password_same(const char *a_secret, const char *b_secret);

#endif
