/*
 * screens/counter/lock.c - [2900] nobody was here for a while: the case is
 * left and everything is wiped.
 *
 * Who sits down next is not known, so the lock does not open again: Enter
 * ends the program and with it the SSH session, and who comes in is asked by
 * sshd.  In practice, where nobody has signed in, it opens.
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
	if (!event_is_key(ev, K_ENTER))
		return CI_STAY;
	return s->alone ? CI_UNLOCK : CI_END;
}

static void
draw(const struct counter_session *s, struct page *p)
{
	clerk_head(s, p);
	page_gap(p);
	page_prompt(p, T("desk.lock.prompt"));
	page_text(p, T("desk.lock.left"));
	page_gap(p);
	page_text(p, T(s->alone ? "desk.lock.open" : "desk.lock.again"));
	clerk_foot(s, p, NULL, s->alone ? "desk.lock.enter" : "desk.lock.out");
}

const struct counter_view counter_lock = { enter, on_event, draw };
