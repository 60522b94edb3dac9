/*
 * counter_behaviour_test.c - what the clerk's keys do.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "counter_states.h"
#include "flow/counter_answer.h"
#include "flow/counter_request.h"
#include "screens/counter.h"
#include "support.h"

static struct counter_session s;
static struct ime ime;

TestSuite(counter_keys, .init = support_open);

static void
stand(const char *name)
{
	for (size_t i = 0; i < counter_state_count; i++) {
		if (strcmp(counter_states[i].name, name) != 0)
			continue;
		counter_state_make(&s, &ime, &counter_states[i]);
		return;
	}
	cr_assert_fail("no state %s", name);
}

#define KEY(key) counter_state_key(&s, key)
#define CHAR(ch) counter_state_char(&s, ch)

Test(counter_keys, a_number_opens_that_line)
{
	stand("queue");
	cr_expect_eq(CHAR('2'), CI_OPEN);
	cr_expect_str_eq(s.want, "R-20261122-0031");
}

Test(counter_keys, an_auditor_opens_without_taking)
{
	stand("queue");
	s.role = CR_AUDITOR;
	cr_expect_eq(KEY(K_ENTER), CI_REFRESH);
}

Test(counter_keys, the_view_turns_both_ways_and_asks_again)
{
	stand("queue");
	cr_expect_eq(KEY(K_RIGHT), CI_RELIST);
	cr_expect_eq(s.filter, QF_WAITING);
	cr_expect_eq(KEY(K_LEFT), CI_RELIST);
	cr_expect_eq(KEY(K_LEFT), CI_RELIST);
	cr_expect_eq(s.filter, QF_ENDED);
	cr_expect_eq(KEY(K_F5), CI_RELIST);
	cr_expect_eq(s.sort, QS_PROMISE);
}

Test(counter_keys, what_is_searched_for_stays_until_escape)
{
	stand("queue");
	(void)KEY(K_F4);
	ime.on = false;
	counter_state_type(&s, "202611220031");
	cr_expect_eq(KEY(K_ENTER), CI_RELIST);
	cr_expect_str_eq(s.found, "R-20261122-0031");
	cr_expect_not(s.finding);
	cr_expect_eq(KEY(K_ESC), CI_RELIST);
	cr_expect_str_eq(s.found, "");
	cr_expect_eq(KEY(K_ESC), CI_STAY);
}

Test(counter_keys, leaving_is_asked_about)
{
	stand("queue");
	cr_expect_eq(KEY(K_F10), CI_STAY);
	(void)KEY(K_DOWN);
	cr_expect_eq(KEY(K_F10), CI_STAY, "another key takes it back");
	cr_expect_eq(KEY(K_F10), CI_END);
}

Test(counter_keys, a_call_is_answered_from_every_screen)
{
	for (size_t i = 0; i < counter_state_count; i++) {
		enum counter_screen at = counter_states[i].screen;

		counter_state_make(&s, &ime, &counter_states[i]);
		s.call_count = 1;
		cr_expect_eq(KEY(K_F6),
		    at == CS_LOCK || at == CS_CLOSED ? CI_STAY : CI_ANSWER,
		    "%s", counter_states[i].name);
	}
}

Test(counter_keys, numbers_of_a_case_are_its_actions)
{
	stand("case");
	cr_expect_eq(CHAR('2'), CI_ACT);
	cr_expect_str_eq(s.desk.act, "return");
	stand("case");
	cr_expect_eq(CHAR('6'), CI_REPRINT);
	stand("case");
	cr_expect_eq(CHAR('9'), CI_STAY, "there are eight");
}

Test(counter_keys, a_case_of_somebody_else_has_no_actions)
{
	stand("case_taken");
	cr_expect_eq(CHAR('1'), CI_STAY);
	cr_expect_eq(KEY(K_F2), CI_STAY);
	cr_expect_eq(KEY(K_F8), CI_STAY);
	cr_expect_eq(KEY(K_ENTER), CI_STAY);
	cr_expect_eq(KEY(K_F5), CI_TAKE);
}

Test(counter_keys, a_second_person_agrees_without_having_the_case)
{
	stand("case_proposed");
	s.desk.held = false;
	cr_expect_eq(KEY(K_F3), CI_CONFIRM);
	s.screen = CS_CONFIRM;
	counter_view(CS_CONFIRM)->enter(&s);
	(void)CHAR('1');
	cr_expect_eq(KEY(K_F10), CI_SUBMIT);
}

Test(counter_keys, what_is_final_is_asked_twice)
{
	stand("act_revoke"); /* F10 once */
	cr_expect_str_eq(s.error, "sure");
	cr_expect_eq(KEY(K_F10), CI_SUBMIT);
	stand("act_revoke");
	(void)CHAR('x');
	cr_expect_eq(KEY(K_F10), CI_STAY, "typing on takes it back");
}

Test(counter_keys, a_form_that_was_overtaken_is_sent_only_when_read_again)
{
	stand("act_release");
	s.desk.version = 15;
	cr_expect_eq(KEY(K_F10), CI_STAY);
	cr_expect_str_eq(s.error, "changed");
	cr_expect_str_eq(field_text(&s.desk.reason), "고객이 요청함");
	cr_expect_eq(KEY(K_F10), CI_SUBMIT);
	cr_expect_eq(s.desk.act_version, 15);
}

Test(counter_keys, a_lost_case_sends_nothing)
{
	stand("act_release");
	s.desk.held = false;
	cr_expect_eq(KEY(K_F10), CI_STAY);
	cr_expect_str_eq(s.error, "not_held");
}

Test(counter_keys, the_fee_is_the_fee)
{
	stand("cash");
	ime.on = false;
	counter_state_type(&s, "A12");
	cr_expect_eq(KEY(K_F10), CI_SUBMIT);
	stand("cash_wrong");
	counter_state_type(&s, "");
	cr_expect_eq(KEY(K_F10), CI_STAY);
}

Test(counter_keys, nothing_is_pressed_twice_while_an_answer_is_awaited)
{
	stand("act_waiting");
	cr_expect_eq(KEY(K_F10), CI_STAY);
	cr_expect_eq(KEY(K_ESC), CI_STAY);
	cr_expect_eq(KEY(K_F1), CI_HELP);
}

Test(counter_keys, a_proxy_for_a_person_is_not_even_asked_about)
{
	stand("docs_proxy");
	cr_expect_eq(KEY(K_F10), CI_STAY);
}

Test(counter_keys, four_digits_lead_to_a_screen_at_once)
{
	stand("help_queue");
	(void)CHAR('2');
	(void)CHAR('2');
	(void)CHAR('1');
	cr_expect_eq(CHAR('0'), CI_JUMP);
	cr_expect_eq(s.jump_to, CS_DAY);
}

Test(counter_keys, a_number_that_is_not_for_the_role_leads_nowhere)
{
	static const char *const numbers[] = { "2301", "2302", "2112", "2110",
		"0000" };

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		stand("help_queue");
		s.role = CR_TELLER;
		for (const char *c = numbers[i]; *c != '\0'; c++)
			cr_expect_eq(CHAR(*c), CI_STAY, "%s", numbers[i]);
		cr_expect_neq(s.error[0], '\0', "%s", numbers[i]);
	}
}

Test(counter_keys, the_lock_opens_in_practice_only)
{
	stand("lock");
	cr_expect_eq(CHAR('x'), CI_STAY);
	cr_expect_eq(KEY(K_ENTER), CI_END);
	stand("lock_practice");
	cr_expect_eq(KEY(K_ENTER), CI_UNLOCK);
}

Test(counter_keys, the_branch_is_read_anew_every_five_seconds)
{
	struct event ev = { .kind = EV_TICK, .item = -1 };

	stand("branch");
	s.now_ms += 4000;
	cr_expect_eq(counter_view(CS_BRANCH)->on_event(&s, &ev), CI_STAY);
	s.now_ms += 1000;
	cr_expect_eq(counter_view(CS_BRANCH)->on_event(&s, &ev), CI_REFRESH);
	cr_expect_eq(counter_view(CS_BRANCH)->on_event(&s, &ev), CI_STAY);
}
