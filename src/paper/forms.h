/*
 * paper/forms.h - inside of the forms: the sheet, the document, and the room
 * for texts a section points to while it is drawn.
 */
#ifndef PAPER_FORMS_H
#define PAPER_FORMS_H

#include <jansson.h>
#include <stdbool.h>

#include "paper/document.h"
#include "paper/sheet.h"

enum { FORM_TEXTS = 4 * SHEET_ROWS, FORM_TEXT = 2 * PAPER_LINE, FORM_OWN = 3 };

struct form {
	struct sheet sheet;
	struct sheet_section section; /* being filled */
	const json_t *d;	      /* checked */
	enum paper_lang lang;
	size_t texts; /* used, of this section */
	char text[FORM_TEXTS][FORM_TEXT];
	char free_text[FORM_OWN][PAPER_FREE];
};

/* Members of the document: "", 0 and false when absent. */
const char *form_str(const struct form *f, const char *key);
int64_t form_int(const struct form *f, const char *key);
bool form_true(const struct form *f, const char *key);
/* A word of the table, or the key itself. */
const char *form_say(const struct form *f, const char *key);

/* A section: begun, filled row by row, drawn by sheet_fields(). */
void form_begin(struct form *f, const char *name);
/* Room for FORM_TEXT bytes until the next section. */
char *form_room(struct form *f);
/* A label with the mark of what must be there; "-" for an empty value. */
struct sheet_field form_field(
    struct form *f, const char *label, bool required, const char *value);
void form_one(struct form *f, struct sheet_field one);
void form_two(struct form *f, struct sheet_field one, struct sheet_field two);
/* A time to the second, "" when absent. */
const char *form_moment(struct form *f, const char *key);
/* Which of FORM_OWN; without anybody's number in it. */
const char *form_own_words(struct form *f, int which, const char *key);

/* Parts that several forms have. */
void form_title(struct form *f, const char *title, const char *number);
void form_required(struct form *f);
void form_person(struct form *f, const char *heading);
void form_certificate(struct form *f);
void form_signature(
    struct form *f, const char *sentence, const char *who, const char *day_key);
void form_notes(struct form *f, const char *const notes[], size_t n);
void form_desk(struct form *f);

/* The forms. */
void form_application(struct form *f);
void form_loss_report(struct form *f);
void form_day(struct form *f);

#endif
