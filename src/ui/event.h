/*
 * ui/event.h - what can happen: one small value per key, tap, tick or answer.
 *
 * src/term makes events from bytes; tests make them by hand.  Time arrives in
 * the event, so nothing below the loop reads a clock.
 */
#ifndef UI_EVENT_H
#define UI_EVENT_H

#include <stdbool.h>
#include <stdint.h>

enum event_kind {
	EV_NONE,
	EV_KEY,
	EV_MOUSE,  /* a tap, told when the button is released */
	EV_RESIZE, /* rows, cols are the new size */
	EV_TICK,   /* nothing happened for the time the loop asked for */
	EV_AGENT,  /* an answer or a push from the agent: `payload` */
	EV_HANGUP, /* the terminal is gone or we are told to end */
	EV_COUNT
};

enum key {
	K_NONE,
	K_CHAR, /* `ch`: a printable code point, space included */
	K_ENTER,
	K_ESC,
	K_TAB,
	K_BACKTAB,
	K_UP,
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_HOME,
	K_END,
	K_PGUP,
	K_PGDN,
	K_BACKSPACE,
	K_DELETE,
	K_CLEAR,  /* Ctrl-U: empties the field (the keypad's "correct") */
	K_HANGUL, /* Hangul/Latin: Ctrl-Space, Shift-Space, F9 */
	K_F1,
	K_F2,
	K_F3,
	K_F4,
	K_F5,
	K_F6,
	K_F7,
	K_F8,
	K_F9, /* arrives as K_HANGUL from src/term */
	K_F10,
	K_F11,
	K_F12,
	K_COUNT
};

struct event {
	enum event_kind kind;
	enum key key;
	uint32_t ch;	     /* K_CHAR */
	bool pasted;	     /* K_CHAR: from a paste, not typed */
	int row, col;	     /* EV_MOUSE: 0-based cell */
	int item;	     /* EV_MOUSE: item number set by
			      * page_tap, else -1 */
	int rows, cols;	     /* EV_RESIZE */
	int64_t now_ms;	     /* monotonic, in every event */
	const void *payload; /* EV_AGENT: borrowed for the call */
};

/* That key was pressed. */
static inline bool
event_is_key(const struct event *ev, enum key key)
{
	return ev->kind == EV_KEY && ev->key == key;
}

/* Short makers, mostly for tests. */
static inline struct event
event_key(enum key key, int64_t now_ms)
{
	return (struct event){
		.kind = EV_KEY, .key = key, .item = -1, .now_ms = now_ms
	};
}

static inline struct event
event_char(uint32_t ch, int64_t now_ms)
{
	return (struct event){ .kind = EV_KEY,
		.key = K_CHAR,
		.ch = ch,
		.item = -1,
		.now_ms = now_ms };
}

#endif
