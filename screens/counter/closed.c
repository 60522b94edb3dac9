/*
 * screens/counter/closed.c - no agent to talk to, or one that does not let
 * this user in.
 */
#include "screens/counter/common.h"
#include "screens/counter/screens.h"
#include "ui/text.h"

static void
enter(struct counter_session *s)
{
	clerk_form(s);
}

static int
on_event(struct counter_session *s, const struct event *ev)
{
	(void)s;
	return event_is_key(ev, K_F10) || event_is_key(ev, K_ENTER) ? CI_END
								    : CI_STAY;
}

static void
draw(const struct counter_session *s, struct page *p)
{
	clerk_head(s, p);
	page_gap(p);
	page_prompt(
	    p, T(s->refused ? "desk.closed.refused" : "desk.closed.wait"));
	page_text(p,
	    T(s->refused ? "desk.closed.refused.do" : "desk.closed.wait.do"));
	page_foot(p, NULL, T("desk.closed.end"), NULL);
}

const struct counter_view counter_closed = { enter, on_event, draw };
