/*
 * screens/kiosk/change_password.c - another password for the certificate on the
 * stick.
 */
#include "screens/kiosk/common.h"

#include "screens/kiosk/password_rule.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

enum { ITEM_OLD, ITEM_NEW, ITEM_AGAIN };

static void
enter(struct session *s)
{
	field_wipe(&s->old_password);
	field_wipe(&s->password);
	field_wipe(&s->again);
	kiosk_form(s);
	form_add_field(&s->form, &s->old_password);
	form_add_field(&s->form, &s->password);
	form_add_field(&s->form, &s->again);
}

static int
submit(struct session *s)
{
	const char *fault = password_fault(field_text(&s->password));

	if (field_is_empty(&s->old_password))
		kiosk_fail(s, ITEM_OLD, "password.old.empty");
	if (fault != NULL)
		kiosk_fail(s, ITEM_NEW, fault);
	else if (password_same(
		     field_text(&s->old_password), field_text(&s->password)))
		kiosk_fail(s, ITEM_NEW, "password.unchanged");
	else if (!password_same(
		     field_text(&s->password), field_text(&s->again)))
		kiosk_fail(s, ITEM_AGAIN, "password.again.differ");
	return kiosk_wrong(s) ? INTENT_STAY : INTENT_NEXT;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent = kiosk_event(s, ev, &did);

	return did == FORM_SUBMIT ? submit(s) : intent;
}

/* What is still missing, then how good it is. */
static const char *
verdict(const struct session *s)
{
	const char *key = password_word(field_text(&s->password));

	return key != NULL ? T(key) : NULL;
}

static void
draw(const struct session *s, struct page *p)
{
	const char *wrong = kiosk_item_error(s, p, ITEM_NEW);

	kiosk_head(s, p, STAGE_PASSWORD);
	page_focus(p, s->form.at);
	page_prompt(p, T("change_password.prompt"));
	page_text(p, T("password.rule"));
	page_text(p, T("password.forbidden"));
	page_gap(p);
	page_field(p, T("password.old"), &s->old_password, NULL,
	    kiosk_item_error(s, p, ITEM_OLD));
	page_field(p, T("password.new"), &s->password,
	    wrong != NULL ? NULL : verdict(s), wrong);
	page_field(p, T("password.again"), &s->again, NULL,
	    kiosk_item_error(s, p, ITEM_AGAIN));
	kiosk_foot(s, p, "key.back", "change_password.next", NULL);
}

const struct screen screen_change_password = {
	.name = "change_password",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
