/*
 * screens/kiosk/factor_pick.c - how to prove it a second time.
 */
#include "screens/kiosk/common.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

/* clang-format off */
static const char *const names[FACTOR_COUNT] = {
	[FACTOR_PHONE] = "factor.phone", [FACTOR_QUESTION] = "factor.question",
	[FACTOR_ACCOUNT] = "factor.account",
};
/* clang-format on */

static void
enter(struct session *s)
{
	kiosk_form(s);
	form_add_picks(&s->form, s->factor_count);
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent = kiosk_event(s, ev, &did);

	if (did != FORM_PICKED)
		return intent;
	s->factor = s->form.at;
	return INTENT_NEXT;
}

static void
draw(const struct session *s, struct page *p)
{
	kiosk_head(s, p, STAGE_IDENTITY);
	page_focus(p, s->form.at);
	page_prompt(p, page_fill(p, T("factor_pick.prompt"), s->holder));
	page_text(p, T("factor_pick.why"));
	page_gap(p);
	for (int i = 0; i < s->factor_count; i++)
		page_menu(p, T(names[s->factors[i].kind]), s->factors[i].hint);
	page_gap(p);
	page_text(p, T("factor_pick.none"));
	kiosk_foot(s, p, "key.back", "key.choose", NULL);
}

const struct screen screen_factor_pick = {
	.name = "factor_pick",
	.idle_ms = IDLE_ENTRY_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
