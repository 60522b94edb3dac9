/*
 * screens/kiosk/holding.c - the report is durable, the hold is not yet
 * confirmed.
 */
#include "screens/kiosk/common.h"

#include "screens/kiosk/words.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

enum { MAY_LEAVE_MS = 10000 };

static void
enter(struct session *s)
{
	kiosk_form(s);
}

/* Nobody is held up by a slow authority: the report is safe. */
static bool
may_leave(const struct session *s)
{
	return s->now_ms - s->entered_ms >= MAY_LEAVE_MS;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent = kiosk_event(s, ev, &did);

	if (did == FORM_SUBMIT && may_leave(s))
		return INTENT_OTHER;
	return intent;
}

static void
draw(const struct session *s, struct page *p)
{
	bool leave = may_leave(s);

	kiosk_head(s, p, STAGE_LOSS);
	page_prompt(p, T("holding.prompt"));
	page_text(p, T("holding.calm"));
	page_gap(p);
	page_task(p, TASK_DONE, T("holding.reported"),
	    words_moment(p, s->kase.reported_at));
	page_task(p, TASK_DOING, T("holding.asking"), T("holding.doing"));
	page_task(p, TASK_TODO, T("holding.confirming"), NULL);
	page_gap(p);
	kiosk_fact(p, "row.loss_no", s->kase.loss_no, NULL);
	kiosk_fact(p, "row.case_no", s->kase.case_no, NULL);
	if (leave) {
		page_gap(p);
		page_say(p, ROLE_NOTICE, T("holding.slow"));
	}
	kiosk_foot(s, p, NULL, leave ? "holding.leave" : NULL, NULL);
}

const struct screen screen_holding = {
	.name = "holding",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
