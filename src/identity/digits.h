/*
 * identity/digits.h - taking the digits out of what was typed.
 *
 * For the files of this folder.
 */
#ifndef IDENTITY_DIGITS_H
#define IDENTITY_DIGITS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "identity/check.h"

/*
 * Copy the digits of `text`, leaving out spaces, hyphens and the characters
 * of `skip`, to `out` (cap bytes with the NUL).  *count is the number typed,
 * also when it is more than fits.  ID_R_NONE; ID_R_EMPTY; ID_R_DIGITS for
 * any other character, and then `out` is wiped.
 */
enum id_reason digits_take(
    char *out, size_t cap, int *count, const char *text, const char *skip);

/*
 * digits_take() where exactly cap - 1 digits must come out; `out` is empty
 * unless the answer is ok.
 */
struct id_check digits_exact(
    char *out, size_t cap, enum id_kind kind, const char *text);

/* Value of the n digits at p. */
int digits_value(const char *p, int n);

/* Sum of digit times weight over n places. */
int digits_weigh(const char *digits, const int *weights, int n);

/* Whether day a is later than day b; times of day do not count. */
bool date_after(const struct civil *a, const struct civil *b);

#endif
