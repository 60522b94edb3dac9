/*
 * nexo: requests to the byte, and which answers are believed.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "pays.h"

/* ---- requests */

Test(nexo, a_payment_is_the_published_example_to_the_byte)
{
	cr_expect_str_eq(pays_request("nexo", PAY_START, &pays_sale),
	    "{\"SaleToPOIRequest\":{\"MessageHeader\":{\"ProtocolVersion\":"
	    "\"3.0\",\"MessageClass\":\"Service\",\"MessageCategory\":"
	    "\"Payment\",\"MessageType\":\"Request\",\"ServiceID\":"
	    "\"0000000017\",\"SaleID\":\"KIOSK-0123\",\"POIID\":"
	    "\"P400Plus-123456789\"},\"PaymentRequest\":{\"SaleData\":{"
	    "\"SaleTransactionID\":{\"TransactionID\":\"R20260101-000017\","
	    "\"TimeStamp\":\"2026-01-01T09:00:00.000Z\"}},"
	    "\"PaymentTransaction\":{\"AmountsReq\":{\"Currency\":\"KRW\","
	    "\"RequestedAmount\":1100}}}}}");
}

Test(nexo, other_requests_name_what_they_are_about)
{
	/* clang-format off */
	static const struct { enum pay_call call; const char *part; } rows[] = {
		{ PAY_STATUS, "\"MessageCategory\":\"TransactionStatus\"" },
		{ PAY_STATUS, "\"TransactionStatusRequest\":{"
		    "\"MessageReference\":{\"MessageCategory\":\"Payment\","
		    "\"ServiceID\":\"0000000017\",\"SaleID\":\"KIOSK-0123\","
		    "\"POIID\":\"P400Plus-123456789\"}}" },
		{ PAY_STATUS_REVERSE, "\"MessageReference\":{"
		    "\"MessageCategory\":\"Reversal\"," },
		{ PAY_ABORT, "\"AbortRequest\":{\"MessageReference\":{"
		    "\"MessageCategory\":\"Payment\"," },
		{ PAY_ABORT, "},\"AbortReason\":\"Timeout\"}" },
		{ PAY_REVERSE, "\"ReversalRequest\":{\"OriginalPOITransaction\""
		    ":{\"POITransactionID\":{\"TransactionID\":\"T1\","
		    "\"TimeStamp\":\"2026-01-01T09:00:05.000Z\"}},"
		    "\"ReversalReason\":\"MerchantCancel\"}" },
		{ PAY_PROBE, "\"DiagnosisRequest\":{\"HostDiagnosisFlag\":" },
		{ PAY_TOTALS, "\"GetTotalsRequest\":{\"TotalFilter\":{\"POIID\""
		    ":\"P400Plus-123456789\"}}" },
		{ PAY_LOGIN, "\"LoginRequest\":{\"DateTime\":"
		    "\"2026-01-01T09:00:00.000Z\",\"SaleSoftware\":{" },
		{ PAY_LOGOUT, "\"LogoutRequest\":{}" },
	};
	/* clang-format on */
	struct pay_ask a = pays_sale;

	a.service_id = "18";
	a.of = "0000000017";
	a.reason = "Timeout";
	a.poi_txn = "T1";
	a.poi_at = "2026-01-01T09:00:05.000Z";
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *text = pays_request("nexo", rows[i].call, &a);

		cr_expect(strstr(text, rows[i].part), "row %zu: %s", i, text);
	}
}

/* ---- answers */

static char answer[8192];

static const char head[] =
    "{\"SaleToPOIResponse\":{\"MessageHeader\":{\"ProtocolVersion\":\"3.0\","
    "\"MessageClass\":\"Service\",\"MessageCategory\":\"%s\",\"MessageType\":"
    "\"Response\",\"ServiceID\":\"%s\",\"SaleID\":\"KIOSK-0123\",\"POIID\":"
    "\"P400Plus-123456789\"},\"%sResponse\":{%s}}}";

static const char *
said(const char *category, const char *id, const char *body)
{
	int n = snprintf(
	    answer, sizeof answer, head, category, id, category, body);

	cr_assert(n > 0 && n < (int)sizeof answer);
	return answer;
}

static const char paid[] =
    "\"Response\":{\"Result\":\"Success\"},\"SaleData\":{"
    "\"SaleTransactionID\":{\"TransactionID\":\"R20260101-000017\"}},"
    "\"POIData\":{\"POITransactionID\":{\"TransactionID\":\"T1\","
    "\"TimeStamp\":\"2026-01-01T09:00:05.000Z\"}},\"PaymentResult\":{"
    "\"AmountsResp\":{\"Currency\":\"KRW\",\"AuthorizedAmount\":1100},"
    "\"PaymentAcquirerData\":{\"ApprovalCode\":\"12345678\"},"
    "\"PaymentInstrumentData\":{\"CardData\":{\"PaymentBrand\":\"mc\","
    "\"MaskedPan\":\"541333******9999\"}}}";

/* `paid` with the first `from` replaced by `to`. */
static const char *
paid_but(const char *from, const char *to)
{
	static char room[4096];
	const char *at = strstr(paid, from);

	cr_assert(at != NULL, "%s", from);
	snprintf(room, sizeof room, "%.*s%s%s", (int)(at - paid), paid, to,
	    at + strlen(from));
	return room;
}

Test(nexo, an_approval_is_read_with_all_that_a_reversal_will_need)
{
	struct pay_answer a;

	cr_assert(!err_is(pays_read("nexo", &a, PAY_START, &pays_sale,
	    said("Payment", "0000000017", paid))));
	cr_expect_eq(a.kind, PAY_ANSWER);
	cr_expect_eq(a.result.outcome, PAY_APPROVED);
	cr_expect_eq(a.result.won, 1100);
	cr_expect_str_eq(a.result.service_id, "0000000017");
	cr_expect_str_eq(a.result.poi_txn, "T1");
	cr_expect_str_eq(a.result.poi_at, "2026-01-01T09:00:05.000Z");
	cr_expect_str_eq(a.result.approval, "12345678");
	cr_expect_str_eq(a.result.brand, "mc");
	cr_expect_str_eq(a.result.pan, "541333******9999");
	cr_assert(!err_is(pays_read("nexo", &a, PAY_START, &pays_sale,
	    said("Payment", "0000000017",
		paid_but("541333******9999", "5413330000009999")))));
	cr_expect_str_eq(a.result.pan, "541333******9999");
}

Test(nexo, an_approval_with_anything_wrong_in_it_is_none)
{
	/* clang-format off */
	static const struct { const char *from, *to; enum err_code code; }
	rows[] = {
		{ "1100",		"1101",	   E_MISMATCH },
		{ "1100",		"11.0",	   E_MISMATCH },
		{ "1100",		"1100.5",  E_PROTOCOL },
		{ "1100",		"-1100",   E_PROTOCOL },
		{ "1100",		"1e30",	   E_PROTOCOL },
		{ "1100",		"\"1100\"", E_PROTOCOL },
		{ "KRW",		"USD",	   E_MISMATCH },
		{ "\"Currency\":\"KRW\",", "",	   E_MISMATCH },
		{ "R20260101-000017",	"R20260101-000016", E_PROTOCOL },
		{ "\"T1\"",		"\"\"",	   E_PROTOCOL },
		{ "\"T1\"",		"17",	   E_PROTOCOL },
		{ "2026-01-01T09:00:05.000Z", "",  E_PROTOCOL },
		{ "Success",		"Partial", E_PROTOCOL },
		{ "Success",		"success", E_PROTOCOL },
		{ "Success",		"Failure", E_PROTOCOL },
	};
	/* clang-format on */
	struct pay_answer a;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err e = pays_read("nexo", &a, PAY_START, &pays_sale,
		    said("Payment", "0000000017",
			paid_but(rows[i].from, rows[i].to)));

		cr_expect_eq(e.code, rows[i].code, "row %zu", i);
	}
	/* what was charged instead can be given back */
	(void)!err_is(pays_read("nexo", &a, PAY_START, &pays_sale,
	    said("Payment", "0000000017", paid_but("1100", "1101"))));
	cr_expect_eq(a.result.won, 1101);
	cr_expect_str_eq(a.result.poi_txn, "T1");
	/* 1100.0 is 1100 */
	cr_expect(!err_is(pays_read("nexo", &a, PAY_START, &pays_sale,
	    said("Payment", "0000000017", paid_but("1100", "1100.0")))));
	cr_expect_eq(a.result.won, 1100);
}

Test(nexo, another_s_answer_is_no_answer)
{
	static const char *const parts[] = { "\"Service\"", "\"Payment\"",
		"\"Response\",\"ServiceID\"", "0000000017", "KIOSK-0123",
		"P400Plus-123456789", "SaleToPOIResponse" };
	struct pay_answer a;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		char *at;

		said("Payment", "0000000017", paid);
		at = strstr(answer, parts[i]);
		cr_assert(at != NULL);
		at[2] = at[2] == 'x' ? 'y' : 'x';
		cr_expect_eq(
		    pays_read("nexo", &a, PAY_START, &pays_sale, answer).code,
		    E_PROTOCOL, "%s", parts[i]);
	}
	cr_expect_eq(pays_read("nexo", &a, PAY_START, &pays_sale,
			 said("Reversal", "0000000017", paid))
			 .code,
	    E_PROTOCOL);
	cr_expect_eq(pays_read("nexo", &a, PAY_START, &pays_sale, "{}").code,
	    E_PROTOCOL);
	cr_expect_eq(
	    pays_read("nexo", &a, PAY_START, &pays_sale, "").code, E_PROTOCOL);
}

static const char *
failure(const char *condition)
{
	static char room[256];

	snprintf(room, sizeof room,
	    "\"Response\":{\"Result\":\"Failure\",\"ErrorCondition\":\"%s\"}",
	    condition);
	return room;
}

/* A status answer that repeats a payment with this body. */
static const char *
found(const char *id, const char *body)
{
	static char inner[6000];

	snprintf(inner, sizeof inner,
	    "\"Response\":{\"Result\":\"Success\"},"
	    "\"RepeatedMessageResponse\":{\"MessageHeader\":{\"MessageClass\":"
	    "\"Service\",\"MessageCategory\":\"Payment\",\"MessageType\":"
	    "\"Response\",\"ServiceID\":\"%s\",\"SaleID\":\"KIOSK-0123\","
	    "\"POIID\":\"P400Plus-123456789\"},\"RepeatedResponseMessageBody\""
	    ":{\"PaymentResponse\":{%s}}}",
	    id, body);
	return said("TransactionStatus", "18", inner);
}

static struct pay_ask
asking(void)
{
	struct pay_ask a = pays_sale;

	a.service_id = "18";
	a.of = "0000000017";
	return a;
}

Test(nexo, every_error_condition_has_its_meaning_at_once_and_on_record)
{
	/* clang-format off */
	static const struct {
		const char *word;
		enum pay_outcome outcome;
		bool open;	/* no answer when it is said at once */
	} rows[] = {
		{ "Aborted", PAY_CANCELLED, false },
		{ "Busy", PAY_BUSY, false },
		{ "Cancel", PAY_CANCELLED, false },
		{ "DeviceOut", PAY_FAILED, false },
		{ "InProgress", PAY_FAILED, true },
		{ "InsertedCard", PAY_DECLINED, false },
		{ "InvalidCard", PAY_DECLINED, false },
		{ "LoggedOut", PAY_FAILED, false },
		{ "MessageFormat", PAY_FAILED, false },
		{ "NotAllowed", PAY_FAILED, true },
		{ "NotFound", PAY_FAILED, true },
		{ "PaymentRestriction", PAY_DECLINED, false },
		{ "Refusal", PAY_DECLINED, false },
		{ "UnavailableDevice", PAY_FAILED, false },
		{ "UnavailableService", PAY_FAILED, false },
		{ "UnreachableHost", PAY_FAILED, false },
		{ "WrongPIN", PAY_DECLINED, false },
		{ "SomethingNew", PAY_FAILED, true },
	};
	/* clang-format on */
	struct pay_ask status = asking();
	struct pay_answer a;
	struct err e;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		e = pays_read("nexo", &a, PAY_START, &pays_sale,
		    said("Payment", "0000000017", failure(rows[i].word)));
		cr_expect_eq(e.code, rows[i].open ? E_PROTOCOL : E_NONE, "%s",
		    rows[i].word);
		cr_expect_str_eq(a.result.condition, rows[i].word);
		if (!rows[i].open)
			cr_expect_eq(a.result.outcome, rows[i].outcome, "%s",
			    rows[i].word);
		e = pays_read("nexo", &a, PAY_STATUS, &status,
		    found("0000000017", failure(rows[i].word)));
		cr_expect(!err_is(e), "%s", rows[i].word);
		cr_expect_eq(a.found, PAY_FOUND_YES);
		cr_expect_eq(
		    a.result.outcome, rows[i].outcome, "%s", rows[i].word);
		cr_expect_eq(a.result.won, 1100);
	}
}

Test(nexo, busy_with_the_very_message_is_no_answer)
{
	static const char by[] =
	    "\"Response\":{\"Result\":\"Failure\",\"ErrorCondition\":\"Busy\","
	    "\"AdditionalResponse\":\"serviceId=%s&message=x\"}";
	struct pay_answer a;
	char body[256];

	snprintf(body, sizeof body, by, "0000000017");
	cr_expect_eq(pays_read("nexo", &a, PAY_START, &pays_sale,
			 said("Payment", "0000000017", body))
			 .code,
	    E_PROTOCOL);
	snprintf(body, sizeof body, by, "0000000016");
	cr_expect(!err_is(pays_read("nexo", &a, PAY_START, &pays_sale,
	    said("Payment", "0000000017", body))));
	cr_expect_eq(a.result.outcome, PAY_BUSY);
}

Test(nexo, the_outer_success_of_a_status_is_not_money)
{
	struct pay_ask ask = asking();
	struct pay_answer a;

	cr_expect(!err_is(pays_read(
	    "nexo", &a, PAY_STATUS, &ask, found("0000000017", paid))));
	cr_expect_eq(a.result.outcome, PAY_APPROVED);
	cr_expect_eq(a.found, PAY_FOUND_YES);
	/* found, and inside: nothing, another's, a wrong amount */
	cr_expect_eq(pays_read("nexo", &a, PAY_STATUS, &ask,
			 said("TransactionStatus", "18",
			     "\"Response\":{\"Result\":\"Success\"}"))
			 .code,
	    E_PROTOCOL);
	cr_expect_eq(
	    pays_read("nexo", &a, PAY_STATUS, &ask, found("0000000016", paid))
		.code,
	    E_PROTOCOL);
	cr_expect_eq(
	    pays_read("nexo", &a, PAY_STATUS, &ask, found("0000000017", ""))
		.code,
	    E_PROTOCOL);
	cr_expect_eq(pays_read("nexo", &a, PAY_STATUS, &ask,
			 found("0000000017", paid_but("1100", "9900")))
			 .code,
	    E_MISMATCH);
	/* not found, or not yet; anything else says nothing */
	cr_expect(!err_is(pays_read("nexo", &a, PAY_STATUS, &ask,
	    said("TransactionStatus", "18", failure("NotFound")))));
	cr_expect_eq(a.found, PAY_FOUND_NO);
	cr_expect(!err_is(pays_read("nexo", &a, PAY_STATUS, &ask,
	    said("TransactionStatus", "18", failure("InProgress")))));
	cr_expect_eq(a.found, PAY_FOUND_PROGRESS);
	cr_expect_eq(
	    pays_read("nexo", &a, PAY_STATUS, &ask,
		said("TransactionStatus", "18", failure("UnavailableService")))
		.code,
	    E_PROTOCOL);
}

Test(nexo, what_the_terminal_shows_is_passed_on_clean_and_the_rest_is_a_sign)
{
	static const char display[] =
	    "{\"SaleToPOIRequest\":{\"MessageHeader\":{\"MessageCategory\":"
	    "\"%s\",\"SaleID\":\"%s\",\"POIID\":\"P400Plus-123456789\"},"
	    "\"DisplayRequest\":{\"DisplayOutput\":[{\"OutputContent\":{"
	    "\"OutputText\":[{\"Text\":\"%s\"},{\"Text\":\"%s\"}]}}]}}}";
	/* clang-format off */
	static const struct {
		const char *category, *sale_id, *first, *second, *text;
	} rows[] = {
		{ "Display", "KIOSK-0123", "카드를", "넣어 주십시오",
		  "카드를 넣어 주십시오" },
		{ "Display", "KIOSK-0123", "a\\u001b[2J", "ok", "ok" },
		{ "Display", "KIOSK-0124", "not ours", "", "" },
		{ "Print",   "KIOSK-0123", "not shown", "", "" },
	};
	/* clang-format on */
	struct pay_answer a;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(answer, sizeof answer, display, rows[i].category,
		    rows[i].sale_id, rows[i].first, rows[i].second);
		cr_assert(!err_is(
		    pays_read("nexo", &a, PAY_START, &pays_sale, answer)));
		cr_expect_eq(a.kind,
		    rows[i].text[0] != '\0' ? PAY_DISPLAY : PAY_NOTICE,
		    "row %zu", i);
		cr_expect_str_eq(a.text, rows[i].text);
	}
}

Test(nexo, a_probe_says_ready_and_whether_a_login_is_due)
{
	/* clang-format off */
	static const struct { const char *body; bool ready, login; } rows[] = {
		{ "\"Response\":{\"Result\":\"Success\"}", true, false },
		{ "\"Response\":{\"Result\":\"Success\"},\"LoggedSaleID\":[]",
		  true, true },
		{ "\"Response\":{\"Result\":\"Success\"},\"LoggedSaleID\":"
		  "[\"KIOSK-0123\"],\"POIStatus\":{\"GlobalStatus\":\"OK\"}",
		  true, false },
		{ "\"Response\":{\"Result\":\"Success\"},\"POIStatus\":{"
		  "\"GlobalStatus\":\"Busy\"}", true, false },
		{ "\"Response\":{\"Result\":\"Success\"},\"POIStatus\":{"
		  "\"GlobalStatus\":\"Maintenance\"}", false, false },
		{ "\"Response\":{\"Result\":\"Success\"},\"POIStatus\":{"
		  "\"GlobalStatus\":\"OK\",\"CommunicationOKFlag\":false}",
		  false, false },
		{ "\"Response\":{\"Result\":\"Failure\",\"ErrorCondition\":"
		  "\"LoggedOut\"}", false, true },
	};
	/* clang-format on */
	struct pay_answer a;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_assert(!err_is(pays_read("nexo", &a, PAY_PROBE, &pays_sale,
		    said("Diagnosis", "0000000017", rows[i].body))));
		cr_expect_eq(a.ready, rows[i].ready, "row %zu", i);
		cr_expect_eq(a.logged_out, rows[i].login, "row %zu", i);
	}
}

Test(nexo, totals_are_summed_and_never_guessed)
{
	static const char two[] =
	    "\"Response\":{\"Result\":\"Success\"},\"TransactionTotals\":[{"
	    "\"PaymentCurrency\":\"KRW\",\"PaymentTotals\":[{"
	    "\"TransactionType\":\"Debit\",\"TransactionCount\":2,"
	    "\"TransactionAmount\":2200},{\"TransactionType\":\"ReverseDebit\","
	    "\"TransactionCount\":1,\"TransactionAmount\":1100.0}]},{"
	    "\"PaymentTotals\":[{\"TransactionType\":\"Debit\","
	    "\"TransactionCount\":1,\"TransactionAmount\":1100},{"
	    "\"TransactionType\":\"Declined\",\"TransactionCount\":9,"
	    "\"TransactionAmount\":9}]}]";
	static const char *const bad[] = { "\"Response\":{\"Result\":"
					   "\"Failure\",\"ErrorCondition\":"
					   "\"Busy\"}",
		"\"Response\":{\"Result\":\"Success\"},\"TransactionTotals\":"
		"[{\"PaymentCurrency\":\"USD\"}]",
		"\"Response\":{\"Result\":\"Success\"},\"TransactionTotals\":"
		"[{\"PaymentTotals\":[{\"TransactionType\":\"Debit\","
		"\"TransactionCount\":-1,\"TransactionAmount\":5}]}]",
		"\"Response\":{\"Result\":\"Success\"},\"TransactionTotals\":"
		"[{\"PaymentTotals\":[{\"TransactionType\":\"Debit\","
		"\"TransactionCount\":1}]}]" };
	struct pay_answer a;

	cr_assert(!err_is(pays_read("nexo", &a, PAY_TOTALS, &pays_sale,
	    said("GetTotals", "0000000017", two))));
	cr_expect_eq(a.payments.count, 3);
	cr_expect_eq(a.payments.won, 3300);
	cr_expect_eq(a.reversals.count, 1);
	cr_expect_eq(a.reversals.won, 1100);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_eq(pays_read("nexo", &a, PAY_TOTALS, &pays_sale,
				 said("GetTotals", "0000000017", bad[i]))
				 .code,
		    E_PROTOCOL, "row %zu", i);
}
