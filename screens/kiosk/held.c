/*
 * screens/kiosk/held.c - the authority confirmed: the old certificate is
 * stopped.
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
}

static bool
confirmed(const struct session *s)
{
	return strcmp(s->kase.hold, "confirmed") == 0;
}

/* Nothing was left to stop: it had been revoked before. */
static bool
revoked(const struct session *s)
{
	return strcmp(s->kase.old_status, "revoked") == 0;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent = kiosk_event(s, ev, &did);
	bool report = s->purpose == PURPOSE_REPORT;

	if (s->pending != REQ_NONE)
		return intent;
	if (event_is_key(ev, K_F5) && report)
		s->purpose = PURPOSE_REISSUE;
	else if (!event_is_key(ev, K_F5) && did != FORM_SUBMIT)
		return intent;
	/* Enter goes the way the visitor came for, F5 the other one */
	return report == (did == FORM_SUBMIT) ? INTENT_OTHER : INTENT_NEXT;
}

static void
draw_facts(const struct session *s, struct page *p)
{
	const struct case_view *c = &s->kase;

	kiosk_fact(p, "row.certificate",
	    page_fmt(p, "%s  %s  %s", c->holder, words_product(c->product_key),
		c->issuer_name),
	    NULL);
	kiosk_fact(p, "row.status", words_status(p, c->old_status),
	    revoked(s) ? NULL : T("held.restore"));
	kiosk_fact(p, "row.expiry",
	    words_expiry(p, c->old_not_after, c->old_days_left),
	    T("held.same_expiry"));
	kiosk_fact(p, "row.held_at", words_moment(p, c->held_at), NULL);
	kiosk_fact(p, "row.loss_no", c->loss_no, NULL);
	kiosk_fact(p, "row.case_no", c->case_no, NULL);
}

static void
draw(const struct session *s, struct page *p)
{
	bool report = s->purpose == PURPOSE_REPORT;

	kiosk_head(s, p, STAGE_LOSS);
	if (!confirmed(s)) {
		page_prompt(p, T("holding.prompt"));
		page_text(p, T("holding.calm"));
	} else {
		page_prompt(
		    p, T(revoked(s) ? "held.prompt.revoked" : "held.prompt"));
		page_text(p, T("held.calm"));
	}
	page_gap(p);
	draw_facts(s, p);
	page_gap(p);
	page_text(p, T(report ? "held.end" : "held.next"));
	kiosk_foot(s, p, NULL, report ? "key.finish" : "held.go",
	    report ? "held.reissue" : "held.only");
}

const struct screen screen_held = {
	.name = "held",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
