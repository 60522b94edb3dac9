/*
 * pay_contract.c - the cases.
 */
#include "pay_contract.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "rpc/rpc.h"

enum { WON = 4400, ORDER = 32 };

static const struct pay_port *port;
static unsigned last_id = 700000;

static const char *
error_of(const json_t *a)
{
	const json_t *e = json_object_get(a, "error");

	return e == NULL ? "" : rpc_str(e, "code");
}

static const json_t *
result_of(const json_t *a)
{
	return json_object_get(a, "result");
}

static void
new_id(char out[static 11])
{
	snprintf(out, 11, "%010u", ++last_id);
}

/* One sale: its ids, and the params of pay.start and pay.netcancel. */
struct sale {
	char id[11], order[ORDER];
};

static struct sale
new_sale(void)
{
	struct sale s;

	new_id(s.id);
	snprintf(s.order, sizeof s.order, "R20261122-%.10s", s.id);
	return s;
}

static json_t *
params_of(const struct sale *s)
{
	return json_pack("{s:s,s:s,s:I,s:I,s:I}", "service_id", s->id, "order",
	    s->order, "won", (json_int_t)WON, "at", (json_int_t)1795323909000,
	    "timeout_ms", (json_int_t)20000);
}

/* Every member that README.md promises, of the right type. */
static void
expect_payment(const json_t *p, const struct sale *s)
{
	static const char *const texts[] = { "result", "condition",
		"service_id", "poi_txn", "poi_at", "approval", "brand", "pan" };
	static const char *const words[] = { "approved", "declined",
		"cancelled", "busy", "failed" };
	bool known = false;

	cr_assert(json_is_object(p));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		cr_expect(json_is_string(json_object_get(p, texts[i])), "%s",
		    texts[i]);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		known |= strcmp(rpc_str(p, "result"), words[i]) == 0;
	cr_expect(known, "result %s", rpc_str(p, "result"));
	cr_expect(json_is_integer(json_object_get(p, "won")));
	cr_expect_str_eq(rpc_str(p, "service_id"), s->id);
}

static json_t *
start(const struct sale *s, enum pay_next next)
{
	port->next(next);
	return port->ask("pay.start", params_of(s));
}

static json_t *
status(const struct sale *s)
{
	char id[11];

	new_id(id);
	return port->ask("pay.status",
	    json_pack("{s:s,s:s}", "service_id", id, "of", s->id));
}

static void
expect_status(const struct sale *s, const char *found, const char *result)
{
	json_t *a = status(s);
	const json_t *p = json_object_get(result_of(a), "payment");

	cr_expect_str_eq(rpc_str(result_of(a), "found"), found);
	if (result[0] != '\0') {
		expect_payment(p, s);
		cr_expect_str_eq(rpc_str(p, "result"), result);
	}
	json_decref(a);
}

/* An answer that is none: an error of money, and something may have left. */
static void
expect_unknown(const json_t *a)
{
	const json_t *sent = json_object_get(
	    json_object_get(a, "error"), "sent");

	cr_expect(strncmp(error_of(a), "peer.pay_", 9) == 0, "%s", error_of(a));
	cr_expect(!json_is_false(sent));
}

static json_t *
reverse(const char *id, const struct sale *s, const json_t *payment)
{
	return port->ask(
	    "pay.reverse", json_pack("{s:s,s:s,s:s,s:I,s:s,s:s,s:s}",
			       "service_id", id, "of", s->id, "order", s->order,
			       "won", (json_int_t)rpc_int(payment, "won", 0),
			       "poi_txn", rpc_str(payment, "poi_txn"), "poi_at",
			       rpc_str(payment, "poi_at"), "approval",
			       rpc_str(payment, "approval")));
}

/* Twice the same reversal: one, and the money is back. */
static void
give_back(const struct sale *s, const json_t *payment)
{
	char id[11];

	new_id(id);
	for (int i = 0; i < 2; i++) {
		json_t *a = reverse(id, s, payment);

		cr_expect_str_eq(error_of(a), "");
		cr_expect_str_eq(rpc_str(result_of(a), "result"), "reversed");
		cr_expect(
		    json_is_string(json_object_get(result_of(a), "condition")));
		json_decref(a);
	}
	cr_expect_eq(port->charged(s->order), 0);
}

static void
an_approval_is_charged_found_and_given_back(void)
{
	struct sale s = new_sale();
	json_t *a = start(&s, NEXT_APPROVED);
	const json_t *p = result_of(a);

	expect_payment(p, &s);
	cr_expect_str_eq(rpc_str(p, "result"), "approved");
	cr_expect_eq(rpc_int(p, "won", 0), WON);
	cr_expect(rpc_str(p, "poi_txn")[0] != '\0');
	cr_expect_eq(port->charged(s.order), WON);
	expect_status(&s, "yes", "approved");
	give_back(&s, p);
	json_decref(a);
}

static void
what_was_declined_costs_nothing(void)
{
	struct sale s = new_sale();
	json_t *a = start(&s, NEXT_DECLINED);

	expect_payment(result_of(a), &s);
	cr_expect_str_eq(rpc_str(result_of(a), "result"), "declined");
	cr_expect_eq(port->charged(s.order), 0);
	expect_status(&s, "yes", "declined");
	json_decref(a);
}

static void
a_lost_answer_is_found_out(void)
{
	struct sale s = new_sale();
	json_t *a = start(&s, NEXT_LOST);

	expect_unknown(a);
	json_decref(a);
	expect_status(&s, "yes", "approved");
	cr_expect_eq(port->charged(s.order), WON);
}

static void
what_never_arrived_is_not_found(void)
{
	struct sale s = new_sale();
	json_t *a = start(&s, NEXT_NEVER);

	expect_unknown(a);
	json_decref(a);
	expect_status(&s, "no", "");
	cr_expect_eq(port->charged(s.order), 0);
}

/* Whether status says so in an answer or in an error, it names what to give
 * back, and nobody calls it approved for the amount asked. */
static void
another_amount_can_be_given_back(void)
{
	struct sale s = new_sale();
	json_t *a = start(&s, NEXT_OTHER_AMOUNT);
	const json_t *p;

	expect_unknown(a);
	json_decref(a);
	cr_expect(port->charged(s.order) > WON);
	a = status(&s);
	p = json_object_get(
	    result_of(a) != NULL ? result_of(a) : json_object_get(a, "error"),
	    "payment");
	expect_payment(p, &s);
	cr_expect(rpc_int(p, "won", 0) > WON);
	give_back(&s, p);
	json_decref(a);
}

static void
another_s_answer_is_not_taken_for_ours(void)
{
	struct sale s = new_sale();
	json_t *a = start(&s, NEXT_OTHER_ANSWER);

	cr_expect(strcmp(rpc_str(result_of(a), "service_id"), s.id) != 0);
	json_decref(a);
	expect_status(&s, "yes", "approved");
	cr_expect_eq(port->charged(s.order), WON);
}

static void
an_abort_is_only_asked(void)
{
	struct sale s = new_sale();
	char id[11];
	json_t *a;

	new_id(id);
	a = port->ask("pay.abort", json_pack("{s:s,s:s,s:s}", "service_id", id,
				       "of", s.id, "reason", "Timeout"));
	cr_expect_str_eq(error_of(a), "");
	cr_expect(json_is_object(result_of(a)));
	json_decref(a);
}

static void
expect_probe(const char *on_unknown)
{
	json_t *a = port->ask("pay.probe", json_object());

	cr_expect(rpc_bool(result_of(a), "terminal"));
	cr_expect_str_eq(rpc_str(result_of(a), "on_unknown"), on_unknown);
	json_decref(a);
}

void
pay_contract_query(const struct pay_port *with)
{
	port = with;
	expect_probe("query");
	an_approval_is_charged_found_and_given_back();
	what_was_declined_costs_nothing();
	a_lost_answer_is_found_out();
	what_never_arrived_is_not_found();
	another_amount_can_be_given_back();
	another_s_answer_is_not_taken_for_ours();
	an_abort_is_only_asked();
}

static void
what_is_unknown_is_taken_back(enum pay_next next, const char *result)
{
	struct sale s = new_sale();
	json_t *a = start(&s, next);

	expect_unknown(a);
	json_decref(a);
	for (int i = 0; i < 2; i++) {
		a = port->ask("pay.netcancel", params_of(&s));
		cr_expect_str_eq(rpc_str(result_of(a), "result"), result);
		json_decref(a);
		cr_expect_eq(port->charged(s.order), 0);
	}
}

void
pay_contract_netcancel(const struct pay_port *with)
{
	struct sale s = new_sale();
	json_t *a;

	port = with;
	expect_probe("netcancel");
	a = start(&s, NEXT_APPROVED);
	expect_payment(result_of(a), &s);
	cr_expect_eq(port->charged(s.order), WON);
	give_back(&s, result_of(a));
	json_decref(a);
	what_is_unknown_is_taken_back(NEXT_LOST, "cancelled");
	what_is_unknown_is_taken_back(NEXT_OTHER_AMOUNT, "cancelled");
	what_is_unknown_is_taken_back(NEXT_NEVER, "none");
}
