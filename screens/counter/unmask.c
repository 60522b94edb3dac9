/*
 * screens/counter/unmask.c - [2114] show one field for half a minute, with a
 * reason that goes into the audit log.
 */
#include "flow/counter_request.h"
#include "screens/counter/common.h"
#include "screens/counter/screens.h"
#include "ui/text.h"

enum { FIELD, REASON };

static void
enter(struct counter_session *s)
{
	clerk_form(s);
	s->desk.unmask = -1;
	form_add_choice(&s->form, &s->desk.unmask, UF_COUNT);
	form_add_field(&s->form, &s->desk.reason);
}

static int
on_event(struct counter_session *s, const struct event *ev)
{
	int intent = clerk_form_event(s, ev);

	if (intent != CI_SUBMIT)
		return intent;
	if (s->desk.unmask < 0)
		clerk_fail(s, FIELD, "desk.choose.one");
	clerk_check_reason(s, REASON, &s->desk.reason);
	return clerk_wrong(s) ? CI_STAY : CI_SUBMIT;
}

static void
draw(const struct counter_session *s, struct page *p)
{
	clerk_head(s, p);
	page_prompt(p, T("desk.unmask.prompt"));
	page_text(p, T("desk.unmask.does"));
	clerk_case_line(s, p);
	page_gap(p);
	page_choice(p, T("desk.unmask.field"),
	    clerk_options(p, "desk.field", word_unmask, UF_COUNT), UF_COUNT,
	    s->desk.unmask, clerk_item_error(s, FIELD));
	clerk_reason(s, p, REASON, "desk.label.reason", &s->desk.reason);
	page_focus(p, s->form.at);
	clerk_foot(s, p, "desk.back", "desk.show");
}

const struct counter_view counter_unmask = { enter, on_event, draw };
