/*
 * The contract of pay.* on the terminal of these tests.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "pay_contract.h"
#include "pay_terminal.h"
#include "rpc/rpc.h"

static json_t *
ask_it(const char *method, json_t *params)
{
	json_t *a = terminal_answer(1, method, params);

	json_decref(params);
	return a;
}

static void
next(enum pay_next what)
{
	static const enum manner manners[NEXT_COUNT] = {
		[NEXT_APPROVED] = APPROVES,
		[NEXT_DECLINED] = DECLINES,
		[NEXT_LOST] = CHARGES_MUTE,
		[NEXT_NEVER] = NEVER_ARRIVES,
		[NEXT_OTHER_AMOUNT] = OVERCHARGES,
		[NEXT_OTHER_ANSWER] = SWAPS,
	};

	term.manner = manners[what];
}

static long long
charged_for(const char *order)
{
	long long won = 0;

	for (int i = 0; i < term.count; i++)
		if (term.sales[i].state == SALE_CHARGED &&
		    strcmp(term.sales[i].order, order) == 0)
			won += term.sales[i].won;
	return won;
}

static const struct pay_port port = { ask_it, next, charged_for };

static void
forget(void)
{
	for (int i = 0; i < term.count; i++)
		json_decref(term.sales[i].params);
	memset(&term, 0, sizeof term);
}

Test(pay_contract, holds_for_the_terminal_of_these_tests)
{
	pay_contract_query(&port);
	forget();
	term.netcancel = true;
	pay_contract_netcancel(&port);
	forget();
}
