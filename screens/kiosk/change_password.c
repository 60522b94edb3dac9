/*
 * screens/kiosk/change_password.c - another password for the certificate on the
 * stick, or another PIN for the token: which ones it takes only it knows.
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

/* clang-format off */
static const struct words {
	const char	*prompt, *old, *new;
	const char	*old_empty, *unchanged, *differ;
} words[] = {
	{ "change_password.prompt", "password.old", "password.new",
	  "password.old.empty", "password.unchanged", "password.again.differ" },
	{ "change_pin.prompt", "change_pin.old", "change_pin.new",
	  "change_pin.old.empty", "change_pin.unchanged", "change_pin.differ" },
};
/* clang-format on */

static const struct words *
words_of(const struct session *s)
{
	return &words[s->check_token ? 1 : 0];
}

static const char *
fault(const struct session *s)
{
	if (!s->check_token)
		return password_fault(field_text(&s->password));
	return field_is_empty(&s->password) ? "change_pin.new.empty" : NULL;
}

static int
submit(struct session *s)
{
	const struct words *w = words_of(s);
	const char *why = fault(s);

	if (field_is_empty(&s->old_password))
		kiosk_fail(s, ITEM_OLD, w->old_empty);
	if (why != NULL)
		kiosk_fail(s, ITEM_NEW, why);
	else if (password_same(
		     field_text(&s->old_password), field_text(&s->password)))
		kiosk_fail(s, ITEM_NEW, w->unchanged);
	else if (!password_same(
		     field_text(&s->password), field_text(&s->again)))
		kiosk_fail(s, ITEM_AGAIN, w->differ);
	if (kiosk_wrong(s))
		return INTENT_STAY;
	kiosk_leaves(s);
	return s->check_token ? INTENT_TOKEN : INTENT_NEXT;
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
	const char *key = s->check_token
			      ? NULL
			      : password_word(field_text(&s->password));

	return key != NULL ? T(key) : NULL;
}

static void
draw(const struct session *s, struct page *p)
{
	const char *wrong = kiosk_item_error(s, p, ITEM_NEW);
	const struct words *w = words_of(s);

	kiosk_head(s, p, STAGE_PASSWORD);
	page_focus(p, s->form.at);
	page_prompt(p, T(w->prompt));
	if (s->check_token) {
		page_text(p, T("change_pin.rule"));
	} else {
		page_text(p, T("password.rule"));
		page_text(p, T("password.forbidden"));
	}
	page_gap(p);
	page_field(p, T(w->old), &s->old_password,
	    s->check_token ? kiosk_tries(kiosk_token(s)) : NULL,
	    kiosk_item_error(s, p, ITEM_OLD));
	page_field(p, T(w->new), &s->password,
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
