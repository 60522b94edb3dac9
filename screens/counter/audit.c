/*
 * screens/counter/audit.c - [2301] the audit log, row by row.
 */
#include <string.h>

#include "screens/counter/common.h"
#include "screens/counter/desk_words.h"
#include "screens/counter/screens.h"
#include "ui/text.h"

static void
build(struct counter_session *s)
{
	int at = s->form.at;

	clerk_form(s);
	form_add_picks(&s->form, s->audit.count);
	s->form.at = at < s->audit.count ? at : 0;
}

/* The last page of the log, as far as its size is known. */
static int64_t
last_page(const struct audit_view *v)
{
	return v->size > AUDIT_ROWS ? v->size - AUDIT_ROWS : 0;
}

static int
turn(struct counter_session *s, int by)
{
	struct audit_view *v = &s->audit;
	int64_t to = v->from + (int64_t)by * AUDIT_ROWS;

	if (to > last_page(v))
		to = last_page(v);
	if (to < 0)
		to = 0;
	if (to == v->from)
		return CI_STAY;
	v->from = to;
	s->form.at = 0;
	return CI_REFRESH;
}

/* The sequence number of the line goes to the proof's field. */
static int
prove(struct counter_session *s)
{
	char digits[24];
	size_t at = sizeof digits;
	int64_t seq = s->audit.rows[s->form.at].seq;

	digits[--at] = '\0';
	do {
		digits[--at] = (char)('0' + seq % 10);
		seq /= 10;
	} while (seq > 0 && at > 0);
	(void)field_set(&s->seq, digits + at);
	return CI_OPEN;
}

static int
on_event(struct counter_session *s, const struct event *ev)
{
	enum form_result did;
	int intent;

	if (ev->kind == EV_AGENT || s->form.count != s->audit.count)
		build(s);
	if (s->pending == CQ_NONE) {
		if (event_is_key(ev, K_F2))
			return turn(s, -1);
		if (event_is_key(ev, K_F3))
			return turn(s, 1);
		if (event_is_key(ev, K_F4)) {
			s->audit.from = s->audit.from == last_page(&s->audit)
					    ? 0
					    : last_page(&s->audit);
			s->form.at = 0;
			return CI_REFRESH;
		}
		if (event_is_key(ev, K_F5))
			return CI_REFRESH;
	}
	intent = clerk_event(s, ev, &did);
	return did == FORM_PICKED ? prove(s) : intent;
}

static void
draw_rows(const struct counter_session *s, struct page *p)
{
	/* clang-format off */
	static const struct page_column heads[] = {
		{ "desk.audit.seq",	 6, false },
		{ "desk.audit.at",	11, false },
		{ "desk.audit.actor",	10, false },
		{ "desk.audit.kind",	16, false },
		{ "desk.col.case",	15, false },
		{ "desk.audit.fields",	 0, true },
	};
	/* clang-format on */
	static struct page_column columns[6];

	clerk_table(p, columns, heads, 6);
	for (int i = 0; i < s->audit.count; i++) {
		const struct audit_line *l = &s->audit.rows[i];
		const char *cells[] = { page_fmt(p, "%lld", (long long)l->seq),
			desk_time(p, l->at, s->now_unix), l->actor, l->kind,
			l->case_no, l->fields };

		page_table_row(p, page_list(p, cells, 6), true, false);
	}
}

static void
draw(const struct counter_session *s, struct page *p)
{
	const struct audit_view *v = &s->audit;

	clerk_head(s, p);
	if (!v->known) {
		page_text(p, T("desk.asking"));
	} else {
		page_say(p, ROLE_DIM,
		    page_fill(p, T("desk.audit.range"),
			page_fmt(p, "%lld", (long long)v->from),
			page_fmt(
			    p, "%lld", (long long)(v->from + v->count - 1)),
			page_fmt(p, "%lld", (long long)v->size)));
		if (v->count > 0 && s->form.at < v->count)
			page_say(p, ROLE_VALUE, v->rows[s->form.at].fields);
		page_gap(p);
		draw_rows(s, p);
	}
	page_focus(p, s->form.at);
	clerk_foot(s, p, "desk.back", v->count > 0 ? "desk.prove" : NULL);
}

const struct counter_view counter_audit = { build, on_event, draw };
