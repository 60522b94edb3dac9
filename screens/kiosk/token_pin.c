/*
 * screens/kiosk/token_pin.c - the PIN of the token that was chosen.
 */
#include "screens/kiosk/common.h"

#include "flow/phone.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

enum { ITEM_PIN };

static void
enter(struct session *s)
{
	field_wipe(&s->old_password);
	kiosk_form(s);
	form_add_field(&s->form, &s->old_password);
}

/* A certificate that only is not on its token yet is written again. */
static int
submit(struct session *s)
{
	if (field_is_empty(&s->old_password))
		kiosk_fail(s, ITEM_PIN, "token_pin.empty");
	if (kiosk_wrong(s))
		return INTENT_STAY;
	s->to = 1u << TO_TOKEN;
	return kiosk_state(s, "ISSUED") && phone_is_chosen(&s->kase, TO_TOKEN)
		   ? INTENT_RETRY
		   : INTENT_NEXT;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent = kiosk_event(s, ev, &did);

	return did == FORM_SUBMIT ? submit(s) : intent;
}

static void
draw(const struct session *s, struct page *p)
{
	const struct token_view *t = kiosk_token(s);

	kiosk_head(s, p, STAGE_SAVE);
	page_focus(p, s->form.at);
	page_prompt(p, T("token_pin.prompt"));
	page_gap(p);
	kiosk_fact(p, "token_pin.token", t->label, t->model);
	page_gap(p);
	page_field(p, T("token_pin.field"), &s->old_password, kiosk_tries(t),
	    kiosk_item_error(s, p, ITEM_PIN));
	page_gap(p);
	page_text(p, T("token_pin.why"));
	page_say(p, ROLE_NOTICE, T("token_pin.stay"));
	kiosk_foot(s, p, "key.back", "token_pin.next", NULL);
}

const struct screen screen_token_pin = {
	.name = "token_pin",
	.idle_ms = IDLE_ENTRY_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
