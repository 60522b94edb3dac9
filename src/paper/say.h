/*
 * paper/say.h - dates, money and sentences as both languages write them.
 */
#ifndef PAPER_SAY_H
#define PAPER_SAY_H

#include <stddef.h>
#include <stdint.h>

#include "paper/words.h"

enum { SAY_TEXT = 96 };

/* "2026년 3월 16일(월)", "Mon 16 March 2026" without the month's name:
 * "2026-03-16 (Mon)". */
void say_date(char out[static SAY_TEXT], enum paper_lang lang, int64_t unix_s);
/* The same of "2026-03-16", which is well formed. */
void say_day(char out[static SAY_TEXT], enum paper_lang lang, const char *date);
/* "2026-11-22(일) 14:05:09": to the second. */
void say_moment(
    char out[static SAY_TEXT], enum paper_lang lang, int64_t unix_s);
/* "4,400원", "4,400 won". */
void say_won(char out[static SAY_TEXT], enum paper_lang lang, int64_t won);
/* "4,400", also "-4,400". */
void say_number(char out[static SAY_TEXT], int64_t n);
/* {1} and {2} of `pattern` filled in; cut at `cap`. */
void say_fill(char *out, size_t cap, const char *pattern, const char *one,
    const char *two);

#endif
