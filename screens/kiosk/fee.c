/*
 * screens/kiosk/fee.c - what it costs, and why nothing when it is nothing.
 */
#include "screens/kiosk/common.h"

#include "screens/kiosk/words.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

static void
enter(struct session *s)
{
	kiosk_form(s);
}

static bool
settled(const struct session *s)
{
	return s->kase.fee_won == 0 || kiosk_state(s, "PAID");
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent = kiosk_event(s, ev, &did);

	if (did != FORM_SUBMIT)
		return intent;
	return settled(s) ? INTENT_NEXT : INTENT_OTHER;
}

static void
draw_due(const struct case_view *c, struct page *p)
{
	kiosk_fact(p, "row.fee",
	    page_fill(p, T("fee.amount"), words_won(p, c->fee_won),
		words_won(p, c->fee_vat)),
	    NULL);
}

static void
draw(const struct session *s, struct page *p)
{
	const struct case_view *c = &s->kase;

	kiosk_head(s, p, STAGE_FEE);
	if (c->fee_won == 0) {
		page_prompt(p, T("fee.free.prompt"));
		page_gap(p);
		kiosk_fact(p, "row.fee", T("fee.free"), NULL);
		kiosk_fact(p, "fee.reason",
		    c->waiver_key[0] != '\0' ? T(c->waiver_key)
					     : T("fee.reason.reissue"),
		    NULL);
	} else {
		page_prompt(
		    p, T(settled(s) ? "fee.paid.prompt" : "fee.due.prompt"));
		page_gap(p);
		draw_due(c, p);
	}
	kiosk_fact(p, "row.case_no", c->case_no, NULL);
	page_gap(p);
	page_text(p, T(settled(s) ? "fee.next" : "fee.due.do"));
	kiosk_foot(s, p, NULL, settled(s) ? "key.next" : "key.finish", NULL);
}

const struct screen screen_fee = {
	.name = "fee",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
