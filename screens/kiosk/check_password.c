/*
 * screens/kiosk/check_password.c - the password of the certificate on the
 * stick.
 */
#include "screens/kiosk/common.h"

#include "screens/kiosk/words.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

static void
enter(struct session *s)
{
	field_wipe(&s->old_password);
	kiosk_form(s);
	form_add_field(&s->form, &s->old_password);
}

static int
submit(struct session *s)
{
	if (field_is_empty(&s->old_password))
		kiosk_fail(s, 0, "password.old.empty");
	return kiosk_wrong(s) ? INTENT_STAY : INTENT_NEXT;
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
	int at = s->found_at >= 0 && s->found_at < SESSION_CERTS ? s->found_at
								 : 0;
	const struct held_certificate *c = &s->found[at];

	kiosk_head(s, p, STAGE_PASSWORD);
	page_focus(p, s->form.at);
	page_prompt(p, T("check_password.prompt"));
	page_gap(p);
	kiosk_fact(
	    p, "row.certificate", words_product(c->product_key), c->holder);
	kiosk_fact(p, "row.expiry", words_date(p, c->not_after), NULL);
	page_gap(p);
	page_field(p, T("password.old"), &s->old_password, NULL,
	    kiosk_item_error(s, p, 0));
	page_gap(p);
	page_text(p, T("check_password.why"));
	kiosk_foot(s, p, "key.back", "check_password.next", NULL);
}

const struct screen screen_check_password = {
	.name = "check_password",
	.idle_ms = IDLE_ENTRY_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
