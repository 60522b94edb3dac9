/*
 * paper/words.h - the words on paper, Korean and English.
 *
 * A table of its own: what is printed follows the customer's language, not
 * that of dasi-print's process, and hangs on no catalogue that may be absent.
 */
#ifndef PAPER_WORDS_H
#define PAPER_WORDS_H

#include <stddef.h>

enum paper_lang { PAPER_KO, PAPER_EN, PAPER_LANG_COUNT };

/* NULL when there is no such key. */
const char *paper_word(enum paper_lang lang, const char *key);

/*
 * The word of `stem`.`leaf`, for keys that come with the data ("state" and
 * "paid"); "-" when there is none.
 */
const char *paper_word_of(
    enum paper_lang lang, const char *stem, const char *leaf);

/* The table's i-th key, NULL after the last; for tests. */
const char *paper_word_key(size_t i);

#endif
