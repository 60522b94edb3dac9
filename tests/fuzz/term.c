/*
 * Fuzz target: bytes of a terminal, with pauses between them.
 *
 * The first byte sets the rhythm: its bits say before which of the following
 * bytes the sender pauses.
 */
#include <string.h>

#include "fuzz.h"
#include "term/decode.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static void
check_text(const struct event *ev)
{
	bool white = ev->pasted && (ev->ch == '\n' || ev->ch == '\t');

	must(white || ev->ch >= 0x20, "no C0 character becomes text");
	must(ev->ch < 0x7f || ev->ch > 0x9f, "neither DEL nor C1 becomes text");
	must(ev->ch < 0xd800 || ev->ch > 0xdfff, "text has no surrogates");
	must(ev->ch <= 0x10ffff, "text is Unicode");
}

static void
check_event(const struct event *ev, bool made, bool pasting, int64_t now)
{
	must(ev->now_ms == now, "an event has its time");
	must(ev->item == -1, "no item is named");
	must(made == (ev->kind != EV_NONE), "the answer says there is one");
	if (!made)
		return;
	must(
	    ev->kind == EV_KEY || ev->kind == EV_MOUSE || ev->kind == EV_RESIZE,
	    "only keys, taps and redraws come out");
	if (ev->kind == EV_MOUSE)
		must(ev->row >= 0 && ev->col >= 0 && ev->row < 1000000 &&
			 ev->col < 1000000,
		    "a tap is in a cell");
	if (ev->kind != EV_KEY)
		return;
	must(ev->key > K_NONE && ev->key < K_COUNT, "a key is one of ours");
	if (ev->key == K_CHAR)
		check_text(ev);
	else
		must(!pasting, "a paste presses no keys");
}

static void
check_state(const struct decoder *d, int64_t now)
{
	must((unsigned)d->state <= DECODE_UTF8, "the state is one of ours");
	must(d->utf8_n >= 0 && d->utf8_n <= UTF8_MAX && d->utf8_need >= 0 &&
		 d->utf8_need <= UTF8_MAX,
	    "a character has at most four bytes");
	must(d->param_n >= 0 && d->param_n < DECODE_PARAMS,
	    "parameters stay in their array");
	for (int i = 0; i < DECODE_PARAMS; i++)
		must(d->params[i] >= 0 && d->params[i] < 1000000,
		    "parameters stay small");
	must(d->x10_left >= 0 && d->x10_left <= 3, "a mouse report ends");
	must(d->taken >= 0 && d->taken <= DECODE_PASTE_MAX,
	    "a paste is limited");
	must(decode_wait_ms(d, now) >= -1 &&
		 decode_wait_ms(d, now) <= DECODE_GIVE_UP_MS,
	    "waiting ends");
}

/* Nothing more comes: soon the decoder is as new. */
static void
check_recovery(struct decoder *d, int64_t now)
{
	struct event ev;
	int wait;

	for (int i = 0; (wait = decode_wait_ms(d, now)) >= 0; i++) {
		must(i < 3, "silence ends every sequence");
		now += wait;
		check_event(&ev, decode_timeout(d, &ev, now), d->pasting, now);
	}
	decode_idle(d);
	must(decode_byte(d, &ev, 'a', now) && ev.kind == EV_KEY &&
		 ev.key == K_CHAR && ev.ch == 'a' && !ev.pasted,
	    "after silence an a is an a");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct choices in = { data, n };
	uint8_t rhythm = choose(&in);
	struct decoder d;
	struct event ev;
	int64_t now = 1000;

	decode_init(&d);
	for (int i = 0; in.n > 0; i++) {
		bool pasting = d.pasting, made;
		uint8_t byte = choose(&in);

		if (rhythm >> i % 8 & 1) {
			int wait = decode_wait_ms(&d, now);

			now += 40 + 400 * (i % 4);
			if (wait >= 0 && decode_wait_ms(&d, now) == 0) {
				made = decode_timeout(&d, &ev, now);
				check_event(&ev, made, pasting, now);
			}
			decode_idle(&d);
			pasting = d.pasting;
		}
		made = decode_byte(&d, &ev, byte, now);
		check_event(&ev, made, pasting && d.pasting, now);
		check_state(&d, now);
	}
	check_recovery(&d, now);
	return 0;
}
