/*
 * screens/counter/case.c - [2110] one case: where it stands, who it is about
 * (masked), what can be done, and what has been done.
 *
 * Opened by desk.take it is this clerk's; when somebody else has it, or an
 * auditor looks, it is only shown.
 */
#include <string.h>

#include "base/clock.h"
#include "base/span.h"
#include "flow/counter_request.h"
#include "screens/counter/common.h"
#include "screens/counter/desk_words.h"
#include "screens/counter/screens.h"
#include "screens/kiosk/words.h"
#include "ui/text.h"

static void
build(struct counter_session *s)
{
	clerk_form(s);
	if (s->desk.held && s->desk.action_count > 0)
		form_add_choice(
		    &s->form, &s->desk.action, s->desk.action_count);
}

/* The form of an action. */
static int
begin(struct counter_session *s, int at)
{
	const struct counter_act *act;

	if (at < 0 || at >= s->desk.action_count || !s->desk.held)
		return CI_STAY;
	act = counter_act_named(s->desk.actions[at]);
	if (act == NULL)
		return CI_STAY;
	s->desk.action = at;
	counter_begin_act(s, act->word);
	return act->form;
}

/* "1" to "9" and "0" for the tenth. */
static int
number_of(const struct event *ev)
{
	if (ev->kind != EV_KEY || ev->key != K_CHAR || ev->pasted ||
	    ev->ch < '0' || ev->ch > '9')
		return -1;
	return ev->ch == '0' ? 9 : (int)(ev->ch - '1');
}

static int
function_key(struct counter_session *s, const struct event *ev)
{
	struct desk *d = &s->desk;

	if (ev->kind != EV_KEY || s->role == CR_AUDITOR)
		return CI_COUNT;
	if (ev->key == K_F5)
		return d->held ? CI_REFRESH : CI_TAKE;
	if (ev->key == K_F3 && d->proposal_count > 0) {
		counter_begin_act(s, "");
		d->agree = -1;
		return CI_CONFIRM;
	}
	if (!d->held)
		return CI_COUNT;
	if (ev->key == K_F2) {
		counter_begin_act(s, "");
		return CI_DOCS;
	}
	if (ev->key == K_F8) {
		counter_begin_act(s, "");
		return CI_UNMASK;
	}
	return CI_COUNT;
}

static int
on_event(struct counter_session *s, const struct event *ev)
{
	enum form_result did;
	int intent;

	if (ev->kind == EV_AGENT)
		build(s);
	if (s->pending == CQ_NONE) {
		intent = function_key(s, ev);
		if (intent != CI_COUNT)
			return intent;
		if (number_of(ev) >= 0)
			return begin(s, number_of(ev));
	}
	intent = clerk_event(s, ev, &did);
	if (did == FORM_SUBMIT ||
	    (did == FORM_USED && ev->kind == EV_MOUSE && ev->ch != 0))
		return begin(s, s->desk.action);
	return intent;
}

/* ---- who and what ---------------------------------------------------------
 */

static const char *
owner_of(const struct counter_session *s)
{
	const struct desk *d = &s->desk;

	if (d->held)
		return T("desk.mine");
	return d->owner[0] != '\0' ? d->owner : "-";
}

static void
draw_state(const struct counter_session *s, struct page *p)
{
	const struct case_view *c = &s->desk.kase;
	const char *why = c->problem_key[0] != '\0' ? c->problem_key
						    : c->review_key;
	const char *state = desk_state(p, c->state);

	if (why[0] != '\0')
		state = page_fmt(
		    p, "%s  (%s)", state, desk_word(p, "desk.note", why));
	page_row(p, T("desk.row.state"), state,
	    page_fill(p, T("desk.row.version"),
		page_fmt(p, "%lld", (long long)s->desk.version), owner_of(s)));
}

/* A fact masked, or in clear with the seconds it will stay so. */
static void
draw_fact(
    const struct counter_session *s, struct page *p, const struct desk_fact *f)
{
	const struct desk *d = &s->desk;
	const char *label = desk_word(p, "desk.field", f->field);

	if (strcmp(f->field, d->shown_field) == 0) {
		int64_t left = (d->shown_until_ms - s->now_ms + 999) / 1000;

		page_row(p, label, d->shown_value,
		    page_fill(p, T("desk.shown"),
			page_fmt(p, "%d", left > 0 ? (int)left : 0)));
	} else if (strspn(f->value, "*") != strlen(f->value)) {
		page_row(p, label, f->value, NULL);
	}
}

static void
draw_facts(const struct counter_session *s, struct page *p)
{
	const struct desk *d = &s->desk;
	const struct case_view *c = &d->kase;
	const char *old = page_fmt(p, "%s  %s", words_product(c->product_key),
	    words_status(p, c->old_status));

	for (int i = 0; i < d->fact_count; i++)
		draw_fact(s, p, &d->facts[i]);
	page_row(p, T("desk.row.cert"), old,
	    words_expiry(p, c->old_not_after, c->old_days_left));
	if (c->reported_at != 0)
		page_row(p, T("desk.row.loss"),
		    page_fmt(p, "%s  %s  %s", words_moment(p, c->reported_at),
			desk_word(p, "desk.loss", d->loss_kind),
			desk_word(p, "desk.medium", d->medium)),
		    d->misuse ? T("desk.misuse") : NULL);
	if (c->has_new)
		page_row(p, T("desk.row.new"),
		    page_fmt(p, "%s  %s", words_date(p, c->new_not_after),
			words_status(p, c->new_status)),
		    NULL);
	if (c->promise[0] != '\0')
		page_row(
		    p, T("desk.row.promise"), words_day(p, c->promise), NULL);
}

static void
draw_pays(const struct counter_session *s, struct page *p)
{
	const struct desk *d = &s->desk;

	if (d->kase.has_fee)
		page_row(p, T("desk.row.fee"), words_won(p, d->kase.fee_won),
		    d->kase.waiver_key[0] != '\0' ? T(d->kase.waiver_key)
						  : NULL);
	for (int i = 0; i < d->pay_count; i++) {
		const struct desk_pay *pay = &d->pays[i];

		page_row(p, i == 0 ? T("desk.row.pay") : "",
		    page_fmt(p, "%s  %s  %s  %s",
			desk_time(p, pay->at, s->now_unix),
			desk_word(p, "desk.pay", pay->method),
			words_won(p, pay->won),
			desk_word(p, "desk.pay", pay->state)),
		    page_fmt(
			p, "%s %s %s", pay->approval, pay->brand, pay->pan));
	}
	if (d->guide.known)
		page_row(p, T("desk.row.guide"),
		    page_fill(p, T("desk.guide.state"),
			desk_word(p, "desk.channel", d->guide.channel),
			words_date(p, d->guide.expires_at),
			page_fmt(p, "%d", d->guide.attempts_left)),
		    NULL);
}

static void
draw_actions(const struct counter_session *s, struct page *p)
{
	const struct desk *d = &s->desk;
	const char *names[DESK_ACTIONS];

	if (!d->held || d->action_count == 0)
		return;
	for (int i = 0; i < d->action_count; i++)
		names[i] = desk_word(p, "desk.act", d->actions[i]);
	page_choice(p, T("desk.row.action"),
	    page_list(p, names, d->action_count), d->action_count, d->action,
	    NULL);
	page_focus(p, 0);
}

/* ---- papers ---------------------------------------------------------------
 */

/* One line for each group: what was seen, or what would do. */
static void
draw_group(struct page *p, const struct desk *d, int from, int to)
{
	const char *any = "";
	bool needed = false;

	for (int i = from; i < to; i++) {
		const struct desk_doc *doc = &d->docs[i];

		if (doc->seen) {
			page_task(p, TASK_DONE, desk_doc(p, doc), doc->issued);
			return;
		}
		needed = needed || doc->needed;
		any = i == from ? desk_doc(p, doc)
				: page_fmt(p, "%s / %s", any, desk_doc(p, doc));
	}
	if (needed)
		page_task(p, TASK_TODO, any, NULL);
}

static void
draw_docs(const struct desk *d, struct page *p)
{
	const char *applicant = desk_word(p, "applicant", d->applicant);

	if (d->applicant[0] == '\0' && d->doc_count == 0)
		return;
	page_gap(p);
	page_say(p, d->missing > 0 ? ROLE_PROMPT : ROLE_LABEL,
	    d->missing > 0 ? page_fill(p, T("desk.docs.missing"), applicant,
				 page_fmt(p, "%d", d->missing))
			   : page_fill(p, T("desk.docs.all"), applicant));
	for (int i = 0; i < d->doc_count;) {
		int to = i + 1;

		while (
		    to < d->doc_count && d->docs[to].group == d->docs[i].group)
			to++;
		draw_group(p, d, i, to);
		i = to;
	}
}

/* ---- what happened --------------------------------------------------------
 */

static void
draw_proposals(const struct desk *d, struct page *p)
{
	if (d->proposal_count == 0)
		return;
	page_gap(p);
	for (int i = 0; i < d->proposal_count; i++) {
		const struct desk_proposal *one = &d->proposals[i];

		page_say(p, ROLE_PROMPT,
		    page_fill(p, T("desk.proposal"),
			desk_word(p, "desk.act", one->action), one->by,
			one->reason));
	}
}

static void
draw_lines(const struct counter_session *s, struct page *p, const char *label,
    const struct desk_line *lines, int count)
{
	for (int i = 0; i < count; i++) {
		const struct desk_line *l = &lines[i];
		const char *key = desk_did(p, l->key);
		const char *text = desk_detail(p, l->text);
		bool both = key[0] != '\0' && text[0] != '\0';

		page_row(p, i == 0 ? T(label) : "",
		    page_fmt(p, "%s  %s%s%s", desk_time(p, l->at, s->now_unix),
			key, both ? ": " : "", text),
		    l->by);
	}
}

static void
tell_standing(const struct counter_session *s, struct page *p)
{
	const struct desk *d = &s->desk;

	if (!d->known || d->held || s->role == CR_AUDITOR)
		return;
	page_say(p, ROLE_ERROR,
	    d->lost		  ? T("desk.lost")
	    : d->owner[0] != '\0' ? page_fill(p, T("desk.taken"), d->owner)
				  : T("desk.free"));
}

static void
draw(const struct counter_session *s, struct page *p)
{
	const struct desk *d = &s->desk;

	clerk_head(s, p);
	tell_standing(s, p);
	draw_state(s, p);
	draw_facts(s, p);
	draw_pays(s, p);
	draw_actions(s, p);
	draw_proposals(d, p);
	draw_docs(d, p);
	page_gap(p);
	draw_lines(s, p, "desk.row.notes", d->notes, d->note_count);
	draw_lines(s, p, "desk.row.history", d->history, d->history_count);
	clerk_foot(s, p, "desk.back",
	    d->held && d->action_count > 0 ? "desk.choose" : NULL);
}

const struct counter_view counter_case = { build, on_event, draw };
