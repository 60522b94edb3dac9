/*
 * screens/kiosk/digits.c - the six digits that the customer's phone shows.
 */
#include "screens/kiosk/common.h"

#include "flow/phone.h"
#include "screens/kiosk/screens.h"
#include "screens/kiosk/words.h"
#include "ui/text.h"

enum { DIGITS = 6 };

static void
enter(struct session *s)
{
	field_wipe(&s->digits);
	kiosk_form(s);
	form_add_field(&s->form, &s->digits);
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent;

	/* refused: they are typed anew */
	if (s->error[0] != '\0' && s->pending == REQ_NONE &&
	    field_chars(&s->digits) == DIGITS && ev->kind == EV_KEY)
		field_wipe(&s->digits);
	intent = kiosk_event(s, ev, &did);
	if (s->pending == REQ_NONE && event_is_key(ev, K_F5)) {
		phone_forget(s);
		return INTENT_RETRY;
	}
	if (did != FORM_SUBMIT)
		return intent;
	if (field_chars(&s->digits) == DIGITS)
		return INTENT_NEXT;
	kiosk_fail(s, 0, "digits.length");
	(void)kiosk_wrong(s);
	return INTENT_STAY;
}

static void
draw(const struct session *s, struct page *p)
{
	int64_t left = s->handoff.until_ms - s->now_ms;

	kiosk_head(s, p, STAGE_SAVE);
	page_focus(p, s->form.at);
	page_prompt(p, T("digits.prompt"));
	page_text(p, T("digits.only"));
	page_gap(p);
	page_field(p, T("digits.label"), &s->digits,
	    left > 0 ? page_fill(p, T("phone.left"), words_time_left(p, left))
		     : T("factor.over"),
	    kiosk_item_error(s, p, 0));
	if (left > 0)
		page_running_hint(p, words_time_spoken(p, left));
	page_gap(p);
	page_say(p, ROLE_NOTICE, T("phone.never"));
	if (s->handoff.elsewhere)
		page_notice(p, T("phone.elsewhere"));
	kiosk_foot(s, p, "key.back", "key.next", "phone.new");
}

const struct screen screen_digits = {
	.name = "digits",
	.idle_ms = IDLE_PHONE_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
