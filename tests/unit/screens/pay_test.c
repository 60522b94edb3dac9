/*
 * pay_test.c - paying at the kiosk: what keys do, and what the agent's words
 * change.  Nothing is asked of the terminal twice, nobody leaves a payment
 * whose outcome is unknown without being told.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "flow/answer.h"
#include "screens/kiosk.h"
#include "states.h"
#include "support.h"
#include "visits.h"

static struct session s;
static struct ime ime;

TestSuite(pay, .init = support_open);

static void
event(const char *text)
{
	json_t *body = json_loads(text, 0, NULL);

	cr_assert(body != NULL, "%s", text);
	(void)answer_event(&s, &visit_branch, body);
	json_decref(body);
}

static struct step
step(int intent)
{
	return flow_next(s.screen, (enum intent)intent);
}

Test(pay, the_first_way_is_the_card_and_the_second_the_counter)
{
	state_stand(&s, &ime, "fee_card");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_PAY);
	cr_expect_eq((int)step(INTENT_PAY).request, REQ_PAY);
	state_key(&s, K_DOWN);
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_OTHER);
	cr_expect_eq((int)step(INTENT_OTHER).screen, SCR_PARKED);
}

Test(pay, while_the_terminal_is_asked_enter_asks_it_no_second_time)
{
	state_stand(&s, &ime, "fee_card");
	s.pending = REQ_PAY;
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	state_stand(&s, &ime, "paying_card");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	state_stand(&s, &ime, "paying_checking");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
}

Test(pay, escape_stops_a_payment_but_not_one_whose_outcome_is_unknown)
{
	state_stand(&s, &ime, "paying_card");
	cr_expect_eq(state_key(&s, K_ESC), INTENT_STOP);
	cr_expect_eq((int)step(INTENT_STOP).request, REQ_PAY_STOP);
	cr_expect_eq((int)step(INTENT_STOP).screen, SCR_PAYING);
	state_stand(&s, &ime, "paying_checking");
	cr_expect_eq(state_key(&s, K_ESC), INTENT_STAY);
	state_stand(&s, &ime, "paying_declined");
	cr_expect_eq(state_key(&s, K_ESC), INTENT_BACK);
	cr_expect_eq((int)step(INTENT_BACK).screen, SCR_FEE);
}

Test(pay, after_a_refusal_enter_tries_again_and_f5_goes_to_the_counter)
{
	state_stand(&s, &ime, "paying_declined");
	cr_expect_eq(state_key(&s, K_F5), INTENT_OTHER);
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_RETRY);
	cr_expect_eq((int)step(INTENT_RETRY).request, REQ_PAY);
	cr_expect_str_eq(s.pay.state, "", "the old refusal is gone");
}

Test(pay, who_has_waited_long_may_leave)
{
	state_stand(&s, &ime, "paying_checking_long");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
	cr_expect_eq((int)step(INTENT_NEXT).screen, SCR_RECEIPT);
}

Test(pay, the_terminal_is_mirrored_for_this_case_only)
{
	state_stand(&s, &ime, "paying_starting");
	event("{\"event\":\"pay.changed\",\"params\":{\"case_no\":"
	      "\"R-20261122-0099\",\"state\":\"approved\",\"text\":\"x\"}}");
	cr_expect_str_eq(s.pay.state, "");
	event("{\"event\":\"pay.changed\",\"params\":{\"case_no\":"
	      "\"R-20261122-0031\",\"state\":\"card\",\"text\":\"카드\"}}");
	cr_expect_str_eq(s.pay.state, "card");
	cr_expect_str_eq(s.pay.text, "카드");
}

Test(pay, paid_is_shown_when_the_case_says_so_not_the_terminal)
{
	state_stand(&s, &ime, "paying_card");
	event("{\"event\":\"pay.changed\",\"params\":{\"case_no\":"
	      "\"R-20261122-0031\",\"state\":\"approved\",\"text\":\"\"}}");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	cr_expect_eq((int)step(INTENT_AT_PAID).screen, SCR_FEE);
}

Test(pay, a_fee_due_leads_here_with_a_terminal_and_to_the_counter_without)
{
	struct case_view c = { .state = "APPROVED", .fee_won = 4400 };

	cr_expect_eq((int)answer_case_intent(&c), INTENT_AT_COUNTER);
	c.fee_card = true;
	cr_expect_eq((int)answer_case_intent(&c), INTENT_AT_FEE);
	visit_put(c.problem_key, sizeof c.problem_key, "problem.fee_counter");
	cr_expect_eq((int)answer_case_intent(&c), INTENT_AT_FEE);
}

Test(pay, a_slip_is_printed_once_a_printer_is_there)
{
	state_stand(&s, &ime, "fee_paid");
	cr_expect_eq(state_key(&s, K_F6), INTENT_PRINT);
	cr_expect_eq((int)step(INTENT_PRINT).request, REQ_PRINT);
	visit_put(visit_branch.print, sizeof visit_branch.print, "out");
	cr_expect_eq(state_key(&s, K_F6), INTENT_STAY);
}

Test(pay, paid_at_the_counter_meanwhile_leaves_nothing_to_choose)
{
	state_stand(&s, &ime, "fee_card");
	visit_put(s.kase.state, sizeof s.kase.state, "PAID");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
}
