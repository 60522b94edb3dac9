/*
 * screens/counter/prove.c - [2303] the proof that a row is in the audit log,
 * to be checked by anybody with `dasi audit verify`.
 */
#include "screens/counter/common.h"
#include "screens/counter/screens.h"
#include "ui/text.h"

static void
enter(struct counter_session *s)
{
	clerk_form(s);
	form_add_field(&s->form, &s->seq);
	s->audit.proven = false;
}

static int
on_event(struct counter_session *s, const struct event *ev)
{
	enum form_result did;
	int intent;

	if (s->audit.proven &&
	    (event_is_key(ev, K_F9) || event_is_key(ev, K_HANGUL)))
		return CI_CSV;
	intent = clerk_event(s, ev, &did);
	if (did != FORM_SUBMIT)
		return intent;
	if (field_is_empty(&s->seq)) {
		clerk_fail(s, 0, "desk.prove.which");
		return CI_STAY;
	}
	return CI_SUBMIT;
}

static void
draw(const struct counter_session *s, struct page *p)
{
	const struct audit_view *v = &s->audit;

	clerk_head(s, p);
	page_field(p, T("desk.audit.seq"), &s->seq, T("desk.prove.hint"),
	    clerk_item_error(s, 0));
	page_gap(p);
	if (v->proven) {
		page_say(p, ROLE_NOTICE,
		    page_fill(p, T("desk.prove.good"),
			page_fmt(p, "%lld", (long long)v->proof_seq)));
		page_gap(p);
		page_text(p, v->checkpoint);
		page_gap(p);
		page_say(p, ROLE_DIM, v->compact);
	}
	page_focus(p, 0);
	clerk_foot(s, p, "desk.back", "desk.ask");
}

const struct counter_view counter_prove = { enter, on_event, draw };
