/*
 * identity/passport.h - Korean passport numbers.
 *
 * Old "M12345678" (a letter, eight digits) and, since 2021-12-21, "M123A4567"
 * (facts/domain.md 3.5).
 */
#ifndef IDENTITY_PASSPORT_H
#define IDENTITY_PASSPORT_H

#include "identity/check.h"

enum { PASSPORT_TEXT = 10 };

/*
 * Nine characters in upper case to `out`; empty after a rejection.  Soft
 * ID_R_LETTER when the first letter is none of M S R G D.
 */
struct id_check passport_check(
    char out[static PASSPORT_TEXT], const char *text);

#endif
