/*
 * screens/kiosk/welcome.c - the attract screen and the menu.
 */
#include "screens/kiosk/common.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

static void
enter(struct session *s)
{
	kiosk_form(s);
	form_add_picks(&s->form, 6);
}

static int
pick(struct session *s, int item)
{
	/* clang-format off */
	static const struct {
		enum purpose	purpose;
		enum intent	intent;
	} jobs[] = {
		{ PURPOSE_REISSUE,	INTENT_REISSUE },
		{ PURPOSE_REPORT,	INTENT_REPORT },
		{ PURPOSE_STATUS,	INTENT_STATUS },
		{ PURPOSE_CHECK,	INTENT_CHECK },
		{ PURPOSE_NONE,		INTENT_HELP },
		{ PURPOSE_NONE,		INTENT_LANGUAGE },
	};
	/* clang-format on */

	if (item < 0 || item >= (int)(sizeof jobs / sizeof jobs[0]))
		return INTENT_STAY;
	s->purpose = jobs[item].purpose;
	return jobs[item].intent;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent;

	if (kiosk_scans(s, ev))
		return INTENT_SCAN;
	intent = kiosk_event(s, ev, &did);
	return did == FORM_PICKED ? pick(s, s->form.at) : intent;
}

static void
draw_hours(struct page *p, const struct branch *b)
{
	if (b->opens[0] == '\0')
		return;
	page_text(
	    p, page_fill(p, T(b->open_now ? "welcome.open" : "welcome.shut"),
		   b->opens, b->closes));
	if (b->open_now)
		page_text(p, page_fill(p, T("welcome.waiting"),
				 page_fmt(p, "%d", b->waiting)));
}

static void
draw_health(struct page *p, const struct branch *b)
{
	if (!b->registry_ok)
		page_error(p, T("welcome.no_registry.what"),
		    T("welcome.no_registry.do"));
	else if (!b->ca_ok)
		page_error(p, T("welcome.no_ca.what"), T("welcome.no_ca.do"));
	else if (!b->media_ok)
		page_error(
		    p, T("welcome.no_media.what"), T("welcome.no_media.do"));
	else if (b->practice)
		page_notice(p, T("welcome.practice"));
}

static void
draw(const struct session *s, struct page *p)
{
	const struct branch *b = kiosk_branch(s);

	kiosk_head(s, p, STAGE_NONE);
	page_focus(p, s->form.at);
	page_prompt(p, T("welcome.prompt"));
	page_text(p, T("welcome.calm"));
	page_gap(p);
	page_menu(p, T("welcome.reissue"), T("welcome.reissue.sub"));
	page_menu(p, T("welcome.report"), T("welcome.report.sub"));
	page_menu(p, T("welcome.status"), T("welcome.status.sub"));
	page_menu(p, T("welcome.check"), T("welcome.check.sub"));
	page_menu(p, T("welcome.help"), T("welcome.help.sub"));
	page_menu(p, T("welcome.language"), T("welcome.language.sub"));
	page_gap(p);
	if (s->scanner)
		page_text(p, T("welcome.scan"));
	draw_hours(p, b);
	draw_health(p, b);
	kiosk_foot(s, p, NULL, NULL, "welcome.foot");
}

const struct screen screen_welcome = {
	.name = "welcome",
	.idle_ms = IDLE_ENTRY_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
