/*
 * ui/form.h - moves the focus over the items of one screen.
 *
 * Items are numbered from 0 in the order they are added, which must be the
 * order in which draw() gives them to the page: the page numbers its fields,
 * choices, checks, menu items and selectable table rows the same way, and
 * `page_focus(p, form->at)` tells it which one has the focus.
 */
#ifndef UI_FORM_H
#define UI_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/event.h"
#include "ui/field.h"
#include "ui/ime.h"

enum { FORM_ITEMS = 40 };

enum form_kind { FORM_FIELD, FORM_CHOICE, FORM_CHECK, FORM_PICK };

struct form_item {
	enum form_kind kind;
	struct field *field; /* FORM_FIELD */
	int *chosen;	     /* FORM_CHOICE: 0-based, -1 none */
	int options;	     /* FORM_CHOICE: how many */
	bool *ticked;	     /* FORM_CHECK */
};

struct form {
	struct form_item items[FORM_ITEMS];
	int count;
	int at; /* the focus; 0 when empty */
};

enum form_result {
	FORM_PASSED,  /* not for the form (Esc, F keys, ticks, ...) */
	FORM_USED,    /* something moved or changed */
	FORM_REFUSED, /* items[at].field->why says why */
	FORM_SUBMIT,  /* Enter on the last item: all fields are flushed */
	FORM_PICKED   /* the FORM_PICK item `at` was chosen: by its number,
		       * by a tap, or by Enter on it */
};

/* Empty form.  Items point into the session; nothing is owned. */
void form_init(struct form *form);
void form_add_field(struct form *form, struct field *field);
void form_add_choice(struct form *form, int *chosen, int options);
void form_add_check(struct form *form, bool *ticked);
/* `count` menu items or table rows, each chosen by itself. */
void form_add_picks(struct form *form, int count);

/*
 * One event.  Tab, Down, Enter: next item; Backtab, Up: the one before; Tab
 * goes round, the others stop at the ends.  On a choice a number chooses and
 * Left/Right change; on a check Space ticks; while no field has the focus a
 * number ticks the check (first check is 1) or chooses the pick of that number
 * (first pick is 1).  A tap (ev->item) moves the focus, ticks, chooses a pick.
 * Choosing in a choice does not move the focus.
 */
enum form_result form_feed(
    struct form *form, struct ime *ime, const struct event *ev);

/* Moves the focus (say, to the first wrong item) and flushes the old field. */
void form_focus(struct form *form, struct ime *ime, int item);

/* The field in focus, NULL when it is something else. */
struct field *form_field(const struct form *form);

/* Text key of why the field in focus refused what was typed (FORM_REFUSED). */
const char *form_refusal(const struct form *f);

#endif
