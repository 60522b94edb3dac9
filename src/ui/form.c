/*
 * ui/form.c - focus over the items of a screen.
 */
#include "ui/form.h"

#include <assert.h>
#include <string.h>

void
form_init(struct form *form)
{
	memset(form, 0, sizeof *form);
}

static struct form_item *
add(struct form *form, enum form_kind kind)
{
	struct form_item *item;

	assert(form->count < FORM_ITEMS);
	item = &form->items[form->count++];
	memset(item, 0, sizeof *item);
	item->kind = kind;
	return item;
}

void
form_add_field(struct form *form, struct field *field)
{
	add(form, FORM_FIELD)->field = field;
}

void
form_add_choice(struct form *form, int *chosen, int options)
{
	struct form_item *item = add(form, FORM_CHOICE);

	item->chosen = chosen;
	item->options = options;
}

void
form_add_check(struct form *form, bool *ticked)
{
	add(form, FORM_CHECK)->ticked = ticked;
}

void
form_add_picks(struct form *form, int count)
{
	for (int i = 0; i < count; i++)
		(void)add(form, FORM_PICK);
}

struct field *
form_field(const struct form *form)
{
	if (form->at >= form->count || form->items[form->at].kind != FORM_FIELD)
		return NULL;
	return form->items[form->at].field;
}

void
form_focus(struct form *form, struct ime *ime, int item)
{
	struct field *field = form_field(form);

	if (field != NULL)
		field_leave(field, ime);
	if (item >= 0 && item < form->count)
		form->at = item;
}

/* Item of the nth (from 1) of that kind, -1 when there is none. */
static int
nth(const struct form *form, enum form_kind kind, int n)
{
	for (int i = 0; i < form->count; i++) {
		if (form->items[i].kind == kind && --n == 0)
			return i;
	}
	return -1;
}

/* The form's own numbers: checks first, else picks. */
static enum form_result
number(struct form *form, struct ime *ime, int n)
{
	int item = nth(form, FORM_CHECK, n);

	if (item >= 0) {
		form_focus(form, ime, item);
		*form->items[item].ticked = !*form->items[item].ticked;
		return FORM_USED;
	}
	item = nth(form, FORM_PICK, n);
	if (item < 0)
		return FORM_PASSED;
	form_focus(form, ime, item);
	return FORM_PICKED;
}

static enum form_result
choose(struct form_item *item, int option)
{
	if (option < 0 || option >= item->options)
		return FORM_PASSED;
	*item->chosen = option;
	return FORM_USED;
}

static enum form_result
character(struct form *form, struct ime *ime, const struct event *ev)
{
	struct form_item *item = &form->items[form->at];

	if (ev->pasted)
		return FORM_USED; /* a paste is for fields only */
	if (item->kind == FORM_CHECK && ev->ch == ' ') {
		*item->ticked = !*item->ticked;
		return FORM_USED;
	}
	if (ev->ch < '1' || ev->ch > '9')
		return FORM_PASSED;
	if (item->kind == FORM_CHOICE)
		return choose(item, (int)(ev->ch - '1'));
	return number(form, ime, (int)(ev->ch - '0'));
}

static enum form_result
tap(struct form *form, struct ime *ime, const struct event *ev)
{
	int item = ev->item;

	if (item < 0 || item >= form->count)
		return FORM_PASSED;
	form_focus(form, ime, item);
	if (form->items[item].kind == FORM_PICK)
		return FORM_PICKED;
	if (form->items[item].kind == FORM_CHECK)
		*form->items[item].ticked = !*form->items[item].ticked;
	if (form->items[item].kind == FORM_CHOICE && ev->ch >= '1')
		(void)choose(&form->items[item], (int)(ev->ch - '1'));
	return FORM_USED;
}

static enum form_result
move(struct form *form, struct ime *ime, int by, bool round)
{
	int to = form->at + by;

	if (round)
		to = (to + form->count) % form->count;
	form_focus(form, ime, to);
	return FORM_USED;
}

static enum form_result
enter(struct form *form, struct ime *ime)
{
	if (form->items[form->at].kind == FORM_PICK)
		return FORM_PICKED;
	if (form->at + 1 < form->count)
		return move(form, ime, 1, false);
	form_focus(form, ime, form->at);
	return FORM_SUBMIT;
}

/* Left and right on a choice. */
static enum form_result
sideways(struct form *form, int by)
{
	struct form_item *item = &form->items[form->at];

	if (item->kind != FORM_CHOICE)
		return FORM_PASSED;
	(void)choose(item, *item->chosen < 0 ? 0 : *item->chosen + by);
	return FORM_USED;
}

static enum form_result
navigate(struct form *form, struct ime *ime, enum key key)
{
	if (key == K_TAB)
		return move(form, ime, 1, true);
	if (key == K_BACKTAB)
		return move(form, ime, -1, true);
	if (key == K_DOWN)
		return move(form, ime, 1, false);
	if (key == K_UP)
		return move(form, ime, -1, false);
	if (key == K_LEFT)
		return sideways(form, -1);
	if (key == K_RIGHT)
		return sideways(form, 1);
	if (key == K_ENTER)
		return enter(form, ime);
	return FORM_PASSED;
}

enum form_result
form_feed(struct form *form, struct ime *ime, const struct event *ev)
{
	struct field *field = form_field(form);

	if (ev->kind == EV_MOUSE)
		return tap(form, ime, ev);
	if (ev->kind != EV_KEY)
		return FORM_PASSED;
	if (form->count == 0)
		return ev->key == K_ENTER ? FORM_SUBMIT : FORM_PASSED;
	if (field != NULL) {
		enum field_use use = field_feed(field, ime, ev);

		if (use == FIELD_REFUSED)
			return FORM_REFUSED;
		if (use == FIELD_USED)
			return FORM_USED;
	} else if (ev->key == K_CHAR) {
		return character(form, ime, ev);
	}
	return navigate(form, ime, ev->key);
}

const char *
form_refusal(const struct form *f)
{
	const struct field *field = form_field(f);
	enum field_refusal why = field != NULL ? field->why : REFUSE_NONE;

	if (why == REFUSE_FULL)
		return "field.full";
	return why == REFUSE_KIND ? "field.kind" : "field.control";
}
