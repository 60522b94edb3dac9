/*
 * screens/kiosk/staff.c - overlay: staff was called, staff is on the way.
 */
#include "screens/kiosk/common.h"

#include "screens/kiosk/screens.h"
#include "ui/text.h"

static int
on_event(struct session *s, const struct event *ev)
{
	if (ev->kind != EV_KEY)
		return INTENT_STAY;
	if (ev->key == K_ESC || ev->key == K_ENTER || ev->key == K_F2)
		return INTENT_BACK;
	return ev->key == K_F3 ? INTENT_LANGUAGE : INTENT_STAY;
}

static void
draw(const struct session *s, struct page *p)
{
	kiosk_head(s, p, STAGE_NONE);
	if (s->staff_coming)
		page_prompt(p, T("staff.coming"));
	else if (s->staff_called)
		page_prompt(p, T("staff.called"));
	else if (s->staff_failed)
		page_prompt(p, T("staff.failed"));
	else
		page_prompt(p, T("staff.calling"));
	page_text(p, T(s->staff_failed ? "staff.failed.do" : "staff.wait"));
	page_gap(p);
	page_say(p, ROLE_NOTICE, T("staff.never"));
	page_foot(p, NULL, T("staff.back"), NULL);
}

const struct screen screen_staff = {
	.name = "staff",
	.idle_ms = IDLE_READ_MS,
	.on_event = on_event,
	.draw = draw,
};
