/*
 * identity/issue_date.h - the issue date printed on an identity card.
 */
#ifndef IDENTITY_ISSUE_DATE_H
#define IDENTITY_ISSUE_DATE_H

#include "base/clock.h"
#include "identity/check.h"

enum { ISSUE_DATE_TEXT = 9 };

/*
 * "2019.03.05", "2019-3-5", "2019 03 05" or "20190305" to eight digits in
 * `out`, empty after a rejection.  ID_R_DATE no such day, ID_R_FUTURE,
 * ID_R_CENTURY before 1900, ID_R_FORM when separators make no three groups.
 */
struct id_check issue_date_check(char out[static ISSUE_DATE_TEXT],
    const char *text, const struct civil *today);

#endif
