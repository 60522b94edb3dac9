/*
 * A VAN's server: requests to the byte, and which answers are believed.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "pays.h"

/* ---- requests */

Test(van, an_approval_and_its_netcancel_are_the_same_bytes)
{
	char first[PAY_REQUEST_MAX];

	strcpy(first, pays_request("van", PAY_START, &pays_sale));
	cr_expect_str_eq(first,
	    "{\"mid\":\"KIOSK-0123\",\"tid\":\"P400Plus-123456789\",\"trace\":"
	    "\"0000000017\",\"order\":\"R20260101-000017\",\"amount\":1100,"
	    "\"at\":\"20260101180000\"}");
	cr_expect_str_eq(
	    pays_request("van", PAY_CANCEL_UNKNOWN, &pays_sale), first);
}

Test(van, a_cancel_names_the_number_and_the_day_of_the_approval)
{
	struct pay_ask a = pays_sale;

	a.approval = "12345678";
	a.poi_at = "20260101180005";
	cr_expect(strstr(pays_request("van", PAY_REVERSE, &a),
	    "\"amount\":1100,\"org_approval\":\"12345678\",\"org_date\":"
	    "\"20260101\"}"));
	a.poi_at = "2026";
	cr_expect_str_eq(pays_request("van", PAY_REVERSE, &a), err_name(E_ARG));
}

/* ---- answers */

static char answer[8192];

static const char *
van_said(const char *code, const char *more)
{
	snprintf(answer, sizeof answer,
	    "{\"code\":\"%s\",\"mid\":\"KIOSK-0123\",\"tid\":"
	    "\"P400Plus-123456789\",\"trace\":\"0000000017\"%s}",
	    code, more);
	return answer;
}

static const char van_paid[] =
    ",\"order\":\"R20260101-000017\",\"amount\":1100,\"approval\":\"12345678\","
    "\"control\":\"V1\",\"approved_at\":\"20260101180005\",\"card_name\":\"연습"
    "카드\",\"card_no\":\"541333******9999\"";

Test(van, answers_are_held_to_the_request)
{
	struct pay_answer a;

	cr_assert(!err_is(pays_read(
	    "van", &a, PAY_START, &pays_sale, van_said("0000", van_paid))));
	cr_expect_eq(a.result.outcome, PAY_APPROVED);
	cr_expect_str_eq(a.result.approval, "12345678");
	cr_expect_str_eq(a.result.poi_at, "20260101180005");
	cr_expect_eq(
	    pays_read("van", &a, PAY_START, &pays_sale, van_said("0000", ""))
		.code,
	    E_PROTOCOL);
	cr_expect_eq(pays_read("van", &a, PAY_START, &pays_sale,
			 van_said("0001", van_paid))
			 .code,
	    E_PROTOCOL);
	van_said("0000", van_paid);
	*strstr(answer, "1100") = '9';
	cr_expect_eq(pays_read("van", &a, PAY_START, &pays_sale, answer).code,
	    E_MISMATCH);
	van_said("0000", van_paid);
	*strstr(answer, "0000000017") = '1';
	cr_expect_eq(pays_read("van", &a, PAY_START, &pays_sale, answer).code,
	    E_PROTOCOL);
	cr_assert(!err_is(
	    pays_read("van", &a, PAY_START, &pays_sale, van_said("8001", ""))));
	cr_expect_eq(a.result.outcome, PAY_DECLINED);
}

Test(van, a_netcancel_is_done_or_was_nothing_or_must_come_again)
{
	struct pay_answer a;

	cr_assert(!err_is(pays_read(
	    "van", &a, PAY_CANCEL_UNKNOWN, &pays_sale, van_said("0000", ""))));
	cr_expect_eq(a.result.outcome, PAY_APPROVED);
	cr_assert(!err_is(pays_read(
	    "van", &a, PAY_CANCEL_UNKNOWN, &pays_sale, van_said("4001", ""))));
	cr_expect_eq(a.result.outcome, PAY_FAILED);
	cr_expect_eq(pays_read("van", &a, PAY_CANCEL_UNKNOWN, &pays_sale,
			 van_said("9999", ""))
			 .code,
	    E_PROTOCOL);
	/* a refusal of the pays_sale is no word about its cancelling */
	cr_expect_eq(pays_read("van", &a, PAY_CANCEL_UNKNOWN, &pays_sale,
			 van_said("8001", ""))
			 .code,
	    E_PROTOCOL);
}
