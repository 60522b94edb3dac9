/*
 * screens/kiosk/token.c - which security token; what is wrong with one is said
 * before its PIN is asked for.
 */
#include "screens/kiosk/common.h"

#include <string.h>

#include "screens/kiosk/screens.h"
#include "ui/text.h"

static void
build(struct session *s)
{
	kiosk_form(s);
	form_add_picks(&s->form, s->token_count);
}

/* Why it cannot be used, as an error's word; NULL: it can. */
static const char *
fault(const struct token_view *t)
{
	if (strcmp(t->pin, "locked") == 0)
		return "token.locked";
	if (!t->keys)
		return "token.mechanism";
	if (!t->writable)
		return "token.readonly";
	return t->full ? "token.full" : NULL;
}

static int
pick(struct session *s, int at)
{
	const char *why = fault(&s->tokens[at]);

	s->token_at = at;
	if (why == NULL)
		return INTENT_NEXT;
	kiosk_error(s, why);
	return INTENT_STAY;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent;

	if (s->form.count != s->token_count)
		build(s);
	intent = kiosk_event(s, ev, &did);
	if (s->pending != REQ_NONE)
		return intent;
	if (event_is_key(ev, K_F5))
		return INTENT_RETRY;
	return did == FORM_PICKED ? pick(s, s->form.at) : intent;
}

/* What there is to know before it is chosen. */
static const char *
note(const struct token_view *t)
{
	const char *why = fault(t);

	if (why == NULL && strcmp(t->pin, "ok") != 0)
		return T(
		    strcmp(t->pin, "last") == 0 ? "token.last" : "token.few");
	return why == NULL			  ? t->model
	       : strcmp(why, "token.full") == 0	  ? T("token.is_full")
	       : strcmp(why, "token.locked") == 0 ? T("token.is_locked")
						  : T("token.unfit");
}

static void
draw(const struct session *s, struct page *p)
{
	bool empty = s->token_count == 0;

	kiosk_head(s, p, STAGE_SAVE);
	page_focus(p, s->form.at);
	page_prompt(p, T(s->pending != REQ_NONE ? "token.looking"
			   : empty		? "token.none"
						: "token.prompt"));
	page_gap(p);
	for (int i = 0; i < s->token_count; i++)
		page_menu(p, s->tokens[i].label, note(&s->tokens[i]));
	if (empty)
		page_text(p, T("token.none.do"));
	page_gap(p);
	page_text(p, T("token.what"));
	kiosk_foot(
	    s, p, "key.back", empty ? NULL : "key.choose", "token.again");
}

const struct screen screen_token = {
	.name = "token",
	.idle_ms = IDLE_READ_MS,
	.enter = build,
	.on_event = on_event,
	.draw = draw,
};
