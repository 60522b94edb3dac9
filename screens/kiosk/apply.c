/*
 * screens/kiosk/apply.c - how to reach the applicant.
 */
#include "screens/kiosk/common.h"

#include "base/secret.h"
#include "identity/contact.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

enum { ITEM_PHONE, ITEM_EMAIL, ITEM_AGAIN };

static void
enter(struct session *s)
{
	kiosk_form(s);
	form_add_field(&s->form, &s->phone);
	form_add_field(&s->form, &s->email);
	form_add_field(&s->form, &s->email_again);
}

static void
check_email(struct session *s)
{
	char first[EMAIL_TEXT], again[EMAIL_TEXT];
	struct id_check c = email_check(first, field_text(&s->email));

	if (c.verdict == ID_REJECT) {
		kiosk_fail(s, ITEM_EMAIL, id_check_key(c));
	} else {
		c = email_check(again, field_text(&s->email_again));
		if (c.verdict == ID_REJECT || !email_same(first, again))
			kiosk_fail(s, ITEM_AGAIN, "apply.email.differ");
	}
	secret_wipe(first, sizeof first);
	secret_wipe(again, sizeof again);
}

static int
submit(struct session *s)
{
	char phone[PHONE_TEXT];
	struct id_check c = mobile_check(phone, field_text(&s->phone));

	if (c.verdict == ID_REJECT)
		kiosk_fail(s, ITEM_PHONE, id_check_key(c));
	if (!field_is_empty(&s->email) || !field_is_empty(&s->email_again))
		check_email(s);
	secret_wipe(phone, sizeof phone);
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
	kiosk_head(s, p, STAGE_FORM);
	page_focus(p, s->form.at);
	page_prompt(p, T("apply.prompt"));
	page_text(p, T("apply.why"));
	page_gap(p);
	page_field(p, kiosk_label(s, p, ITEM_PHONE, "apply.phone"), &s->phone,
	    T("apply.phone.hint"), kiosk_item_error(s, p, ITEM_PHONE));
	page_field(p, kiosk_label(s, p, ITEM_EMAIL, "apply.email"), &s->email,
	    T("apply.email.hint"), kiosk_item_error(s, p, ITEM_EMAIL));
	page_field(p, kiosk_label(s, p, ITEM_AGAIN, "apply.email_again"),
	    &s->email_again, NULL, kiosk_item_error(s, p, ITEM_AGAIN));
	kiosk_foot(s, p, "key.back", "key.next", NULL);
}

const struct screen screen_apply = {
	.name = "apply",
	.idle_ms = IDLE_ENTRY_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
