/*
 * flow/suggest.c - suggestions and where they stand.
 */
#include "flow/suggest.h"

#include <stddef.h>

/* What a form's item points to is a member of the session. */
/* clang-format off */
static const size_t members[SUGGEST_COUNT] = {
	[SUGGEST_NAME] = offsetof(struct session, name),
	[SUGGEST_LOSS] = offsetof(struct session, loss),
	[SUGGEST_WHEN] = offsetof(struct session, loss_when),
	[SUGGEST_PLACE] = offsetof(struct session, loss_place),
	[SUGGEST_DETAIL] = offsetof(struct session, loss_detail),
	[SUGGEST_MEDIUM] = offsetof(struct session, medium),
	[SUGGEST_MISUSE] = offsetof(struct session, misuse),
	[SUGGEST_PHONE] = offsetof(struct session, phone),
	[SUGGEST_EMAIL] = offsetof(struct session, email),
	[SUGGEST_EMAIL_AGAIN] = offsetof(struct session, email_again),
	[SUGGEST_P12] = offsetof(struct session, p12),
};
/* clang-format on */

static struct field *
field_of(struct session *s, enum suggestion which)
{
	switch (which) {
	case SUGGEST_NAME:
		return &s->name;
	case SUGGEST_WHEN:
		return &s->loss_when;
	case SUGGEST_PLACE:
		return &s->loss_place;
	case SUGGEST_DETAIL:
		return &s->loss_detail;
	case SUGGEST_PHONE:
		return &s->phone;
	case SUGGEST_EMAIL:
		return &s->email;
	case SUGGEST_EMAIL_AGAIN:
		return &s->email_again;
	case SUGGEST_LOSS:
	case SUGGEST_MEDIUM:
	case SUGGEST_MISUSE:
	case SUGGEST_P12:
	case SUGGEST_COUNT:
		break;
	}
	return NULL;
}

static int *
choice_of(struct session *s, enum suggestion which)
{
	return which == SUGGEST_LOSS	 ? &s->loss
	       : which == SUGGEST_MEDIUM ? &s->medium
	       : which == SUGGEST_MISUSE ? &s->misuse
					 : NULL;
}

static void
forget(struct session *s)
{
	for (int i = 0; i < SUGGEST_COUNT; i++) {
		struct field *f = field_of(s, (enum suggestion)i);
		int *choice = choice_of(s, (enum suggestion)i);

		if (s->suggested[i] && f != NULL)
			field_wipe(f);
		if (s->suggested[i] && choice != NULL)
			*choice = -1;
		if (s->suggested[i] && i == SUGGEST_P12)
			s->p12 = false;
		s->suggested[i] = false;
	}
}

static bool
take_text(struct session *s, enum suggestion which, const char *text)
{
	struct field *f = field_of(s, which);

	if (text[0] == '\0' || !field_is_empty(f))
		return true;
	s->suggested[which] = field_set(f, text);
	if (!s->suggested[which])
		field_wipe(f);
	return s->suggested[which];
}

static void
take_choice(struct session *s, enum suggestion which, int value)
{
	int *choice = choice_of(s, which);

	if (value < 0 || *choice >= 0)
		return;
	*choice = value;
	s->suggested[which] = true;
}

bool
suggest_take(struct session *s, const struct prefill *f)
{
	bool whole;

	forget(s);
	whole = take_text(s, SUGGEST_NAME, f->name);
	whole = take_text(s, SUGGEST_WHEN, f->when) && whole;
	whole = take_text(s, SUGGEST_PLACE, f->place) && whole;
	whole = take_text(s, SUGGEST_DETAIL, f->detail) && whole;
	whole = take_text(s, SUGGEST_PHONE, f->phone) && whole;
	whole = take_text(s, SUGGEST_EMAIL, f->email) && whole;
	if (s->suggested[SUGGEST_EMAIL])
		(void)take_text(s, SUGGEST_EMAIL_AGAIN, f->email);
	take_choice(s, SUGGEST_LOSS, f->loss);
	take_choice(s, SUGGEST_MEDIUM, f->medium);
	take_choice(s, SUGGEST_MISUSE, f->misuse);
	if (f->p12 == 1 && !s->p12)
		s->p12 = s->suggested[SUGGEST_P12] = true;
	return whole;
}

static enum suggestion
at(const struct session *s, const struct form_item *item)
{
	const void *p = item->kind == FORM_FIELD    ? (const void *)item->field
			: item->kind == FORM_CHOICE ? (const void *)item->chosen
						    : item->ticked;

	for (int i = 0; i < SUGGEST_COUNT; i++)
		if (p == (const char *)s + members[i])
			return (enum suggestion)i;
	return SUGGEST_COUNT;
}

bool
suggest_is(const struct session *s, const struct form_item *item)
{
	enum suggestion which = at(s, item);

	return which < SUGGEST_COUNT && s->suggested[which];
}

bool
suggest_left(const struct session *s)
{
	for (int i = 0; i < s->form.count; i++)
		if (suggest_is(s, &s->form.items[i]))
			return true;
	return false;
}

void
suggest_confirm(struct session *s, const struct form_item *item)
{
	enum suggestion which = at(s, item);

	if (which < SUGGEST_COUNT)
		s->suggested[which] = false;
}

void
suggest_edited(struct session *s, const struct form_item *item)
{
	if (item->kind != FORM_FIELD || field_is_empty(item->field))
		suggest_confirm(s, item);
}
