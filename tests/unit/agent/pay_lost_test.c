/*
 * What became of a payment whose answer was lost: found out, taken back or
 * given to a person, over restarts, and never charged twice.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "pay_terminal.h"
#include "prog/agent/pay.h"
#include "rpc/rpc.h"

TestSuite(pay_lost, .init = pay_world_open, .fini = pay_world_close);

static void
press(void)
{
	const char *c = code(ask("pay.begin", "{}"));

	cr_assert_str_eq(c, "", "%s", c);
}

static enum pay_state
state(void)
{
	return newest().p.state;
}

static void
expect_paid(void)
{
	cr_expect_eq((int)row().state, CASE_PAID);
	cr_expect_eq((int)state(), PAY_STATE_APPROVED);
	cr_expect_eq(charged(), 1);
}

/* After a restart: the customer comes back to the same case. */
static void
come_back(void)
{
	begin(0, "reissue");
	identify(0);
	cr_assert_str_eq(
	    code(ask("case.status", "{'case_no':'R-20261122-0001'}")), "");
}

/* ---- the terminal is asked ---- */

Test(pay_lost, an_answer_that_was_lost_is_asked_for_and_found)
{
	until_fee(0);
	term.manner = CHARGES_MUTE;
	press();
	run();
	cr_expect_str_eq(shown(), "approved");
	expect_paid();
	cr_expect_eq(term.aborts, 1, "stopped first");
	cr_expect_eq(term.statuses, 1);
}

Test(pay_lost, unknown_is_shown_as_unknown_until_the_terminal_knows)
{
	until_fee(0);
	term.manner = WAITS;
	term.keeps_progress = true;
	press();
	sale_break();
	run();
	cr_expect_str_eq(shown(), "checking");
	pass_ms(30000);
	cr_expect_str_eq(shown(), "checking");
	cr_expect_eq((int)row().state, CASE_APPROVED);
	cr_expect_eq(term.statuses, 7, "every five seconds");
	term.sales[0].state = SALE_CHARGED;
	pass_ms(5000);
	expect_paid();
	cr_expect_str_eq(shown(), "approved");
}

Test(pay_lost, one_not_found_proves_nothing_two_five_seconds_apart_do)
{
	until_fee(0);
	term.manner = NEVER_ARRIVES;
	press();
	run();
	cr_expect_eq((int)state(), PAY_STATE_UNKNOWN);
	pass_ms(4900);
	cr_expect_eq((int)state(), PAY_STATE_UNKNOWN);
	pass_ms(200);
	cr_expect_eq((int)state(), PAY_STATE_NOTFOUND);
	cr_expect_eq(term.statuses, 2);
	cr_expect_str_eq(shown(), "failed");
}

Test(pay_lost, a_payment_that_arrives_after_the_first_not_found_is_found)
{
	until_fee(0);
	term.manner = NEVER_ARRIVES;
	press();
	run();
	cr_expect_eq(term.statuses, 1);
	/* the bytes were still on their way */
	struct store_pay p = newest();
	term.sales[term.count++] = (struct sale){ .won = 4400,
		.state = SALE_CHARGED,
		.params = json_pack("{s:i}", "won", 4400) };
	strcpy(term.sales[0].service_id, p.service_id);
	pass_ms(5100);
	expect_paid();
}

Test(pay_lost, pressing_again_resolves_the_first_before_there_is_a_second)
{
	until_fee(0);
	term.manner = NEVER_ARRIVES;
	press();
	run();
	term.manner = APPROVES;
	for (int i = 0; i < 3; i++)
		press();
	cr_expect_eq(term.starts, 1, "no second one yet");
	cr_expect_str_eq(shown(), "checking");
	pass_ms(5100);
	cr_expect_eq(term.starts, 1, "nor by itself");
	press();
	run();
	cr_expect_eq(term.starts, 2);
	cr_expect_eq(pay_rows(), 2);
	expect_paid();
}

Test(pay_lost, stopped_in_time_it_is_cancelled)
{
	until_fee(0);
	term.manner = WAITS;
	press();
	sale_break();
	run();
	cr_expect_eq((int)state(), PAY_STATE_CANCELLED);
	cr_expect_str_eq(shown(), "cancelled");
	cr_expect_eq(charged(), 0);
}

Test(pay_lost, an_abort_that_is_lost_is_asked_for_again)
{
	until_fee(0);
	term.manner = NEVER_ARRIVES;
	term.deaf = true;
	press();
	pass_ms(60000);
	cr_expect_eq((int)state(), PAY_STATE_ABORTING);
	cr_expect_geq(term.aborts, 5);
	term.deaf = false;
	pass_ms(20000);
	cr_expect_eq((int)state(), PAY_STATE_NOTFOUND);
}

Test(pay_lost, after_90_s_a_person_is_told_and_it_is_asked_on_more_slowly)
{
	struct store_pay rows[2];
	size_t n;

	until_fee(0);
	term.manner = WAITS;
	term.keeps_progress = true;
	press();
	sale_break();
	pass_ms(85000);
	cr_expect_str_eq(row().problem, "");
	pass_ms(10000);
	cr_expect_str_eq(row().problem, "problem.pay_unknown");
	cr_assert_not(err_is(store_pays_wanting(
	    w.agent->store, rows, 2, &n, STORE_PAY_STAFF, 0)));
	cr_assert_eq(n, 1);
	cr_expect_str_eq(rows[0].note, "pay.note.unknown");
	int before = term.statuses;
	pass_ms(600000);
	cr_expect_geq(term.statuses - before, 9);
	cr_expect_leq(term.statuses - before, 11);
	term.sales[0].state = SALE_DECLINED;
	pass_ms(61000);
	cr_expect_eq((int)state(), PAY_STATE_DECLINED);
	cr_expect_str_eq(row().problem, "");
	cr_assert_not(err_is(store_pays_wanting(
	    w.agent->store, rows, 2, &n, STORE_PAY_STAFF, 0)));
	cr_expect_eq(n, 0);
}

Test(pay_lost, a_person_reads_the_terminals_record_when_it_will_not_say)
{
	struct pay_by by = { .actor = "kim", .role = "supervisor" };
	struct store_case c;

	until_fee(0);
	term.manner = CHARGES_MUTE;
	term.deaf = true;
	press();
	pass_ms(60000);
	c = row();
	cr_expect_str_eq(
	    pay_seen(w.agent, &c, true, "30012345", &by), "pay.none");
	pass_ms(60000);
	c = row();
	cr_expect_str_eq(pay_seen(w.agent, &c, true, "", &by), "rpc.params");
	cr_expect_null(pay_seen(w.agent, &c, true, "30012345", &by));
	run();
	expect_paid();
	cr_expect_str_eq(newest().approval, "30012345");
}

/* ---- answers that are not believed ---- */

Test(pay_lost, an_answer_about_another_payment_is_dropped_and_asked_for)
{
	until_fee(0);
	term.manner = SWAPS;
	press();
	run();
	cr_expect_eq(term.statuses, 1);
	expect_paid();
}

Test(pay_lost, another_amount_is_given_back_at_once)
{
	until_fee(0);
	term.manner = OVERCHARGES;
	press();
	run();
	cr_expect_eq((int)state(), PAY_STATE_REVERSED);
	cr_expect_eq(term.reversals, 1);
	cr_expect_eq(charged(), 0);
	cr_expect_eq((int)row().state, CASE_APPROVED);
	cr_expect_str_eq(shown(), "reversed");
	term.manner = APPROVES;
	press();
	run();
	expect_paid();
}

/* pos_adyen 75246: the first order's answer must not pay for the second. */
Test(pay_lost, an_answer_that_comes_too_late_pays_for_nothing)
{
	until_fee(0);
	term.manner = WAITS;
	press();
	json_int_t first = term.sales[0].asked;
	struct store_pay old = newest();
	pass_ms(150000 + 5000 + 180000 + 31000);
	cr_expect_eq((int)state(), PAY_STATE_CANCELLED);
	press();
	json_t *e = rpc_result(first,
	    json_pack("{s:s,s:s,s:i,s:s}", "result", "approved", "service_id",
		old.service_id, "won", 4400, "poi_txn", "T-1"));
	cr_assert_not(err_is(rpc_send(w.net, e, -1)));
	json_decref(e);
	run();
	cr_expect_eq((int)row().state, CASE_APPROVED);
	cr_expect_eq((int)state(), PAY_STATE_SENT);
	sale_decide(SALE_CHARGED);
	run();
	expect_paid();
}

Test(pay_lost, dasi_net_dying_in_the_middle_is_an_answer_lost)
{
	until_fee(0);
	term.manner = WAITS;
	press();
	close(w.net);
	w.net = -1;
	pass_ms(7000);
	cr_expect_eq((int)state(), PAY_STATE_ABORTING);
	cr_expect_str_eq(shown(), "checking");
	term.sales[0].asked = 0;
	term.sales[0].state = SALE_CHARGED;
	w.net = connect_as("net", "", 1u << ROLE_NET);
	pass_ms(20000);
	expect_paid();
}

/* ---- over a restart ---- */

enum moment { AT_SENT, AT_ABORTING, AT_UNKNOWN, AT_REVERSING, MOMENTS };

static const enum pay_state at_moment[MOMENTS] = { PAY_STATE_SENT,
	PAY_STATE_ABORTING, PAY_STATE_UNKNOWN, PAY_STATE_REVERSING };

/* Bring the only payment to that state. */
static void
bring_to(enum moment m, bool charge)
{
	until_fee(0);
	term.manner = WAITS;
	term.keeps_progress = true;
	press();
	if (m == AT_ABORTING)
		term.deaf = true;
	if (m == AT_ABORTING || m == AT_UNKNOWN)
		sale_break();
	if (m == AT_REVERSING) {
		sale_decide(SALE_CHARGED);
		run();
		term.deaf = true;
		ask("case.cancel", "{}");
	}
	run();
	cr_assert_eq((int)state(), (int)at_moment[m]);
	if (m != AT_REVERSING) {
		term.sales[0].asked = 0;
		term.sales[0].state = charge ? SALE_CHARGED : SALE_DECLINED;
	}
}

Test(pay_lost, whatever_was_open_is_resolved_after_a_restart)
{
	for (int i = 0; i < MOMENTS * 2; i++) {
		enum moment m = (enum moment)(i / 2);
		bool charge = i % 2 == 0;
		if (i > 0) {
			pay_world_close();
			pay_world_open();
		}
		bring_to(m, charge);
		world_stop();
		term.deaf = false;
		world_start();
		pass_ms(11000);
		cr_expect_not(pay_is_open(state()), "%s rests in %s",
		    pay_state_name(at_moment[m]), pay_state_name(state()));
		if (m == AT_REVERSING) {
			cr_expect_eq((int)state(), PAY_STATE_REVERSED);
			cr_expect_eq(charged(), 0);
			continue;
		}
		cr_expect_eq(charged(), charge ? 1 : 0);
		cr_expect_eq((int)row().state,
		    charge ? CASE_PAID : CASE_APPROVED, "%s",
		    pay_state_name(at_moment[m]));
		cr_expect_eq(term.starts, 1, "and nothing was asked anew");
	}
}

Test(pay_lost, an_intent_that_never_left_is_over_after_a_restart)
{
	struct store_case c;
	struct store_pay p = { .method = PAY_BY_CARD, .won = 4400 };
	struct store_pay_change ch = { 0 };

	until_fee(0);
	c = row();
	p.case_id = c.id;
	strcpy(p.case_no, c.case_no);
	cr_assert_not(err_is(store_pay_begin(w.agent->store, &p, &ch)));
	world_restart();
	cr_expect_eq((int)state(), PAY_STATE_FAILED);
	cr_expect_eq(term.starts + term.statuses, 0);
	come_back();
	press();
	run();
	expect_paid();
}

Test(pay_lost, nothing_is_asked_for_before_what_was_open_is_known)
{
	bring_to(AT_UNKNOWN, true);
	term.sales[0].state = SALE_PROGRESS;
	world_restart();
	come_back();
	cr_expect_str_eq(code(ask("pay.begin", "{}")), "");
	cr_expect_str_eq(shown(), "checking", "the customer sees it");
	cr_expect_eq(term.starts, 1);
	term.sales[0].state = SALE_CHARGED;
	pass_ms(6000);
	expect_paid();
	cr_expect_str_eq(shown(), "approved");
}

Test(pay_lost, restarted_again_and_again_it_is_charged_once)
{
	bring_to(AT_SENT, true);
	for (int i = 0; i < 5; i++) {
		term.deaf = i < 3;
		world_restart();
		pass_ms(i * 1700);
	}
	pass_ms(20000);
	expect_paid();
	cr_expect_eq(term.starts, 1);
}

/* ---- a VAN: taken back unseen ---- */

static void
van(void)
{
	term.netcancel = true;
	strcpy(w.conf.pay_driver, "van");
	world_restart();
	cr_assert_eq(term.starts, 0);
}

Test(pay_lost, a_van_takes_back_what_it_does_not_know)
{
	van();
	until_fee(0);
	term.manner = CHARGES_MUTE;
	press();
	run();
	cr_expect_eq((int)state(), PAY_STATE_NETCANCELLED);
	cr_expect_eq(term.netcancels, 1);
	cr_expect_eq(term.statuses + term.aborts, 0);
	cr_expect_eq(charged(), 0);
	cr_expect_str_eq(shown(), "failed");
	term.manner = APPROVES;
	press();
	run();
	expect_paid();
}

Test(pay_lost, the_same_data_goes_until_it_is_acknowledged_over_restarts)
{
	van();
	until_fee(0);
	term.manner = CHARGES_MUTE;
	term.deaf = true;
	press();
	pass_ms(120000);
	int before = term.netcancels;
	cr_expect_geq(before, 6);
	cr_expect_eq((int)state(), PAY_STATE_NETCANCEL);
	world_restart();
	world_restart();
	cr_expect_eq((int)state(), PAY_STATE_NETCANCEL);
	come_back();
	press();
	cr_expect_eq(term.starts, 1, "not before it is taken back");
	cr_expect_str_eq(shown(), "checking");
	term.deaf = false;
	pass_ms(61000);
	cr_expect_eq((int)state(), PAY_STATE_NETCANCELLED);
	cr_expect_eq(charged(), 0);
}

Test(pay_lost, a_netcancel_that_found_nothing_is_asked_twice)
{
	van();
	until_fee(0);
	term.manner = NEVER_ARRIVES;
	press();
	pass_ms(3000);
	cr_expect_eq((int)state(), PAY_STATE_NETCANCEL);
	pass_ms(10000);
	cr_expect_eq((int)state(), PAY_STATE_NETCANCELLED);
	cr_expect_geq(term.netcancels, 2);
}
