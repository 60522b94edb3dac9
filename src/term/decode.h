/*
 * term/decode.h - bytes of a terminal into keys, taps and pastes.
 *
 * Pure: bytes and times come in, events go out.  Every escape sequence, known
 * or not, is one unit; broken UTF-8 is dropped; nothing of either ever becomes
 * text.  Understands what xterm, foot, linux, screen, tmux, rxvt and vt220
 * send.
 */
#ifndef TERM_DECODE_H
#define TERM_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/utf8.h"
#include "ui/event.h"

enum {
	DECODE_PARAMS = 8,
	DECODE_ESC_MS = 25,	  /* a lone ESC is the Esc key after this */
	DECODE_LATE_MS = 300,	  /* its sequence may still come until then */
	DECODE_GIVE_UP_MS = 1000, /* half a sequence, an unclosed paste */
	DECODE_PASTE_MAX = 1024,  /* characters taken of one paste */
	DECODE_BURST = 256	  /* more at once was not typed by a person */
};

enum decode_state {
	DECODE_GROUND,
	DECODE_ESC,
	DECODE_LATE,	 /* the Esc key was told; '[' or 'O' belong to it */
	DECODE_ESC_MORE, /* ESC and an intermediate: one final byte comes */
	DECODE_CSI,
	DECODE_CSI_LINUX, /* ESC [ [ : one letter comes */
	DECODE_SS3,
	DECODE_STRING, /* OSC, DCS, APC, PM, SOS until BEL or ST */
	DECODE_STRING_ESC,
	DECODE_X10, /* three bytes of an old mouse report */
	DECODE_UTF8
};

struct decoder {
	enum decode_state state;
	int64_t last_ms; /* of the last byte */
	char utf8[UTF8_MAX];
	int utf8_n, utf8_need;
	int params[DECODE_PARAMS], param_n;
	char mark; /* '<', '?', '>', '=' or 0 */
	bool odd;  /* intermediates: not a known one */
	int x10_left;
	bool pasting;		  /* between ESC[200~ and ESC[201~ */
	int taken;		  /* characters of this paste */
	int run;		  /* characters without a pause */
	bool pressed;		  /* mouse button is down ... */
	int press_row, press_col; /* ... since here */
};

void decode_init(struct decoder *d);

/*
 * One byte.  True when it made an event in *ev (now_ms is filled in): EV_KEY,
 * EV_MOUSE on release where it was pressed, or EV_RESIZE with 0x0 for Ctrl-L
 * (draw anew).
 */
bool decode_byte(
    struct decoder *d, struct event *ev, uint8_t byte, int64_t now_ms);

/*
 * No byte is waiting: the sender paused.  What comes without a pause and is
 * longer than DECODE_BURST is taken for a paste.
 */
void decode_idle(struct decoder *d);

/* When decode_timeout is due, in ms from now; -1: never. */
int decode_wait_ms(const struct decoder *d, int64_t now_ms);

/* The time is over: true when that made an event (the Esc key). */
bool decode_timeout(struct decoder *d, struct event *ev, int64_t now_ms);

#endif
