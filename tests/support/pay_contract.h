/*
 * pay_contract.h - what the agent may rely on when it asks pay.*, whoever
 * answers: the double of its own tests, or dasi-net with a terminal.
 *
 * Run by unit-agent and unit-net; src/rpc/README.md is the text of it.
 */
#ifndef TESTS_SUPPORT_PAY_CONTRACT_H
#define TESTS_SUPPORT_PAY_CONTRACT_H

#include <jansson.h>

/* What happens to the next payment that is asked for. */
enum pay_next {
	NEXT_APPROVED,
	NEXT_DECLINED,
	NEXT_LOST,	   /* charged, and the answer does not arrive */
	NEXT_NEVER,	   /* it does not arrive, nobody can tell */
	NEXT_OTHER_AMOUNT, /* more is charged than was asked */
	NEXT_OTHER_ANSWER, /* charged, answered with another's answer */
	NEXT_COUNT
};

struct pay_port {
	/* Ask, and give the whole answer frame, the caller's. */
	json_t *(*ask)(const char *method, json_t *params);
	void (*next)(enum pay_next next);
	/* What an order has cost its customer so far, by the terminal's own
	 * record. */
	long long (*charged)(const char *order);
};

/* All cases with a terminal that can be asked, or with a VAN; Criterion's
 * assertions say what does not hold. */
void pay_contract_query(const struct pay_port *port);
void pay_contract_netcancel(const struct pay_port *port);

#endif
