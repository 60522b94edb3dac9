/*
 * screens/kiosk/problem.c - where the case stands and how to go on; the hold
 * stays.
 */
#include "screens/kiosk/common.h"

#include <string.h>

#include "flow/phone.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

/* The stick was at fault: another one may do. */
static bool
is_media(const char *key)
{
	return strstr(key, "media.") != NULL;
}

/*
 * What trying again means here.  A certificate that is only not saved yet is
 * saved again; else it is made again, under a password chosen again, for
 * nobody kept the first.  INTENT_STAY: nothing the customer could do.
 */
static int
retry(const struct session *s)
{
	const char *key = s->kase.problem_key;

	/* the certificate's key is on a token: only there it can go */
	if (kiosk_state(s, "ISSUED") && phone_is_chosen(&s->kase, TO_TOKEN))
		return INTENT_TOKEN;
	if (kiosk_state(s, "PAID") && strncmp(key, "token.", 6) == 0 &&
	    strcmp(key, "token.locked") != 0)
		return INTENT_TOKEN;
	if (kiosk_state(s, "ISSUED"))
		return is_media(key) ? INTENT_RETRY : INTENT_OTHER;
	/* applied for, and the branch could not keep what follows */
	if (kiosk_state(s, "APPLIED") || kiosk_state(s, "APPROVED"))
		return INTENT_APPLY;
	if (kiosk_state(s, "PREPARED") || kiosk_state(s, "WITHDRAWING"))
		return INTENT_OTHER;
	if (kiosk_state(s, "PAID") && strcmp(key, "problem.attempts") != 0)
		return INTENT_OTHER;
	return INTENT_STAY;
}

/* The stick was at fault, and there is another way. */
static bool
may_phone(const struct session *s)
{
	return retry(s) == INTENT_RETRY && kiosk_branch(s)->phone_ok &&
	       !phone_is_done(&s->kase, TO_PHONE);
}

/* Retry, the phone, leave. */
static int
ways(const struct session *s)
{
	return (retry(s) == INTENT_STAY ? 1 : 2) + (may_phone(s) ? 1 : 0);
}

static void
enter(struct session *s)
{
	kiosk_form(s);
	form_add_picks(&s->form, ways(s));
}

static int
picked(struct session *s)
{
	if (s->form.at + 1 == s->form.count)
		return INTENT_NEXT;
	if (s->form.at == 0 && retry(s) == INTENT_OTHER)
		return kiosk_save(s) == INTENT_WHERE ? INTENT_WHERE
						     : INTENT_OTHER;
	if (s->form.at == 0)
		return retry(s);
	s->to = 1u << TO_PHONE;
	return INTENT_PHONE;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent;

	if (s->form.count != ways(s))
		enter(s);
	intent = kiosk_event(s, ev, &did);
	return did == FORM_PICKED ? picked(s) : intent;
}

/* What is true of the case now, as one sentence. */
static const char *
standing(const struct session *s)
{
	/* clang-format off */
	static const struct { const char *state, *key; } known[] = {
		{ "REPORTED",	 "problem.at.reported" },
		{ "HELD",	 "problem.at.held" },
		{ "APPLIED",	 "problem.at.applied" },
		{ "APPROVED",	 "problem.at.applied" },
		{ "PAID",	 "problem.at.applied" },
		{ "PREPARED",	 "problem.at.prepared" },
		{ "ISSUED",	 "problem.at.issued" },
		{ "WITHDRAWING", "problem.at.withdrawing" },
		{ "DELIVERED",	 "problem.at.delivered" },
		{ "CONFIRMED",	 "problem.at.confirmed" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (kiosk_state(s, known[i].state))
			return T(known[i].key);
	return "";
}

static void
draw_ways(const struct session *s, struct page *p)
{
	if (retry(s) == INTENT_STAY) {
		page_menu(p, T("problem.finish"), T("problem.leave.sub"));
		return;
	}
	page_menu(p,
	    T(is_media(s->kase.problem_key) ? "problem.other_stick"
		: retry(s) == INTENT_TOKEN  ? "problem.token"
					    : "problem.retry"),
	    NULL);
	if (may_phone(s))
		page_menu(p, T("problem.phone"), NULL);
	page_menu(p, T("problem.leave"), T("problem.leave.sub"));
}

static void
draw(const struct session *s, struct page *p)
{
	const struct case_view *c = &s->kase;

	kiosk_head(s, p, retry(s) == INTENT_APPLY ? STAGE_FEE : STAGE_SAVE);
	page_focus(p, s->form.at);
	page_prompt(p, kiosk_problem(p, c->problem_key, "what"));
	page_text(p, kiosk_problem(p, c->problem_key, "do"));
	page_gap(p);
	draw_ways(s, p);
	page_gap(p);
	kiosk_fact(p, "problem.stands", standing(s), NULL);
	if (strcmp(c->hold, "confirmed") == 0 && !kiosk_state(s, "CONFIRMED"))
		kiosk_fact(p, "problem.old", T("problem.hold_stays"), NULL);
	kiosk_fact(p, "row.case_no", c->case_no, NULL);
	if (retry(s) != INTENT_STAY) {
		page_gap(p);
		page_text(p, T("problem.later"));
	}
	kiosk_foot(s, p, NULL, "key.choose", NULL);
}

const struct screen screen_problem = {
	.name = "problem",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
