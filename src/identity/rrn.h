/*
 * identity/rrn.h - resident and alien registration numbers, YYMMDD-GNNNNNC.
 *
 * The check digit never rejects: numbers given or changed since 2020-10-05
 * are random in their last six places (facts/domain.md 3.1, 3.2).
 */
#ifndef IDENTITY_RRN_H
#define IDENTITY_RRN_H

#include <stdbool.h>

#include "base/clock.h"
#include "identity/check.h"

enum { RRN_DIGITS = 13, RRN_TEXT = RRN_DIGITS + 1, ADULT_AGE = 19 };

/*
 * Check `text` as ID_RRN (G 1-4; 9 and 0 mean born before 1900 and are
 * refused with ID_R_CENTURY), ID_ALIEN or ID_RESIDENCE (G 5-8); the sister
 * kind is ID_R_KIND.  Thirteen digits go to out_secret; empty after a
 * rejection.  Soft ID_R_CHECK_DIGIT only for births before 2020-10-05.
 */
struct id_check rrn_check(char out_secret[static RRN_TEXT], enum id_kind kind,
    const char *text, const struct civil *today);

/*
 * What the seventh digit says of a number in digits: ID_RRN or ID_ALIEN;
 * ID_KIND_COUNT when `digits` is not thirteen digits.  (ID_RESIDENCE cannot
 * be told from ID_ALIEN.)
 */
enum id_kind rrn_kind(const char *digits_secret);

/* Birth date of thirteen digits; false when they hold no real date. */
bool rrn_birth(struct civil *out, const char *digits_secret);

/* Completed years on `today`; born 29 February counts from 1 March. */
int age_on(const struct civil *birth, const struct civil *today);

/* Younger than 19 completed years (Civil Act article 4). */
bool age_minor(const struct civil *birth, const struct civil *today);

/* "900101-1970015"; shows the whole number. */
void rrn_format(char out_secret[static RRN_TEXT + 1],
    const char digits_secret[static RRN_TEXT]);

#endif
