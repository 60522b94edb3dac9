/*
 * screens/counter/queue.c - [2101] the cases of the branch, live.
 *
 * The list comes anew whenever something changed; the selection stays on the
 * same case, wherever that has moved to.
 */
#include <string.h>

#include "base/span.h"
#include "flow/counter_request.h"
#include "screens/counter/common.h"
#include "screens/counter/desk_words.h"
#include "screens/counter/screens.h"
#include "screens/kiosk/words.h"
#include "ui/text.h"

enum { LOOK_MS = 3000, AGAIN_MS = 60000 };

static int
first_line(const struct counter_session *s)
{
	return s->finding ? 1 : 0;
}

/* Items as the list is now; the focus stays in the search field or the line. */
static void
build(struct counter_session *s)
{
	bool in_field = s->finding && s->form.at == 0;

	clerk_form(s);
	if (s->finding)
		form_add_field(&s->form, &s->find);
	form_add_picks(&s->form, s->queue.count);
	if (!in_field)
		s->form.at = s->queue.count > 0 ? first_line(s) + s->selected
						: 0;
}

static void
enter(struct counter_session *s)
{
	s->form.at = first_line(s);
	build(s);
}

/* The list anew from its beginning. */
static int
relist(struct counter_session *s)
{
	s->queue.from = 0;
	s->selected = 0;
	s->selected_no[0] = '\0';
	return CI_RELIST;
}

static int
turn_filter(struct counter_session *s, int by)
{
	s->filter = (s->filter + QF_COUNT + by) % QF_COUNT;
	return relist(s);
}

static int
turn_page(struct counter_session *s)
{
	if (s->queue.total <= QUEUE_ITEMS && s->queue.from == 0)
		return CI_STAY;
	s->queue.from += QUEUE_ITEMS;
	if (s->queue.from >= s->queue.total)
		s->queue.from = 0;
	s->selected = 0;
	s->selected_no[0] = '\0';
	return CI_RELIST;
}

static void
open_search(struct counter_session *s)
{
	s->finding = true;
	s->form.at = 0;
	build(s);
	s->form.at = 0;
}

/* An empty search is the whole list. */
static int
search(struct counter_session *s)
{
	field_leave(&s->find, s->ime);
	counter_find_text(s->found, field_text(&s->find));
	s->finding = false;
	(void)relist(s);
	build(s);
	return CI_RELIST;
}

/* Esc: out of the field, then out of the search. */
static int
back(struct counter_session *s)
{
	bool searched = s->found[0] != '\0';

	field_wipe(&s->find);
	s->found[0] = '\0';
	if (s->finding) {
		s->finding = false;
		build(s);
	}
	return searched ? relist(s) : CI_STAY;
}

static int
open_case(struct counter_session *s)
{
	if (s->queue.count == 0)
		return CI_STAY;
	(void)str_copy(
	    s->want, sizeof s->want, s->queue.items[s->selected].case_no);
	return s->role == CR_AUDITOR ? CI_REFRESH : CI_OPEN;
}

static int
leave_program(struct counter_session *s)
{
	if (s->ending)
		return CI_END;
	s->ending = true;
	return CI_STAY;
}

static int
function_key(struct counter_session *s, const struct event *ev)
{
	bool in_field = form_field(&s->form) != NULL;

	if (ev->kind != EV_KEY)
		return CI_COUNT;
	if (in_field && ev->key == K_ENTER)
		return search(s);
	if (ev->key == K_F2 || (!in_field && ev->key == K_RIGHT))
		return turn_filter(s, 1);
	if (!in_field && ev->key == K_LEFT)
		return turn_filter(s, -1);
	if (ev->key == K_F3)
		return turn_page(s);
	if (ev->key == K_F4 ||
	    (!in_field && ev->key == K_CHAR && ev->ch == '/')) {
		open_search(s);
		return CI_STAY;
	}
	if (ev->key == K_F5) {
		s->sort = (s->sort + 1) % QS_COUNT;
		return relist(s);
	}
	if (ev->key == K_F10)
		return leave_program(s);
	return CI_COUNT;
}

/* The line in focus is the case that stays selected. */
static void
follow(struct counter_session *s)
{
	int line = s->form.at - first_line(s);

	if (line < 0 || line >= s->queue.count)
		return;
	s->selected = line;
	(void)str_copy(s->selected_no, sizeof s->selected_no,
	    s->queue.items[line].case_no);
}

/*
 * Changes are told to clerks and not to auditors; a day that ends makes cases
 * late without any change.
 */
static bool
is_old(const struct counter_session *s)
{
	int64_t after = s->role == CR_AUDITOR ? LOOK_MS : AGAIN_MS;

	return s->queue.known && s->now_ms - s->queue.at_ms >= after;
}

static int
on_event(struct counter_session *s, const struct event *ev)
{
	enum form_result did;
	int intent;

	if (ev->kind == EV_TICK && is_old(s)) {
		s->queue.at_ms = s->now_ms;
		return CI_RELIST;
	}
	if (s->form.count != first_line(s) + s->queue.count ||
	    ev->kind == EV_AGENT)
		build(s);
	if (s->pending == CQ_NONE) {
		intent = function_key(s, ev);
		if (intent != CI_COUNT)
			return intent;
	}
	intent = clerk_event(s, ev, &did);
	if (intent == CI_BACK)
		return back(s);
	if (did == FORM_USED || did == FORM_PICKED)
		follow(s);
	return did == FORM_PICKED ? open_case(s) : intent;
}

/* "[진행 7]  대기 2  심사 3": what there is, and what is shown. */
static void
draw_filters(const struct counter_session *s, struct page *p)
{
	const char *bar = "";

	for (int i = 0; i < QF_COUNT; i++) {
		const char *name = T(
		    page_fmt(p, "desk.filter.%s", word_filter(i)));
		int n = s->queue.counts[i];

		if (n > 0)
			name = page_fmt(p, "%s %d", name, n);
		if (i == s->filter)
			name = page_fmt(p, "[%s]", name);
		bar = page_fmt(p, "%s%s%s", bar, i == 0 ? "" : "  ", name);
	}
	page_say(p, ROLE_TEXT, bar);
}

static void
draw_range(const struct counter_session *s, struct page *p)
{
	const struct queue_view *q = &s->queue;
	const char *sort = T(page_fmt(p, "desk.sort.%s", word_sort(s->sort)));
	const char *range = page_fill(p, T("desk.queue.range"),
	    page_fmt(p, "%d", q->count > 0 ? q->from + 1 : 0),
	    page_fmt(p, "%d", q->from + q->count), page_fmt(p, "%d", q->total));

	if (s->found[0] != '\0')
		range = page_fmt(p, "%s   %s", range,
		    page_fill(p, T("desk.queue.found"), s->found));
	page_say(p, ROLE_DIM, page_fmt(p, "%s   %s", sort, range));
}

static const char *
owner_of(const struct counter_session *s, const struct queue_item *q)
{
	if (q->owner[0] == '\0')
		return "-";
	return strcmp(q->owner, s->staff) == 0 ? T("desk.mine") : q->owner;
}

static const char *
note_of(struct page *p, const struct queue_item *q)
{
	const char *note = desk_word(p, "desk.note", q->note_key);

	if (q->won > 0 && note[0] != '\0')
		return page_fmt(p, "%s %s", words_won(p, q->won), note);
	return q->won > 0 ? words_won(p, q->won) : note;
}

static void
draw_line(const struct counter_session *s, struct page *p, int i)
{
	const struct queue_item *q = &s->queue.items[i];
	const char *cells[] = { page_fmt(p, "%d", s->queue.from + i + 1),
		q->case_no, q->holder, desk_state(p, q->state),
		desk_age(p, q->since, s->now_unix), desk_day(p, q->promise),
		owner_of(s, q), note_of(p, q) };

	page_table_row(p, page_list(p, cells, 8), true, q->late);
}

/* clang-format off */
static const struct page_column heads[] = {
	{ "desk.col.no",	2, true },
	{ "desk.col.case",	15, false },
	{ "desk.col.holder",	6, false },
	{ "desk.col.state",	9, false },
	{ "desk.col.age",	5, false },
	{ "desk.col.promise",	9, true },
	{ "desk.col.owner",	5, true },
	{ "desk.col.note",	0, false },
};
/* clang-format on */

static void
draw(const struct counter_session *s, struct page *p)
{
	static struct page_column columns[8];

	clerk_head(s, p);
	draw_filters(s, p);
	draw_range(s, p);
	if (s->finding)
		page_field(
		    p, T("desk.find"), &s->find, clerk_ime(s, &s->find), NULL);
	page_gap(p);
	clerk_table(p, columns, heads, 8);
	for (int i = 0; i < s->queue.count; i++)
		draw_line(s, p, i);
	if (s->queue.count == 0)
		page_text(p, T(!s->queue.known	       ? "desk.queue.asking"
				 : s->found[0] != '\0' ? "desk.queue.nobody"
						       : "desk.queue.none"));
	page_focus(
	    p, s->finding && s->form.at == 0 ? 0 : first_line(s) + s->selected);
	clerk_foot(s, p, NULL, s->queue.count > 0 ? "desk.open" : NULL);
}

const struct counter_view counter_queue = { enter, on_event, draw };
