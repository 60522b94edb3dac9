/*
 * screens/counter/docs.c - [2111] which papers this kind of applicant brings,
 * which were seen, and when those with an age limit were issued.
 *
 * Choosing another kind asks the agent for its papers first.
 */
#include <string.h>

#include "base/clock.h"
#include "base/span.h"
#include "flow/counter_request.h"
#include "screens/counter/common.h"
#include "screens/counter/desk_words.h"
#include "screens/counter/screens.h"
#include "ui/text.h"

enum { APPLICANT, DATE_DIGITS = 8 };

/* Ticks and dates as the agent has them, for the kind it has them for. */
static void
copy(struct desk *d)
{
	for (int i = 0; i < DESK_DOCS_MAX; i++)
		field_wipe(&d->doc_issued[i]);
	for (int i = 0; i < d->doc_count; i++) {
		d->doc_seen[i] = d->docs[i].seen;
		(void)field_set(&d->doc_issued[i], d->docs[i].issued);
	}
	(void)str_copy(d->docs_for, sizeof d->docs_for, d->applicant);
	d->applicant_at = applicant_named(d->applicant);
}

static void
build(struct counter_session *s)
{
	struct desk *d = &s->desk;

	clerk_form(s);
	form_add_choice(&s->form, &d->applicant_at, AK_COUNT);
	for (int i = 0; i < d->doc_count; i++) {
		form_add_check(&s->form, &d->doc_seen[i]);
		if (d->docs[i].max_age_days > 0)
			form_add_field(&s->form, &d->doc_issued[i]);
	}
}

static void
enter(struct counter_session *s)
{
	copy(&s->desk);
	build(s);
}

static bool
is_date(const char *digits)
{
	int v = 0;

	for (int i = 0; i < DATE_DIGITS; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return false;
		v = 10 * v + (digits[i] - '0');
	}
	return digits[DATE_DIGITS] == '\0' &&
	       civil_date_valid(v / 10000, v / 100 % 100, v % 100);
}

/* A paper with an age limit that was seen has its date. */
static void
check(struct counter_session *s)
{
	struct desk *d = &s->desk;
	int item = APPLICANT + 1;

	if (d->applicant_at == AK_PERSON_PROXY)
		clerk_fail(s, APPLICANT, "desk.docs.no_proxy");
	for (int i = 0; i < d->doc_count; i++) {
		item++;
		if (d->docs[i].max_age_days == 0)
			continue;
		if (d->doc_seen[i] && !is_date(field_text(&d->doc_issued[i])))
			clerk_fail(s, item, "desk.docs.date");
		item++;
	}
}

static int
submit(struct counter_session *s)
{
	struct desk *d = &s->desk;

	check(s);
	if (d->applicant_at < 0)
		clerk_fail(s, APPLICANT, "desk.choose.one");
	if (clerk_wrong(s) || !clerk_ready(s))
		return CI_STAY;
	d->applicant_changed = strcmp(word_applicant(d->applicant_at),
				   d->applicant) != 0;
	return CI_SUBMIT;
}

/* The agent's list of papers has become another one. */
static bool
is_other_list(const struct desk *d)
{
	return strcmp(d->docs_for, d->applicant) != 0;
}

static int
on_event(struct counter_session *s, const struct event *ev)
{
	struct desk *d = &s->desk;
	int intent;

	if (ev->kind == EV_AGENT && is_other_list(d)) {
		copy(d);
		d->act_version = d->version;
		build(s);
		form_focus(&s->form, s->ime, d->doc_count > 0 ? 1 : 0);
	}
	intent = clerk_form_event(s, ev);
	return intent == CI_SUBMIT ? submit(s) : intent;
}

static const char *
tag_of(struct page *p, const struct desk *d, int at)
{
	const struct desk_doc *doc = &d->docs[at];
	bool alone = (at == 0 || d->docs[at - 1].group != doc->group) &&
		     (at + 1 == d->doc_count ||
			 d->docs[at + 1].group != doc->group);

	return page_fmt(p, "(%s)",
	    T(!doc->needed ? "desk.docs.one_of"
		: alone	   ? "desk.docs.needed"
			   : "desk.docs.any"));
}

static void
draw_docs(const struct counter_session *s, struct page *p)
{
	const struct desk *d = &s->desk;
	int item = APPLICANT + 1, group = -1;

	for (int i = 0; i < d->doc_count; i++) {
		const struct desk_doc *doc = &d->docs[i];
		const char *form = desk_word(p, "desk.form", doc->form);

		if (doc->group != group && i > 0)
			page_gap(p);
		group = doc->group;
		page_check(p, page_fmt(p, "%s  %s", desk_doc(p, doc), form),
		    d->doc_seen[i], tag_of(p, d, i));
		item++;
		if (doc->max_age_days == 0)
			continue;
		page_field(p, T("desk.docs.issued"), &d->doc_issued[i],
		    T("desk.docs.issued.hint"), clerk_item_error(s, item));
		item++;
	}
}

static void
draw(const struct counter_session *s, struct page *p)
{
	const struct desk *d = &s->desk;
	bool other = d->applicant_at >= 0 &&
		     strcmp(word_applicant(d->applicant_at), d->applicant) != 0;

	clerk_head(s, p);
	page_choice(p, T("desk.docs.applicant"),
	    clerk_options(p, "applicant", word_applicant, AK_COUNT), AK_COUNT,
	    d->applicant_at, clerk_item_error(s, APPLICANT));
	page_gap(p);
	if (other)
		page_say(p, ROLE_NOTICE, T("desk.docs.other"));
	draw_docs(s, p);
	page_focus(p, s->form.at);
	clerk_foot(s, p, "desk.back", "desk.submit");
}

const struct counter_view counter_docs = { enter, on_event, draw };
