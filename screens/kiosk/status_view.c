/*
 * screens/kiosk/status_view.c - where an application stands, and going on with
 * it.
 */
#include "screens/kiosk/common.h"

#include <string.h>

#include "screens/kiosk/words.h"
#include "flow/answer.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

static void
enter(struct session *s)
{
	kiosk_form(s);
}

/* Where going on leads; INTENT_STAY when there is nothing left to do here. */
static int
resume(const struct session *s)
{
	enum intent intent = answer_case_intent(&s->kase);

	return intent == INTENT_AT_DONE || intent == INTENT_AT_COUNTER
		   ? INTENT_STAY
		   : (int)intent;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent = kiosk_event(s, ev, &did);

	if (event_is_key(ev, K_F5) && s->pending == REQ_NONE)
		return INTENT_NEXT;
	if (did != FORM_SUBMIT)
		return intent;
	intent = resume(s);
	if (intent == INTENT_STAY)
		return INTENT_NEXT;
	/* a report goes on as a reissue from where it stands */
	s->purpose = PURPOSE_REISSUE;
	return intent;
}

static void
draw_facts(const struct session *s, struct page *p)
{
	const struct case_view *c = &s->kase;

	kiosk_fact(p, "row.holder", c->holder, NULL);
	kiosk_fact(p, "row.certificate", words_product(c->product_key),
	    c->issuer_name);
	kiosk_fact(p, "row.loss_no", c->loss_no, NULL);
	kiosk_fact(p, "row.reported_at", words_moment(p, c->reported_at), NULL);
	kiosk_fact(p, "row.held_at", words_moment(p, c->held_at), NULL);
	kiosk_fact(p, "done.old", kiosk_old_status(p, c), NULL);
	kiosk_fact(p, "status_view.sentence", c->sentence, NULL);
	if (c->has_new)
		kiosk_fact(p, "done.new", words_status(p, c->new_status), NULL);
	if (kiosk_promised(s))
		kiosk_fact(p, "row.promise",
		    page_fill(p, T("parked.until"), words_day(p, c->promise)),
		    NULL);
}

/* The catalogue writes states in lower case: "case.state.held". */
static const char *
state_key(struct page *p, const char *state)
{
	char word[sizeof((struct case_view *)NULL)->state];
	size_t n = 0;

	for (; state[n] != '\0' && n < sizeof word - 1; n++)
		word[n] = state[n] >= 'A' && state[n] <= 'Z'
			      ? (char)(state[n] - 'A' + 'a')
			      : state[n];
	word[n] = '\0';
	return page_fmt(p, "case.state.%s", n > 0 ? word : "unknown");
}

static void
draw(const struct session *s, struct page *p)
{
	const struct case_view *c = &s->kase;
	const char *state = state_key(p, c->state);
	bool go_on = resume(s) != INTENT_STAY;

	kiosk_head(s, p, STAGE_STATUS);
	page_prompt(p, T(state));
	page_text(p, T(page_fmt(p, "%s.do", state)));
	page_gap(p);
	kiosk_fact(p, "row.case_no", c->case_no, NULL);
	draw_facts(s, p);
	kiosk_foot(s, p, "key.back", go_on ? "status_view.go_on" : "key.finish",
	    go_on ? "status_view.finish" : NULL);
}

const struct screen screen_status_view = {
	.name = "status_view",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
