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

#include "fees.h"
#include "rpc/rpc.h"

static void
open_nexo(void)
{
	json_t *v;

	practice_open(&fee, NULL);
	v = practice_tell(
	    &fee, "/cardholder", "{\"card_ms\":20,\"host_ms\":20}");
	json_decref(v);
	/* the session that a branch has open all day */
	v = branch_ask(&fee.b, "pay.probe", NULL);
	json_decref(v);
}

TestSuite(pay, .init = open_nexo, .fini = fee_close, .timeout = 240);

static void
open_impatient(void)
{
	fee.pay_timeout_s = 5;
	open_nexo();
}

TestSuite(silence, .init = open_impatient, .fini = fee_close, .timeout = 240);

Test(pay, a_card_is_charged_once_and_the_terminals_words_are_passed_on)
{
	static const char *const shown[] = { "카드를 넣어 주십시오",
		"승인 요청 중입니다", "승인되었습니다. 카드를 빼 주십시오" };
	const json_t *r;
	json_t *f;

	branch_send(&fee.b, 1, "pay.start", fee_sale("000500", 20000));
	for (size_t i = 0; i < 3; i++) {
		f = branch_next(&fee.b);
		r = json_object_get(f, "params");
		cr_expect_str_eq(rpc_str(f, "event"), "pay.display");
		cr_expect_str_eq(rpc_str(r, "service_id"), "000500");
		cr_expect_str_eq(rpc_str(r, "text"), shown[i]);
		json_decref(f);
	}
	f = branch_next(&fee.b);
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
	fee_found("000500", "yes", "approved");
	fee_charged("000500", FEE);
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
			fee_tell("/cardholder", act);
		}
		fee_id(id);
		a = fee_start(id);
		cr_expect_str_eq(
		    fee_said(a, "result"), rows[i].result, "row %zu", i);
		cr_expect_str_eq(
		    fee_said(a, "condition"), rows[i].condition, "row %zu", i);
		json_decref(a);
		fee_found(id, "yes", rows[i].result);
		fee_charged(
		    id, strcmp(rows[i].result, "approved") == 0 ? FEE : 0);
	}
}

/* Answers until the one of this id. */
static json_t *
answer_of(int id)
{
	for (;;) {
		json_t *f = branch_next(&fee.b);

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

	branch_send(&fee.b, 2, "pay.abort",
	    json_pack("{s:s,s:s,s:s}", "service_id", "ABORT", "of", of,
		"reason", "Timeout"));
	for (bool asked = false; !asked || paid == NULL;) {
		json_t *f = branch_next(&fee.b);

		cr_assert(f != NULL);
		if (rpc_int(f, "id", 0) == 2) {
			cr_expect_str_eq(code_of(f), "ok");
			asked = true;
			fee_tell("/cardholder", "{\"act\":\"approve\"}");
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

	fee_tell("/cardholder", "{\"card_ms\":-1}");
	branch_send(&fee.b, 1, "pay.start", fee_sale("000600", 20000));
	while (strcmp(rpc_str(a = branch_next(&fee.b), "event"), "pay.display"))
		json_decref(a);
	json_decref(a);
	fee_found("000600", "progress", "");
	a = branch_ask(&fee.b, "health.probe", NULL);
	cr_expect(rpc_bool(json_object_get(a, "result"), "ca"));
	json_decref(a);
	a = fee_start("000601");
	cr_expect_str_eq(fee_said(a, "result"), "busy");
	json_decref(a);
	fee_found("000601", "no", "");
	/* the very same message again is no second payment, and no answer */
	a = fee_start("000600");
	cr_expect_str_eq(code_of(a), "peer.pay_answer");
	json_decref(a);
	a = abort_and_wait("000600");
	cr_expect_str_eq(fee_said(a, "result"), "cancelled");
	cr_expect_str_eq(fee_said(a, "condition"), "Aborted");
	json_decref(a);
	/* nothing left to abort: asking is all there is to it */
	a = branch_ask(&fee.b, "pay.abort",
	    json_pack("{s:s,s:s,s:s}", "service_id", "000603", "of", "000600",
		"reason", "Timeout"));
	cr_expect_str_eq(code_of(a), "ok");
	json_decref(a);
	fee_charged("000600", 0);
	fee_charged("000601", 0);
}

Test(pay, an_abort_that_comes_too_late_changes_nothing)
{
	json_t *a;

	fee_tell("/cardholder", "{\"host_ms\":-1}");
	branch_send(&fee.b, 1, "pay.start", fee_sale("000610", 20000));
	for (int n = 0; n < 2;) {
		a = branch_next(&fee.b);
		n += strcmp(rpc_str(a, "event"), "pay.display") == 0;
		json_decref(a);
	}
	a = abort_and_wait("000610");
	cr_expect_str_eq(fee_said(a, "result"), "approved");
	json_decref(a);
	fee_charged("000610", FEE);
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

		fee_id(id);
		practice_fault(&fee, "payment", rows[i].action);
		a = fee_start(id);
		cr_expect_str_eq(
		    code_of(a), rows[i].code, "%s", rows[i].action);
		cr_expect(!json_is_false(json_object_get(
			      json_object_get(a, "error"), "sent")),
		    "%s", rows[i].action);
		json_decref(a);
		for (int k = 0; k < 200; k++) { /* a doubled one goes on */
			a = fee_status(id, "payment");
			if (strcmp(fee_said(a, "found"), "progress") != 0)
				break;
			json_decref(a);
			(void)poll(NULL, 0, 10);
		}
		cr_expect_str_eq(
		    fee_said(a, "found"), rows[i].found, "%s", rows[i].action);
		json_decref(a);
		fee_charged(id, rows[i].charged);
	}
}

Test(pay, another_amount_is_never_approved_and_can_be_given_back)
{
	const json_t *payment;
	json_t *a, *back;

	practice_fault(&fee, "payment", "wrong_amount");
	a = fee_start("000700");
	payment = json_object_get(json_object_get(a, "error"), "payment");
	cr_expect_str_eq(code_of(a), "peer.pay_answer");
	cr_expect_eq((int)rpc_int(payment, "won", 0), FEE + 100);
	fee_charged("000700", FEE + 100);
	back = fee_reverse("000701", "000700", payment);
	cr_expect_str_eq(fee_said(back, "result"), "reversed");
	fee_charged("000700", 0);
	json_decref(back);
	json_decref(a);
}

Test(pay, a_reversal_asked_again_is_one_reversal)
{
	json_t *paid = fee_start("000710"), *a;
	const json_t *payment = json_object_get(paid, "result");

	practice_fault(&fee, "reversal", "drop_after");
	a = fee_reverse("000711", "000710", payment);
	cr_expect_str_eq(code_of(a), "peer.pay_down");
	json_decref(a);
	for (int i = 0; i < 2; i++) {
		a = fee_reverse("000711", "000710", payment);
		cr_expect_str_eq(fee_said(a, "result"), "reversed");
		json_decref(a);
	}
	a = fee_status("000711", "reversal");
	cr_expect_str_eq(fee_said(a, "found"), "yes");
	cr_expect_str_eq(
	    rpc_str(json_object_get(json_object_get(a, "result"), "reversal"),
		"result"),
	    "reversed");
	json_decref(a);
	/* another one for the same money */
	a = fee_reverse("000712", "000710", payment);
	cr_expect_str_eq(fee_said(a, "result"), "refused");
	cr_expect_str_eq(fee_said(a, "condition"), "NotAllowed");
	json_decref(a);
	fee_charged("000710", 0);
	a = branch_ask(
	    &fee.b, "pay.totals", json_pack("{s:s}", "service_id", "000713"));
	payment = json_object_get(json_object_get(a, "result"), "reversals");
	cr_expect_eq((int)rpc_int(payment, "count", -1), 1);
	cr_expect_eq((int)rpc_int(payment, "won", -1), FEE);
	json_decref(a);
	json_decref(paid);
}

Test(pay, a_session_that_ended_is_opened_again_before_the_payment)
{
	json_t *a = branch_ask(&fee.b, "pay.probe", NULL);

	cr_expect(json_is_true(
	    json_object_get(json_object_get(a, "result"), "terminal")));
	cr_expect_str_eq(fee_said(a, "on_unknown"), "query");
	json_decref(a);
	fee_tell("/terminal", "{\"logout\":true}");
	a = fee_start("000720");
	cr_expect_str_eq(fee_said(a, "result"), "approved");
	json_decref(a);
	fee_tell("/terminal", "{\"logout\":true}");
	fee_found("000720", "yes", "approved");
	fee_charged("000720", FEE);
}

Test(pay, a_pulled_cable_is_down_and_a_card_already_in_is_charged_all_the_same)
{
	json_t *a;

	fee_tell("/cardholder", "{\"host_ms\":-1}");
	branch_send(&fee.b, 1, "pay.start", fee_sale("000730", 20000));
	for (int n = 0; n < 2;) {
		a = branch_next(&fee.b);
		n += strcmp(rpc_str(a, "event"), "pay.display") == 0;
		json_decref(a);
	}
	fee_tell("/terminal", "{\"unplugged\":true}");
	a = answer_of(1);
	cr_expect_str_eq(code_of(a), "peer.pay_down");
	cr_expect(
	    json_is_true(json_object_get(json_object_get(a, "error"), "sent")));
	json_decref(a);
	a = branch_ask(&fee.b, "pay.probe", NULL);
	cr_expect(json_is_false(
	    json_object_get(json_object_get(a, "result"), "terminal")));
	json_decref(a);
	fee_tell("/cardholder", "{\"act\":\"approve\"}");
	fee_tell("/terminal", "{\"unplugged\":false}");
	fee_found("000730", "yes", "approved");
	fee_charged("000730", FEE);
}

Test(pay, nothing_was_sent_when_nobody_is_there)
{
	json_t *a;

	practice_sandbox_stop(&fee);
	a = fee_start("000740");
	cr_expect_str_eq(code_of(a), "peer.pay_down");
	cr_expect(json_is_false(
	    json_object_get(json_object_get(a, "error"), "sent")));
	json_decref(a);
	practice_sandbox_start(&fee, NULL);
	fee_found("000740", "no", "");
	a = fee_start("000740");
	cr_expect_str_eq(fee_said(a, "result"), "approved");
	json_decref(a);
	fee_charged("000740", FEE);
}

Test(pay, a_terminal_that_lost_its_power_remembers)
{
	json_t *a = fee_start("000750");

	cr_expect_str_eq(fee_said(a, "result"), "approved");
	json_decref(a);
	fee_tell("/cardholder", "{\"card_ms\":-1}");
	branch_send(&fee.b, 1, "pay.start", fee_sale("000751", 20000));
	json_decref(branch_next(&fee.b));
	practice_sandbox_stop(&fee);
	a = answer_of(1);
	cr_expect_str_eq(code_of(a), "peer.pay_down");
	json_decref(a);
	practice_sandbox_start(&fee, NULL);
	fee_found("000750", "yes", "approved");
	fee_found("000751", "yes", "cancelled");
	fee_charged("000750", FEE);
	fee_charged("000751", 0);
}

Test(pay, texts_without_end_run_into_the_time_of_the_payment)
{
	json_t *a;

	practice_fault(&fee, "payment", "endless");
	branch_send(&fee.b, 1, "pay.start", fee_sale("000760", 2500));
	a = answer_of(1);
	cr_expect_str_eq(code_of(a), "peer.pay_timeout");
	json_decref(a);
	fee_found("000760", "yes", "approved");
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

	practice_fault(&fee, "payment", "endless");
	branch_send(&fee.b, 1, "pay.start", fee_sale("000765", 7000));
	a = answer_of(1);
	cr_expect_str_eq(code_of(a), "peer.pay_timeout");
	cr_expect(now() - began > 6.5, "the limit of the payment, no other");
	json_decref(a);
	fee_tell("/cardholder", "{\"card_ms\":-1}");
	began = now();
	branch_send(&fee.b, 2, "pay.start", fee_sale("000766", 60000));
	a = answer_of(2);
	cr_expect_str_eq(code_of(a), "peer.pay_timeout");
	cr_expect(now() - began > 4.5 && now() - began < 20);
	json_decref(a);
	fee_found("000766", "progress", "");
}

Test(pay, faulty_answers_to_a_status_are_not_believed)
{
	static const char *const actions[] = { "http500", "garbage", "truncate",
		"drop_after", "other_order" };
	json_t *a = fee_start("000770");

	json_decref(a);
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
		practice_fault(&fee, "pay_status", actions[i]);
		a = fee_status("000770", "payment");
		cr_expect(
		    strncmp(code_of(a), "peer.pay_", 9) == 0, "%s", actions[i]);
		json_decref(a);
	}
	/* asked with the amount, another one is told as such */
	practice_fault(&fee, "pay_status", "wrong_amount");
	a = branch_ask(&fee.b, "pay.status",
	    json_pack("{s:s,s:s,s:i}", "service_id", "000771", "of", "000770",
		"won", FEE));
	cr_expect_str_eq(code_of(a), "peer.pay_answer");
	json_decref(a);
	fee_found("000770", "yes", "approved");
}

Test(pay, only_the_terminals_own_authority_is_trusted)
{
	char path[128], copy[256];
	json_t *a;

	/* a file that a system would trust, but not of this terminal */
	snprintf(path, sizeof path, "%s/pay/ca.crt", fee.dir);
	snprintf(copy, sizeof copy, "%s.kept", path);
	cr_assert_eq(rename(path, copy), 0);
	snprintf(copy, sizeof copy, "cp %s/ca/root.crt %s", fee.dir, path);
	cr_assert_eq(system(copy), 0);
	a = fee_start("000780");
	cr_expect_str_eq(code_of(a), "peer.pay_down");
	cr_expect(json_is_false(
	    json_object_get(json_object_get(a, "error"), "sent")));
	json_decref(a);
	fee_charged("000780", 0);
}

Test(pay, what_cannot_be_asked_is_refused_before_anything_is_sent)
{
	static const char *const bad[] = { "{\"service_id\":\"\"}",
		"{\"service_id\":\"12345678901\"}", "{\"won\":0}",
		"{\"won\":-5}", "{\"won\":\"1100\"}", "{\"order\":\"a b\"}",
		"{\"at\":-1}" };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		json_t *q = fee_sale("000790", 5000);
		json_t *change = json_loads(bad[i], 0, NULL);
		json_t *a;

		json_object_update(q, change);
		json_decref(change);
		a = branch_ask(&fee.b, "pay.start", q);
		cr_expect_str_eq(code_of(a), "rpc.params", "%s", bad[i]);
		json_decref(a);
	}
	fee_found("000790", "no", "");
}
