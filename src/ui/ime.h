/*
 * ui/ime.h - Hangul without a system input method (libhangul, 2-set).
 *
 * One per program; fields feed it and keep the syllable being composed as
 * their preedit.  Only ime.c includes hangul.h.
 */
#ifndef UI_IME_H
#define UI_IME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { IME_TEXT = 64 };

struct ime {
	void *context; /* libhangul's; NULL: not open */
	bool on;       /* Hangul, else Latin */
};

/* Starts in Hangul.  E_NOMEM.  Free with ime_close. */
MUST_USE struct err ime_open(struct ime *ime);
void ime_close(struct ime *ime);

/* Drops what is being composed and keeps on/off. */
void ime_reset(struct ime *ime);

/*
 * One QWERTY key (ASCII).  `commit` gets finished syllables, to be inserted
 * before anything else; true when the key was used up, false when the caller
 * inserts the key itself, after `commit`.  Off or closed: false, "".
 */
bool ime_feed(struct ime *ime, char commit[static IME_TEXT], uint32_t ch);

/* Takes back one jamo; false when nothing is being composed. */
bool ime_backspace(struct ime *ime);

/* The syllable being composed, "" if none. */
void ime_preedit(const struct ime *ime, char out[static IME_TEXT]);

/* Ends composing; `commit` gets the syllable, "" if none. */
void ime_flush(struct ime *ime, char commit[static IME_TEXT]);

#endif
