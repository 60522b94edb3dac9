/*
 * states.h - visits standing on each screen, as golden files show them.
 *
 * Everybody here is invented; the clock always says 2026-11-22 14:05:09 KST.
 */
#ifndef STATES_H
#define STATES_H

#include <stddef.h>
#include <stdint.h>

#include "flow/session.h"

enum { STATE_NOW_MS = 1000000 };

struct state {
	const char *name; /* stem of the golden file */
	enum screen_id screen;
	void (*set)(struct session *);	/* before enter(), NULL for nothing */
	void (*then)(struct session *); /* after enter(), NULL for nothing */
};

extern const struct state states[];
extern const size_t state_count;

/* What is never drawn, spoken or left behind. */
extern const char state_number[], state_password[];

/* An empty visit at the fixed time, at a branch that works. */
void state_begin(struct session *s, struct ime *ime);

/* The visit of `st`, its screen entered. */
void state_make(struct session *s, struct ime *ime, const struct state *st);
/* The same by the state's name. */
void state_stand(struct session *s, struct ime *ime, const char *name);

/* One key, one typed text, as the loop would give them to the screen. */
int state_key(struct session *s, enum key key);
void state_type(struct session *s, const char *text);
/* Time passes, in ms; the screen gets its tick. */
int state_tick(struct session *s, int64_t ms);

#endif
