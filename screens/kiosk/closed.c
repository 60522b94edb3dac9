/*
 * screens/kiosk/closed.c - no agent: out of service, and where to go instead.
 */
#include "screens/kiosk/common.h"

#include "screens/kiosk/screens.h"
#include "ui/text.h"

static int
on_event(struct session *s, const struct event *ev)
{
	return event_is_key(ev, K_F3) ? INTENT_LANGUAGE : INTENT_STAY;
}

static void
draw(const struct session *s, struct page *p)
{
	const struct branch *b = kiosk_branch(s);

	kiosk_head(s, p, STAGE_NONE);
	page_prompt(p, T("closed.prompt"));
	page_text(p, T("closed.counter"));
	page_text(p, T("closed.lost"));
	page_gap(p);
	for (int i = 0; i < b->issuer_count && i < SESSION_ISSUERS; i++)
		page_row(p, b->issuers[i].name, b->issuers[i].phone, NULL);
	page_gap(p);
	page_text(p, T("closed.back"));
}

const struct screen screen_closed = {
	.name = "closed",
	.idle_ms = 0,
	.on_event = on_event,
	.draw = draw,
};
