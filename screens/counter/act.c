/*
 * screens/counter/act.c - [2112] an action that needs a reason, or a sentence
 * for the customer.
 *
 * What was typed stays whatever the answer is; it goes with the case.
 */
#include <string.h>

#include "flow/counter_request.h"
#include "screens/counter/common.h"
#include "screens/counter/desk_words.h"
#include "screens/counter/screens.h"
#include "ui/text.h"

/* The customer reads the sentence of a return. */
static const struct field *
field_of(const struct desk *d)
{
	return strcmp(d->act, "return") == 0 ? &d->sentence : &d->reason;
}

static void
enter(struct counter_session *s)
{
	clerk_form(s);
	form_add_field(&s->form, strcmp(s->desk.act, "return") == 0
				     ? &s->desk.sentence
				     : &s->desk.reason);
}

static int
on_event(struct counter_session *s, const struct event *ev)
{
	const struct counter_act *act = counter_act_named(s->desk.act);
	int intent = clerk_form_event(s, ev);

	if (intent != CI_SUBMIT)
		return intent;
	if (act != NULL && act->reason == NEED_MUST)
		clerk_check_reason(s, 0, field_of(&s->desk));
	if (clerk_wrong(s) || !clerk_ready(s))
		return CI_STAY;
	return CI_SUBMIT;
}

static const char *
label_of(const struct desk *d)
{
	const struct counter_act *act = counter_act_named(d->act);

	if (strcmp(d->act, "return") == 0)
		return "desk.label.sentence";
	if (strcmp(d->act, "note") == 0)
		return "desk.label.note";
	if (strcmp(d->act, "reject") == 0)
		return "desk.label.told_reason";
	return act != NULL && act->reason == NEED_MUST ? "desk.label.reason"
						       : "desk.label.may";
}

static void
draw(const struct counter_session *s, struct page *p)
{
	const struct desk *d = &s->desk;

	clerk_head(s, p);
	page_prompt(p, desk_word(p, "desk.act", d->act));
	page_text(p, desk_word(p, "desk.act_does", d->act));
	clerk_case_line(s, p);
	if (strcmp(d->act, "approve") == 0 && d->missing > 0)
		page_say(p, ROLE_ERROR,
		    page_fill(p, T("desk.docs.still"),
			page_fmt(p, "%d", d->missing)));
	page_gap(p);
	clerk_people(s, p);
	clerk_reason(s, p, 0, label_of(d), field_of(d));
	page_focus(p, s->form.at);
	clerk_foot(s, p, "desk.back", "desk.submit");
}

const struct counter_view counter_act_form = { enter, on_event, draw };
