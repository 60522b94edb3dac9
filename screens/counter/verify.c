/*
 * screens/counter/verify.c - [2302] whether the audit log holds together, as
 * the agent finds by reading all of it.
 */
#include <string.h>

#include "screens/counter/common.h"
#include "screens/counter/screens.h"
#include "ui/text.h"

enum { AGAIN_MS = 1000 };

static void
enter(struct counter_session *s)
{
	clerk_form(s);
	s->audit.state[0] = '\0';
}

static int
on_event(struct counter_session *s, const struct event *ev)
{
	enum form_result did;
	bool checking = strcmp(s->audit.state, "checking") == 0;

	if (ev->kind == EV_TICK && checking &&
	    s->now_ms - s->audit.verify_ms >= AGAIN_MS) {
		s->audit.verify_ms = s->now_ms;
		return CI_REFRESH;
	}
	if (event_is_key(ev, K_F5))
		return CI_REFRESH;
	return clerk_event(s, ev, &did);
}

static void
draw(const struct counter_session *s, struct page *p)
{
	const struct audit_view *v = &s->audit;
	const char *rows = page_fmt(p, "%lld", (long long)v->checked_rows);
	const char *seq = page_fmt(p, "%lld", (long long)v->bad_seq);

	clerk_head(s, p);
	if (v->state[0] == '\0')
		page_text(p, T("desk.asking"));
	else if (strcmp(v->state, "good") == 0) {
		page_prompt(p, page_fill(p, T("desk.verify.good"), rows));
		page_text(p, T("desk.verify.good.means"));
	} else if (strcmp(v->state, "checking") == 0) {
		page_prompt(p, T("desk.verify.checking"));
		page_text(p, page_fill(p, T("desk.verify.so_far"), rows));
	} else {
		page_say(
		    p, ROLE_ERROR, page_fill(p, T("desk.verify.bad"), seq));
		page_text(p, T("desk.verify.bad.do"));
	}
	clerk_foot(s, p, "desk.back", NULL);
}

const struct counter_view counter_verify = { enter, on_event, draw };
