/*
 * screens/kiosk/where.c - where the new certificate goes: one choice, asked
 * only when there is more than one.
 */
#include "screens/kiosk/common.h"

#include "screens/kiosk/screens.h"
#include "ui/text.h"

/* clang-format off */
static const struct option {
	const char	*title, *sub;
	unsigned	 to;	/* bits 1 << enum target */
} options[] = {
	{ "where.stick", "where.stick.sub", 1u << TO_STICK },
	{ "where.phone", "where.phone.sub", 1u << TO_PHONE },
	{ "where.both",	 "where.both.sub",  1u << TO_STICK | 1u << TO_PHONE },
	{ "where.token", "where.token.sub", 1u << TO_TOKEN },
};
/* clang-format on */

enum { OPTIONS = sizeof options / sizeof options[0] };

/* Only what can be had now. */
static int
offered(const struct session *s, const struct option *out[static OPTIONS])
{
	int n = 0;

	for (int i = 0; i < OPTIONS; i++) {
		unsigned to = options[i].to;
		if (((to & 1u << TO_PHONE) == 0 || kiosk_branch(s)->phone_ok) &&
		    ((to & 1u << TO_TOKEN) == 0 || kiosk_branch(s)->token_ok))
			out[n++] = &options[i];
	}
	return n;
}

bool
kiosk_asks_where(const struct session *s)
{
	const struct option *list[OPTIONS];

	return offered(s, list) > 1;
}

int
kiosk_save(struct session *s)
{
	s->to = 0;
	return kiosk_asks_where(s) ? INTENT_WHERE : INTENT_NEXT;
}

static void
enter(struct session *s)
{
	const struct option *list[OPTIONS];

	kiosk_form(s);
	form_add_picks(&s->form, offered(s, list));
}

static int
on_event(struct session *s, const struct event *ev)
{
	const struct option *list[OPTIONS];
	enum form_result did;
	int intent;

	if (s->form.count != offered(s, list))
		enter(s);
	intent = kiosk_event(s, ev, &did);
	if (did != FORM_PICKED)
		return intent;
	s->to = list[s->form.at]->to;
	return s->to == 1u << TO_TOKEN ? INTENT_TOKEN : INTENT_NEXT;
}

static void
draw(const struct session *s, struct page *p)
{
	const struct option *list[OPTIONS];
	int n = offered(s, list);

	kiosk_head(s, p, STAGE_SAVE);
	page_focus(p, s->form.at);
	page_prompt(p, T("where.prompt"));
	page_gap(p);
	for (int i = 0; i < n; i++)
		page_menu(p, T(list[i]->title), T(list[i]->sub));
	page_gap(p);
	page_text(p, T("where.same"));
	kiosk_foot(s, p, "key.back", "key.choose", NULL);
}

const struct screen screen_where = {
	.name = "where",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
