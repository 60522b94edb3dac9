/*
 * screens/counter/confirm.c - [2113] the second person: what somebody else has
 * proposed and why; agree or refuse, with a reason.
 */
#include <string.h>

#include "screens/counter/common.h"
#include "screens/counter/desk_words.h"
#include "screens/counter/screens.h"
#include "ui/text.h"

enum { AGREE, REASON };

static void
enter(struct counter_session *s)
{
	clerk_form(s);
	form_add_choice(&s->form, &s->desk.agree, 2);
	form_add_field(&s->form, &s->desk.reason);
}

/* The next of several proposals. */
static void
turn(struct counter_session *s)
{
	if (s->desk.proposal_count == 0)
		return;
	s->desk.proposal_at = (s->desk.proposal_at + 1) %
			      s->desk.proposal_count;
	s->desk.agree = -1;
}

static int
on_event(struct counter_session *s, const struct event *ev)
{
	int intent;

	if (event_is_key(ev, K_F3) && s->pending == CQ_NONE) {
		turn(s);
		return CI_STAY;
	}
	intent = clerk_form_event(s, ev);
	if (intent != CI_SUBMIT)
		return intent;
	if (s->desk.proposal_count == 0)
		return CI_BACK;
	if (s->desk.agree < 0)
		clerk_fail(s, AGREE, "desk.choose.one");
	if (s->desk.agree == 1)
		clerk_check_reason(s, REASON, &s->desk.reason);
	if (clerk_wrong(s) || !clerk_same(s))
		return CI_STAY;
	return CI_SUBMIT;
}

static void
draw_proposal(const struct counter_session *s, struct page *p)
{
	const struct desk *d = &s->desk;
	const struct desk_proposal *one = &d->proposals[d->proposal_at];

	page_row(p, T("desk.confirm.what"),
	    desk_word(p, "desk.act", one->action),
	    d->proposal_count > 1
		? page_fmt(p, "%d/%d", d->proposal_at + 1, d->proposal_count)
		: NULL);
	page_row(p, T("desk.confirm.by"),
	    page_fmt(p, "%s  %s", one->by, desk_time(p, one->at, s->now_unix)),
	    NULL);
	page_row(p, T("desk.confirm.why"), one->reason, NULL);
	for (int i = 0; i < one->detail_count; i++)
		page_row(p, desk_word(p, "desk.detail", one->details[i].name),
		    desk_word(p, "desk.value", one->details[i].value), NULL);
	page_row(p, T("desk.confirm.who"),
	    T(strcmp(one->level, "supervisor") == 0 ? "desk.confirm.supervisor"
						    : "desk.confirm.other"),
	    NULL);
	page_text(p, desk_word(p, "desk.act_does", one->action));
}

static void
draw(const struct counter_session *s, struct page *p)
{
	const char *options[] = { T("desk.agree"), T("desk.refuse") };

	clerk_head(s, p);
	page_prompt(p, T("desk.confirm.prompt"));
	clerk_case_line(s, p);
	if (s->desk.proposal_count > 0)
		draw_proposal(s, p);
	else
		page_text(p, T("desk.confirm.none"));
	page_gap(p);
	page_choice(p, T("desk.confirm.answer"), page_list(p, options, 2), 2,
	    s->desk.agree, clerk_item_error(s, AGREE));
	clerk_reason(s, p, REASON,
	    s->desk.agree == 1 ? "desk.label.reason" : "desk.label.may",
	    &s->desk.reason);
	page_focus(p, s->form.at);
	clerk_foot(s, p, "desk.back", "desk.submit");
}

const struct counter_view counter_confirm = { enter, on_event, draw };
