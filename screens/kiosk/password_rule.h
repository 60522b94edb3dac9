/*
 * screens/kiosk/password_rule.h - what the kiosk says of a new password while
 * it is typed.  The rule itself is identity/password.h's.
 */
#ifndef SCREENS_KIOSK_PASSWORD_RULE_H
#define SCREENS_KIOSK_PASSWORD_RULE_H

#include <stdbool.h>

/* The text key of the first rule broken; NULL when none is. */
const char *password_fault(const char *password_secret);

/* Said while typing: the rule broken, else how good it is; NULL for "". */
const char *password_word(const char *password_secret);

/* Whether both entries are the same. */
bool password_same(const char *a_secret, const char *b_secret);

#endif
