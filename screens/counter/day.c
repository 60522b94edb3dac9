/*
 * screens/counter/day.c - [2210] the day's cases and money, against what the
 * card terminal says; as CSV and PDF for the files.
 */
#include <string.h>

#include "base/clock.h"
#include "screens/counter/common.h"
#include "screens/counter/desk_words.h"
#include "screens/counter/screens.h"
#include "screens/kiosk/words.h"
#include "ui/text.h"

enum { DATE_DIGITS = 8 };

static void
enter(struct counter_session *s)
{
	char today[CLOCK_TEXT];

	clerk_form(s);
	form_add_field(&s->form, &s->date);
	if (!field_is_empty(&s->date))
		return;
	civil_date_text(today, s->now_unix);
	(void)field_set(&s->date, today);
}

static int
on_event(struct counter_session *s, const struct event *ev)
{
	enum form_result did;
	int intent;

	if (s->pending == CQ_NONE && s->day.known &&
	    (event_is_key(ev, K_F9) || event_is_key(ev, K_HANGUL)))
		return CI_CSV;
	if (s->pending == CQ_NONE && s->day.known && event_is_key(ev, K_F10))
		return CI_PDF;
	intent = clerk_event(s, ev, &did);
	if (did != FORM_SUBMIT)
		return intent;
	if (strlen(field_text(&s->date)) != DATE_DIGITS) {
		clerk_fail(s, 0, "desk.docs.date");
		return CI_STAY;
	}
	return CI_SUBMIT;
}

static void
draw_cases(const struct day_view *v, struct page *p)
{
	page_row(p, T("desk.day.cases"),
	    page_fill(p, T("desk.day.counts"), page_fmt(p, "%d", v->opened),
		page_fmt(p, "%d", v->done), page_fmt(p, "%d", v->cancelled),
		page_fmt(p, "%d", v->rejected), page_fmt(p, "%d", v->expired),
		page_fmt(p, "%d", v->found)),
	    NULL);
}

static void
draw_money(const struct day_view *v, struct page *p)
{
	for (int i = 0; i < v->fee_count; i++)
		page_row(p, i == 0 ? T("desk.day.fees") : "",
		    page_fmt(p, "%s  %s",
			desk_word(p, "desk.pay", v->fees[i].method),
			words_won(p, v->fees[i].won)),
		    page_fill(p, T("desk.times"),
			page_fmt(p, "%d", v->fees[i].count)));
	if (v->fee_count == 0)
		page_row(p, T("desk.day.fees"), T("desk.day.none"), NULL);
	page_row(p, T("desk.day.refunds"), words_won(p, v->refund_won),
	    page_fill(p, T("desk.times"), page_fmt(p, "%d", v->refund_count)));
	if (!v->terminal_known) {
		page_row(
		    p, T("desk.day.terminal"), T("desk.day.no_terminal"), NULL);
		return;
	}
	page_row(p, T("desk.day.terminal"), words_won(p, v->terminal_won),
	    page_fill(p, T("desk.day.reversed"),
		page_fmt(p, "%d", v->terminal_count),
		page_fmt(p, "%d", v->reversal_count),
		words_won(p, v->reversal_won)));
}

static void
draw_differences(const struct day_view *v, struct page *p)
{
	/* clang-format off */
	static const struct page_column heads[] = {
		{ "desk.day.what",	 0, false },
		{ "desk.day.ours",	14, false },
		{ "desk.day.theirs",	14, false },
	};
	/* clang-format on */
	static struct page_column columns[3];

	page_gap(p);
	if (v->difference_count == 0) {
		page_say(p, ROLE_NOTICE, T("desk.day.agree"));
		return;
	}
	page_say(p, ROLE_ERROR,
	    page_fill(p, T("desk.day.differ"),
		page_fmt(p, "%d", v->difference_count)));
	clerk_table(p, columns, heads, 3);
	for (int i = 0; i < v->difference_count; i++) {
		const char *cells[] = { desk_word(p, "desk.differs",
					    v->differences[i].what),
			v->differences[i].ours, v->differences[i].theirs };

		page_table_row(p, page_list(p, cells, 3), false, true);
	}
}

static void
draw(const struct counter_session *s, struct page *p)
{
	const struct day_view *v = &s->day;

	clerk_head(s, p);
	page_field(p, T("desk.day.date"), &s->date,
	    v->known ? words_day(p, v->date) : NULL, clerk_item_error(s, 0));
	page_gap(p);
	if (v->known) {
		draw_cases(v, p);
		draw_money(v, p);
		draw_differences(v, p);
	} else {
		page_text(p, T("desk.asking"));
	}
	page_focus(p, 0);
	clerk_foot(s, p, "desk.back", "desk.ask");
}

const struct counter_view counter_day = { enter, on_event, draw };
