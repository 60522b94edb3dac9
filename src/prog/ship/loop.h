/*
 * ship/loop.h - when to ship: new rows soon, a word every minute, and after a
 * failure later and later.
 */
#ifndef SHIP_LOOP_H
#define SHIP_LOOP_H

#include "base/clock.h"
#include "prog/ship/backoff.h"
#include "prog/ship/pass.h"

enum {
	SHIP_LOOK_MS = 5 * 1000,    /* between looks at the agent */
	SHIP_WORD_MS = 60 * 1000,   /* head office hears of us this often */
	SHIP_RETRY_MS = 1000,	    /* ceiling of the first wait ... */
	SHIP_RETRY_MAX_MS = 600000, /* ... and of the last */
	SHIP_AGENT_MS = 100,	    /* the agent is at home: come back soon */
	SHIP_AGENT_MAX_MS = SHIP_LOOK_MS
};

struct ship_loop {
	struct ship *ship;
	struct clock clock;
	uint64_t (*random)(void *ctx);
	void *random_ctx;
	struct backoff sink, agent;
	int64_t said_ms;  /* last good word to head office; -1 before */
	int64_t until_ms; /* head office is left alone until then */
};

void ship_loop_begin(struct ship_loop *l);

/*
 * Do what is due and say in *wait_ms when to come again.  The error is that
 * of the shipment, for the log; it is no end.
 */
MUST_USE struct err ship_loop_turn(struct ship_loop *l, int64_t *wait_ms);

#endif
