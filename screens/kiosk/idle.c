/*
 * screens/kiosk/idle.c - overlay: are you still there?
 *
 * Any key goes on; when the count-down is over the visit ends.
 */
#include "screens/kiosk/common.h"

#include "screens/kiosk/screens.h"
#include "ui/text.h"

static int64_t
count_down(const struct session *s)
{
	return s->idle_left_ms > 0 ? s->idle_left_ms : IDLE_LEFT_MS;
}

static void
enter(struct session *s)
{
	s->idle_until_ms = s->now_ms + count_down(s);
}

static int
on_event(struct session *s, const struct event *ev)
{
	if (ev->kind == EV_KEY || ev->kind == EV_MOUSE)
		return INTENT_NEXT;
	if (ev->kind == EV_TICK && s->now_ms >= s->idle_until_ms)
		return INTENT_EXPIRE;
	return INTENT_STAY;
}

static void
draw(const struct session *s, struct page *p)
{
	int64_t ms = s->idle_until_ms - s->now_ms;
	int left = ms > 0 && ms <= count_down(s) ? (int)((ms + 999) / 1000) : 0;

	kiosk_head(s, p, STAGE_NONE);
	page_prompt(p, T("idle.prompt"));
	page_text(p, page_fill(p, T("idle.left"), page_fmt(p, "%d", left)));
	if (s->kase.case_no[0] != '\0')
		page_text(p, T("idle.kept"));
	page_foot(p, NULL, T("idle.go_on"), NULL);
}

const struct screen screen_idle = {
	.name = "idle",
	.idle_ms = 0,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
