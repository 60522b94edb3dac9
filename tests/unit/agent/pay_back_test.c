/*
 * Money at the counter, and money that goes back: cash, let off, paid but
 * not issued, refunds.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "pay_terminal.h"
#include "prog/agent/core.h"
#include "prog/agent/pay.h"
#include "rpc/rpc.h"

TestSuite(pay_back, .init = pay_world_open, .fini = pay_world_close);

static const struct pay_by kim = { .actor = "kim", .role = "counter" };

static struct live *
the_live(void)
{
	for (int i = 0; i < LIVES_MAX; i++) {
		if (w.agent->lives[i].used)
			return &w.agent->lives[i];
	}
	cr_assert_fail("the case is at rest");
	return NULL;
}

static enum pay_state
state(void)
{
	return newest().p.state;
}

static void
pay_by_card(void)
{
	until_fee(0);
	cr_assert_str_eq(code(ask("pay.begin", "{}")), "");
	run();
	cr_assert_eq((int)row().state, CASE_PAID);
}

/* ---- cash ---- */

Test(pay_back, cash_at_the_counter_brings_the_customers_screen_on)
{
	until_fee(0);
	cr_expect_null(pay_cash(w.agent, the_live(), 4400, "B-2026-77", &kim));
	run();
	cr_expect_eq((int)row().state, CASE_PAID);
	const json_t *fee = json_object_get(last_case(), "fee");
	cr_expect_str_eq(text(last_case(), "state"), "PAID");
	cr_expect_str_eq(text(json_object_get(fee, "paid"), "method"), "cash");
	cr_expect_str_eq(newest().receipt_no, "B-2026-77");
	cr_expect_str_eq(newest().terminal, "kim");
	cr_expect_eq(term.starts, 0);
	ask_fd(0, "case.issue", "New!2026pw");
	run();
	cr_expect_eq((int)row().state, CASE_DONE);
}

static const struct {
	int64_t won;
	const char *receipt, *refusal;
} wrong_cash[] = { { 4000, "B-1", "pay.amount" }, { 0, "B-1", "rpc.params" },
	{ -4400, "B-1", "rpc.params" }, { 4400, "", "rpc.params" },
	{ 4400,
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "4",
	    "rpc.params" } };

Test(pay_back, cash_is_the_fee_and_has_a_receipt)
{
	until_fee(0);
	for (size_t i = 0; i < sizeof wrong_cash / sizeof *wrong_cash; i++) {
		const char *c = pay_cash(w.agent, the_live(), wrong_cash[i].won,
		    wrong_cash[i].receipt, &kim);
		cr_expect_str_eq(c, wrong_cash[i].refusal);
	}
	cr_expect_eq((int)row().state, CASE_APPROVED);
	cr_expect_eq(pay_rows(), 0);
	cr_expect_eq(row().fee_won, 4400);
}

Test(pay_back, where_the_table_has_no_fee_the_clerk_says_it)
{
	strcpy(w.conf.fees[0].product, "1.2.3");
	until_fee(0);
	cr_expect_null(pay_cash(w.agent, the_live(), 5500, "B-1", &kim));
	cr_expect_eq((int)row().state, CASE_PAID);
	cr_expect_eq(row().fee_won, 5500);
	cr_expect_eq(row().fee_vat, 500);
	cr_expect_str_eq(row().problem, "");
}

Test(pay_back, cash_and_card_are_never_taken_for_one_case)
{
	until_fee(0);
	term.manner = WAITS;
	ask("pay.begin", "{}");
	cr_expect_str_eq(
	    pay_cash(w.agent, the_live(), 4400, "B-1", &kim), "pay.open");
	cr_expect_str_eq(
	    pay_waive(w.agent, the_live(), "fee.waiver.bank", &kim),
	    "pay.open");
	cr_expect(pay_is_busy(w.agent, &the_live()->c));
	sale_decide(SALE_CHARGED);
	run();
	cr_expect_eq((int)row().state, CASE_PAID);
	cr_expect_str_eq(
	    pay_cash(w.agent, the_live(), 4400, "B-1", &kim), "case.state");
	cr_expect_eq(pay_rows(), 1);
	cr_expect_not(pay_is_busy(w.agent, &the_live()->c));
}

static struct err
fails(struct store *s, const struct store_case *c, void *arg)
{
	return err_make(E_FORMAT, 0, "test: also");
}

Test(pay_back, what_the_clerk_writes_beside_it_is_kept_with_it_or_not_at_all)
{
	struct pay_by by = { .actor = "kim", .role = "counter", .also = fails };

	until_fee(0);
	cr_expect_str_eq(
	    pay_cash(w.agent, the_live(), 4400, "B-1", &by), "agent.internal");
	cr_expect_eq((int)the_live()->c.state, CASE_APPROVED);
	cr_expect_eq(pay_rows(), 0);
}

Test(pay_back, let_off_is_free_and_says_why)
{
	until_fee(0);
	cr_expect_null(
	    pay_waive(w.agent, the_live(), "fee.waiver.bank_error", &kim));
	run();
	const json_t *fee = json_object_get(last_case(), "fee");
	cr_expect_eq((int)row().state, CASE_PAID);
	cr_expect_eq(rpc_int(fee, "won", -1), 0);
	cr_expect_str_eq(text(fee, "waiver_key"), "fee.waiver.bank_error");
	cr_expect(json_is_null(json_object_get(fee, "paid")));
	cr_expect_eq((int)state(), PAY_STATE_WAIVED);
	cr_expect_eq(newest().won, 4400, "what was let off");
	ask("case.cancel", "{}");
	pass_ms(31000);
	cr_expect_eq((int)state(), PAY_STATE_WAIVED, "nothing to give back");
}

/* ---- paid, not issued ---- */

Test(pay_back, a_cancelled_case_gives_the_card_its_money_back)
{
	pay_by_card();
	cr_expect_str_eq(code(ask("case.cancel", "{}")), "");
	run();
	cr_expect_eq((int)state(), PAY_STATE_REVERSED);
	cr_expect_eq(charged(), 0);
	cr_expect_str_eq(shown(), "reversed");
	pass_ms(120000);
	cr_expect_eq(term.reversals, 1);
}

/* Read what the printer was asked for: its kind, "" for nothing. */
static const char *
slip(int printer, json_t **body)
{
	if (err_is(rpc_recv(printer, body, NULL)) ||
	    strcmp(rpc_str(*body, "method"), "print.slip") != 0)
		return "";
	return rpc_str(json_object_get(*body, "params"), "kind");
}

Test(pay_back, who_gets_money_back_gets_a_slip_too)
{
	int printer = connect_as("print", "", 1u << ROLE_PRINT);
	json_t *e = rpc_event("print.state", json_pack("{s:s}", "state", "ok"));
	json_t *body = NULL;

	cr_assert_not(err_is(rpc_send(printer, e, -1)));
	json_decref(e);
	pay_by_card();
	cr_assert_not(err_is(rpc_recv(printer, &body, NULL)), "hello");
	json_decref(body);
	ask("case.cancel", "{}");
	run();
	cr_expect_str_eq(slip(printer, &body), "refund");
	const json_t *d = json_object_get(body, "params");
	cr_expect_eq(rpc_int(d, "won", 0), 4400);
	cr_expect_str_eq(rpc_str(d, "approval"), "30012345");
	cr_expect_str_eq(rpc_str(d, "case_no"), "R-20261122-0001");
	json_decref(body);
	struct store_case c = row();
	json_t *view = json_object();
	cr_expect(pay_view_back(w.agent, &c, view));
	json_decref(view);
	close(printer);
}

Test(pay_back, after_failed_attempts_who_gives_up_pays_nothing)
{
	pay_by_card();
	w.key_mode = KEY_REFUSED;
	for (int i = 0; i < 3; i++) {
		ask_fd(0, "case.issue", "New!2026pw");
		run();
	}
	cr_expect_eq((int)row().state, CASE_PAID);
	cr_expect_eq(charged(), 1, "an attempt costs nothing");
	cr_expect_str_eq(code(ask("case.cancel", "{}")), "");
	run();
	cr_expect_eq(charged(), 0);
}

Test(pay_back, a_reversal_that_is_lost_is_said_again_in_the_same_words)
{
	pay_by_card();
	term.deaf_times = 3;
	ask("case.cancel", "{}");
	pass_ms(500);
	cr_expect_eq((int)state(), PAY_STATE_REVERSING);
	cr_expect_str_eq(shown(), "reversing");
	pass_ms(10000);
	cr_expect_eq((int)state(), PAY_STATE_REVERSED);
	cr_expect_eq(term.reversals, 4);
	cr_expect_eq(charged(), 0);
}

Test(pay_back, a_reversal_goes_on_after_a_restart_and_without_a_terminal)
{
	pay_by_card();
	term.deaf = true;
	ask("case.cancel", "{}");
	world_restart();
	pass_ms(130000);
	cr_expect_eq((int)state(), PAY_STATE_REVERSING);
	cr_expect_str_eq(newest().note, "pay.note.reversing");
	world_restart();
	term.deaf = false;
	pass_ms(2000);
	cr_expect_eq((int)state(), PAY_STATE_REVERSED);
	cr_expect_str_eq(newest().note, "");
}

/* The case ended, and the agent died before it began to give back. */
Test(pay_back, what_is_owed_is_found_by_looking_at_the_cases)
{
	struct store_case c;
	struct store_change ch = {
		.moves = true, .event = CASE_EV_CANCEL, .forget = true
	};

	pay_by_card();
	c = row();
	world_stop();
	world_start();
	cr_assert_not(err_is(store_case_step(w.agent->store, &c, &ch)));
	cr_expect_eq((int)state(), PAY_STATE_APPROVED);
	pass_ms(31000);
	cr_expect_eq((int)state(), PAY_STATE_REVERSED);
	cr_expect_eq(charged(), 0);
}

Test(pay_back, what_the_terminal_refuses_to_give_back_is_paid_in_cash)
{
	struct store_case c;
	struct store_pay rows[2];
	size_t n;

	pay_by_card();
	term.refuses = true;
	ask("case.cancel", "{}");
	run();
	cr_expect_eq((int)state(), PAY_STATE_REFUND_DUE);
	cr_expect_str_eq(newest().note, "pay.note.refused");
	cr_assert_not(err_is(store_pays_wanting(
	    w.agent->store, rows, 2, &n, STORE_PAY_STAFF, 0)));
	cr_expect_eq(n, 1);
	c = row();
	cr_expect_null(pay_refund(w.agent, &c, "R-9", "terminal", &kim));
	cr_expect_eq((int)state(), PAY_STATE_REFUNDED);
	cr_expect_str_eq(newest().back_no, "R-9");
	cr_expect_str_eq(
	    pay_refund(w.agent, &c, "R-9", "again", &kim), "pay.none");
	cr_expect_str_eq(
	    pay_refund(w.agent, &c, "", "again", &kim), "pay.none");
}

Test(pay_back, a_refused_reversal_can_be_tried_again)
{
	struct store_case c;

	pay_by_card();
	term.refuses = true;
	ask("case.cancel", "{}");
	run();
	term.refuses = false;
	c = row();
	cr_expect_null(pay_refund(w.agent, &c, "", "again", &kim));
	run();
	cr_expect_eq((int)state(), PAY_STATE_REVERSED);
	cr_expect_eq(charged(), 0);
}

Test(pay_back, cash_for_a_cancelled_case_waits_for_a_clerk)
{
	struct store_case c;

	until_fee(0);
	cr_assert_null(pay_cash(w.agent, the_live(), 4400, "B-1", &kim));
	ask("case.cancel", "{}");
	run();
	cr_expect_eq((int)state(), PAY_STATE_REFUND_DUE);
	cr_expect_str_eq(newest().note, "pay.note.cash_back");
	c = row();
	cr_expect_str_eq(
	    pay_refund(w.agent, &c, "", "no card", &kim), "rpc.params");
	cr_expect_null(pay_refund(w.agent, &c, "B-2", "cancelled", &kim));
	cr_expect_eq((int)state(), PAY_STATE_REFUNDED);
	cr_expect_str_eq(newest().receipt_no, "B-1", "both receipts stay");
}

Test(pay_back, a_finished_case_is_refunded_only_by_people)
{
	struct store_case c;

	pay_by_card();
	ask_fd(0, "case.issue", "New!2026pw");
	run();
	cr_assert_eq((int)row().state, CASE_DONE);
	pass_ms(120000);
	cr_expect_eq(charged(), 1);
	c = row();
	cr_expect_null(pay_refund(w.agent, &c, "", "goodwill", &kim));
	term.deaf = true;
	cr_expect_str_eq(
	    pay_refund(w.agent, &c, "", "goodwill", &kim), "pay.open");
	term.deaf = false;
	run();
	cr_expect_eq(charged(), 0);
	cr_expect_eq((int)state(), PAY_STATE_REVERSED);
}

Test(pay_back, the_list_has_every_payment_newest_first)
{
	struct store_case c;

	until_fee(0);
	term.manner = DECLINES;
	ask("pay.begin", "{}");
	run();
	term.manner = APPROVES;
	ask("pay.begin", "{}");
	run();
	c = row();
	json_t *list = pay_list(w.agent, &c);
	cr_assert_eq(json_array_size(list), 2);
	const json_t *new = json_array_get(list, 0);
	cr_expect_str_eq(text(new, "state"), "approved");
	cr_expect_str_eq(text(new, "method"), "card");
	cr_expect_str_eq(text(new, "brand"), "한빛카드");
	cr_expect_str_eq(text(json_array_get(list, 1), "state"), "declined");
	cr_expect_str_eq(text(json_array_get(list, 1), "condition"), "Refusal");
	json_decref(list);
}

/* Paid, then the hold was to be released after all and the CA said no. */
Test(pay_back, a_fee_paid_before_is_not_asked_for_again)
{
	struct live *l;

	pay_by_card();
	l = the_live();
	l->c.state = CASE_APPROVED;
	cr_expect(pay_was_settled(w.agent, &l->c));
	application_settle(w.agent, l);
	cr_expect_eq((int)l->c.state, CASE_PAID);
	cr_expect_eq(term.starts, 1);
}
