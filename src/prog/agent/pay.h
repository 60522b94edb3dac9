/*
 * agent/pay.h - payments as the rest of the agent sees them.
 *
 * pay.c has the kiosk's requests, pay_work.c carries a payment through its
 * machine (src/case/pay.h), pay_desk.c is for the counter.
 */
#ifndef PROG_AGENT_PAY_H
#define PROG_AGENT_PAY_H

#include "prog/agent/agent.h"
#include "store/pay.h"

/* ---- for the counter: NULL when done, else an error code ---- */

/* Who does it, for the audit log; all borrowed. */
struct pay_by {
	const char *actor; /* the clerk's name */
	const char *role;  /* rpc_role_name() */
	/* more of the same transaction, as store_change.also; or NULL */
	struct err (*also)(
	    struct store *s, const struct store_case *c, void *arg);
	void *also_arg;
};

/*
 * APPROVED: the fee was taken at the counter.  `won` must be the case's fee,
 * or becomes it when the table had none (problem.fee_unknown).  `receipt_no`
 * is the bank's own, 1 to 64 characters.  The case is then PAID and goes on by
 * itself.  "case.state", "rpc.params", "pay.amount" (another fee), "pay.open"
 * (a card payment is not settled yet), "agent.disk_full", "agent.internal".
 */
const char *pay_cash(struct agent *a, struct live *l, int64_t won,
    const char *receipt_no, const struct pay_by *by);

/* APPROVED: nothing is taken, for the reason of a text key.  Errors as above.
 */
const char *pay_waive(struct agent *a, struct live *l, const char *waiver,
    const struct pay_by *by);

/*
 * Give the fee back, also when the case has ended: with receipt_no "" at the
 * terminal (card; goes on by itself until it is done), else it was paid out in
 * cash under that receipt.  `reason` is the clerk's.  "pay.none" when nothing
 * is to be given back, "pay.open" while it is under way already.
 */
const char *pay_refund(struct agent *a, const struct store_case *c,
    const char *receipt_no, const char *reason, const struct pay_by *by);

/*
 * A payment that is still unknown after PAY_DOUBT_MS, decided by a person from
 * the terminal's own record: charged (with its approval number) or not.
 * "pay.none" when there is no such payment.
 */
const char *pay_seen(struct agent *a, const struct store_case *c, bool charged,
    const char *approval, const struct pay_by *by);

/*
 * desk.pay: [{id, method, state, won, at, approval, brand, pan, receipt_no,
 * reason, note}], newest first, the caller's.
 */
json_t *pay_list(struct agent *a, const struct store_case *c);

/*
 * For a slip of kind `refund`: put what went back of the case's fee into its
 * view, in place of what was paid.  False when nothing did.
 */
bool pay_view_back(struct agent *a, const struct store_case *c, json_t *view);

/* Whether a card payment of the case is under way: it must not be cancelled,
 * released or let off meanwhile (live_step refuses that too). */
bool pay_is_busy(struct agent *a, const struct store_case *c);
/* Whether it was paid or let off before: it is not asked for again. */
bool pay_was_settled(struct agent *a, const struct store_case *c);

/* ---- for the core ---- */

/* view.c: {won, vat, waiver_key, card, paid}, as the table has
 * it before the application; null when it has no row. */
json_t *pay_view_fee(struct agent *a, const struct store_case *c);
/* "none", "ok", "down". */
const char *pay_health(const struct agent *a);
/* The net's pay.display. */
void pay_display(struct agent *a, const json_t *params);
/* A net has come or gone. */
void pay_net_changed(struct agent *a);
/* A case has ended: what was charged for nothing goes back. */
void pay_case_ended(struct agent *a);
/* Beside the store; E_NOMEM. */
MUST_USE struct err pay_open(struct agent *a);
void pay_tick(struct agent *a);
int64_t pay_deadline(const struct agent *a);
void pay_close(struct agent *a);

#endif
