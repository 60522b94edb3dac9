/*
 * paper/form.c - a form as a PDF.
 *
 * It is composed twice: once to nowhere, to know how many pages there are.
 */
#include "paper/form.h"

#include <stdio.h>

#include "base/clock.h"
#include "paper/forms.h"
#include "paper/say.h"

static struct err
compose(struct form *f, enum paper_kind kind, const char *hash, int pages,
    form_take *take, void *ctx)
{
	static void (*const kinds[])(struct form *) = {
		[PAPER_APPLICATION] = form_application,
		[PAPER_LOSS_REPORT] = form_loss_report,
		[PAPER_DAY] = form_day,
	};
	char created[CLOCK_TEXT], left[FORM_TEXT], label[FORM_TEXT] = "";
	char at[SAY_TEXT], title[SAY_TEXT];
	struct err e;

	civil_iso_text(created, form_int(f, "printed_at"));
	say_moment(at, f->lang, form_int(f, "printed_at"));
	snprintf(title, sizeof title, "title.%s", paper_kind_name(kind));
	snprintf(left, sizeof left, "%s  |  %s  |  %s %s", form_str(f, "bank"),
	    form_say(f, title), form_say(f, "label.printed_at"), at);
	if (hash[0] != '\0')
		snprintf(label, sizeof label, "%s  %s",
		    form_say(f, "form.hash"), hash);
	f->sheet = (struct sheet){ .pages = pages,
		.foot_left = left,
		.foot_label = label,
		.page_pattern = form_say(f, "form.page") };
	e = sheet_begin(&f->sheet, take, ctx, form_say(f, title), created);
	if (err_is(e))
		return e;
	kinds[kind](f);
	return sheet_end(&f->sheet);
}

static struct err
take_nothing(void *ctx, struct span bytes)
{
	return err_none();
}

struct err
form_pdf(const json_t *document, const char *hash, form_take *take, void *ctx)
{
	static struct form f;
	enum paper_kind kind;
	struct err e = paper_check(&kind, &f.lang, document);

	if (err_is(e))
		return e;
	if (!paper_is_form(kind))
		return err_make(E_ARG, 0, "paper: a slip is no form");
	f.d = document;
	e = compose(&f, kind, hash, 0, take_nothing, NULL);
	return err_is(e) ? e : compose(&f, kind, hash, f.sheet.page, take, ctx);
}
