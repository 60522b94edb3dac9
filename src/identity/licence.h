/*
 * identity/licence.h - driving licence numbers, RR-YY-NNNNNN-CK.
 *
 * Cards from before 2014-05 print the region as a word and ten digits
 * ("서울 04-123456-12"); both come out as twelve digits.  The rule of the
 * check places is not public and is not computed (facts/domain.md 3.4).
 */
#ifndef IDENTITY_LICENCE_H
#define IDENTITY_LICENCE_H

#include "identity/check.h"

enum { LICENCE_TEXT = 13, LICENCE_FORMATTED = 16 };

/* Twelve digits to `out`; empty after a rejection. */
struct id_check licence_check(char out[static LICENCE_TEXT], const char *text);

/* "11-04-123456-12" of twelve digits. */
void licence_format(
    char out[static LICENCE_FORMATTED], const char digits[static LICENCE_TEXT]);

#endif
