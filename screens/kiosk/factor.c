/*
 * screens/kiosk/factor.c - the second proof: a phone code, an answer, or
 * account and PIN.
 */
#include "screens/kiosk/common.h"
#include "screens/kiosk/words.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

enum { CODE_DIGITS = 6, PIN_DIGITS = 4 };

static enum factor_kind
kind(const struct session *s)
{
	return s->factor >= 0 && s->factor < SESSION_FACTORS
		   ? s->factors[s->factor].kind
		   : FACTOR_PHONE;
}

static void
enter(struct session *s)
{
	field_wipe(&s->factor_answer);
	field_wipe(&s->factor_account);
	kiosk_form(s);
	if (kind(s) == FACTOR_QUESTION) {
		field_init(&s->factor_answer,
		    (struct field_spec){
			.kind = FIELD_TEXT, .max_chars = 40, .cols = 24 });
	} else if (kind(s) == FACTOR_PHONE) {
		field_init(&s->factor_answer,
		    (struct field_spec){
			.kind = FIELD_DIGITS, .max_chars = CODE_DIGITS });
	} else {
		field_init_secret(&s->factor_answer,
		    (struct field_spec){
			.kind = FIELD_SECRET, .max_chars = PIN_DIGITS },
		    s->factor_secret);
		form_add_field(&s->form, &s->factor_account);
	}
	form_add_field(&s->form, &s->factor_answer);
}

static bool
all_digits(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text < '0' || *text > '9')
			return false;
	return true;
}

static int
submit(struct session *s)
{
	int last = s->form.count - 1;
	int typed = field_chars(&s->factor_answer);

	if (kind(s) == FACTOR_ACCOUNT && field_is_empty(&s->factor_account))
		kiosk_fail(s, 0, "factor.account.empty");
	if (kind(s) == FACTOR_QUESTION && typed == 0)
		kiosk_fail(s, last, "factor.question.empty");
	if (kind(s) == FACTOR_PHONE && typed != CODE_DIGITS)
		kiosk_fail(s, last, "factor.phone.length");
	if (kind(s) == FACTOR_ACCOUNT &&
	    (typed != PIN_DIGITS || !all_digits(field_text(&s->factor_answer))))
		kiosk_fail(s, last, "factor.pin.length");
	return kiosk_wrong(s) ? INTENT_STAY : INTENT_NEXT;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent = kiosk_event(s, ev, &did);

	if (event_is_key(ev, K_F5) && s->pending == REQ_NONE &&
	    kind(s) == FACTOR_PHONE)
		return INTENT_RESEND;
	return did == FORM_SUBMIT ? submit(s) : intent;
}

static void
draw_phone(const struct session *s, struct page *p)
{
	int64_t left = s->factor_until_ms - s->now_ms;

	page_prompt(p, T("factor.phone.prompt"));
	page_text(p,
	    page_fill(p, T("factor.phone.sent"), s->factors[s->factor].hint));
	page_gap(p);
	page_field(p, T("factor.code"), &s->factor_answer,
	    left > 0 ? page_fill(p, T("factor.left"), words_time_left(p, left))
		     : T("factor.over"),
	    kiosk_item_error(s, p, 0));
	if (left > 0)
		page_running_hint(p, words_time_spoken(p, left));
	page_gap(p);
	page_say(p, ROLE_NOTICE, T("factor.phone.fraud"));
}

static void
draw_question(const struct session *s, struct page *p)
{
	page_prompt(p, T("factor.question.prompt"));
	page_text(p, s->factors[s->factor].hint);
	page_gap(p);
	page_field(p, T("factor.answer"), &s->factor_answer,
	    kiosk_ime_hint(s, &s->factor_answer), kiosk_item_error(s, p, 0));
}

static void
draw_account(const struct session *s, struct page *p)
{
	page_prompt(p, T("factor.account.prompt"));
	page_text(p, s->factors[s->factor].hint);
	page_gap(p);
	page_field(p, T("factor.account_no"), &s->factor_account,
	    T("factor.account_no.hint"), kiosk_item_error(s, p, 0));
	page_field(p, T("factor.pin"), &s->factor_answer, T("factor.pin.hint"),
	    kiosk_item_error(s, p, 1));
}

static void
draw(const struct session *s, struct page *p)
{
	enum factor_kind k = kind(s);

	kiosk_head(s, p, STAGE_IDENTITY);
	page_focus(p, s->form.at);
	if (k == FACTOR_PHONE)
		draw_phone(s, p);
	else if (k == FACTOR_QUESTION)
		draw_question(s, p);
	else
		draw_account(s, p);
	kiosk_foot(s, p, "key.back", "key.next",
	    k == FACTOR_PHONE ? "factor.resend" : NULL);
}

const struct screen screen_factor = {
	.name = "factor",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
