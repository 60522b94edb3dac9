/*
 * ship/loop.c - one turn of the loop, over a clock port.
 */
#include "prog/ship/loop.h"

#include <string.h>

void
ship_loop_begin(struct ship_loop *l)
{
	l->sink = (struct backoff){ SHIP_RETRY_MS, SHIP_RETRY_MAX_MS, 0 };
	l->agent = (struct backoff){ SHIP_AGENT_MS, SHIP_AGENT_MAX_MS, 0 };
	l->said_ms = -1;
	l->until_ms = 0;
}

static int64_t
now(const struct ship_loop *l)
{
	return l->clock.mono_ms(l->clock.ctx);
}

/* Anything to tell: rows, a checkpoint, a cosignature to fetch, a word. */
static struct err
look(struct ship_loop *l, bool *due)
{
	static struct ship_head head;
	struct ship *s = l->ship;
	struct err e;

	*due = true;
	if (l->said_ms < 0 || now(l) - l->said_ms >= SHIP_WORD_MS)
		return err_none();
	s->failed = SIDE_AGENT;
	e = s->source.read(s->source.ctx, &head, NULL);
	*due = !err_is(e) && (head.size != s->answer.size ||
				 strcmp(head.note, s->head.note) != 0 ||
				 ship_awaits_cosignature(s));
	return e;
}

struct err
ship_loop_turn(struct ship_loop *l, int64_t *wait_ms)
{
	bool due = false;
	struct err e = err_none();

	*wait_ms = SHIP_LOOK_MS;
	if (now(l) < l->until_ms) {
		*wait_ms = l->until_ms - now(l);
		return e;
	}
	e = look(l, &due);
	if (!err_is(e) && due) {
		e = ship_pass(l->ship);
		if (!err_is(e))
			l->said_ms = now(l);
	}
	if (!err_is(e)) {
		l->sink.failures = l->agent.failures = 0;
		return e;
	}
	*wait_ms = backoff_next(
	    l->ship->failed == SIDE_SINK ? &l->sink : &l->agent,
	    l->random(l->random_ctx));
	l->until_ms = now(l) + *wait_ms;
	return e;
}
