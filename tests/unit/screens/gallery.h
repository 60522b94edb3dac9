/*
 * gallery.h - the screens of one terminal in every state that matters: drawn
 * as text, compared with their golden files, and what must hold of each.
 */
#ifndef GALLERY_H
#define GALLERY_H

#include "ui/event.h"
#include "ui/frame.h"
#include "ui/page.h"

enum { LANGUAGES = 2, GALLERY_SIZES = 4 };

struct gallery {
	const char *folder; /* of tests/golden */
	struct {
		int rows, cols;
	} sizes[GALLERY_SIZES]; /* the first is drawn with its styles */
	size_t size_count, count;
	bool spoken;		       /* golden too */
	const char *(*make)(size_t i); /* stand in state i; its name */
	void (*draw)(struct page *);   /* the screen one stands on */
};

extern const char *const languages[LANGUAGES];

/* The picture drawn last, and it as text. */
extern struct page page;
extern struct frame frame;
extern char dump[FRAME_DUMP_MAX];

/* Draw; `name` tells states apart by its address. */
void gallery_draw(const struct gallery *g, const char *name, size_t size,
    enum frame_dump how);

/*
 * All states in both languages and all sizes are as their golden files
 * FOLDER/STATE.LANGUAGE say.
 */
void gallery_is_golden(const struct gallery *g);

/* No piece of a screen overflows its page, and the focus is in sight. */
void gallery_fits(const struct gallery *g);

/* Something that may happen to any screen, taps beside its items included. */
struct event gallery_random(unsigned *seed, int64_t now_ms);

#endif
