/*
 * The methods pay.* against a real terminal: what the agent is told, and what
 * the card was charged by the terminal's own record.
 */
#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "practice.h"
#include "rpc/rpc.h"

enum { FEE = 1100 };

static struct practice p;
static int last; /* of the ids handed out */

static void
close_all(void)
{
	practice_close(&p);
}

static void
open_nexo(void)
{
	json_t *v;

	practice_open(&p, NULL);
	v = practice_tell(&p, "/cardholder", "{\"card_ms\":20,\"host_ms\":20}");
	json_decref(v);
	/* the session that a branch has open all day */
	v = branch_ask(&p.b, "pay.probe", NULL);
	json_decref(v);
}

static void
open_van(void)
{
	practice_open(&p, "--van");
}

TestSuite(pay, .init = open_nexo, .fini = close_all, .timeout = 240);
static void
open_impatient(void)
{
	p.pay_timeout_s = 5;
	open_nexo();
}

TestSuite(silence, .init = open_impatient, .fini = close_all, .timeout = 240);
TestSuite(van, .init = open_van, .fini = close_all, .timeout = 240);

static void
tell(const char *path, const char *text)
{
	json_t *v = practice_tell(&p, path, text);

	cr_assert(rpc_bool(v, "ok"), "%s %s", path, text);
	json_decref(v);
}

static void
new_id(char out[static 11])
{
	snprintf(out, 11, "%06u", (unsigned)++last % 1000000);
}

/* What pay.start is asked; one order for each payment. */
static json_t *
sale(const char *id, int timeout_ms)
{
	char order[32];

	snprintf(order, sizeof order, "R20260101-%s", id);
	return json_pack("{s:s,s:s,s:i,s:I,s:i}", "service_id", id, "order",
	    order, "won", FEE, "at", (json_int_t)1767225600000, "timeout_ms",
	    timeout_ms);
}

/* "approved" and so on, or the error's code. */
static const char *
said(const json_t *a, const char *key)
{
	const json_t *r = json_object_get(a, "result");

	return strcmp(code_of(a), "ok") == 0 ? rpc_str(r, key) : code_of(a);
}

static json_t *
start(const char *id)
{
	return branch_ask(&p.b, "pay.start", sale(id, 20000));
}

static json_t *
status(const char *of, const char *what)
{
	char id[11];

	new_id(id);
	return branch_ask(&p.b, "pay.status",
	    json_pack(
		"{s:s,s:s,s:s}", "service_id", id, "of", of, "what", what));
}

static void
expect_found(const char *of, const char *found, const char *result)
{
	json_t *a = status(of, "payment");
	const json_t *payment = json_object_get(
	    json_object_get(a, "result"), "payment");

	cr_expect_str_eq(said(a, "found"), found, "%s", of);
	cr_expect_str_eq(rpc_str(payment, "result"), result, "%s", of);
	json_decref(a);
}

/* What the terminal or the VAN has taken for the order of this payment. */
static void
expect_charged(const char *id, int won)
{
	json_t *v = practice_tell(&p, "/payments", NULL);
	char order[32];

	snprintf(order, sizeof order, "R20260101-%s", id);
	cr_expect_eq((int)rpc_int(json_object_get(v, "charged"), order, 0), won,
	    "%s", order);
	json_decref(v);
}

static json_t *
reverse(const char *id, const char *of, const json_t *payment)
{
	json_t *q = sale(of, 0);

	json_object_update(q, (json_t *)(uintptr_t)payment);
	json_object_set_new(q, "service_id", json_string(id));
	json_object_set_new(q, "of", json_string(of));
	return branch_ask(&p.b, "pay.reverse", q);
}

/* ---- nexo */

Test(pay, a_card_is_charged_once_and_the_terminals_words_are_passed_on)
{
	static const char *const shown[] = { "카드를 넣어 주십시오",
		"승인 요청 중입니다", "승인되었습니다. 카드를 빼 주십시오" };
	const json_t *r;
	json_t *f;

	branch_send(&p.b, 1, "pay.start", sale("000500", 20000));
	for (size_t i = 0; i < 3; i++) {
		f = branch_next(&p.b);
		r = json_object_get(f, "params");
		cr_expect_str_eq(rpc_str(f, "event"), "pay.display");
		cr_expect_str_eq(rpc_str(r, "service_id"), "000500");
		cr_expect_str_eq(rpc_str(r, "text"), shown[i]);
		json_decref(f);
	}
	f = branch_next(&p.b);
	r = json_object_get(f, "result");
	cr_expect_str_eq(rpc_str(r, "result"), "approved");
	cr_expect_str_eq(rpc_str(r, "service_id"), "000500");
	cr_expect_eq((int)rpc_int(r, "won", 0), FEE);
	cr_expect_str_eq(rpc_str(r, "pan"), "541333******9999");
	cr_expect_str_eq(rpc_str(r, "brand"), "연습카드");
	cr_expect(rpc_str(r, "poi_txn")[0] != '\0');
	cr_expect(rpc_str(r, "poi_at")[0] != '\0');
	cr_expect_eq(strlen(rpc_str(r, "approval")), 8);
	json_decref(f);
	expect_found("000500", "yes", "approved");
	expect_charged("000500", FEE);
}

Test(pay, what_the_customer_does_is_told_in_our_words)
{
	/* clang-format off */
	static const struct { const char *acts[3], *result, *condition; }
	rows[] = {
		{ { "decline" },	"declined",  "Refusal" },
		{ { "cancel" },		"cancelled", "Cancel" },
		{ { "insert", "remove" }, "cancelled", "Cancel" },
		{ { "wrong_pin", "wrong_pin", "wrong_pin" },
					"declined",  "WrongPIN" },
		{ { "wrong_pin", "insert", "approve" }, "approved", "" },
	};
	/* clang-format on */
	char id[11], act[64];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *a;

		for (size_t k = 0; k < 3 && rows[i].acts[k] != NULL; k++) {
			snprintf(act, sizeof act, "{\"act\":\"%s\"}",
			    rows[i].acts[k]);
			tell("/cardholder", act);
		}
		new_id(id);
		a = start(id);
		cr_expect_str_eq(
		    said(a, "result"), rows[i].result, "row %zu", i);
		cr_expect_str_eq(
		    said(a, "condition"), rows[i].condition, "row %zu", i);
		json_decref(a);
		expect_found(id, "yes", rows[i].result);
		expect_charged(
		    id, strcmp(rows[i].result, "approved") == 0 ? FEE : 0);
	}
}

/* Answers until the one of this id. */
static json_t *
answer_of(int id)
{
	for (;;) {
		json_t *f = branch_next(&p.b);

		if (f == NULL || rpc_int(f, "id", -1) == id)
			return f;
		json_decref(f);
	}
}

/* Ask for an abort of `of`, whose pay.start is still open as id 1; the answer
 * to that may come before. */
static json_t *
abort_and_wait(const char *of)
{
	json_t *paid = NULL;

	branch_send(&p.b, 2, "pay.abort",
	    json_pack("{s:s,s:s,s:s}", "service_id", "ABORT", "of", of,
		"reason", "Timeout"));
	for (bool asked = false; !asked || paid == NULL;) {
		json_t *f = branch_next(&p.b);

		cr_assert(f != NULL);
		if (rpc_int(f, "id", 0) == 2) {
			cr_expect_str_eq(code_of(f), "ok");
			asked = true;
			tell("/cardholder", "{\"act\":\"approve\"}");
		}
		if (rpc_int(f, "id", 0) == 1)
			paid = json_incref(f);
		json_decref(f);
	}
	return paid;
}

Test(pay, while_one_waits_for_its_card_another_is_busy_and_questions_pass)
{
	json_t *a;

	tell("/cardholder", "{\"card_ms\":-1}");
	branch_send(&p.b, 1, "pay.start", sale("000600", 20000));
	while (strcmp(rpc_str(a = branch_next(&p.b), "event"), "pay.display"))
		json_decref(a);
	json_decref(a);
	expect_found("000600", "progress", "");
	a = branch_ask(&p.b, "health.probe", NULL);
	cr_expect(rpc_bool(json_object_get(a, "result"), "ca"));
	json_decref(a);
	a = start("000601");
	cr_expect_str_eq(said(a, "result"), "busy");
	json_decref(a);
	expect_found("000601", "no", "");
	/* the very same message again is no second payment, and no answer */
	a = start("000600");
	cr_expect_str_eq(code_of(a), "peer.pay_answer");
	json_decref(a);
	a = abort_and_wait("000600");
	cr_expect_str_eq(said(a, "result"), "cancelled");
	cr_expect_str_eq(said(a, "condition"), "Aborted");
	json_decref(a);
	/* nothing left to abort: asking is all there is to it */
	a = branch_ask(&p.b, "pay.abort",
	    json_pack("{s:s,s:s,s:s}", "service_id", "000603", "of", "000600",
		"reason", "Timeout"));
	cr_expect_str_eq(code_of(a), "ok");
	json_decref(a);
	expect_charged("000600", 0);
	expect_charged("000601", 0);
}

Test(pay, an_abort_that_comes_too_late_changes_nothing)
{
	json_t *a;

	tell("/cardholder", "{\"host_ms\":-1}");
	branch_send(&p.b, 1, "pay.start", sale("000610", 20000));
	for (int n = 0; n < 2;) {
		a = branch_next(&p.b);
		n += strcmp(rpc_str(a, "event"), "pay.display") == 0;
		json_decref(a);
	}
	a = abort_and_wait("000610");
	cr_expect_str_eq(said(a, "result"), "approved");
	json_decref(a);
	expect_charged("000610", FEE);
}

Test(pay, every_way_to_lose_an_answer_is_unknown_and_found_out_by_asking)
{
	/* clang-format off */
	static const struct {
		const char *action, *code, *found;
		int charged;
	} rows[] = {
		{ "drop_before",  "peer.pay_down",   "no",  0 },
		{ "drop_after",   "peer.pay_down",   "yes", FEE },
		{ "half_close",   "peer.pay_down",   "yes", FEE },
		{ "http500",	  "peer.pay_answer", "no",  0 },
		{ "not_found",	  "peer.pay_answer", "no",  0 },
		{ "garbage",	  "peer.pay_answer", "yes", FEE },
		{ "truncate",	  "peer.pay_answer", "yes", FEE },
		{ "other_order",  "peer.pay_answer", "yes", FEE },
		{ "duplicate",	  "peer.pay_answer", "yes", FEE },
	};
	/* clang-format on */
	char id[11];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *a;

		new_id(id);
		practice_fault(&p, "payment", rows[i].action);
		a = start(id);
		cr_expect_str_eq(
		    code_of(a), rows[i].code, "%s", rows[i].action);
		cr_expect(!json_is_false(json_object_get(
			      json_object_get(a, "error"), "sent")),
		    "%s", rows[i].action);
		json_decref(a);
		for (int k = 0; k < 200; k++) { /* a doubled one goes on */
			a = status(id, "payment");
			if (strcmp(said(a, "found"), "progress") != 0)
				break;
			json_decref(a);
			(void)poll(NULL, 0, 10);
		}
		cr_expect_str_eq(
		    said(a, "found"), rows[i].found, "%s", rows[i].action);
		json_decref(a);
		expect_charged(id, rows[i].charged);
	}
}

Test(pay, another_amount_is_never_approved_and_can_be_given_back)
{
	const json_t *payment;
	json_t *a, *back;

	practice_fault(&p, "payment", "wrong_amount");
	a = start("000700");
	payment = json_object_get(json_object_get(a, "error"), "payment");
	cr_expect_str_eq(code_of(a), "peer.pay_answer");
	cr_expect_eq((int)rpc_int(payment, "won", 0), FEE + 100);
	expect_charged("000700", FEE + 100);
	back = reverse("000701", "000700", payment);
	cr_expect_str_eq(said(back, "result"), "reversed");
	expect_charged("000700", 0);
	json_decref(back);
	json_decref(a);
}

Test(pay, a_reversal_asked_again_is_one_reversal)
{
	json_t *paid = start("000710"), *a;
	const json_t *payment = json_object_get(paid, "result");

	practice_fault(&p, "reversal", "drop_after");
	a = reverse("000711", "000710", payment);
	cr_expect_str_eq(code_of(a), "peer.pay_down");
	json_decref(a);
	for (int i = 0; i < 2; i++) {
		a = reverse("000711", "000710", payment);
		cr_expect_str_eq(said(a, "result"), "reversed");
		json_decref(a);
	}
	a = status("000711", "reversal");
	cr_expect_str_eq(said(a, "found"), "yes");
	cr_expect_str_eq(
	    rpc_str(json_object_get(json_object_get(a, "result"), "reversal"),
		"result"),
	    "reversed");
	json_decref(a);
	/* another one for the same money */
	a = reverse("000712", "000710", payment);
	cr_expect_str_eq(said(a, "result"), "refused");
	cr_expect_str_eq(said(a, "condition"), "NotAllowed");
	json_decref(a);
	expect_charged("000710", 0);
	a = branch_ask(
	    &p.b, "pay.totals", json_pack("{s:s}", "service_id", "000713"));
	payment = json_object_get(json_object_get(a, "result"), "reversals");
	cr_expect_eq((int)rpc_int(payment, "count", -1), 1);
	cr_expect_eq((int)rpc_int(payment, "won", -1), FEE);
	json_decref(a);
	json_decref(paid);
}

Test(pay, a_session_that_ended_is_opened_again_before_the_payment)
{
	json_t *a = branch_ask(&p.b, "pay.probe", NULL);

	cr_expect(json_is_true(
	    json_object_get(json_object_get(a, "result"), "terminal")));
	cr_expect_str_eq(said(a, "on_unknown"), "query");
	json_decref(a);
	tell("/terminal", "{\"logout\":true}");
	a = start("000720");
	cr_expect_str_eq(said(a, "result"), "approved");
	json_decref(a);
	tell("/terminal", "{\"logout\":true}");
	expect_found("000720", "yes", "approved");
	expect_charged("000720", FEE);
}

Test(pay, a_pulled_cable_is_down_and_a_card_already_in_is_charged_all_the_same)
{
	json_t *a;

	tell("/cardholder", "{\"host_ms\":-1}");
	branch_send(&p.b, 1, "pay.start", sale("000730", 20000));
	for (int n = 0; n < 2;) {
		a = branch_next(&p.b);
		n += strcmp(rpc_str(a, "event"), "pay.display") == 0;
		json_decref(a);
	}
	tell("/terminal", "{\"unplugged\":true}");
	a = answer_of(1);
	cr_expect_str_eq(code_of(a), "peer.pay_down");
	cr_expect(
	    json_is_true(json_object_get(json_object_get(a, "error"), "sent")));
	json_decref(a);
	a = branch_ask(&p.b, "pay.probe", NULL);
	cr_expect(json_is_false(
	    json_object_get(json_object_get(a, "result"), "terminal")));
	json_decref(a);
	tell("/cardholder", "{\"act\":\"approve\"}");
	tell("/terminal", "{\"unplugged\":false}");
	expect_found("000730", "yes", "approved");
	expect_charged("000730", FEE);
}

Test(pay, nothing_was_sent_when_nobody_is_there)
{
	json_t *a;

	practice_sandbox_stop(&p);
	a = start("000740");
	cr_expect_str_eq(code_of(a), "peer.pay_down");
	cr_expect(json_is_false(
	    json_object_get(json_object_get(a, "error"), "sent")));
	json_decref(a);
	practice_sandbox_start(&p, NULL);
	expect_found("000740", "no", "");
	a = start("000740");
	cr_expect_str_eq(said(a, "result"), "approved");
	json_decref(a);
	expect_charged("000740", FEE);
}

Test(pay, a_terminal_that_lost_its_power_remembers)
{
	json_t *a = start("000750");

	cr_expect_str_eq(said(a, "result"), "approved");
	json_decref(a);
	tell("/cardholder", "{\"card_ms\":-1}");
	branch_send(&p.b, 1, "pay.start", sale("000751", 20000));
	json_decref(branch_next(&p.b));
	practice_sandbox_stop(&p);
	a = answer_of(1);
	cr_expect_str_eq(code_of(a), "peer.pay_down");
	json_decref(a);
	practice_sandbox_start(&p, NULL);
	expect_found("000750", "yes", "approved");
	expect_found("000751", "yes", "cancelled");
	expect_charged("000750", FEE);
	expect_charged("000751", 0);
}

Test(pay, texts_without_end_run_into_the_time_of_the_payment)
{
	json_t *a;

	practice_fault(&p, "payment", "endless");
	branch_send(&p.b, 1, "pay.start", sale("000760", 2500));
	a = answer_of(1);
	cr_expect_str_eq(code_of(a), "peer.pay_timeout");
	json_decref(a);
	expect_found("000760", "yes", "approved");
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

Test(silence, ends_a_payment_and_a_text_is_no_silence)
{
	double began = now();
	json_t *a;

	practice_fault(&p, "payment", "endless");
	branch_send(&p.b, 1, "pay.start", sale("000765", 7000));
	a = answer_of(1);
	cr_expect_str_eq(code_of(a), "peer.pay_timeout");
	cr_expect(now() - began > 6.5, "the limit of the payment, no other");
	json_decref(a);
	tell("/cardholder", "{\"card_ms\":-1}");
	began = now();
	branch_send(&p.b, 2, "pay.start", sale("000766", 60000));
	a = answer_of(2);
	cr_expect_str_eq(code_of(a), "peer.pay_timeout");
	cr_expect(now() - began > 4.5 && now() - began < 20);
	json_decref(a);
	expect_found("000766", "progress", "");
}

Test(pay, faulty_answers_to_a_status_are_not_believed)
{
	static const char *const actions[] = { "http500", "garbage", "truncate",
		"drop_after", "other_order" };
	json_t *a = start("000770");

	json_decref(a);
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
		practice_fault(&p, "pay_status", actions[i]);
		a = status("000770", "payment");
		cr_expect(
		    strncmp(code_of(a), "peer.pay_", 9) == 0, "%s", actions[i]);
		json_decref(a);
	}
	/* asked with the amount, another one is told as such */
	practice_fault(&p, "pay_status", "wrong_amount");
	a = branch_ask(&p.b, "pay.status",
	    json_pack("{s:s,s:s,s:i}", "service_id", "000771", "of", "000770",
		"won", FEE));
	cr_expect_str_eq(code_of(a), "peer.pay_answer");
	json_decref(a);
	expect_found("000770", "yes", "approved");
}

Test(pay, only_the_terminals_own_authority_is_trusted)
{
	char path[128], copy[256];
	json_t *a;

	/* a file that a system would trust, but not of this terminal */
	snprintf(path, sizeof path, "%s/pay/ca.crt", p.dir);
	snprintf(copy, sizeof copy, "%s.kept", path);
	cr_assert_eq(rename(path, copy), 0);
	snprintf(copy, sizeof copy, "cp %s/ca/root.crt %s", p.dir, path);
	cr_assert_eq(system(copy), 0);
	a = start("000780");
	cr_expect_str_eq(code_of(a), "peer.pay_down");
	cr_expect(json_is_false(
	    json_object_get(json_object_get(a, "error"), "sent")));
	json_decref(a);
	expect_charged("000780", 0);
}

Test(pay, what_cannot_be_asked_is_refused_before_anything_is_sent)
{
	static const char *const bad[] = { "{\"service_id\":\"\"}",
		"{\"service_id\":\"12345678901\"}", "{\"won\":0}",
		"{\"won\":-5}", "{\"won\":\"1100\"}", "{\"order\":\"a b\"}",
		"{\"at\":-1}" };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		json_t *q = sale("000790", 5000);
		json_t *change = json_loads(bad[i], 0, NULL);
		json_t *a;

		json_object_update(q, change);
		json_decref(change);
		a = branch_ask(&p.b, "pay.start", q);
		cr_expect_str_eq(code_of(a), "rpc.params", "%s", bad[i]);
		json_decref(a);
	}
	expect_found("000790", "no", "");
}

/* ---- VAN */

static json_t *
netcancel(const char *id)
{
	return branch_ask(&p.b, "pay.netcancel", sale(id, 20000));
}

Test(van, an_approval_is_cancelled_by_its_number_and_date)
{
	json_t *paid = start("000800"), *a;

	cr_expect_str_eq(said(paid, "result"), "approved");
	expect_charged("000800", FEE);
	for (int i = 0; i < 2; i++) {
		a = reverse(
		    "000801", "000800", json_object_get(paid, "result"));
		cr_expect_str_eq(said(a, "result"), "reversed");
		json_decref(a);
		expect_charged("000800", 0);
	}
	a = reverse("000802", "000800", json_object_get(paid, "result"));
	cr_expect_str_eq(said(a, "result"), "refused");
	json_decref(a);
	a = branch_ask(&p.b, "pay.probe", NULL);
	cr_expect_str_eq(said(a, "on_unknown"), "netcancel");
	json_decref(a);
	json_decref(paid);
}

Test(van, an_approval_whose_answer_was_lost_is_taken_back_with_the_same_data)
{
	/* clang-format off */
	static const struct { const char *action, *code, *result; int taken; }
	rows[] = {
		{ "drop_after",   "peer.pay_down",   "cancelled", FEE },
		{ "half_close",   "peer.pay_down",   "cancelled", FEE },
		{ "garbage",	  "peer.pay_answer", "cancelled", FEE },
		{ "truncate",	  "peer.pay_answer", "cancelled", FEE },
		{ "other_order",  "peer.pay_answer", "cancelled", FEE },
		{ "wrong_amount", "peer.pay_answer", "cancelled", FEE + 100 },
		{ "drop_before",  "peer.pay_down",   "none",	  0 },
		{ "http500",	  "peer.pay_answer", "none",	  0 },
	};
	/* clang-format on */
	char id[11];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *a;

		new_id(id);
		practice_fault(&p, "van_approve", rows[i].action);
		a = start(id);
		cr_expect_str_eq(
		    code_of(a), rows[i].code, "%s", rows[i].action);
		json_decref(a);
		expect_charged(id, rows[i].taken);
		practice_fault(&p, "van_netcancel", "drop_after");
		a = netcancel(id);
		cr_expect_str_eq(code_of(a), "peer.pay_down");
		json_decref(a);
		a = netcancel(id);
		cr_expect_str_eq(
		    said(a, "result"), rows[i].result, "%s", rows[i].action);
		json_decref(a);
		expect_charged(id, 0);
		/* one that was still on its way is none any more */
		a = start(id);
		cr_expect_str_neq(said(a, "result"), "approved");
		json_decref(a);
		expect_charged(id, 0);
	}
}

Test(van, the_same_approval_twice_charges_once_and_a_status_cannot_be_asked)
{
	json_t *a;

	practice_fault(&p, "van_approve", "duplicate");
	a = start("000820");
	cr_expect_str_eq(said(a, "result"), "approved");
	json_decref(a);
	expect_charged("000820", FEE);
	a = status("000820", "payment");
	cr_expect_str_eq(code_of(a), "rpc.method");
	json_decref(a);
	practice_fault(&p, "van_netcancel", "refuse");
	a = netcancel("000820");
	cr_expect_str_eq(code_of(a), "peer.pay_answer");
	json_decref(a);
	expect_charged("000820", FEE);
}
