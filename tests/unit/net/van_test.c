/*
 * The same against a VAN's server, which knows payments by their approval.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "fees.h"
#include "rpc/rpc.h"

static void
open_van(void)
{
	practice_open(&fee, "--van");
}

TestSuite(van, .init = open_van, .fini = fee_close, .timeout = 240);

static json_t *
netcancel(const char *id)
{
	return branch_ask(&fee.b, "pay.netcancel", fee_sale(id, 20000));
}

Test(van, an_approval_is_cancelled_by_its_number_and_date)
{
	json_t *paid = fee_start("000800"), *a;

	cr_expect_str_eq(fee_said(paid, "result"), "approved");
	fee_charged("000800", FEE);
	for (int i = 0; i < 2; i++) {
		a = fee_reverse(
		    "000801", "000800", json_object_get(paid, "result"));
		cr_expect_str_eq(fee_said(a, "result"), "reversed");
		json_decref(a);
		fee_charged("000800", 0);
	}
	a = fee_reverse("000802", "000800", json_object_get(paid, "result"));
	cr_expect_str_eq(fee_said(a, "result"), "refused");
	json_decref(a);
	a = branch_ask(&fee.b, "pay.probe", NULL);
	cr_expect_str_eq(fee_said(a, "on_unknown"), "netcancel");
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

		fee_id(id);
		practice_fault(&fee, "van_approve", rows[i].action);
		a = fee_start(id);
		cr_expect_str_eq(
		    code_of(a), rows[i].code, "%s", rows[i].action);
		json_decref(a);
		fee_charged(id, rows[i].taken);
		practice_fault(&fee, "van_netcancel", "drop_after");
		a = netcancel(id);
		cr_expect_str_eq(code_of(a), "peer.pay_down");
		json_decref(a);
		a = netcancel(id);
		cr_expect_str_eq(fee_said(a, "result"), rows[i].result, "%s",
		    rows[i].action);
		json_decref(a);
		fee_charged(id, 0);
		/* one that was still on its way is none any more */
		a = fee_start(id);
		cr_expect_str_neq(fee_said(a, "result"), "approved");
		json_decref(a);
		fee_charged(id, 0);
	}
}

Test(van, the_same_approval_twice_charges_once_and_a_status_cannot_be_asked)
{
	json_t *a;

	practice_fault(&fee, "van_approve", "duplicate");
	a = fee_start("000820");
	cr_expect_str_eq(fee_said(a, "result"), "approved");
	json_decref(a);
	fee_charged("000820", FEE);
	a = fee_status("000820", "payment");
	cr_expect_str_eq(code_of(a), "rpc.method");
	json_decref(a);
	practice_fault(&fee, "van_netcancel", "refuse");
	a = netcancel("000820");
	cr_expect_str_eq(code_of(a), "peer.pay_answer");
	json_decref(a);
	fee_charged("000820", FEE);
}
