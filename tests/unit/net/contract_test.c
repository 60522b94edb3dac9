/*
 * The contract of pay.* on dasi-net and the sandbox's terminal and VAN.
 */
#include <criterion/criterion.h>

#include "pay_contract.h"
#include "practice.h"
#include "rpc/rpc.h"

static struct practice p;
static const char *at; /* where a fault strikes */

static json_t *
ask(const char *method, json_t *params)
{
	return branch_ask(&p.b, method, params);
}

static void
next(enum pay_next what)
{
	static const char *const faults[NEXT_COUNT] = {
		[NEXT_DECLINED] = "refuse",
		[NEXT_LOST] = "drop_after",
		[NEXT_NEVER] = "drop_before",
		[NEXT_OTHER_AMOUNT] = "wrong_amount",
		[NEXT_OTHER_ANSWER] = "other_order",
	};

	if (faults[what] != NULL)
		practice_fault(&p, at, faults[what]);
}

static long long
charged(const char *order)
{
	json_t *v = practice_tell(&p, "/payments", NULL);
	long long won = rpc_int(json_object_get(v, "charged"), order, 0);

	json_decref(v);
	return won;
}

static const struct pay_port port = { ask, next, charged };

Test(contract, holds_for_the_terminal, .timeout = 240)
{
	at = "payment";
	practice_open(&p, NULL);
	json_decref(practice_tell(
	    &p, "/cardholder", "{\"card_ms\":10,\"host_ms\":10}"));
	pay_contract_query(&port);
	practice_close(&p);
}

Test(contract, holds_for_the_van, .timeout = 240)
{
	at = "van_approve";
	practice_open(&p, "--van");
	pay_contract_netcancel(&port);
	practice_close(&p);
}
