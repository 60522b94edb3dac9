/*
 * screens/kiosk/password.c - the new certificate's password, twice.
 */
#include "screens/kiosk/common.h"

#include "screens/kiosk/password_rule.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

enum { ITEM_PASSWORD, ITEM_AGAIN };

static void
enter(struct session *s)
{
	kiosk_form(s);
	form_add_field(&s->form, &s->password);
	form_add_field(&s->form, &s->again);
}

static int
submit(struct session *s)
{
	const char *fault = password_fault(field_text(&s->password));

	if (fault != NULL)
		kiosk_fail(s, ITEM_PASSWORD, fault);
	else if (field_is_empty(&s->again))
		kiosk_fail(s, ITEM_AGAIN, "password.again.empty");
	else if (!password_same(
		     field_text(&s->password), field_text(&s->again)))
		kiosk_fail(s, ITEM_AGAIN, "password.again.differ");
	if (kiosk_wrong(s))
		return INTENT_STAY;
	kiosk_leaves(s);
	if (s->to != 1u << TO_PHONE)
		return INTENT_NEXT;
	if (kiosk_branch(s)->phone_ok)
		return INTENT_PHONE; /* no stick to wait for */
	s->to = 0;		     /* phones have gone: the stick is left */
	return INTENT_NEXT;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent = kiosk_event(s, ev, &did);

	if (intent == INTENT_BACK && kiosk_asks_where(s))
		return INTENT_WHERE;
	return did == FORM_SUBMIT ? submit(s) : intent;
}

/* What is still missing, then how good it is. */
static const char *
verdict(const struct session *s)
{
	const char *key = password_word(field_text(&s->password));

	return key != NULL ? T(key) : NULL;
}

static const char *
again(const struct session *s)
{
	if (field_is_empty(&s->again))
		return NULL;
	return T(password_same(field_text(&s->password), field_text(&s->again))
		     ? "password.again.same"
		     : "password.again.not_yet");
}

static void
draw(const struct session *s, struct page *p)
{
	const char *wrong = kiosk_item_error(s, p, ITEM_PASSWORD);
	const char *wrong_again = kiosk_item_error(s, p, ITEM_AGAIN);

	kiosk_head(s, p, STAGE_SAVE);
	page_focus(p, s->form.at);
	page_prompt(p, T("password.prompt"));
	page_text(p, T("password.rule"));
	page_text(p, T("password.forbidden"));
	page_gap(p);
	page_field(p, T("password.new"), &s->password,
	    wrong != NULL ? NULL : verdict(s), wrong);
	page_field(p, T("password.again"), &s->again,
	    wrong_again != NULL ? NULL : again(s), wrong_again);
	page_gap(p);
	page_say(p, ROLE_NOTICE, T("password.keep"));
	kiosk_foot(s, p, "key.back", "key.next", NULL);
}

const struct screen screen_password = {
	.name = "password",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
