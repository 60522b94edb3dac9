/*
 * agent/pay_desk.c - money at the counter: taken, let off, given back, and
 * what a person reads in the terminal's own record.
 */
#include <string.h>

#include "base/log.h"
#include "case/fee.h"
#include "prog/agent/desk.h"
#include "prog/agent/pay_work.h"

enum { RECEIPT_MAX = 64, LIST_MAX = 32 };

static struct store_pay_change
change_by(const struct pay_by *by)
{
	return (struct store_pay_change){ .actor = by->actor,
		.role = by->role,
		.also = by->also,
		.also_arg = by->also_arg };
}

/* The fee is settled without a card: the payment and the case in one step. */
static const char *
settle(struct agent *a, struct live *l, struct store_pay *row,
    enum case_event event, const struct pay_by *by)
{
	struct store_change arrow = { .moves = true,
		.event = event,
		.actor = by->actor,
		.role = by->role,
		.also = by->also,
		.also_arg = by->also_arg };
	struct store_pay_change ch = change_by(by);
	struct err e;

	row->case_id = l->c.id;
	str_copy(row->case_no, sizeof row->case_no, l->c.case_no);
	str_copy(row->terminal, sizeof row->terminal, by->actor);
	l->c.problem[0] = '\0';
	ch.c = &l->c;
	ch.arrow = &arrow;
	e = store_pay_begin(a->store, row, &ch);
	if (e.code == E_EXISTS)
		return "pay.open";
	if (err_is(e)) {
		log_err(LOG_ERROR, "fee at the counter", e);
		return store_refusal(e);
	}
	log_line(LOG_INFO, "case %s: %s", case_event_name(event),
	    case_state_name(l->c.state));
	desk_case_changed(a, &l->c);
	live_changed(a, l);
	live_next(a, l);
	return NULL;
}

static bool
receipt_fits(const char *receipt_no)
{
	size_t n = strlen(receipt_no);

	return n > 0 && n <= RECEIPT_MAX;
}

const char *
pay_cash(struct agent *a, struct live *l, int64_t won, const char *receipt_no,
    const struct pay_by *by)
{
	struct store_pay row = { .method = PAY_BY_CASH, .won = won };
	struct store_case before = l->c;
	const char *refused;

	if (l->c.state != CASE_APPROVED)
		return "case.state";
	if (won <= 0 || won > INT32_MAX || !receipt_fits(receipt_no))
		return "rpc.params";
	if (l->c.fee_won >= 0 && l->c.fee_won != won)
		return "pay.amount";
	l->c.fee_won = won;
	l->c.fee_vat = fee_vat((int)won);
	str_copy(row.receipt_no, sizeof row.receipt_no, receipt_no);
	refused = settle(a, l, &row, CASE_EV_FEE_PAID, by);
	if (refused != NULL)
		l->c = before;
	return refused;
}

const char *
pay_waive(struct agent *a, struct live *l, const char *waiver,
    const struct pay_by *by)
{
	struct store_pay row = { .method = PAY_BY_WAIVER,
		.won = l->c.fee_won < 0 ? 0 : l->c.fee_won };
	struct store_case before = l->c;
	const char *refused;

	if (l->c.state != CASE_APPROVED)
		return "case.state";
	if (waiver[0] == '\0' ||
	    !str_copy(l->c.waiver, sizeof l->c.waiver, waiver))
		return "rpc.params";
	str_copy(row.reason, sizeof row.reason, waiver);
	l->c.fee_won = l->c.fee_vat = 0;
	refused = settle(a, l, &row, CASE_EV_FEE_WAIVED, by);
	if (refused != NULL)
		l->c = before;
	return refused;
}

/* ---- back ---- */

static const char *
refusal(struct err e)
{
	return err_is(e) ? store_refusal(e) : NULL;
}

static const char *
back_in_cash(struct agent *a, struct store_pay *row, const struct pay_by *by)
{
	struct store_pay_change owe = {
		.event = PAY_EV_OWE, .actor = by->actor, .role = by->role
	};
	struct store_pay_change paid = change_by(by);
	struct pay_step step;
	struct err e = err_none();

	paid.event = PAY_EV_REFUNDED;
	if (row->p.state != PAY_STATE_REFUND_DUE)
		e = store_pay_step(a->store, row, &step, &owe);
	if (!err_is(e))
		e = store_pay_step(a->store, row, &step, &paid);
	if (!err_is(e))
		pay_tell(a, row, "");
	return refusal(e);
}

const char *
pay_refund(struct agent *a, const struct store_case *c, const char *receipt_no,
    const char *reason, const struct pay_by *by)
{
	struct pay_work *w;
	struct store_pay row;

	if (err_is(store_pay_live(a->store, &row, c->id)) ||
	    row.p.state == PAY_STATE_WAIVED)
		return "pay.none";
	if (pay_is_open(row.p.state))
		return "pay.open";
	if (!str_copy(row.reason, sizeof row.reason, reason))
		return "rpc.params";
	if (receipt_no[0] != '\0') {
		if (!receipt_fits(receipt_no))
			return "rpc.params";
		str_copy(row.back_no, sizeof row.back_no, receipt_no);
		return back_in_cash(a, &row, by);
	}
	if (row.method != PAY_BY_CARD || row.poi_txn[0] == '\0')
		return "rpc.params";
	if ((w = pay_take(a, &row)) == NULL)
		return "agent.internal";
	struct err e = pay_event(a, w, PAY_EV_REVERSE, by);
	if (err_is(e))
		w->used = false;
	return refusal(e);
}

const char *
pay_seen(struct agent *a, const struct store_case *c, bool charged,
    const char *approval, const struct pay_by *by)
{
	struct pay_work *w = pay_find_case(a, c->id);

	if (w == NULL || !w->row.p.told)
		return "pay.none";
	if (charged &&
	    (approval[0] == '\0' ||
		!str_copy(w->row.approval, sizeof w->row.approval, approval)))
		return "rpc.params";
	return refusal(pay_event(
	    a, w, charged ? PAY_EV_SEEN_CHARGED : PAY_EV_SEEN_NOTHING, by));
}

/* ---- the list ---- */

static json_t *
view_row(const struct store_pay *p)
{
	json_t *v = json_pack("{s:I,s:s,s:s,s:I,s:I,s:s,s:s,s:s}", "id",
	    (json_int_t)p->id, "method", pay_method_name(p->method), "state",
	    pay_state_name(p->p.state), "won", (json_int_t)p->won, "at",
	    (json_int_t)(p->paid_at != 0 ? p->paid_at : p->begun_at),
	    "approval", p->approval, "brand", p->brand, "pan", p->pan);

	json_object_set_new(v, "receipt_no", json_string(p->receipt_no));
	json_object_set_new(v, "back_no", json_string(p->back_no));
	json_object_set_new(v, "reason", json_string(p->reason));
	json_object_set_new(v, "condition", json_string(p->condition));
	json_object_set_new(v, "note", json_string(p->note));
	return v;
}

json_t *
pay_list(struct agent *a, const struct store_case *c)
{
	static struct store_pay rows[LIST_MAX];
	json_t *list = json_array();
	size_t n = 0;

	if (err_is(store_pays_of_case(a->store, rows, LIST_MAX, &n, c->id)))
		n = 0;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, view_row(&rows[i]));
	return list;
}
