/*
 * A card payment from the kiosk's side: what is asked, what is believed, what
 * a customer can do about it.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "pay_terminal.h"
#include "prog/agent/pay.h"
#include "rpc/rpc.h"

TestSuite(pay, .init = pay_world_open, .fini = pay_world_close);

static void
press(void)
{
	const char *c = code(ask("pay.begin", "{}"));

	cr_assert_str_eq(c, "", "%s", c);
}

static void
expect_paid(void)
{
	struct store_pay p = newest();

	cr_expect_eq((int)row().state, CASE_PAID);
	cr_expect_eq((int)p.p.state, PAY_STATE_APPROVED);
	cr_expect_eq(charged(), 1);
	cr_expect_str_eq(shown(), "approved");
}

static void
expect_unpaid(const char *word)
{
	cr_expect_eq((int)row().state, CASE_APPROVED);
	cr_expect_eq(charged(), 0);
	cr_expect_str_eq(shown(), word);
}

/* ---- the fee is known before anything is paid ---- */

Test(pay, the_fee_is_shown_with_vat_and_whether_a_card_is_taken)
{
	until_fee(0);
	json_t *c = ask(
	    "case.apply", "{'phone':'010-0001-0001','email':'','p12':true}");
	const json_t *fee = json_object_get(c, "fee");
	cr_expect_eq(rpc_int(fee, "won", 0), 4400);
	cr_expect_eq(rpc_int(fee, "vat", 0), 400);
	cr_expect(rpc_bool(fee, "card"));
	cr_expect(json_is_null(json_object_get(fee, "paid")));
	cr_expect_str_eq(row().problem, "");
	cr_expect_eq(term.starts, 0, "shown, not asked for");
}

Test(pay, the_fee_is_known_before_the_application)
{
	begin(0, "reissue");
	identify(0);
	const json_t *fee = json_object_get(open_case(0), "fee");
	cr_expect_eq(rpc_int(fee, "won", 0), 4400);
	cr_expect(json_is_null(json_object_get(fee, "paid")));
	cr_expect_eq(row().fee_won, -1, "said, not set");
	json_t *hello = ask("hello", "{'role':'kiosk','terminal':'K-01'}");
	cr_expect_eq(rpc_int(json_object_get(hello, "fee"), "won", 0), 4400);
	w.conf.fees[1] = w.conf.fees[0];
	strcpy(w.conf.fees[1].product, "1.2.3");
	w.conf.fees[1].won = 5500;
	w.conf.fee_count = 2;
	hello = ask("hello", "{'role':'kiosk','terminal':'K-01'}");
	cr_expect(json_is_null(json_object_get(hello, "fee")),
	    "not one for all: told once the certificate is chosen");
}

Test(pay, without_a_terminal_the_fee_is_for_the_counter)
{
	term.gone = true;
	pass_ms(16000);
	until_fee(0);
	cr_expect_str_eq(row().problem, "problem.fee_counter");
	cr_expect_eq(row().fee_won, 4400);
	json_t *e = ask("pay.begin", "{}");
	cr_expect_str_eq(code(e), "pay.unfit");
	cr_expect_str_eq(text(e, "what"), "terminal");
}

Test(pay, a_fee_nobody_knows_is_never_guessed)
{
	strcpy(w.conf.fees[0].product, "1.2.3");
	until_fee(0);
	cr_expect_str_eq(row().problem, "problem.fee_unknown");
	cr_expect_eq(row().fee_won, -1);
	cr_expect_str_eq(code(ask("pay.begin", "{}")), "case.state");
	cr_expect_eq(term.starts, 0);
}

/* ---- what the terminal says ---- */

Test(pay, approved_is_paid_and_the_case_goes_on)
{
	until_fee(0);
	press();
	run();
	expect_paid();
	const json_t *fee = json_object_get(last_case(), "fee");
	const json_t *paid = json_object_get(fee, "paid");
	cr_expect_str_eq(text(paid, "method"), "card");
	cr_expect_str_eq(text(paid, "approval"), "30012345");
	cr_expect_str_eq(text(paid, "pan"), "541234******0001");
	cr_expect_eq(term.aborts + term.statuses, 0);
	ask_fd(0, "case.issue", "New!2026pw");
	run();
	cr_expect_eq((int)row().state, CASE_DONE);
	pass_ms(120000);
	cr_expect_eq(charged(), 1, "and it stays paid");
	cr_expect_eq(term.reversals, 0);
}

static const struct {
	enum manner manner;
	const char *shown;
	enum pay_state state;
} noes[] = {
	{ DECLINES, "declined", PAY_STATE_DECLINED },
	{ IS_BUSY, "failed", PAY_STATE_FAILED },
	{ FAILS, "failed", PAY_STATE_FAILED },
	{ NOT_SENT, "failed", PAY_STATE_FAILED },
};

Test(pay, what_is_not_charged_can_be_tried_again_with_another_service_id)
{
	for (size_t i = 0; i < sizeof noes / sizeof *noes; i++) {
		if (i > 0) {
			pay_world_close();
			pay_world_open();
		}
		until_fee(0);
		term.manner = noes[i].manner;
		press();
		run();
		expect_unpaid(noes[i].shown);
		cr_expect_eq((int)newest().p.state, (int)noes[i].state);
		cr_expect_eq(term.statuses, 0, "a word is a word");
		term.manner = APPROVES;
		press();
		run();
		expect_paid();
		cr_expect_eq(pay_rows(), 2);
	}
}

static const char *
display(const char *service_id, const char *words)
{
	json_t *e = rpc_event("pay.display",
	    json_pack("{s:s,s:s}", "service_id", service_id, "text", words));

	cr_assert_not(err_is(rpc_send(w.net, e, -1)));
	json_decref(e);
	run();
	return text(
	    json_object_get(w.events[w.event_count - 1], "params"), "text");
}

Test(pay, the_terminals_words_are_shown_while_it_waits)
{
	until_fee(0);
	term.manner = WAITS;
	press();
	cr_expect_str_eq(shown(), "card");
	cr_expect_str_eq(display(newest().service_id, "카드를 넣어 주세요"),
	    "카드를 넣어 주세요");
	cr_expect_str_eq(shown(), "card");
	cr_expect_str_neq(display("0000000009", "x"), "x",
	    "another payment's words are nobody's");
	sale_decide(SALE_CHARGED);
	run();
	expect_paid();
}

/* ---- the customer ---- */

Test(pay, pressed_twice_it_is_one_payment)
{
	until_fee(0);
	term.manner = WAITS;
	press();
	press();
	press();
	cr_expect_eq(term.starts, 1);
	cr_expect_eq(pay_rows(), 1);
	sale_decide(SALE_CHARGED);
	run();
	press();
	run();
	cr_expect_eq(term.starts, 1, "nor once it is paid");
	expect_paid();
}

Test(pay, the_customer_can_stop_it)
{
	until_fee(0);
	term.manner = WAITS;
	press();
	cr_expect_str_eq(code(ask("pay.cancel", "{}")), "");
	run();
	cr_expect_eq(term.aborts, 1);
	expect_unpaid("cancelled");
	cr_expect_str_eq(code(ask("pay.cancel", "{}")), "case.state");
	term.manner = APPROVES;
	press();
	run();
	expect_paid();
}

/* It overtook the payment: the terminal knew of nothing to abort. */
Test(pay, an_abort_that_came_too_early_is_asked_for_again)
{
	until_fee(0);
	term.manner = WAITS;
	term.keeps_progress = true;
	press();
	ask("pay.cancel", "{}");
	ask("pay.cancel", "{}");
	pass_ms(500);
	cr_expect_eq(term.aborts, 1, "pressing again is no more");
	term.keeps_progress = false;
	pass_ms(2000);
	cr_expect_eq(term.aborts, 2);
	expect_unpaid("cancelled");
	pass_ms(10000);
	cr_expect_eq(term.aborts, 2);
}

Test(pay, a_cancel_that_comes_too_late_is_a_payment)
{
	until_fee(0);
	term.manner = WAITS;
	term.keeps_progress = true;
	press();
	ask("pay.cancel", "{}");
	cr_expect_str_eq(shown(), "card", "asked for, not done");
	sale_decide(SALE_CHARGED);
	run();
	expect_paid();
}

Test(pay, a_customer_who_walks_away_takes_the_payment_along)
{
	until_fee(0);
	term.manner = WAITS;
	press();
	ask("visit.end", "{}");
	pass_ms(3000);
	cr_expect_eq(term.aborts, 1);
	cr_expect_eq((int)newest().p.state, PAY_STATE_CANCELLED);
	cr_expect_eq(charged(), 0);
	cr_expect_eq((int)row().state, CASE_APPROVED);
}

Test(pay, a_case_cannot_be_cancelled_while_nobody_knows)
{
	until_fee(0);
	term.manner = WAITS;
	press();
	cr_expect_str_eq(code(ask("case.cancel", "{}")), "pay.open");
	sale_decide(SALE_CHARGED);
	run();
	expect_paid();
}

Test(pay, two_kiosks_share_one_terminal_one_after_the_other)
{
	until_fee(0);
	term.manner = WAITS;
	press();
	w.conf.fees[0].won = 4400;
	strcpy(w.cert_status, "valid");
	/* another certificate of the same person at another kiosk */
	struct store_case other = { .fee_won = 4400 }, c = row();
	memcpy(other.person_tag, c.person_tag, sizeof c.person_tag);
	strcpy(other.serial, "77");
	strcpy(other.issuer, c.issuer);
	struct store_change ch = { 0 };
	cr_assert_not(err_is(store_case_create(w.agent->store, &other, &ch)));
	for (int ev = 0; ev < 4; ev++) {
		static const enum case_event way[] = { CASE_EV_REPORT_LOSS,
			CASE_EV_HOLD_CONFIRMED, CASE_EV_SUBMIT, CASE_EV_CLEAR };
		struct store_change step = { .moves = true, .event = way[ev] };
		other.hold = ev == 0 ? HOLD_PENDING : HOLD_CONFIRMED;
		other.reported_at = other.held_at = 1795330800;
		if (ev == 0)
			other.held_at = 0;
		cr_assert_not(
		    err_is(store_case_step(w.agent->store, &other, &step)));
	}
	begin(1, "reissue");
	identify(1);
	cr_assert_str_eq(
	    code(ask_at(1, "case.status", "{'case_no':'%s'}", other.case_no)),
	    "");
	json_t *e = ask_at(1, "pay.begin", "{}");
	cr_expect_str_eq(code(e), "pay.open");
	cr_expect_str_eq(text(e, "by"), "K-01");
	sale_decide(SALE_CHARGED);
	run();
	expect_paid();
	cr_expect_eq(term.starts, 1);
}

/* ---- fit to finish what is paid for ---- */

static void
ca_down(void)
{
	net_fails("health.probe", "peer.ca_down", -1);
	pass_ms(16000);
}

static void
media_gone(void)
{
	close(w.media);
	w.media = -1;
	run();
}

static void
head_office_alarm(void)
{
	w.agent->office.trouble = "fork";
}

static void
terminal_gone(void)
{
	term.gone = true;
	pass_ms(16000);
}

static void
net_gone(void)
{
	close(w.net);
	w.net = -1;
	run();
}

static const struct {
	void (*breaks)(void);
	const char *what;
} unfits[] = { { ca_down, "ca" }, { media_gone, "media" },
	{ head_office_alarm, "audit" }, { terminal_gone, "terminal" },
	{ net_gone, "terminal" } };

Test(pay, money_is_never_asked_for_when_it_could_not_be_finished)
{
	for (size_t i = 0; i < sizeof unfits / sizeof *unfits; i++) {
		if (i > 0) {
			pay_world_close();
			pay_world_open();
		}
		until_fee(0);
		unfits[i].breaks();
		json_t *e = ask("pay.begin", "{}");
		cr_expect_str_eq(code(e), "pay.unfit", "%s", unfits[i].what);
		cr_expect_str_eq(text(e, "what"), unfits[i].what);
		cr_expect_eq(term.starts, 0);
		cr_expect_eq(pay_rows(), 0);
	}
}

Test(pay, health_says_how_the_terminal_is)
{
	cr_expect_str_eq(pay_health(w.agent), "ok");
	terminal_gone();
	cr_expect_str_eq(pay_health(w.agent), "down");
	const json_t *last = w.events[w.event_count - 1];
	cr_expect_str_eq(text(last, "event"), "health.changed");
	cr_expect_str_eq(text(json_object_get(last, "params"), "pay"), "down");
	strcpy(w.conf.pay_driver, "none");
	cr_expect_str_eq(pay_health(w.agent), "none");
}

Test(pay, only_the_visits_own_case_with_a_fee_is_paid_for)
{
	begin(0, "reissue");
	identify(0);
	cr_expect_str_eq(code(ask("pay.begin", "{}")), "case.none");
	cr_expect_str_eq(code(ask("pay.cancel", "{}")), "case.none");
	open_case(0);
	cr_expect_str_eq(code(ask("pay.begin", "{}")), "case.state");
	cr_expect_eq(term.starts, 0);
}
