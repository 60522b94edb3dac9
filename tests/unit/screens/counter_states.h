/*
 * counter_states.h - clerks standing on each screen, as golden files show them.
 *
 * Everybody here is invented; the clock always says 2026-11-22 14:05:31 KST.
 */
#ifndef COUNTER_STATES_H
#define COUNTER_STATES_H

#include <stddef.h>

#include "flow/counter_session.h"

struct counter_state {
	const char *name; /* stem of the golden file */
	enum counter_screen screen;
	void (*set)(struct counter_session *);	/* before enter(), or NULL */
	void (*then)(struct counter_session *); /* after enter(), or NULL */
};

extern const struct counter_state counter_states[];
extern const size_t counter_state_count;

/* A teller called kim at a branch that works. */
void counter_state_begin(struct counter_session *s, struct ime *ime);
void counter_state_make(
    struct counter_session *s, struct ime *ime, const struct counter_state *st);

/* One key, one typed text, as the loop would give them to the screen. */
int counter_state_key(struct counter_session *s, enum key key);
int counter_state_char(struct counter_session *s, char ch);
void counter_state_type(struct counter_session *s, const char *text);

/* An answer and an event, as JSON with ' for ". */
enum counter_intent clerk_told(
    struct counter_session *s, enum counter_ask ask, const char *text);
void clerk_pushed(struct counter_session *s, const char *text);

/* Sessions that others build on. */
void clerk_queue(struct counter_session *s);
void clerk_case(struct counter_session *s);
void clerk_paid(struct counter_session *s);
void clerk_proposed(struct counter_session *s);

#endif
