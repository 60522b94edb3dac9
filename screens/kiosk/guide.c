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
	enum form_result did;
	int intent = kiosk_event(s, ev, &did);

	return did == FORM_SUBMIT ? INTENT_NEXT : intent;
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
	page_row(p, T("guide.steps"), T("guide.steps.reissue"), NULL);
	page_row(p, T("guide.bring"), T("guide.bring.reissue"), NULL);
	page_row(p, T("guide.fee"), fee(s, p), NULL);
	page_row(p, T("guide.time"), T("guide.time.reissue"), NULL);
	page_row(p, T("guide.expiry"), T("guide.expiry.text"), NULL);
	page_row(p, T("guide.password"), T("guide.password.text"), NULL);
	page_row(p, T("guide.two"), T("guide.two.text"), NULL);
}

static void
draw_report(struct page *p)
{
	page_row(p, T("guide.steps"), T("guide.steps.report"), NULL);
	page_row(p, T("guide.bring"), T("guide.bring.report"), NULL);
	page_row(p, T("guide.time"), T("guide.time.report"), NULL);
	page_row(p, T("guide.two"), T("guide.two.text"), NULL);
	page_row(p, T("guide.found"), T("guide.found.text"), NULL);
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
	kiosk_foot(s, p, "key.back", "key.next", NULL);
}

const struct screen screen_guide = {
	.name = "guide",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
