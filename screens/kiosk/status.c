/*
 * screens/kiosk/status.c - which application: its number, or the list of the
 * person's own.
 */
#include "screens/kiosk/common.h"

#include "screens/kiosk/screens.h"
#include "ui/text.h"

enum { CASE_DIGITS = 12 };

static void
enter(struct session *s)
{
	kiosk_form(s);
	form_add_field(&s->form, &s->case_no);
}

static int
submit(struct session *s)
{
	if (field_chars(&s->case_no) != CASE_DIGITS)
		kiosk_fail(s, 0, "status.case_no.length");
	return kiosk_wrong(s) ? INTENT_STAY : INTENT_NEXT;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent = kiosk_event(s, ev, &did);

	if (event_is_key(ev, K_F5) && s->pending == REQ_NONE)
		return INTENT_OTHER;
	return did == FORM_SUBMIT ? submit(s) : intent;
}

static void
draw(const struct session *s, struct page *p)
{
	kiosk_head(s, p, STAGE_STATUS);
	page_focus(p, s->form.at);
	page_prompt(p, T("status.prompt"));
	page_gap(p);
	page_field(p, T("row.case_no"), &s->case_no, T("status.hint"),
	    kiosk_item_error(s, p, 0));
	page_gap(p);
	page_text(p, T("status.forgotten"));
	kiosk_foot(s, p, "key.home", "status.look", "status.mine");
}

const struct screen screen_status = {
	.name = "status",
	.idle_ms = IDLE_ENTRY_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
