/*
 * identity/name.h - names of people: all Hangul, or all Latin.
 */
#ifndef IDENTITY_NAME_H
#define IDENTITY_NAME_H

#include "identity/check.h"

enum { NAME_TEXT = 160, NAME_HANGUL_MAX = 30, NAME_LATIN_MAX = 60 };

/*
 * Hangul: 2 to 30 finished syllables; spaces are taken out, so that
 * "홍 길동" is "홍길동".  Latin: 2 to 60 letters, single spaces, and
 * hyphen, apostrophe, dot or comma between them.  NFC in `out`, empty after
 * a rejection.  ID_R_SCRIPT both scripts, or another; ID_R_FORM a lone jamo,
 * a stray mark or bytes that are not UTF-8.
 */
struct id_check name_check(char out[static NAME_TEXT], const char *text);

#endif
