/*
 * The drivers: requests to the byte, and which answers are believed.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "peer/pay.h"

static const struct pay_ask sale = { .sale_id = "KIOSK-0123",
	.poi_id = "P400Plus-123456789",
	.service_id = "0000000017",
	.of = "",
	.order = "R20260101-000017",
	.won = 1100,
	.at_ms = 1767258000000, /* 2026-01-01 18:00 in Korea */
	.poi_txn = "",
	.poi_at = "",
	.approval = "",
	.reason = "" };

static char text[PAY_REQUEST_MAX];

static const char *
request(const char *driver, enum pay_call call, const struct pay_ask *a)
{
	struct buf b = buf_make(text, sizeof text - 1);
	struct err e = pay_driver_find(driver)->request(&b, call, a);

	if (err_is(e))
		return err_name(e.code);
	text[b.n] = '\0';
	return text;
}

static struct err
read(const char *driver, struct pay_answer *out, enum pay_call call,
    const struct pay_ask *a, const char *answer)
{
	return pay_driver_find(driver)->read(out, call, a, span_str(answer));
}

/* ---- the table */

Test(pay, drivers_are_found_by_name_and_say_what_to_do_about_the_unknown)
{
	cr_expect_null(pay_driver_find("none"));
	cr_expect_null(pay_driver_find(""));
	cr_expect_eq(pay_driver_find("nexo")->on_unknown, PAY_QUERY);
	cr_expect_eq(pay_driver_find("van")->on_unknown, PAY_NETCANCEL);
	cr_expect_null(pay_driver_find("nexo")->paths[PAY_CANCEL_UNKNOWN]);
	cr_expect_null(pay_driver_find("van")->paths[PAY_STATUS]);
}

/* ---- requests */

Test(nexo, a_payment_is_the_published_example_to_the_byte)
{
	cr_expect_str_eq(request("nexo", PAY_START, &sale),
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
	struct pay_ask a = sale;

	a.service_id = "18";
	a.of = "0000000017";
	a.reason = "Timeout";
	a.poi_txn = "T1";
	a.poi_at = "2026-01-01T09:00:05.000Z";
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect(
		    strstr(request("nexo", rows[i].call, &a), rows[i].part),
		    "row %zu: %s", i, text);
}

Test(van, an_approval_and_its_netcancel_are_the_same_bytes)
{
	char first[PAY_REQUEST_MAX];

	strcpy(first, request("van", PAY_START, &sale));
	cr_expect_str_eq(first,
	    "{\"mid\":\"KIOSK-0123\",\"tid\":\"P400Plus-123456789\",\"trace\":"
	    "\"0000000017\",\"order\":\"R20260101-000017\",\"amount\":1100,"
	    "\"at\":\"20260101180000\"}");
	cr_expect_str_eq(request("van", PAY_CANCEL_UNKNOWN, &sale), first);
}

Test(van, a_cancel_names_the_number_and_the_day_of_the_approval)
{
	struct pay_ask a = sale;

	a.approval = "12345678";
	a.poi_at = "20260101180005";
	cr_expect(strstr(request("van", PAY_REVERSE, &a),
	    "\"amount\":1100,\"org_approval\":\"12345678\",\"org_date\":"
	    "\"20260101\"}"));
	a.poi_at = "2026";
	cr_expect_str_eq(request("van", PAY_REVERSE, &a), err_name(E_ARG));
}

/* One member of an ask made wrong in turn. */
static struct pay_ask
spoiled(int how)
{
	struct pay_ask a = sale;

	switch (how) {
	case 0:
		a.service_id = "";
		break;
	case 1:
		a.service_id = "12345678901";
		break;
	case 2:
		a.service_id = "a\"b";
		a.won = 0;
		break;
	case 3:
		a.won = -1;
		break;
	case 4:
		a.won = PAY_WON_MAX + 1;
		break;
	case 5:
		a.order = "";
		break;
	case 6:
		a.order = "두 글자";
		break;
	case 7:
		a.sale_id = "";
		break;
	case 8:
		a.poi_id = "a\n";
		break;
	case 9:
		a.at_ms = -1;
		break;
	case 10:
		a.at_ms = INT64_MAX;
		break;
	}
	return a;
}

Test(pay, what_cannot_be_said_is_not_said_by_any_driver)
{
	for (int i = 0; i <= 10; i++) {
		struct pay_ask a = spoiled(i);

		cr_expect_str_eq(
		    request("nexo", PAY_START, &a), err_name(E_ARG), "%d", i);
		cr_expect_str_eq(
		    request("van", PAY_START, &a), err_name(E_ARG), "%d", i);
	}
	cr_expect_str_eq(request("nexo", PAY_STATUS, &sale), err_name(E_ARG));
	cr_expect_str_eq(
	    request("nexo", PAY_CANCEL_UNKNOWN, &sale), err_name(E_ARG));
	cr_expect_str_eq(request("van", PAY_STATUS, &sale), err_name(E_ARG));
}

/* ---- the stream */

Test(pay, objects_are_found_wherever_the_stream_is_cut)
{
	static const char stream[] = " {\"a\":\"}{\\\"\\\\\"}\n\n{\"b\":{\"c\""
				     ":{}}}{\"d\":1}\r\n\t";
	static const char *const want[] = { "{\"a\":\"}{\\\"\\\\\"}",
		"{\"b\":{\"c\":{}}}", "{\"d\":1}" };

	for (size_t cut = 0; cut < sizeof stream; cut++) {
		size_t at = 0, found = 0;

		/* first what came before the cut, then all of it */
		for (int whole = 0; whole < 2; whole++) {
			struct span object;
			size_t used, n = whole ? sizeof stream - 1 : cut;

			do {
				struct err e = pay_next(&object, &used,
				    span_make(
					stream + at, n > at ? n - at : 0));

				cr_assert(!err_is(e));
				at += used;
				if (object.n > 0)
					cr_expect(span_eq(
					    object, span_str(want[found++])));
			} while (object.n > 0);
		}
		cr_expect_eq(found, 3, "cut at %zu", cut);
		cr_expect_eq(at, sizeof stream - 1);
	}
}

Test(pay, what_is_no_object_or_too_large_ends_the_stream)
{
	static uint8_t large[2 * PAY_OBJECT_MAX];
	static const char *const bad[] = { "x", "[]", " \"text\"", "1", "}" };
	struct span object;
	size_t used;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_eq(pay_next(&object, &used, span_str(bad[i])).code,
		    E_PROTOCOL, "%s", bad[i]);
	memset(large, ' ', sizeof large);
	large[0] = '{';
	cr_expect_eq(
	    pay_next(&object, &used, span_make(large, sizeof large)).code,
	    E_LIMIT);
	large[PAY_OBJECT_MAX] = '}';
	cr_expect_eq(
	    pay_next(&object, &used, span_make(large, sizeof large)).code,
	    E_LIMIT);
	large[PAY_OBJECT_MAX - 1] = '}';
	cr_expect(
	    !err_is(pay_next(&object, &used, span_make(large, sizeof large))));
	cr_expect_eq(object.n, PAY_OBJECT_MAX);
}

/* ---- nexo answers */

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

	cr_assert(!err_is(read("nexo", &a, PAY_START, &sale,
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
	cr_assert(!err_is(read("nexo", &a, PAY_START, &sale,
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
		struct err e = read("nexo", &a, PAY_START, &sale,
		    said("Payment", "0000000017",
			paid_but(rows[i].from, rows[i].to)));

		cr_expect_eq(e.code, rows[i].code, "row %zu", i);
	}
	/* what was charged instead can be given back */
	(void)!err_is(read("nexo", &a, PAY_START, &sale,
	    said("Payment", "0000000017", paid_but("1100", "1101"))));
	cr_expect_eq(a.result.won, 1101);
	cr_expect_str_eq(a.result.poi_txn, "T1");
	/* 1100.0 is 1100 */
	cr_expect(!err_is(read("nexo", &a, PAY_START, &sale,
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
		cr_expect_eq(read("nexo", &a, PAY_START, &sale, answer).code,
		    E_PROTOCOL, "%s", parts[i]);
	}
	cr_expect_eq(read("nexo", &a, PAY_START, &sale,
			 said("Reversal", "0000000017", paid))
			 .code,
	    E_PROTOCOL);
	cr_expect_eq(read("nexo", &a, PAY_START, &sale, "{}").code, E_PROTOCOL);
	cr_expect_eq(read("nexo", &a, PAY_START, &sale, "").code, E_PROTOCOL);
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
	struct pay_ask a = sale;

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
		e = read("nexo", &a, PAY_START, &sale,
		    said("Payment", "0000000017", failure(rows[i].word)));
		cr_expect_eq(e.code, rows[i].open ? E_PROTOCOL : E_NONE, "%s",
		    rows[i].word);
		cr_expect_str_eq(a.result.condition, rows[i].word);
		if (!rows[i].open)
			cr_expect_eq(a.result.outcome, rows[i].outcome, "%s",
			    rows[i].word);
		e = read("nexo", &a, PAY_STATUS, &status,
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
	cr_expect_eq(read("nexo", &a, PAY_START, &sale,
			 said("Payment", "0000000017", body))
			 .code,
	    E_PROTOCOL);
	snprintf(body, sizeof body, by, "0000000016");
	cr_expect(!err_is(read("nexo", &a, PAY_START, &sale,
	    said("Payment", "0000000017", body))));
	cr_expect_eq(a.result.outcome, PAY_BUSY);
}

Test(nexo, the_outer_success_of_a_status_is_not_money)
{
	struct pay_ask ask = asking();
	struct pay_answer a;

	cr_expect(!err_is(
	    read("nexo", &a, PAY_STATUS, &ask, found("0000000017", paid))));
	cr_expect_eq(a.result.outcome, PAY_APPROVED);
	cr_expect_eq(a.found, PAY_FOUND_YES);
	/* found, and inside: nothing, another's, a wrong amount */
	cr_expect_eq(read("nexo", &a, PAY_STATUS, &ask,
			 said("TransactionStatus", "18",
			     "\"Response\":{\"Result\":\"Success\"}"))
			 .code,
	    E_PROTOCOL);
	cr_expect_eq(
	    read("nexo", &a, PAY_STATUS, &ask, found("0000000016", paid)).code,
	    E_PROTOCOL);
	cr_expect_eq(
	    read("nexo", &a, PAY_STATUS, &ask, found("0000000017", "")).code,
	    E_PROTOCOL);
	cr_expect_eq(read("nexo", &a, PAY_STATUS, &ask,
			 found("0000000017", paid_but("1100", "9900")))
			 .code,
	    E_MISMATCH);
	/* not found, or not yet; anything else says nothing */
	cr_expect(!err_is(read("nexo", &a, PAY_STATUS, &ask,
	    said("TransactionStatus", "18", failure("NotFound")))));
	cr_expect_eq(a.found, PAY_FOUND_NO);
	cr_expect(!err_is(read("nexo", &a, PAY_STATUS, &ask,
	    said("TransactionStatus", "18", failure("InProgress")))));
	cr_expect_eq(a.found, PAY_FOUND_PROGRESS);
	cr_expect_eq(
	    read("nexo", &a, PAY_STATUS, &ask,
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
		cr_assert(!err_is(read("nexo", &a, PAY_START, &sale, answer)));
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
		cr_assert(!err_is(read("nexo", &a, PAY_PROBE, &sale,
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

	cr_assert(!err_is(read("nexo", &a, PAY_TOTALS, &sale,
	    said("GetTotals", "0000000017", two))));
	cr_expect_eq(a.payments.count, 3);
	cr_expect_eq(a.payments.won, 3300);
	cr_expect_eq(a.reversals.count, 1);
	cr_expect_eq(a.reversals.won, 1100);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_eq(read("nexo", &a, PAY_TOTALS, &sale,
				 said("GetTotals", "0000000017", bad[i]))
				 .code,
		    E_PROTOCOL, "row %zu", i);
}

/* ---- VAN answers */

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

	cr_assert(!err_is(
	    read("van", &a, PAY_START, &sale, van_said("0000", van_paid))));
	cr_expect_eq(a.result.outcome, PAY_APPROVED);
	cr_expect_str_eq(a.result.approval, "12345678");
	cr_expect_str_eq(a.result.poi_at, "20260101180005");
	cr_expect_eq(
	    read("van", &a, PAY_START, &sale, van_said("0000", "")).code,
	    E_PROTOCOL);
	cr_expect_eq(
	    read("van", &a, PAY_START, &sale, van_said("0001", van_paid)).code,
	    E_PROTOCOL);
	van_said("0000", van_paid);
	*strstr(answer, "1100") = '9';
	cr_expect_eq(
	    read("van", &a, PAY_START, &sale, answer).code, E_MISMATCH);
	van_said("0000", van_paid);
	*strstr(answer, "0000000017") = '1';
	cr_expect_eq(
	    read("van", &a, PAY_START, &sale, answer).code, E_PROTOCOL);
	cr_assert(
	    !err_is(read("van", &a, PAY_START, &sale, van_said("8001", ""))));
	cr_expect_eq(a.result.outcome, PAY_DECLINED);
}

Test(van, a_netcancel_is_done_or_was_nothing_or_must_come_again)
{
	struct pay_answer a;

	cr_assert(!err_is(
	    read("van", &a, PAY_CANCEL_UNKNOWN, &sale, van_said("0000", ""))));
	cr_expect_eq(a.result.outcome, PAY_APPROVED);
	cr_assert(!err_is(
	    read("van", &a, PAY_CANCEL_UNKNOWN, &sale, van_said("4001", ""))));
	cr_expect_eq(a.result.outcome, PAY_FAILED);
	cr_expect_eq(
	    read("van", &a, PAY_CANCEL_UNKNOWN, &sale, van_said("9999", ""))
		.code,
	    E_PROTOCOL);
	/* a refusal of the sale is no word about its cancelling */
	cr_expect_eq(
	    read("van", &a, PAY_CANCEL_UNKNOWN, &sale, van_said("8001", ""))
		.code,
	    E_PROTOCOL);
}
