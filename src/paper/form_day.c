/*
 * paper/form_day.c - the day-end report: cases, fees by method, and how they
 * agree with the card terminal.
 */
#include <string.h>

#include "paper/forms.h"
#include "paper/say.h"

static int64_t
whole(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

static void
heading(struct form *f, const char *key)
{
	sheet_need(&f->sheet, 70);
	sheet_gap(&f->sheet, 10);
	sheet_text(&f->sheet, form_say(f, key), 11, true, TYPE_LEFT);
	sheet_gap(&f->sheet, 3);
}

/* A row of a name and one or two amounts. */
static void
amounts(struct form *f, const struct sheet_table *t, const char *name,
    int64_t one, int64_t two, bool bold, bool last)
{
	char first[SAY_TEXT], second[SAY_TEXT];
	const char *const cells[] = { name, first, second };

	say_number(first, one);
	say_number(second, two);
	sheet_row(&f->sheet, t, cells, bold, last);
}

static void
put_cases(struct form *f)
{
	static const char *const order[] = { "opened", "done", "cancelled",
		"rejected", "expired", "found", "revoked" };
	enum { ORDER = sizeof order / sizeof *order };
	const json_t *cases = json_object_get(f->d, "cases");
	struct sheet_table t = { .columns = 2,
		.widths = { 0.7, 0.3 },
		.aligns = { TYPE_LEFT, TYPE_RIGHT },
		.heads = {
		    form_say(f, "label.state"), form_say(f, "day.count") } };

	heading(f, "day.cases");
	sheet_head(&f->sheet, &t);
	for (int i = 0; i < ORDER; i++)
		amounts(f, &t, paper_word_of(f->lang, "cases", order[i]),
		    whole(cases, order[i]), 0, false, i + 1 == ORDER);
}

static struct sheet_table
money_table(struct form *f)
{
	return (struct sheet_table){ .columns = 3,
		.widths = { 0.5, 0.2, 0.3 },
		.aligns = { TYPE_LEFT, TYPE_RIGHT, TYPE_RIGHT },
		.heads = { form_say(f, "day.method"), form_say(f, "day.count"),
		    form_say(f, "day.amount") } };
}

static void
put_fees(struct form *f)
{
	const json_t *fees = json_object_get(f->d, "fees"), *one;
	const json_t *refunds = json_object_get(f->d, "refunds");
	struct sheet_table t = money_table(f);
	int64_t count = 0, won = 0;
	size_t i;

	heading(f, "day.fees");
	sheet_head(&f->sheet, &t);
	json_array_foreach(fees, i, one) {
		amounts(f, &t,
		    paper_word_of(f->lang, "method",
			json_string_value(json_object_get(one, "method"))),
		    whole(one, "count"), whole(one, "won"), false, false);
		count += whole(one, "count");
		won += whole(one, "won");
	}
	amounts(f, &t, form_say(f, "day.refunds"), whole(refunds, "count"),
	    -whole(refunds, "won"), false, false);
	amounts(f, &t, form_say(f, "day.total"), count,
	    won - whole(refunds, "won"), true, true);
}

static void
put_terminal(struct form *f)
{
	const json_t *terminal = json_object_get(f->d, "terminal");
	const json_t *paid = json_object_get(terminal, "payments");
	const json_t *back = json_object_get(terminal, "reversals");
	struct sheet_table t = money_table(f);

	heading(f, "day.terminal");
	if (!json_is_object(terminal)) {
		sheet_text(&f->sheet, form_say(f, "day.no_terminal"), 9.5,
		    false, TYPE_LEFT);
		return;
	}
	sheet_head(&f->sheet, &t);
	amounts(f, &t, form_say(f, "day.payments"), whole(paid, "count"),
	    whole(paid, "won"), false, false);
	amounts(f, &t, form_say(f, "day.reversals"), whole(back, "count"),
	    -whole(back, "won"), false, true);
}

static void
put_differences(struct form *f)
{
	const json_t *list = json_object_get(f->d, "differences"), *one;
	struct sheet_table t = money_table(f);
	size_t i;

	t.heads[0] = form_say(f, "day.what");
	t.heads[1] = form_say(f, "day.ours");
	t.heads[2] = form_say(f, "day.theirs");
	heading(f, "day.differences");
	if (json_array_size(list) == 0) {
		sheet_text(
		    &f->sheet, form_say(f, "day.agree"), 9.5, false, TYPE_LEFT);
		return;
	}
	sheet_head(&f->sheet, &t);
	json_array_foreach(list, i, one) {
		const char *what = json_string_value(
		    json_object_get(one, "what"));
		const char *word = paper_word_of(f->lang, "day", what);

		amounts(f, &t, strcmp(word, "-") == 0 ? what : word,
		    whole(one, "ours"), whole(one, "theirs"), true,
		    i + 1 == json_array_size(list));
	}
}

void
form_day(struct form *f)
{
	char day[SAY_TEXT];

	form_title(f, "title.day", "");
	say_day(day, f->lang, form_str(f, "date"));
	sheet_text(&f->sheet, day, 12, true, TYPE_MIDDLE);
	put_cases(f);
	put_fees(f);
	if (json_object_get(f->d, "terminal") != NULL)
		put_terminal(f);
	put_differences(f);
	sheet_gap(&f->sheet, 18);
	form_desk(f);
}
