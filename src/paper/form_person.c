/*
 * paper/form_person.c - the application for reissue and the loss report.
 */
#include <stdio.h>
#include <string.h>

#include "paper/forms.h"
#include "paper/say.h"

enum { CONSENTS = 4, NOTES = 3 };

/* ---- the application ---- */

static bool
is_agreed(const struct form *f, const char *key)
{
	const json_t *list = json_object_get(f->d, "agreed"), *one;
	size_t i;

	json_array_foreach(list, i, one) {
		if (strcmp(json_string_value(one), key) == 0)
			return true;
	}
	return false;
}

static void
put_consents(struct form *f)
{
	static const struct {
		const char *key;
		bool required;
	} items[CONSENTS] = { { "personal", true }, { "unique_id", true },
		{ "third_party", true }, { "reminder", false } };
	struct sheet_table t = { .columns = 3,
		.widths = { 0.25, 0.5, 0.25 },
		.heads = { form_say(f, "form.item"),
		    form_say(f, "form.purpose"), form_say(f, "form.choice") } };

	sheet_gap(&f->sheet, 8);
	sheet_head(&f->sheet, &t);
	for (int i = 0; i < CONSENTS; i++) {
		char name[FORM_TEXT], key[FORM_TEXT], choice[FORM_TEXT];
		bool yes = is_agreed(f, items[i].key);

		snprintf(key, sizeof key, "consent.%s.text", items[i].key);
		snprintf(name, sizeof name, "%s %s",
		    form_say(f, items[i].required ? "form.must" : "form.may"),
		    paper_word_of(f->lang, "consent", items[i].key));
		snprintf(choice, sizeof choice, "%s %s\n%s %s", yes ? "■" : "□",
		    form_say(f, "form.agree"), yes ? "□" : "■",
		    form_say(f, "form.disagree"));
		sheet_row(&f->sheet, &t,
		    (const char *const[]){ name, form_say(f, key), choice },
		    false, i + 1 == CONSENTS);
	}
}

static const char *
fee_text(struct form *f)
{
	char won[SAY_TEXT];
	char *out = form_room(f);

	out[0] = '\0';
	if (!json_is_integer(json_object_get(f->d, "won")))
		return out;
	if (form_int(f, "won") == 0) {
		snprintf(out, FORM_TEXT, "%s  %s", form_say(f, "fee.free"),
		    form_str(f, "waiver"));
	} else {
		say_won(won, f->lang, form_int(f, "won"));
		snprintf(
		    out, FORM_TEXT, "%s %s", won, form_say(f, "form.with_vat"));
	}
	return out;
}

static void
put_request(struct form *f)
{
	char *day;

	form_begin(f, "form.application");
	day = form_room(f);
	day[0] = '\0';
	if (form_str(f, "promise")[0] != '\0')
		say_day(day, f->lang, form_str(f, "promise"));
	form_two(f,
	    form_field(
		f, "label.applied_at", true, form_moment(f, "applied_at")),
	    form_field(f, "label.promise", false, day));
	form_two(f,
	    form_field(f, "label.reason", true,
		paper_word_of(f->lang, "loss.kind", form_str(f, "loss_kind"))),
	    form_field(f, "label.loss_no", false, form_str(f, "loss_no")));
	form_one(f, form_field(f, "label.delivery", true,
			form_say(f, form_true(f, "p12") ? "form.deliver_p12"
							: "form.deliver_usb")));
	form_one(f, form_field(f, "label.fee", true, fee_text(f)));
	sheet_fields(&f->sheet, &f->section);
}

void
form_application(struct form *f)
{
	static const char *const notes[NOTES] = { "form.note1", "form.note2",
		"form.note3" };

	form_title(f, "title.application", form_str(f, "case_no"));
	form_required(f);
	form_person(f, "form.person");
	form_certificate(f);
	put_request(f);
	put_consents(f);
	form_signature(f, "form.request", "label.applicant", "applied_at");
	form_notes(f, notes, NOTES);
	form_desk(f);
}

/* ---- the loss report ---- */

static void
put_loss(struct form *f)
{
	form_begin(f, "form.loss");
	form_two(f,
	    form_field(f, "label.loss_no", true, form_str(f, "loss_no")),
	    form_field(
		f, "label.reported_at", true, form_moment(f, "reported_at")));
	form_two(f,
	    form_field(f, "label.kind", true,
		paper_word_of(f->lang, "loss.kind", form_str(f, "loss_kind"))),
	    form_field(f, "label.medium", true,
		paper_word_of(f->lang, "medium", form_str(f, "medium"))));
	form_one(
	    f, form_field(f, "label.when", true, form_own_words(f, 0, "when")));
	form_one(f,
	    form_field(f, "label.place", false, form_own_words(f, 1, "place")));
	form_one(f, form_field(f, "label.detail", false,
			form_own_words(f, 2, "detail")));
	form_one(f,
	    form_field(f, "label.misuse", true,
		form_say(f,
		    form_true(f, "misuse") ? "form.yes" : "form.no_misuse")));
	sheet_fields(&f->sheet, &f->section);
	form_begin(f, "form.measures");
	form_two(f,
	    form_field(f, "label.measure", true,
		paper_word_of(f->lang, "hold", form_str(f, "hold"))),
	    form_field(f, "label.held_at", false, form_moment(f, "held_at")));
	sheet_fields(&f->sheet, &f->section);
}

void
form_loss_report(struct form *f)
{
	static const char *const notes[NOTES] = { "form.note4", "form.note5",
		"form.note3" };

	form_title(f, "title.loss_report", form_str(f, "loss_no"));
	form_required(f);
	form_person(f, "form.reporter");
	form_certificate(f);
	put_loss(f);
	form_signature(f, "form.report", "label.reporter", "reported_at");
	form_notes(f, notes, NOTES);
	form_desk(f);
}
