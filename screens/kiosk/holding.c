/*
 * screens/kiosk/holding.c - the report is durable, the hold is not yet
 * confirmed.
 */
#include "screens/kiosk/common.h"

#include <string.h>

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
	return s->kase.problem_key[0] != '\0' ||
	       s->now_ms - s->entered_ms >= MAY_LEAVE_MS;
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

/* The authority said no: staff must look, and nothing is being done. */
static bool
refused(const struct session *s)
{
	return strcmp(s->kase.problem_key, "peer.ca_refused") == 0;
}

static void
draw_slow(const struct session *s, struct page *p)
{
	const char *problem = s->kase.problem_key;

	page_gap(p);
	if (refused(s)) {
		page_say(p, ROLE_NOTICE, T("problem.hold_refused.do"));
		return;
	}
	if (strcmp(problem, "peer.ca_answer") == 0)
		page_say(p, ROLE_ERROR, T("holding.ca_answer"));
	else if (problem[0] != '\0')
		page_say(p, ROLE_ERROR, kiosk_problem(p, problem, "what"));
	page_say(p, ROLE_NOTICE, T("holding.slow"));
}

static void
draw(const struct session *s, struct page *p)
{
	bool leave = may_leave(s), no = refused(s);

	kiosk_head(s, p, STAGE_LOSS);
	page_prompt(p, T(no ? "problem.hold_refused.what" : "holding.prompt"));
	page_text(p, T("holding.calm"));
	page_gap(p);
	page_task(p, TASK_DONE, T("holding.reported"),
	    words_moment(p, s->kase.reported_at));
	page_task(p, no ? TASK_FAILED : TASK_DOING, T("holding.asking"),
	    T(no ? "issuing.failed" : "holding.doing"));
	page_task(p, TASK_TODO, T("holding.confirming"), NULL);
	page_gap(p);
	kiosk_fact(p, "row.loss_no", s->kase.loss_no, NULL);
	kiosk_fact(p, "row.case_no", s->kase.case_no, NULL);
	if (leave)
		draw_slow(s, p);
	kiosk_foot(s, p, NULL, leave ? "holding.leave" : NULL, NULL);
}

const struct screen screen_holding = {
	.name = "holding",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
