/*
 * screens/counter.h - the clerk's screens, by their id in src/flow/counter.h.
 */
#ifndef SCREENS_COUNTER_H
#define SCREENS_COUNTER_H

#include "flow/counter_session.h"
#include "ui/event.h"
#include "ui/page.h"

/* As struct screen of ui/screen.h, over the clerk's session. */
struct counter_view {
	void (*enter)(struct counter_session *); /* may be NULL */
	/*
	 * Returns an enum counter_intent.  EV_AGENT tells that the session
	 * was changed by an answer: lists rebuild their form then.
	 */
	int (*on_event)(struct counter_session *, const struct event *);
	void (*draw)(const struct counter_session *, struct page *);
};

/* Never NULL for id < CS_COUNT; NULL for anything else. */
const struct counter_view *counter_view(enum counter_screen id);

#endif
