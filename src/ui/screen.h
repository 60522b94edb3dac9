/*
 * ui/screen.h - a screen is a table of pure functions.
 *
 * No terminal, clock, file or allocation is in sight of a screen: it edits the
 * session on an event, answers an intent, and describes itself to a page.
 */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include <stdint.h>

#include "ui/event.h"
#include "ui/page.h"

struct session; /* src/flow defines it */

struct screen {
	const char *name;		 /* also the stem of its golden files */
	uint32_t idle_ms;		 /* 0: never times out */
	void (*enter)(struct session *); /* may be NULL */
	/* Returns an enum intent of src/flow. */
	int (*on_event)(struct session *, const struct event *);
	/* Calls page_head() first; the loop calls page_begin and page_end. */
	void (*draw)(const struct session *, struct page *);
};

#endif
