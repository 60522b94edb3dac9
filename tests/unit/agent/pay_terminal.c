/*
 * A card terminal behind the fake dasi-net.
 */
#include "pay_terminal.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "rpc/rpc.h"
#include "store/pay.h"

struct terminal term;

static struct sale *
find(const char *service_id)
{
	for (int i = 0; i < term.count; i++) {
		if (strcmp(term.sales[i].service_id, service_id) == 0)
			return &term.sales[i];
	}
	return NULL;
}

static json_t *
payment(const struct sale *s, const char *service_id)
{
	static const char *const results[] = { "failed", "approved", "declined",
		"cancelled", "approved" };

	return json_pack("{s:s,s:s,s:s,s:I,s:s,s:s,s:s,s:s,s:s}", "result",
	    results[s->state], "condition",
	    s->state == SALE_DECLINED ? "Refusal" : "", "service_id",
	    service_id, "won", (json_int_t)s->won, "poi_txn", "T-1", "poi_at",
	    "2026-11-22T07:20:00.000Z", "approval", "30012345", "brand",
	    "한빛카드", "pan", "541234******0001");
}

static json_t *
error(json_int_t id, const char *code, json_t *detail)
{
	json_t *e = rpc_error(id, code);

	json_object_update(json_object_get(e, "error"), detail);
	json_decref(detail);
	return e;
}

/* The message may leave only when it is durable, and each has its own id. */
static void
check_id(const char *method, const json_t *params)
{
	const char *id = rpc_str(params, "service_id");
	struct store_case c = row();
	struct store_pay p;
	bool again = strcmp(method, "pay.netcancel") == 0 ||
		     (strcmp(method, "pay.reverse") == 0 &&
			 strcmp(id, term.reverse_id) == 0);

	cr_assert_not(err_is(store_pay_live(w.agent->store, &p, c.id)));
	if (strcmp(method, "pay.start") == 0 || again)
		cr_assert(
		    strcmp(p.service_id, id) == 0 || strcmp(p.ask_id, id) == 0);
	else
		cr_assert_str_eq(p.ask_id, id, "%s", method);
	if (!again && strcmp(id, term.last_id) <= 0)
		term.reused++;
	if (!again)
		snprintf(term.last_id, sizeof term.last_id, "%s", id);
	if (strcmp(method, "pay.reverse") == 0)
		snprintf(term.reverse_id, sizeof term.reverse_id, "%s", id);
}

static json_t *
start(json_int_t id, const json_t *params)
{
	struct sale *s = &term.sales[term.count];

	term.starts++;
	if (term.manner == NOT_SENT)
		return error(
		    id, "peer.pay_down", json_pack("{s:b}", "sent", 0));
	if (term.manner == IS_BUSY || term.manner == FAILS)
		return rpc_result(id,
		    json_pack("{s:s,s:s,s:s}", "result",
			term.manner == IS_BUSY ? "busy" : "failed", "condition",
			"Busy", "service_id", rpc_str(params, "service_id")));
	if (term.manner == NEVER_ARRIVES)
		return error(id, "peer.pay_timeout", json_object());
	cr_assert_lt(term.count, SALES);
	term.count++;
	*s = (struct sale){ .won = rpc_int(params, "won", 0) };
	s->params = json_deep_copy(params);
	snprintf(s->service_id, sizeof s->service_id, "%s",
	    rpc_str(params, "service_id"));
	snprintf(s->order, sizeof s->order, "%s", rpc_str(params, "order"));
	if (term.manner == WAITS) {
		s->asked = id;
		return NULL;
	}
	s->state = term.manner == DECLINES ? SALE_DECLINED : SALE_CHARGED;
	if (term.manner == CHARGES_MUTE)
		return error(id, "peer.pay_timeout", json_object());
	if (term.manner == OVERCHARGES) {
		s->won += 1000;
		return error(id, "peer.pay_answer", json_object());
	}
	return rpc_result(id,
	    payment(s, term.manner == SWAPS ? "0000000001" : s->service_id));
}

static json_t *
status(json_int_t id, const json_t *params)
{
	const struct sale *s = find(rpc_str(params, "of"));

	term.statuses++;
	if (s == NULL)
		return rpc_result(id, json_pack("{s:s}", "found", "no"));
	if (s->state == SALE_PROGRESS)
		return rpc_result(id, json_pack("{s:s}", "found", "progress"));
	if (s->won != rpc_int(s->params, "won", 0))
		return error(id, "peer.pay_answer",
		    json_pack("{s:o}", "payment", payment(s, s->service_id)));
	return rpc_result(id, json_pack("{s:s,s:o}", "found", "yes", "payment",
				  payment(s, s->service_id)));
}

static json_t *
reverse(json_int_t id, const json_t *params)
{
	struct sale *s = find(rpc_str(params, "of"));

	term.reversals++;
	cr_assert_not_null(s);
	cr_assert_str_eq(rpc_str(params, "poi_txn"), "T-1");
	cr_assert_eq(rpc_int(params, "won", 0), s->won, "what was charged");
	if (!term.refuses)
		s->state = SALE_BACK;
	return rpc_result(
	    id, json_pack("{s:s,s:s}", "result",
		    term.refuses ? "refused" : "reversed", "condition",
		    term.refuses ? "NotAllowed" : ""));
}

static json_t *
netcancel(json_int_t id, const json_t *params)
{
	struct sale *s = find(rpc_str(params, "service_id"));

	term.netcancels++;
	if (s == NULL)
		return rpc_result(id, json_pack("{s:s}", "result", "none"));
	cr_assert(json_equal(s->params, params), "the same data to the byte");
	s->state = s->state == SALE_CHARGED ? SALE_BACK : s->state;
	return rpc_result(id, json_pack("{s:s}", "result", "cancelled"));
}

json_t *
terminal_answer(json_int_t id, const char *method, const json_t *params)
{
	json_t *a = NULL;

	if (strcmp(method, "pay.probe") == 0)
		return rpc_result(id,
		    json_pack("{s:b,s:s}", "terminal", !term.gone, "on_unknown",
			term.netcancel ? "netcancel" : "query"));
	if (strcmp(method, "pay.start") == 0)
		return start(id, params);
	if (strcmp(method, "pay.abort") == 0) {
		struct sale *s = find(rpc_str(params, "of"));
		term.aborts++;
		a = rpc_result(id, json_object());
		if (!term.deaf && term.deaf_times == 0 && s != NULL &&
		    s->state == SALE_PROGRESS && !term.keeps_progress) {
			if (s->asked != 0)
				sale_decide(SALE_CANCELLED);
			s->state = SALE_CANCELLED;
		}
	} else if (strcmp(method, "pay.status") == 0) {
		a = status(id, params);
	} else if (strcmp(method, "pay.reverse") == 0) {
		a = reverse(id, params);
	} else if (strcmp(method, "pay.netcancel") == 0) {
		a = netcancel(id, params);
	}
	if (term.deaf || term.deaf_times > 0) {
		term.deaf_times -= term.deaf_times > 0;
		json_decref(a);
		return error(id, "peer.pay_timeout", json_object());
	}
	return a;
}

static json_t *
play(json_int_t id, const char *method, const json_t *params)
{
	if (strcmp(method, "pay.probe") != 0)
		check_id(method, params);
	return terminal_answer(id, method, params);
}

static void
say(json_t *body)
{
	cr_assert_not(err_is(rpc_send(w.net, body, -1)));
	json_decref(body);
}

static struct sale *
waiting(void)
{
	struct sale *s = &term.sales[term.count - 1];

	cr_assert_gt(term.count, 0);
	cr_assert_neq(s->asked, 0, "nothing waits for its answer");
	return s;
}

void
sale_decide(enum sale_state state)
{
	struct sale *s = waiting();
	json_int_t id = s->asked;

	s->state = state;
	s->asked = 0;
	say(rpc_result(id, payment(s, s->service_id)));
}

void
sale_break(void)
{
	struct sale *s = waiting();
	json_int_t id = s->asked;

	s->asked = 0;
	say(error(id, "peer.pay_down", json_pack("{s:b}", "sent", 1)));
}

int
charged(void)
{
	int n = 0;

	for (int i = 0; i < term.count; i++)
		n += term.sales[i].state == SALE_CHARGED;
	return n;
}

void
pay_world_open(void)
{
	world_open();
	memset(&term, 0, sizeof term);
	w.terminal = play;
	w.conf.fees[0].won = 4400;
	w.conf.fees[0].waiver[0] = '\0';
	strcpy(w.conf.pay_driver, "nexo");
	w.conf.pay_timeout_s = 60;
	world_restart();
}

void
pay_world_close(void)
{
	cr_expect_eq(term.reused, 0, "ServiceIDs only grow");
	for (int i = 0; i < term.count; i++)
		json_decref(term.sales[i].params);
	world_close();
}

void
until_fee(int kiosk)
{
	begin(kiosk, "reissue");
	identify(kiosk);
	cr_assert_str_eq(code(open_case(kiosk)), "");
	if (row().state == CASE_OPEN) {
		cr_assert_str_eq(code(report(kiosk, "lost")), "");
		run();
	}
	cr_assert_str_eq(code(apply(kiosk)), "");
	cr_assert_eq((int)row().state, CASE_APPROVED);
}

const char *
shown(void)
{
	for (int i = w.event_count - 1; i >= 0; i--) {
		if (strcmp(text(w.events[i], "event"), "pay.changed") == 0)
			return text(
			    json_object_get(w.events[i], "params"), "state");
	}
	return "";
}

static size_t
load(struct store_pay *rows, size_t cap)
{
	struct store_case c = row();
	size_t n;

	cr_assert_not(
	    err_is(store_pays_of_case(w.agent->store, rows, cap, &n, c.id)));
	return n;
}

int
pay_rows(void)
{
	static struct store_pay rows[SALES];

	return (int)load(rows, SALES);
}

struct store_pay
newest(void)
{
	struct store_pay p;

	cr_assert_eq(load(&p, 1), 1);
	return p;
}
