/*
 * screens/kiosk/guide.c - how it goes and what to bring, before anything is
 * typed.
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

static int
on_event(struct session *s, const struct event *ev)
{
	return kiosk_scans(s, ev) ? INTENT_SCAN : kiosk_read_event(s, ev);
}

static const char *
fee(const struct session *s, struct page *p)
{
	const struct branch *b = kiosk_branch(s);

	if (!b->fee_known)
		return T("guide.fee.later");
	if (b->fee_won == 0)
		return T("guide.fee.free");
	return page_fill(p, T("guide.fee.won"), words_won(p, b->fee_won));
}

static void
draw_reissue(const struct session *s, struct page *p)
{
	kiosk_fact(p, "guide.steps", T("guide.steps.reissue"), NULL);
	kiosk_fact(p, "guide.bring", T("guide.bring.reissue"), NULL);
	kiosk_fact(p, "guide.fee", fee(s, p), NULL);
	kiosk_fact(p, "guide.time", T("guide.time.reissue"), NULL);
	kiosk_fact(p, "guide.expiry", T("guide.expiry.text"), NULL);
	kiosk_fact(p, "guide.password", T("guide.password.text"), NULL);
	kiosk_fact(p, "guide.two", T("guide.two.text"), NULL);
}

static void
draw_report(struct page *p)
{
	kiosk_fact(p, "guide.steps", T("guide.steps.report"), NULL);
	kiosk_fact(p, "guide.bring", T("guide.bring.report"), NULL);
	kiosk_fact(p, "guide.time", T("guide.time.report"), NULL);
	kiosk_fact(p, "guide.two", T("guide.two.text"), NULL);
	kiosk_fact(p, "guide.found", T("guide.found.text"), NULL);
}

static void
draw(const struct session *s, struct page *p)
{
	bool report = s->purpose == PURPOSE_REPORT;

	kiosk_head(s, p, STAGE_GUIDE);
	page_prompt(p, T(report ? "guide.prompt.report" : "guide.prompt"));
	page_text(p, T("guide.calm"));
	page_gap(p);
	if (report)
		draw_report(p);
	else
		draw_reissue(s, p);
	page_gap(p);
	page_say(p, ROLE_NOTICE, T("guide.fraud"));
	kiosk_foot(
	    s, p, "key.back", "key.next", s->scanner ? "key.scan" : NULL);
}

const struct screen screen_guide = {
	.name = "guide",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
