/*
 * agent/pay.c - the kiosk's requests about money, and what it sees of it.
 *
 * Money is asked for only when there is nothing between it and a certificate
 * in the customer's hands; one payment per case, one at a time per terminal.
 */
#include "prog/agent/pay.h"

#include <string.h>

#include "base/log.h"
#include "prog/agent/pay_work.h"
#include "prog/agent/rules.h"

/* A whole payment, card and PIN and the bank's answer; that the terminal falls
 * silent in between shows earlier (pay.timeout_s). */
enum { START_MS = 150000 };

/* What would keep us from finishing what is paid for; NULL for nothing. */
static const char *
unfit(struct agent *a)
{
	if (strcmp(pay_health(a), "ok") != 0 || !a->pays->scanned)
		return "terminal";
	if (!a->health.ca || !a->health.registry)
		return "ca";
	if (!a->health.media)
		return "media";
	if (a->audit_failed || a->office.trouble != NULL || !retain_is_ready(a))
		return "audit";
	return store_is_low(a->store) ? "disk" : NULL;
}

/* A payment of somebody else's case the terminal is busy with. */
static const struct pay_work *
other_open(const struct agent *a, int64_t case_id)
{
	for (int i = 0; i < PAY_WORKS; i++) {
		const struct pay_work *w = &a->pays->list[i];
		if (w->used && w->row.case_id != case_id &&
		    pay_is_asked(w->row.p.state) && !w->row.p.told)
			return w;
	}
	return NULL;
}

static const char *
refuse_detail(struct agent *a, const struct ask *q, const char *code,
    const char *key, const char *value)
{
	json_t *detail = json_pack("{s:s}", key, value);

	refuse_with(a, link_ref(a, q->link), q->id, code, detail);
	json_decref(detail);
	return NULL;
}

/* A new row, and the request on its way. */
static const char *
begin(struct agent *a, struct live *l, const struct link *k, json_int_t request)
{
	struct pay_by by = { .actor = k->terminal,
		.role = rpc_role_name(k->role) };
	struct store_pay_change ch = { .actor = by.actor, .role = by.role };
	struct store_pay row = { .case_id = l->c.id,
		.method = PAY_BY_CARD,
		.p.remedy = a->pays->remedy,
		.won = l->c.fee_won,
		.timeout_ms = START_MS };
	struct pay_work *w;
	struct err e;

	str_copy(row.case_no, sizeof row.case_no, l->c.case_no);
	str_copy(row.driver, sizeof row.driver, a->conf->pay_driver);
	str_copy(row.terminal, sizeof row.terminal, k->terminal);
	/* a slot first: what is begun must be looked after */
	if ((w = pay_take(a, &row)) == NULL)
		return "agent.internal";
	e = store_pay_begin(a->store, &row, &ch);
	w->row = row;
	if (err_is(e)) {
		log_err(LOG_ERROR, "payment", e);
		w->used = false;
		return store_refusal(e);
	}
	answer(a, link_ref(a, k), request, json_object());
	pay_tell(a, &w->row, "");
	/* when that is not kept nothing leaves, and pay_work.c ends it */
	if (!err_is(pay_event(a, w, PAY_EV_SEND, &by)))
		pay_send(a, w);
	return NULL;
}

const char *
ask_pay_begin(struct agent *a, struct ask *q)
{
	struct live *l = live_of(a, q->link);
	struct ref asker = link_ref(a, q->link);
	const struct pay_work *other;
	struct store_pay row;
	const char *what;

	if (l == NULL)
		return "case.none";
	/* pressed twice, or asked again while the first is not yet known */
	if (!err_is(store_pay_live(a->store, &row, l->c.id))) {
		answer(a, asker, q->id, json_object());
		pay_tell(a, &row, "");
		return NULL;
	}
	if (l->c.state != CASE_APPROVED || l->c.fee_won <= 0)
		return "case.state";
	if ((what = unfit(a)) != NULL)
		return refuse_detail(a, q, "pay.unfit", "what", what);
	if ((other = other_open(a, l->c.id)) != NULL)
		return refuse_detail(
		    a, q, "pay.open", "by", other->row.terminal);
	return begin(a, l, q->link, q->id);
}

const char *
ask_pay_cancel(struct agent *a, struct ask *q)
{
	struct live *l = live_of(a, q->link);
	struct pay_by by = { .actor = q->link->terminal,
		.role = rpc_role_name(q->link->role) };
	struct pay_work *w;

	if (l == NULL)
		return "case.none";
	w = pay_find_case(a, l->c.id);
	if (w == NULL || !pay_is_asked(w->row.p.state))
		return "case.state";
	/* what is being found out already is stopped already */
	if (w->row.p.state == PAY_STATE_SENT && !w->stopping) {
		struct err e = pay_stop(a, w, &by);
		if (err_is(e))
			return store_refusal(e);
	}
	answer(a, link_ref(a, q->link), q->id, json_object());
	return NULL;
}

/* ---- what is seen of it ---- */

static json_t *
view_paid(struct agent *a, const struct store_case *c)
{
	struct store_pay row;

	if (c->fee_won <= 0 || err_is(store_pay_live(a->store, &row, c->id)) ||
	    !pay_is_charged(row.p.state))
		return json_null();
	return json_pack("{s:s,s:I,s:s,s:s,s:s,s:s}", "method",
	    pay_method_name(row.method), "at", (json_int_t)row.paid_at,
	    "approval", row.approval, "brand", row.brand, "pan", row.pan,
	    "receipt_no", row.receipt_no);
}

/* Before the application: what the table will ask for it. */
static json_t *
view_expected(struct agent *a, const struct store_case *c)
{
	const char *loss = c->loss_kind[0] == '\0' ? "lost" : c->loss_kind;
	struct fee fee;

	if ((c->state != CASE_OPEN && c->state != CASE_REPORTED &&
		c->state != CASE_HELD) ||
	    err_is(rules_fee(a, &fee, c->policy, loss)))
		return json_null();
	return json_pack("{s:i,s:i,s:s,s:b,s:n}", "won", fee.won, "vat",
	    fee.vat, "waiver_key", fee.waiver, "card",
	    strcmp(pay_health(a), "ok") == 0, "paid");
}

json_t *
pay_view_fee(struct agent *a, const struct store_case *c)
{
	if (c->fee_won < 0)
		return view_expected(a, c);
	return json_pack("{s:I,s:I,s:s,s:b,s:o}", "won", (json_int_t)c->fee_won,
	    "vat", (json_int_t)c->fee_vat, "waiver_key", c->waiver, "card",
	    strcmp(pay_health(a), "ok") == 0, "paid", view_paid(a, c));
}

bool
pay_is_busy(struct agent *a, const struct store_case *c)
{
	struct store_pay row;

	return !err_is(store_pay_live(a->store, &row, c->id)) &&
	       pay_is_asked(row.p.state);
}

bool
pay_was_settled(struct agent *a, const struct store_case *c)
{
	struct store_pay row;

	return !err_is(store_pay_live(a->store, &row, c->id)) &&
	       pay_is_settled(row.p.state);
}
