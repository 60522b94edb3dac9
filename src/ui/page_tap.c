/*
 * ui/page_tap.c - taps and scrolling keys, before a screen sees them.
 */
#include "ui/page.h"

static void
scroll_by(struct page *p, int pages)
{
	int last = p->lines > p->shown ? p->lines - p->shown : 0;
	int by = p->shown > 1 ? p->shown - 1 : 1;

	p->scroll = p->first + pages * by;
	if (p->scroll > last)
		p->scroll = last;
	if (p->scroll < 0)
		p->scroll = 0;
}

static bool
hit(const struct page_tap *tap, const struct event *ev)
{
	return tap->row == ev->row && ev->col >= tap->from && ev->col < tap->to;
}

bool
page_tap(struct page *p, struct event *ev)
{
	if (ev->kind == EV_KEY && (ev->key == K_PGUP || ev->key == K_PGDN)) {
		scroll_by(p, ev->key == K_PGUP ? -1 : 1);
		return true;
	}
	if (ev->kind == EV_KEY)
		p->scroll = -1;
	if (ev->kind != EV_MOUSE)
		return false;
	for (int i = 0; i < p->tap_count; i++) {
		const struct page_tap *tap = &p->taps[i];

		if (!hit(tap, ev))
			continue;
		p->scroll = -1;
		ev->item = tap->item;
		ev->ch = tap->ch;
		if (tap->item < 0) {
			ev->kind = EV_KEY;
			ev->key = tap->key;
		}
		return false;
	}
	ev->kind = EV_NONE;
	return false;
}
