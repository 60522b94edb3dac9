/*
 * paper/forms.c - what the forms have in common.
 */
#include "paper/forms.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "paper/privacy.h"
#include "paper/say.h"

/* ---- reading ---- */

const char *
form_str(const struct form *f, const char *key)
{
	const char *s = json_string_value(json_object_get(f->d, key));

	return s == NULL ? "" : s;
}

int64_t
form_int(const struct form *f, const char *key)
{
	return json_integer_value(json_object_get(f->d, key));
}

bool
form_true(const struct form *f, const char *key)
{
	return json_is_true(json_object_get(f->d, key));
}

const char *
form_say(const struct form *f, const char *key)
{
	const char *s = paper_word(f->lang, key);

	return s == NULL ? key : s;
}

/* ---- fields ---- */

char *
form_room(struct form *f)
{
	assert(f->texts < FORM_TEXTS);
	return f->text[f->texts++];
}

void
form_begin(struct form *f, const char *name)
{
	memset(&f->section, 0, sizeof f->section);
	f->section.name = form_say(f, name);
	f->texts = 0;
}

/* A label, with the mark of what must be there. */
struct sheet_field
form_field(struct form *f, const char *label, bool required, const char *value)
{
	char *l = form_room(f);

	snprintf(
	    l, FORM_TEXT, "%s%s", form_say(f, label), required ? " (*)" : "");
	return (struct sheet_field){ l, value[0] == '\0' ? "-" : value };
}

void
form_one(struct form *f, struct sheet_field one)
{
	f->section.rows[f->section.n++][0] = one;
}

void
form_two(struct form *f, struct sheet_field one, struct sheet_field two)
{
	f->section.rows[f->section.n][0] = one;
	f->section.rows[f->section.n++][1] = two;
}

const char *
form_moment(struct form *f, const char *key)
{
	char *out = form_room(f);

	out[0] = '\0';
	if (form_int(f, key) != 0)
		say_moment(out, f->lang, form_int(f, key));
	return out;
}

static const char *
form_product(const struct form *f)
{
	const char *s = paper_word(f->lang, form_str(f, "product_key"));

	return s == NULL ? form_say(f, "product.unknown") : s;
}

static const char *
form_serial(const struct form *f)
{
	const char *s = json_string_value(
	    json_object_get(json_object_get(f->d, "old"), "serial"));

	return s == NULL ? "" : s;
}

static const char *
form_expiry(struct form *f)
{
	const json_t *old = json_object_get(f->d, "old");
	const json_t *days = json_object_get(old, "days_left");
	char day[SAY_TEXT], left[SAY_TEXT] = "", number[SAY_TEXT];
	char *out = form_room(f);

	say_date(day, f->lang,
	    json_integer_value(json_object_get(old, "not_after")));
	if (json_is_integer(days)) {
		say_number(number, json_integer_value(days));
		say_fill(left, sizeof left, form_say(f, "form.days_left"),
		    number, "");
	}
	snprintf(out, FORM_TEXT, "%s %s", day, left);
	return out;
}

/* In the customer's own words, on one line, without anybody's number. */
const char *
form_own_words(struct form *f, int which, const char *key)
{
	char *out = f->free_text[which];

	if (!privacy_blot(out, PAPER_FREE, form_str(f, key)))
		out[0] = '\0';
	for (char *p = out; *p != '\0'; p++) {
		if (*p == '\n' || *p == '\r' || *p == '\t')
			*p = ' ';
	}
	return out;
}

/* ---- parts ---- */

void
form_title(struct form *f, const char *title, const char *number)
{
	char top[FORM_TEXT];

	snprintf(top, sizeof top, "%s %s", form_str(f, "bank"),
	    form_str(f, "branch"));
	sheet_text(&f->sheet, top, 9, false, TYPE_LEFT);
	if (number[0] != '\0') {
		snprintf(
		    top, sizeof top, "%s  %s", form_say(f, "form.no"), number);
		sheet_gap(&f->sheet, -10.4);
		sheet_text(&f->sheet, top, 9, false, TYPE_RIGHT);
	}
	if (form_true(f, "practice"))
		sheet_text(&f->sheet, form_say(f, "mark.practice"), 10, true,
		    TYPE_MIDDLE);
	sheet_gap(&f->sheet, 14);
	sheet_text(&f->sheet, form_say(f, title), 21, true, TYPE_MIDDLE);
	if (form_true(f, "copy"))
		sheet_text(&f->sheet, form_say(f, "mark.copy"), 10, false,
		    TYPE_MIDDLE);
	sheet_gap(&f->sheet, 12);
}

void
form_required(struct form *f)
{
	sheet_text(
	    &f->sheet, form_say(f, "form.required"), 8, false, TYPE_RIGHT);
	sheet_gap(&f->sheet, 3);
}

void
form_person(struct form *f, const char *heading)
{
	form_begin(f, heading);
	form_two(f, form_field(f, "label.holder", true, form_str(f, "holder")),
	    form_field(f, "label.number", true, form_str(f, "number")));
	if (strcmp(heading, "form.person") == 0)
		form_two(f,
		    form_field(f, "label.mobile", true, form_str(f, "mobile")),
		    form_field(f, "label.email", false, form_str(f, "email")));
	else
		form_one(f, form_field(f, "label.mobile", false,
				form_str(f, "mobile")));
	form_two(f,
	    form_field(f, "label.identified", true,
		paper_word_of(f->lang, "factor", form_str(f, "factor"))),
	    form_field(f, "label.terminal", false, form_str(f, "terminal")));
	sheet_fields(&f->sheet, &f->section);
}

void
form_certificate(struct form *f)
{
	form_begin(f, "form.certificate");
	form_two(f,
	    form_field(f, "label.issuer", true, form_str(f, "issuer_name")),
	    form_field(f, "label.product", true, form_product(f)));
	form_two(f, form_field(f, "label.serial", true, form_serial(f)),
	    form_field(f, "label.until", true, form_expiry(f)));
	sheet_fields(&f->sheet, &f->section);
}

/* The sentence, the day, the name and to whom. */
void
form_signature(
    struct form *f, const char *sentence, const char *who, const char *day_key)
{
	char line[FORM_TEXT], day[SAY_TEXT];

	say_date(day, f->lang, form_int(f, day_key));
	sheet_need(&f->sheet, 130);
	sheet_gap(&f->sheet, 14);
	sheet_text(&f->sheet, form_say(f, sentence), 11, false, TYPE_MIDDLE);
	sheet_gap(&f->sheet, 9);
	sheet_text(&f->sheet, day, 11, false, TYPE_MIDDLE);
	sheet_gap(&f->sheet, 9);
	snprintf(line, sizeof line, "%s    %s    %s", form_say(f, who),
	    form_str(f, "holder"), form_say(f, "form.sign"));
	sheet_text(&f->sheet, line, 11, false, TYPE_RIGHT);
	sheet_gap(&f->sheet, 12);
	say_fill(line, sizeof line, form_say(f, "form.to"), form_str(f, "bank"),
	    form_str(f, "branch"));
	sheet_text(&f->sheet, line, 14, true, TYPE_LEFT);
	sheet_gap(&f->sheet, 8);
}

void
form_notes(struct form *f, const char *const notes[], size_t n)
{
	char line[FORM_TEXT];

	sheet_text(&f->sheet, form_say(f, "form.notes"), 8.5, true, TYPE_LEFT);
	for (size_t i = 0; i < n; i++) {
		snprintf(
		    line, sizeof line, "%zu. %s", i + 1, form_say(f, notes[i]));
		sheet_gap(&f->sheet, 2);
		sheet_text(&f->sheet, line, 8.5, false, TYPE_LEFT);
	}
	sheet_gap(&f->sheet, 6);
}

void
form_desk(struct form *f)
{
	const char *const names[] = { form_say(f, "label.clerk"),
		form_say(f, "label.supervisor") };

	sheet_boxes(&f->sheet, names, 2);
}
