/*
 * screens/kiosk/paying.c - the card terminal has the word; what it says, and
 * what came of it.
 */
#include "screens/kiosk/common.h"

#include <string.h>

#include "screens/kiosk/words.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

enum { MAY_LEAVE_MS = 20000 };

static void
enter(struct session *s)
{
	kiosk_form(s);
}

static bool
stands(const struct session *s, const char *state)
{
	return strcmp(s->pay.state, state) == 0;
}

/* Nothing was charged and nothing is under way. */
static bool
came_to_nothing(const struct session *s)
{
	return stands(s, "declined") || stands(s, "cancelled") ||
	       stands(s, "failed") || stands(s, "reversed");
}

/* The outcome is unknown or being taken back: no second payment before. */
static bool
open_ended(const struct session *s)
{
	return stands(s, "checking") || stands(s, "reversing");
}

static bool
may_leave(const struct session *s)
{
	return open_ended(s) && s->now_ms - s->entered_ms >= MAY_LEAVE_MS;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent = kiosk_event(s, ev, &did);

	if (s->pending != REQ_NONE)
		return intent;
	if (came_to_nothing(s)) {
		if (event_is_key(ev, K_F5))
			return INTENT_OTHER;
		if (did != FORM_SUBMIT)
			return intent;
		memset(&s->pay, 0, sizeof s->pay);
		return INTENT_RETRY;
	}
	if (did == FORM_SUBMIT && may_leave(s))
		return INTENT_NEXT;
	if (intent == INTENT_BACK)
		return open_ended(s) ? INTENT_STAY : INTENT_STOP;
	return intent;
}

static const char *
prompt(const struct session *s)
{
	/* clang-format off */
	static const struct { const char *state, *key; } rows[] = {
		{ "card",	"paying.card" },
		{ "checking",	"paying.checking" },
		{ "approved",	"paying.approved" },
		{ "declined",	"paying.declined" },
		{ "cancelled",	"paying.cancelled" },
		{ "failed",	"paying.failed" },
		{ "reversing",	"paying.reversing" },
		{ "reversed",	"paying.reversed" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (stands(s, rows[i].state))
			return T(rows[i].key);
	return T("paying.starting");
}

static void
draw(const struct session *s, struct page *p)
{
	const struct case_view *c = &s->kase;
	bool over = came_to_nothing(s);

	kiosk_head(s, p, STAGE_FEE);
	page_prompt(p, prompt(s));
	page_gap(p);
	kiosk_fact(p, "row.fee",
	    page_fill(p, T("fee.amount"), words_won(p, c->fee_won),
		words_won(p, c->fee_vat)),
	    NULL);
	kiosk_fact(p, "paying.terminal", s->pay.text, NULL);
	kiosk_fact(p, "row.case_no", c->case_no, NULL);
	page_gap(p);
	page_text(p, T(over		 ? "paying.again"
			 : open_ended(s) ? "paying.once"
					 : "paying.look"));
	if (may_leave(s))
		page_say(p, ROLE_NOTICE, T("paying.leave"));
	kiosk_foot(s, p,
	    over ? "key.back" : (open_ended(s) ? NULL : "paying.stop"),
	    over ? "paying.retry" : (may_leave(s) ? "key.finish" : NULL),
	    over ? "paying.counter" : NULL);
}

const struct screen screen_paying = {
	.name = "paying",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
