/*
 * screens/counter/fee.c - [2130] waive the fee, give back what was paid, or
 * say what a person read in the card terminal's own record when a payment
 * stays unknown.  All need a supervisor's agreement.
 */
#include <string.h>

#include "flow/counter_request.h"
#include "screens/counter/common.h"
#include "screens/counter/desk_words.h"
#include "screens/counter/screens.h"
#include "screens/kiosk/words.h"
#include "ui/text.h"

enum { WHAT, REASON, SEEN_APPROVAL = 1, SEEN_REASON };

static bool
is_waiver(const struct desk *d)
{
	return strcmp(d->act, "waive") == 0;
}

static bool
is_seen(const struct desk *d)
{
	return strcmp(d->act, "seen") == 0;
}

static int
reason_item(const struct desk *d)
{
	return is_seen(d) ? SEEN_REASON : REASON;
}

/* Money that did not come by card goes back by hand, with a receipt. */
static bool
was_cash(const struct desk *d)
{
	for (int i = 0; i < d->pay_count; i++)
		if (strcmp(d->pays[i].method, "cash") == 0)
			return true;
	return false;
}

static void
enter(struct counter_session *s)
{
	struct desk *d = &s->desk;

	clerk_form(s);
	if (is_waiver(d))
		form_add_choice(&s->form, &d->waiver, WV_COUNT);
	if (is_seen(d))
		form_add_choice(&s->form, &d->charged, 2);
	if (!is_waiver(d))
		form_add_field(&s->form, &d->receipt_no);
	form_add_field(&s->form, &d->reason);
}

static void
check(struct counter_session *s)
{
	const struct desk *d = &s->desk;

	if ((is_waiver(d) && d->waiver < 0) || (is_seen(d) && d->charged < 0))
		clerk_fail(s, WHAT, "desk.choose.one");
	else if (is_seen(d) && d->charged == 0 &&
		 field_is_empty(&d->receipt_no))
		clerk_fail(s, SEEN_APPROVAL, "desk.seen.approval");
	else if (strcmp(d->act, "refund") == 0 && was_cash(d) &&
		 field_is_empty(&d->receipt_no))
		clerk_fail(s, WHAT, "desk.cash.receipt");
	clerk_check_reason(s, reason_item(d), &d->reason);
}

static int
on_event(struct counter_session *s, const struct event *ev)
{
	int intent = clerk_form_event(s, ev);

	if (intent != CI_SUBMIT)
		return intent;
	check(s);
	if (clerk_wrong(s) || !clerk_ready(s))
		return CI_STAY;
	return CI_SUBMIT;
}

static void
draw_paid(const struct counter_session *s, struct page *p)
{
	const struct desk *d = &s->desk;

	for (int i = 0; i < d->pay_count; i++)
		page_row(p, i == 0 ? T("desk.row.pay") : "",
		    page_fmt(p, "%s  %s  %s",
			desk_time(p, d->pays[i].at, s->now_unix),
			desk_word(p, "desk.pay", d->pays[i].method),
			words_won(p, d->pays[i].won)),
		    desk_word(p, "desk.pay", d->pays[i].state));
}

static void
draw_what(const struct counter_session *s, struct page *p)
{
	const struct desk *d = &s->desk;
	const char *charged[] = { T("desk.value.true"), T("desk.value.false") };

	if (is_waiver(d))
		page_choice(p, T("desk.label.waiver"),
		    clerk_options(p, "desk.waiver", word_waiver, WV_COUNT),
		    WV_COUNT, d->waiver, clerk_item_error(s, WHAT));
	else if (is_seen(d)) {
		page_choice(p, T("desk.label.charged"),
		    page_list(p, charged, 2), 2, d->charged,
		    clerk_item_error(s, WHAT));
		page_field(p, T("desk.label.approval"), &d->receipt_no,
		    T("desk.approval.hint"),
		    clerk_item_error(s, SEEN_APPROVAL));
	} else
		page_field(p,
		    T(was_cash(d) ? "desk.label.receipt_no"
				  : "desk.label.receipt_may"),
		    &d->receipt_no, T("desk.refund.hint"),
		    clerk_item_error(s, WHAT));
}

static void
draw(const struct counter_session *s, struct page *p)
{
	const struct desk *d = &s->desk;

	clerk_head(s, p);
	page_prompt(p, desk_word(p, "desk.act", d->act));
	page_text(p, desk_word(p, "desk.act_does", d->act));
	clerk_case_line(s, p);
	page_row(p, T("desk.row.due"), words_won(p, d->kase.fee_won), NULL);
	draw_paid(s, p);
	page_gap(p);
	clerk_people(s, p);
	draw_what(s, p);
	clerk_reason(s, p, reason_item(d), "desk.label.reason", &d->reason);
	page_focus(p, s->form.at);
	clerk_foot(s, p, "desk.back", "desk.submit");
}

const struct counter_view counter_fee = { enter, on_event, draw };
