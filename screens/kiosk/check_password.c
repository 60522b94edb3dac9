/*
 * screens/kiosk/check_password.c - the password of the certificate on the
 * stick, or the PIN of the token.
 */
#include "screens/kiosk/common.h"

#include "screens/kiosk/words.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

enum { ITEM_PASSWORD, ITEM_CONSENT, ITEM_NUMBER, NUMBER_DIGITS = 13 };

/* The number is asked for only with consent. */
static void
build(struct session *s)
{
	int at = s->form.at;

	kiosk_form(s);
	form_add_field(&s->form, &s->old_password);
	form_add_check(&s->form, &s->consent[CONSENT_UNIQUE_ID]);
	if (s->consent[CONSENT_UNIQUE_ID])
		form_add_field(&s->form, &s->number);
	else
		field_wipe(&s->number);
	s->form.at = at < s->form.count ? at : ITEM_PASSWORD;
}

static void
enter(struct session *s)
{
	field_wipe(&s->old_password);
	s->form.at = ITEM_PASSWORD;
	build(s);
}

static int
submit(struct session *s)
{
	if (field_is_empty(&s->old_password))
		kiosk_fail(s, ITEM_PASSWORD,
		    s->check_token ? "token_pin.empty" : "password.old.empty");
	if (s->form.count > ITEM_NUMBER &&
	    field_chars(&s->number) != NUMBER_DIGITS)
		kiosk_fail(s, ITEM_NUMBER,
		    field_is_empty(&s->number) ? "id.rrn.empty"
					       : "id.rrn.length");
	if (kiosk_wrong(s))
		return INTENT_STAY;
	kiosk_leaves(s);
	return s->check_token ? INTENT_TOKEN : INTENT_NEXT;
}

static int
on_event(struct session *s, const struct event *ev)
{
	bool consented = s->consent[CONSENT_UNIQUE_ID];
	enum form_result did;
	int intent;

	/* Enter on the password is enough: the rest is optional */
	if (event_is_key(ev, K_ENTER) && s->pending == REQ_NONE &&
	    s->form.at == ITEM_PASSWORD && !consented)
		s->form.at = s->form.count - 1;
	intent = kiosk_event(s, ev, &did);
	if (s->consent[CONSENT_UNIQUE_ID] != consented)
		build(s);
	return did == FORM_SUBMIT ? submit(s) : intent;
}

static void
draw_secret(const struct session *s, struct page *p)
{
	int at = s->found_at >= 0 && s->found_at < SESSION_CERTS ? s->found_at
								 : 0;
	const struct held_certificate *c = &s->found[at];

	page_prompt(p, T("check_password.prompt"));
	page_gap(p);
	kiosk_fact(
	    p, "row.certificate", words_product(c->product_key), c->holder);
	kiosk_fact(p, "row.expiry", words_date(p, c->not_after), NULL);
	page_gap(p);
	page_field(p, T("password.old"), &s->old_password, NULL,
	    kiosk_item_error(s, p, ITEM_PASSWORD));
}

static void
draw_pin(const struct session *s, struct page *p)
{
	const struct token_view *t = kiosk_token(s);

	page_prompt(p, T("token_pin.prompt"));
	page_gap(p);
	kiosk_fact(p, "token_pin.token", t->label, t->model);
	page_gap(p);
	page_field(p, T("token_pin.field"), &s->old_password, kiosk_tries(t),
	    kiosk_item_error(s, p, ITEM_PASSWORD));
}

static void
draw(const struct session *s, struct page *p)
{
	kiosk_head(s, p, STAGE_PASSWORD);
	page_focus(p, s->form.at);
	if (s->check_token)
		draw_pin(s, p);
	else
		draw_secret(s, p);
	page_gap(p);
	page_check(p, T("check_password.vid"), s->consent[CONSENT_UNIQUE_ID],
	    T("consent.optional"));
	if (s->form.count > ITEM_NUMBER)
		page_field(p, T("identity.rrn"), &s->number,
		    T("identity.masked"), kiosk_item_error(s, p, ITEM_NUMBER));
	else
		page_say(p, ROLE_DIM, T("check_password.vid.why"));
	page_gap(p);
	page_text(
	    p, T(s->check_token ? "token_pin.why" : "check_password.why"));
	kiosk_foot(s, p, "key.back", "check_password.next", NULL);
}

const struct screen screen_check_password = {
	.name = "check_password",
	.idle_ms = IDLE_ENTRY_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
