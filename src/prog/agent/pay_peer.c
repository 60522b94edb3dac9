/*
 * agent/pay_peer.c - what is said to the terminal by way of dasi-net, and
 * which answers are believed.
 *
 * An answer is about the payment whose ServiceID and amount it names, or it is
 * no answer: it is logged, and the truth is asked for (facts/kiosk.md 3.2).
 */
#include <string.h>

#include "base/log.h"
#include "prog/agent/pay_work.h"

enum { GRACE_MS = 30000, STOP_MS = 2000, PROBE_TIMEOUT_MS = 12000 };

/*
 * Longer than dasi-net takes to give up, log in and answer: whoever has
 * answered has closed its connection, and a question asked again has no twin
 * on its way.
 */
static int64_t
patience_ms(const struct agent *a, int64_t exchange_ms)
{
	return exchange_ms + (int64_t)a->conf->peer_timeout_ms +
	       3000 * (int64_t)a->conf->pay_timeout_s + GRACE_MS;
}

/* ---- answers ---- */

/* The payment the answer is about: its row, and the very message. */
static struct pay_work *
work_of(struct agent *a, const struct context *ctx)
{
	struct pay_work *w = pay_find(a, ctx->n);

	if (w == NULL || (strcmp(ctx->word, w->row.ask_id) != 0 &&
			     strcmp(ctx->word, w->row.service_id) != 0)) {
		log_line(LOG_NOTICE, "answer to an old question about money");
		return NULL;
	}
	return w;
}

static void
copy_words(struct store_pay *row, const json_t *payment)
{
	str_copy(row->condition, sizeof row->condition,
	    rpc_str(payment, "condition"));
	str_copy(
	    row->poi_txn, sizeof row->poi_txn, rpc_str(payment, "poi_txn"));
	str_copy(row->poi_at, sizeof row->poi_at, rpc_str(payment, "poi_at"));
	str_copy(
	    row->approval, sizeof row->approval, rpc_str(payment, "approval"));
	str_copy(row->brand, sizeof row->brand, rpc_str(payment, "brand"));
	str_copy(row->pan, sizeof row->pan, rpc_str(payment, "pan"));
	if (strcmp(rpc_str(payment, "result"), "approved") == 0)
		row->charged = rpc_int(payment, "won", 0);
}

/* What a payment object says, PAY_EV_LOST when nothing we may believe. */
static enum pay_event
verdict(const struct store_pay *row, const json_t *payment)
{
	const char *result = rpc_str(payment, "result");

	if (strcmp(rpc_str(payment, "service_id"), row->service_id) != 0) {
		log_line(LOG_ERROR, "an answer about another payment");
		return PAY_EV_LOST;
	}
	if (strcmp(result, "declined") == 0)
		return PAY_EV_DECLINED;
	if (strcmp(result, "cancelled") == 0)
		return PAY_EV_CANCELLED;
	if (strcmp(result, "busy") == 0 || strcmp(result, "failed") == 0)
		return PAY_EV_FAILED;
	if (strcmp(result, "approved") != 0 ||
	    rpc_str(payment, "poi_txn")[0] == '\0') {
		log_line(LOG_ERROR, "an answer that says nothing");
		return PAY_EV_LOST;
	}
	if (rpc_int(payment, "won", -1) != row->won) {
		log_line(LOG_ERROR, "another amount was charged");
		return PAY_EV_MISPAID;
	}
	return PAY_EV_APPROVED;
}

static void
happen(struct agent *a, struct pay_work *w, enum pay_event event)
{
	/* what could not be stored is looked into by pay_work.c */
	if (err_is(pay_event(a, w, event, NULL)))
		log_line(LOG_ERROR, "a step of a payment was not kept");
}

/* Approved for a case that can no longer take it: give it back at once. */
static void
approved(struct agent *a, struct pay_work *w)
{
	int64_t id = w->row.id;

	happen(a, w, PAY_EV_APPROVED);
	if (pay_find(a, id) == NULL)
		pay_case_ended(a);
}

/* Nothing has left this machine for certain. */
static bool
never_left(const struct reply *r)
{
	const json_t *sent = json_object_get(r->detail, "sent");

	return strcmp(r->error, "rpc.method") == 0 ||
	       strcmp(r->error, "rpc.params") == 0 ||
	       (strcmp(r->error, "peer.pay_down") == 0 && json_is_false(sent));
}

static void
on_started(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct pay_work *w = work_of(a, ctx);
	enum pay_event event;

	if (w == NULL || w->row.p.state != PAY_STATE_SENT)
		return;
	if (r->error != NULL) {
		log_line(LOG_WARNING, "payment: %s", r->error);
		happen(a, w, never_left(r) ? PAY_EV_UNSENT : PAY_EV_LOST);
		return;
	}
	event = verdict(&w->row, r->result);
	/* another amount is believed of a status only, with all it names */
	if (event == PAY_EV_LOST || event == PAY_EV_MISPAID) {
		happen(a, w, PAY_EV_LOST);
		return;
	}
	copy_words(&w->row, r->result);
	if (event == PAY_EV_APPROVED)
		approved(a, w);
	else
		happen(a, w, event);
}

static void
on_aborted(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct pay_work *w = work_of(a, ctx);

	/* while it is SENT the payment's own answer is what counts */
	if (w == NULL || w->row.p.state != PAY_STATE_ABORTING ||
	    strcmp(ctx->word, w->row.ask_id) != 0)
		return;
	w->calling = false;
	happen(a, w, r->error == NULL ? PAY_EV_ABORTED : PAY_EV_ABORT_LOST);
}

static enum pay_event
status_event(struct pay_work *w, const struct reply *r)
{
	const json_t *payment = json_object_get(r->result, "payment");
	const char *found = rpc_str(r->result, "found");
	enum pay_event event;

	if (r->error != NULL) {
		/* another amount comes as an error that names it */
		payment = json_object_get(r->detail, "payment");
		if (payment == NULL)
			return PAY_EV_STATUS_LOST;
	} else if (strcmp(found, "progress") == 0) {
		return PAY_EV_IN_PROGRESS;
	} else if (strcmp(found, "no") == 0) {
		return PAY_EV_NOT_FOUND;
	} else if (strcmp(found, "yes") != 0) {
		return PAY_EV_STATUS_LOST;
	}
	event = verdict(&w->row, payment);
	if (event == PAY_EV_LOST ||
	    (r->error != NULL && event != PAY_EV_MISPAID))
		return PAY_EV_STATUS_LOST;
	copy_words(&w->row, payment);
	return event;
}

static void
on_status(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct pay_work *w = work_of(a, ctx);
	enum pay_event event;

	if (w == NULL || (w->row.p.state != PAY_STATE_UNKNOWN &&
			     w->row.p.state != PAY_STATE_ABORTING))
		return;
	w->calling = false;
	event = status_event(w, r);
	if (event == PAY_EV_APPROVED)
		approved(a, w);
	else
		happen(a, w, event);
}

static void
on_netcancelled(
    struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct pay_work *w = work_of(a, ctx);
	const char *result = rpc_str(r->result, "result");

	if (w == NULL || w->row.p.state != PAY_STATE_NETCANCEL)
		return;
	w->calling = false;
	happen(a, w,
	    strcmp(result, "cancelled") == 0 ? PAY_EV_NETCANCELLED
	    : strcmp(result, "none") == 0    ? PAY_EV_NOT_FOUND
					     : PAY_EV_NETCANCEL_LOST);
}

static void
on_reversed(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct pay_work *w = work_of(a, ctx);
	const char *result = rpc_str(r->result, "result");

	if (w == NULL || w->row.p.state != PAY_STATE_REVERSING)
		return;
	w->calling = false;
	if (r->error == NULL)
		str_copy(w->row.condition, sizeof w->row.condition,
		    rpc_str(r->result, "condition"));
	happen(a, w,
	    strcmp(result, "reversed") == 0  ? PAY_EV_REVERSED
	    : strcmp(result, "refused") == 0 ? PAY_EV_REVERSE_REFUSED
					     : PAY_EV_REVERSE_LOST);
}

/* ---- questions ---- */

/* Of pay.start and pay.netcancel: the same to the byte. */
static json_t *
sale(const struct store_pay *p)
{
	return json_pack("{s:s,s:s,s:I,s:I,s:I}", "service_id", p->service_id,
	    "order", p->case_no, "won", (json_int_t)p->won, "at",
	    (json_int_t)p->at_ms, "timeout_ms", (json_int_t)p->timeout_ms);
}

static json_t *
about(const struct store_pay *p)
{
	return json_pack(
	    "{s:s,s:s}", "service_id", p->ask_id, "of", p->service_id);
}

static json_t *
reversal(const struct store_pay *p)
{
	json_t *v = about(p);

	json_object_set_new(v, "order", json_string(p->case_no));
	json_object_set_new(
	    v, "won", json_integer(p->charged > 0 ? p->charged : p->won));
	json_object_set_new(v, "poi_txn", json_string(p->poi_txn));
	json_object_set_new(v, "poi_at", json_string(p->poi_at));
	json_object_set_new(v, "approval", json_string(p->approval));
	return v;
}

static void
call(struct agent *a, struct pay_work *w, const char *method, json_t *params,
    int64_t exchange_ms, call_done *done)
{
	struct context ctx = { .link = NO_REF, .live = NO_REF, .n = w->row.id };

	str_copy(ctx.word, sizeof ctx.word, rpc_str(params, "service_id"));
	call_peer(a, link_of_role(a, ROLE_NET), method, params, -1,
	    (int)patience_ms(a, exchange_ms), done, &ctx);
}

static void
start(struct agent *a, struct pay_work *w)
{
	if (link_of_role(a, ROLE_NET) == NULL) {
		happen(a, w, PAY_EV_UNSENT);
		return;
	}
	call(a, w, "pay.start", sale(&w->row), w->row.timeout_ms, on_started);
}

void
pay_send(struct agent *a, struct pay_work *w)
{
	const struct store_pay *p = &w->row;
	enum pay_effect todo = w->todo;
	bool sent = p->p.state == PAY_STATE_SENT;
	json_t *v;

	w->todo = sent ? PAY_DO_NOTHING : todo;
	w->calling = !sent;
	w->next_ms = mono_ms(a) + STOP_MS;
	if (todo == PAY_DO_START) {
		start(a, w);
	} else if (todo == PAY_DO_ABORT) {
		v = about(p);
		json_object_set_new(
		    v, "reason", json_string(sent ? "Cancel" : "Timeout"));
		call(a, w, "pay.abort", v, 0, on_aborted);
	} else if (todo == PAY_DO_STATUS) {
		v = about(p);
		json_object_set_new(v, "order", json_string(p->case_no));
		json_object_set_new(v, "won", json_integer(p->won));
		call(a, w, "pay.status", v, 0, on_status);
	} else if (todo == PAY_DO_NETCANCEL) {
		call(a, w, "pay.netcancel", sale(p), 0, on_netcancelled);
	} else if (todo == PAY_DO_REVERSE) {
		call(a, w, "pay.reverse", reversal(p), 0, on_reversed);
	}
}

/* ---- the terminal's health ---- */

static void
become(struct agent *a, bool ready)
{
	bool was = a->pays->ready;
	json_t *view;

	a->pays->ready = ready;
	if (a->stopping || was == ready)
		return;
	log_line(LOG_NOTICE, "card terminal: %s", pay_health(a));
	view = view_health(a);
	link_event_all(a, ROLE_KIOSK, "health.changed", view);
	json_decref(view);
}

static void
on_probed(struct agent *a, const struct context *ctx, const struct reply *r)
{
	bool cancels = strcmp(rpc_str(r->result, "on_unknown"), "netcancel") ==
		       0;

	a->pays->probing = false;
	if (r->error == NULL)
		a->pays->remedy = cancels ? PAY_REMEDY_NETCANCEL
					  : PAY_REMEDY_QUERY;
	become(a, r->error == NULL && rpc_bool(r->result, "terminal"));
}

void
pay_probe(struct agent *a)
{
	struct context ctx = { .link = NO_REF, .live = NO_REF };

	if (strcmp(a->conf->pay_driver, "none") == 0 || a->pays->probing)
		return;
	/* a terminal with a card in it has no time for that */
	for (int i = 0; i < PAY_WORKS; i++) {
		if (a->pays->list[i].used &&
		    a->pays->list[i].row.p.state == PAY_STATE_SENT)
			return;
	}
	a->pays->probing = true;
	call_peer(a, link_of_role(a, ROLE_NET), "pay.probe", NULL, -1,
	    PROBE_TIMEOUT_MS, on_probed, &ctx);
}

void
pay_net_changed(struct agent *a)
{
	if (a->pays == NULL)
		return;
	if (link_of_role(a, ROLE_NET) == NULL)
		become(a, false);
	else
		a->pays->probe_ms = mono_ms(a);
}

const char *
pay_health(const struct agent *a)
{
	if (a->conf->pay_driver[0] == '\0' ||
	    strcmp(a->conf->pay_driver, "none") == 0)
		return "none";
	return a->pays->ready ? "ok" : "down";
}

void
pay_display(struct agent *a, const json_t *params)
{
	const char *id = rpc_str(params, "service_id");

	for (int i = 0; i < PAY_WORKS; i++) {
		const struct pay_work *w = &a->pays->list[i];
		if (w->used && w->row.p.state == PAY_STATE_SENT &&
		    strcmp(w->row.service_id, id) == 0) {
			pay_tell(a, &w->row, rpc_str(params, "text"));
			return;
		}
	}
	log_line(LOG_NOTICE, "the terminal shows something to nobody");
}
