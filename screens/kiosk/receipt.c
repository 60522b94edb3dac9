/*
 * screens/kiosk/receipt.c - the receipt number, and the end of the visit.
 */
#include "screens/kiosk/common.h"

#include <string.h>

#include "screens/kiosk/words.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

static void
enter(struct session *s)
{
	kiosk_form(s);
	s->printed = false;
	if (s->closed_unix == 0)
		s->closed_unix = s->now_unix;
}

static bool
may_print(const struct session *s)
{
	return s->kase.case_no[0] != '\0' && !s->printed && kiosk_prints(s);
}

static int
on_event(struct session *s, const struct event *ev)
{
	int intent = kiosk_read_event(s, ev);

	if (event_is_key(ev, K_F6) && s->pending == REQ_NONE && may_print(s))
		return INTENT_PRINT;
	return intent;
}

static const char *
closing(const struct session *s)
{
	if (kiosk_state(s, "DONE"))
		return T("receipt.done");
	if (strcmp(s->kase.hold, "confirmed") == 0)
		return T("receipt.held");
	if (strcmp(s->kase.hold, "pending") == 0)
		return T("receipt.pending");
	return T("receipt.kept");
}

static void
draw_certificates(const struct case_view *c, struct page *p)
{
	kiosk_fact(p, "row.certificate", words_product(c->product_key),
	    c->issuer_name);
	kiosk_fact(p, "done.old", kiosk_old_status(p, c), NULL);
	if (c->has_new)
		kiosk_fact(p, "done.new",
		    page_fmt(p, "%s  %s", words_status(p, c->new_status),
			page_fill(p, T("receipt.until"),
			    words_date(p, c->new_not_after))),
		    NULL);
}

static void
draw(const struct session *s, struct page *p)
{
	const struct case_view *c = &s->kase;

	kiosk_head(s, p, STAGE_DONE);
	if (c->case_no[0] == '\0') {
		page_prompt(p, T("receipt.thanks"));
		page_text(p, T(s->staff_called ? "parked.call" : "parked.go"));
	} else {
		page_prompt(p, page_fill(p, T("receipt.prompt"), c->case_no));
		page_text(p, closing(s));
		page_gap(p);
		kiosk_fact(p, "row.holder", c->holder, NULL);
		draw_certificates(c, p);
		kiosk_fact(p, "row.loss_no", c->loss_no, NULL);
		kiosk_fact(p, "row.reported_at",
		    words_moment(p, c->reported_at), NULL);
		if (kiosk_promised(s))
			kiosk_fact(
			    p, "row.promise", words_day(p, c->promise), NULL);
		kiosk_fact(p, "done.at", words_moment(p, s->closed_unix), NULL);
		page_gap(p);
		page_text(p, T(s->printed ? "print.done" : "receipt.ask"));
	}
	page_gap(p);
	page_text(p, T("receipt.forget"));
	kiosk_foot(s, p, NULL, "key.finish", may_print(s) ? "key.print" : NULL);
}

const struct screen screen_receipt = {
	.name = "receipt",
	.idle_ms = IDLE_ENTRY_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
