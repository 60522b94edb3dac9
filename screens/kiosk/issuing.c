/*
 * screens/kiosk/issuing.c - seven durable steps, one line each; nobody walks
 * out here.
 */
#include "screens/kiosk/common.h"

#include <string.h>

#include "flow/phone.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

static void
enter(struct session *s)
{
	kiosk_form(s);
}

/* clang-format off */
static const char *const names[STEP_COUNT] = {
	[STEP_KEY] = "issuing.key",	[STEP_REQUEST] = "issuing.request",
	[STEP_CHECK] = "issuing.check",	[STEP_CONFIRM] = "issuing.confirm",
	[STEP_REVOKE] = "issuing.revoke",
};
static const struct {
	const char	*word;
	enum task_state	 state;
	const char	*said;
} states[] = {
	{ "done",	TASK_DONE,	"issuing.done" },
	{ "doing",	TASK_DOING,	"issuing.doing" },
	{ "failed",	TASK_FAILED,	"issuing.failed" },
};
/* clang-format on */

/* What must not be taken away, and where two of the steps happen. */
static const struct {
	const char *prompt, *write, *prove;
} ways[TO_COUNT] = {
	[TO_STICK] = { "issuing.prompt", "issuing.write", "issuing.prove" },
	[TO_PHONE] = { "issuing.prompt.phone", "issuing.write.phone",
	    "issuing.prove.phone" },
	[TO_TOKEN] = { "issuing.prompt.token", "issuing.write.token",
	    "issuing.prove.token" },
};

static const char *
name_of(enum target way, int step)
{
	return step == STEP_WRITE   ? ways[way].write
	       : step == STEP_PROVE ? ways[way].prove
				    : names[step];
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;

	/* nothing to choose: only help and staff lead anywhere */
	if (event_is_key(ev, K_F10))
		return INTENT_STAY;
	return kiosk_event(s, ev, &did);
}

static void
draw_step(const struct progress *step, struct page *p, const char *name)
{
	enum task_state state = TASK_TODO;
	const char *said = NULL;

	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
		if (strcmp(step->status, states[i].word) != 0)
			continue;
		state = states[i].state;
		said = T(states[i].said);
	}
	if (state == TASK_DOING && step->percent > 0)
		said = page_fmt(p, "%s  %d %%", said, step->percent);
	page_task(p, state, name, said);
}

static void
draw(const struct session *s, struct page *p)
{
	enum target way = kiosk_way(s, phone_is_chosen);

	kiosk_head(s, p, STAGE_SAVE);
	page_prompt(p, T(ways[way].prompt));
	page_gap(p);
	for (int i = 0; i < STEP_COUNT; i++)
		draw_step(&s->progress[i], p, T(name_of(way, i)));
	page_gap(p);
	page_say(p, ROLE_NOTICE, T("issuing.keep"));
	kiosk_foot(s, p, NULL, NULL, "issuing.foot");
}

const struct screen screen_issuing = {
	.name = "issuing",
	.idle_ms = 0,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
