/*
 * screens/kiosk/fee.c - what it costs, why nothing when it is nothing, and
 * how to pay.
 */
#include "screens/kiosk/common.h"

#include <string.h>

#include "screens/kiosk/words.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

enum way { WAY_CARD, WAY_COUNTER, WAY_COUNT };

static bool
settled(const struct session *s)
{
	return s->kase.fee_won == 0 || kiosk_state(s, "PAID");
}

static bool
may_choose(const struct session *s)
{
	return !settled(s) && s->kase.fee_card;
}

/* Paid at the counter meanwhile: there is nothing to choose any more. */
static void
follow(struct session *s)
{
	if (may_choose(s) == (s->form.count > 0))
		return;
	kiosk_form(s);
	if (may_choose(s))
		form_add_picks(&s->form, WAY_COUNT);
}

static void
enter(struct session *s)
{
	kiosk_form(s);
	follow(s);
}

static bool
may_print(const struct session *s)
{
	return settled(s) && s->kase.paid[0] != '\0' && kiosk_prints(s);
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent;

	follow(s);
	intent = kiosk_event(s, ev, &did);
	if (event_is_key(ev, K_F6) && s->pending == REQ_NONE && may_print(s))
		return INTENT_PRINT;
	if (did == FORM_PICKED && s->form.at == WAY_CARD) {
		memset(&s->pay, 0, sizeof s->pay);
		return INTENT_PAY;
	}
	if (did == FORM_PICKED)
		return INTENT_OTHER;
	if (did != FORM_SUBMIT)
		return intent;
	return settled(s) ? kiosk_save(s) : INTENT_OTHER;
}

static const char *
amount(struct page *p, const struct case_view *c)
{
	return page_fill(p, T("fee.amount"), words_won(p, c->fee_won),
	    words_won(p, c->fee_vat));
}

static void
draw_free(const struct case_view *c, struct page *p)
{
	page_prompt(p, T("fee.free.prompt"));
	page_gap(p);
	kiosk_fact(p, "row.fee", T("fee.free"), NULL);
	kiosk_fact(p, "fee.reason",
	    c->waiver_key[0] != '\0' ? T(c->waiver_key)
				     : T("fee.reason.reissue"),
	    NULL);
	kiosk_fact(p, "row.case_no", c->case_no, NULL);
	page_gap(p);
	page_text(p, T("fee.next"));
}

static void
draw_paid(const struct session *s, struct page *p)
{
	const struct case_view *c = &s->kase;

	page_prompt(p, T("fee.paid.prompt"));
	page_gap(p);
	kiosk_fact(p, "row.fee", amount(p, c), NULL);
	if (c->paid[0] != '\0')
		kiosk_fact(p, "fee.how",
		    T(strcmp(c->paid, "card") == 0 ? "fee.how.card"
						   : "fee.how.cash"),
		    page_fmt(p, "%s %s", c->brand, c->pan));
	kiosk_fact(p, "fee.approval", c->approval, NULL);
	kiosk_fact(p, "row.case_no", c->case_no, NULL);
	page_gap(p);
	page_text(p, T(s->printed ? "print.done" : "fee.next"));
}

static void
draw_due(const struct session *s, struct page *p)
{
	const struct branch *b = kiosk_branch(s);

	page_prompt(p, T("fee.due.prompt"));
	page_gap(p);
	kiosk_fact(p, "row.fee", amount(p, &s->kase), NULL);
	kiosk_fact(p, "row.case_no", s->kase.case_no, NULL);
	page_gap(p);
	if (!may_choose(s)) {
		page_text(p, T("fee.due.do"));
		return;
	}
	page_menu(p, T("fee.card"), T("fee.card.sub"));
	page_menu(p, T("fee.counter"), T("fee.counter.sub"));
	if (strcmp(b->print, "out") == 0 || strcmp(b->print, "down") == 0)
		page_notice(p, T("fee.no_paper"));
}

static void
draw(const struct session *s, struct page *p)
{
	kiosk_head(s, p, STAGE_FEE);
	page_focus(p, s->form.at);
	if (s->kase.fee_won == 0)
		draw_free(&s->kase, p);
	else if (settled(s))
		draw_paid(s, p);
	else
		draw_due(s, p);
	kiosk_foot(s, p, NULL,
	    settled(s)	    ? "key.next"
	    : may_choose(s) ? "key.choose"
			    : "key.finish",
	    may_print(s) && !s->printed ? "key.print" : NULL);
}

const struct screen screen_fee = {
	.name = "fee",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
