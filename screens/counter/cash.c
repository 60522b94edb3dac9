/*
 * screens/counter/cash.c - [2120] the fee was paid in cash or by account; the
 * bank's own receipt number ties the two together.
 */
#include <string.h>

#include "screens/counter/common.h"
#include "screens/counter/screens.h"
#include "screens/kiosk/words.h"
#include "ui/text.h"

enum { WON, RECEIPT };

/* Above zero when the table knows it; else the clerk says what it was. */
static int
due(const struct desk *d)
{
	return d->kase.has_fee && d->kase.fee_won > 0 ? d->kase.fee_won : 0;
}

static void
enter(struct counter_session *s)
{
	struct desk *d = &s->desk;
	char digits[12];
	size_t at = sizeof digits;

	clerk_form(s);
	digits[--at] = '\0';
	for (int won = due(d); won > 0 && at > 0; won /= 10)
		digits[--at] = (char)('0' + won % 10);
	(void)field_set(&d->won, digits + at);
	form_add_field(&s->form, &d->won);
	form_add_field(&s->form, &d->receipt_no);
	form_focus(&s->form, s->ime, due(d) > 0 ? RECEIPT : WON);
}

static int
typed_won(const struct desk *d)
{
	int v = 0;

	for (const char *c = field_text(&d->won); *c != '\0'; c++)
		v = 10 * v + (*c - '0');
	return v;
}

static int
on_event(struct counter_session *s, const struct event *ev)
{
	int intent = clerk_form_event(s, ev);

	if (intent != CI_SUBMIT)
		return intent;
	if (typed_won(&s->desk) == 0 ||
	    (due(&s->desk) > 0 && typed_won(&s->desk) != due(&s->desk)))
		clerk_fail(s, WON, "desk.cash.wrong");
	if (field_is_empty(&s->desk.receipt_no))
		clerk_fail(s, RECEIPT, "desk.cash.receipt");
	if (clerk_wrong(s) || !clerk_ready(s))
		return CI_STAY;
	return CI_SUBMIT;
}

static void
draw(const struct counter_session *s, struct page *p)
{
	const struct desk *d = &s->desk;

	clerk_head(s, p);
	page_prompt(p, T("desk.act.cash"));
	page_text(p, T("desk.act_does.cash"));
	clerk_case_line(s, p);
	if (due(d) > 0)
		page_row(p, T("desk.row.due"), words_won(p, due(d)),
		    page_fill(p, T("desk.vat"), words_won(p, d->kase.fee_vat)));
	page_gap(p);
	page_field(p, T("desk.label.won"), &d->won, T("desk.won.hint"),
	    clerk_item_error(s, WON));
	page_field(p, T("desk.label.receipt_no"), &d->receipt_no,
	    T("desk.receipt_no.hint"), clerk_item_error(s, RECEIPT));
	page_focus(p, s->form.at);
	clerk_foot(s, p, "desk.back", "desk.submit");
}

const struct counter_view counter_cash = { enter, on_event, draw };
