/*
 * screens/counter/reprint.c - [2150] a slip or form once more.
 */
#include "flow/counter_request.h"
#include "screens/counter/common.h"
#include "screens/counter/screens.h"
#include "ui/text.h"

static void
enter(struct counter_session *s)
{
	clerk_form(s);
	form_add_choice(&s->form, &s->desk.kind, RK_COUNT);
}

static int
on_event(struct counter_session *s, const struct event *ev)
{
	int intent = clerk_form_event(s, ev);

	if (intent != CI_SUBMIT)
		return intent;
	if (s->desk.kind < 0)
		clerk_fail(s, 0, "desk.choose.one");
	if (clerk_wrong(s) || !clerk_ready(s))
		return CI_STAY;
	return CI_SUBMIT;
}

static void
draw(const struct counter_session *s, struct page *p)
{
	clerk_head(s, p);
	page_prompt(p, T("desk.act.reprint"));
	page_text(p, T("desk.act_does.reprint"));
	clerk_case_line(s, p);
	page_gap(p);
	page_choice(p, T("desk.label.paper"),
	    clerk_options(p, "desk.paper", word_reprint, RK_COUNT), RK_COUNT,
	    s->desk.kind, clerk_item_error(s, 0));
	page_focus(p, s->form.at);
	clerk_foot(s, p, "desk.back", "desk.submit");
}

const struct counter_view counter_reprint = { enter, on_event, draw };
