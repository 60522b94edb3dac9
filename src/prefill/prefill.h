/*
 * prefill/prefill.h - the code of a form filled in at home (README.md).
 *
 * Everything in it was written by a stranger: lengths, letters, UTF-8 and
 * values are checked, and one thing wrong refuses it whole.
 */
#ifndef PREFILL_PREFILL_H
#define PREFILL_PREFILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
	PREFILL_CODE = 350,    /* characters */
	PREFILL_BYTES = 209,   /* of CBOR */
	PREFILL_TEXT = 128,    /* bytes of a text, with its NUL */
	PREFILL_FRESH_S = 600, /* after it was shown */
	PREFILL_EARLY_S = 300, /* a phone's clock may be fast */
	PREFILL_KEY_MS = 2000  /* longest pause between two keys */
};

struct prefill {
	int64_t shown_at; /* Unix seconds */
	int purpose;	  /* 0 reissue, 1 report */
	char name[PREFILL_TEXT], phone[PREFILL_TEXT], email[PREFILL_TEXT];
	int loss; /* -1: not said; so are the others */
	char when[PREFILL_TEXT], place[PREFILL_TEXT], detail[PREFILL_TEXT];
	int medium;
	int misuse, p12; /* 1 yes, 0 no, -1 not said */
};

/*
 * The code in `text` (n characters, without the scanner's Enter).  E_FORMAT:
 * no such code, or not whole; E_MISMATCH: the check sum is another; E_LIMIT:
 * too long; E_UNSUPPORTED: says more than it may (an unknown key, a number
 * like a resident number); E_EXPIRED: shown more than PREFILL_FRESH_S ago, or
 * in the future.  *out is written on success only.
 */
MUST_USE struct err prefill_read(
    struct prefill *out, const char *text, size_t n, int64_t now_unix);

/* ---- the scanner's keys, one by one ---- */

enum wedge_state {
	WEDGE_WAITING, /* nothing yet */
	WEDGE_TYPING,
	WEDGE_DONE,    /* Enter came: read it */
	WEDGE_STOPPED, /* a pause, or more than there can be: not whole */
	WEDGE_STATE_COUNT
};

struct wedge {
	enum wedge_state state;
	size_t n;
	int64_t last_ms;
	char text[PREFILL_CODE + 1];
};

void wedge_begin(struct wedge *w);
/* A character; what is no letter and no digit is passed over. */
void wedge_char(struct wedge *w, uint32_t cp, int64_t now_ms);
void wedge_enter(struct wedge *w, int64_t now_ms);
/* Time passes: a pause of PREFILL_KEY_MS stops it. */
void wedge_tick(struct wedge *w, int64_t now_ms);

#endif
