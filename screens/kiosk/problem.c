/*
 * screens/kiosk/problem.c - where the case stands and how to go on; the hold
 * stays.
 */
#include "screens/kiosk/common.h"

#include <string.h>

#include "screens/kiosk/words.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

enum { PICK_RETRY, PICK_LATER, PICKS };

static void
enter(struct session *s)
{
	kiosk_form(s);
	form_add_picks(&s->form, PICKS);
}

/* The stick was at fault: another one may do. */
static bool
is_media(const char *key)
{
	return strstr(key, "media.") != NULL;
}

/* The key worker is gone and with it the password. */
static bool
needs_password(const struct session *s)
{
	return field_is_empty(&s->password);
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent = kiosk_event(s, ev, &did);

	if (did != FORM_PICKED)
		return intent;
	if (s->form.at == PICK_LATER)
		return INTENT_NEXT;
	return needs_password(s) ? INTENT_OTHER : INTENT_RETRY;
}

/*
 * The sentence of the problem: the case tells a text key of its own
 * ("problem.x") or an error code ("peer.ca_down").
 */
static const char *
sentence(struct page *p, const char *key, const char *part)
{
	const char *own = page_fmt(p, "%s.%s", key, part);
	const char *code = page_fmt(p, "err.%s.%s", key, part);

	if (key[0] != '\0' && text_has(own))
		return T(own);
	if (key[0] != '\0' && text_has(code))
		return T(code);
	return T(strcmp(part, "what") == 0 ? "problem.other.what"
					   : "problem.other.do");
}

/* What is true of the case now, as one sentence. */
static const char *
standing(const struct session *s)
{
	if (kiosk_state(s, "ISSUED"))
		return T("problem.at.issued");
	if (kiosk_state(s, "PREPARED"))
		return T("problem.at.prepared");
	if (kiosk_state(s, "DELIVERED"))
		return T("problem.at.delivered");
	return T(s->kase.has_fee ? "problem.at.applied" : "problem.at.held");
}

static void
draw(const struct session *s, struct page *p)
{
	const struct case_view *c = &s->kase;

	kiosk_head(s, p, STAGE_SAVE);
	page_focus(p, s->form.at);
	page_prompt(p, sentence(p, c->problem_key, "what"));
	page_text(p, sentence(p, c->problem_key, "do"));
	page_gap(p);
	page_menu(p,
	    T(is_media(c->problem_key) ? "problem.other_stick"
				       : "problem.retry"),
	    NULL);
	page_menu(p, T("problem.leave"), T("problem.leave.sub"));
	page_gap(p);
	kiosk_fact(p, "problem.stands", standing(s), NULL);
	if (strcmp(c->hold, "confirmed") == 0)
		kiosk_fact(p, "problem.old", T("problem.hold_stays"), NULL);
	kiosk_fact(p, "row.case_no", c->case_no, NULL);
	page_gap(p);
	page_text(p, T("problem.later"));
	kiosk_foot(s, p, NULL, "key.choose", NULL);
}

const struct screen screen_problem = {
	.name = "problem",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
