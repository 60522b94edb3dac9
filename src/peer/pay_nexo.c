/*
 * peer/pay_nexo.c - the driver for terminals that speak nexo Retailer 3.0 in
 * JSON: requests, and which part of an answer is read by whom.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "peer/pay_inside.h"
#include "peer/pay_nexo.h"

/* clang-format off */
const char *const nexo_categories[PAY_CALL_COUNT] = {
	[PAY_START]	     = "Payment",
	[PAY_STATUS]	     = "TransactionStatus",
	[PAY_STATUS_REVERSE] = "TransactionStatus",
	[PAY_ABORT]	     = "Abort",
	[PAY_REVERSE]	     = "Reversal",
	[PAY_PROBE]	     = "Diagnosis",
	[PAY_TOTALS]	     = "GetTotals",
	[PAY_LOGIN]	     = "Login",
	[PAY_LOGOUT]	     = "Logout",
};
/* clang-format on */

/* "2026-01-01T09:00:00.000Z" */
static bool
time_text(char out[static PAY_TIME], int64_t ms)
{
	time_t s = (time_t)(ms / 1000);
	struct tm t;

	if (ms < 0 || gmtime_r(&s, &t) == NULL || t.tm_year + 1900 > 9999)
		return false;
	snprintf(out, PAY_TIME, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
	    t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min,
	    t.tm_sec, (int)(ms % 1000));
	return true;
}

static json_t *
header(enum pay_call call, const struct pay_ask *a)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "ProtocolVersion",
	    "3.0", "MessageClass", "Service", "MessageCategory",
	    nexo_categories[call], "MessageType", "Request", "ServiceID",
	    a->service_id, "SaleID", a->sale_id, "POIID", a->poi_id);
}

static json_t *
reference(const char *category, const struct pay_ask *a)
{
	return json_pack("{s:s,s:s,s:s,s:s}", "MessageCategory", category,
	    "ServiceID", a->of, "SaleID", a->sale_id, "POIID", a->poi_id);
}

static json_t *
payment(const struct pay_ask *a, const char *at)
{
	return json_pack("{s:{s:{s:s,s:s}},s:{s:{s:s,s:I}}}", "SaleData",
	    "SaleTransactionID", "TransactionID", a->order, "TimeStamp", at,
	    "PaymentTransaction", "AmountsReq", "Currency", "KRW",
	    "RequestedAmount", (json_int_t)a->won);
}

static json_t *
reversal(const struct pay_ask *a)
{
	return json_pack("{s:{s:{s:s,s:s}},s:s}", "OriginalPOITransaction",
	    "POITransactionID", "TransactionID", a->poi_txn, "TimeStamp",
	    a->poi_at, "ReversalReason", "MerchantCancel");
}

static json_t *
login(const char *at)
{
	return json_pack("{s:s,s:{s:s,s:s,s:s,s:s},s:s}", "DateTime", at,
	    "SaleSoftware", "ManufacturerID", "dasi", "ApplicationName",
	    "dasi-net", "SoftwareVersion", "1", "CertificationCode", "",
	    "OperatorLanguage", "ko");
}

/* The part of a request that is named after its category. */
static json_t *
body(enum pay_call call, const struct pay_ask *a, const char *at)
{
	switch (call) {
	case PAY_START:
		return payment(a, at);
	case PAY_STATUS:
		return json_pack(
		    "{s:o}", "MessageReference", reference("Payment", a));
	case PAY_STATUS_REVERSE:
		return json_pack(
		    "{s:o}", "MessageReference", reference("Reversal", a));
	case PAY_ABORT:
		return json_pack("{s:o,s:s}", "MessageReference",
		    reference("Payment", a), "AbortReason", a->reason);
	case PAY_REVERSE:
		return reversal(a);
	case PAY_PROBE:
		return json_pack("{s:b}", "HostDiagnosisFlag", 0);
	case PAY_TOTALS:
		return json_pack(
		    "{s:{s:s}}", "TotalFilter", "POIID", a->poi_id);
	case PAY_LOGIN:
		return login(at);
	case PAY_LOGOUT:
		return json_object();
	case PAY_CANCEL_UNKNOWN:
	case PAY_CALL_COUNT:
		break;
	}
	return NULL;
}

/* What each call must have beyond the three ids. */
static bool
complete(enum pay_call call, const struct pay_ask *a)
{
	if (!pay_word(a->service_id, PAY_SERVICE_ID) ||
	    !pay_word(a->sale_id, PAY_ID) || !pay_word(a->poi_id, PAY_ID))
		return false;
	if (call == PAY_START)
		return pay_word(a->order, PAY_ID) && a->won > 0 &&
		       a->won <= PAY_WON_MAX;
	if (call == PAY_REVERSE)
		return pay_word(a->poi_txn, PAY_TXN) &&
		       pay_word(a->poi_at, PAY_TIME);
	if (call == PAY_ABORT)
		return pay_word(a->of, PAY_SERVICE_ID) &&
		       pay_word(a->reason, PAY_ID);
	if (call == PAY_STATUS || call == PAY_STATUS_REVERSE)
		return pay_word(a->of, PAY_SERVICE_ID);
	return true;
}

static struct err
nexo_request(struct buf *out, enum pay_call call, const struct pay_ask *a)
{
	char at[PAY_TIME], name[PAY_ID];

	if (call >= PAY_CALL_COUNT || nexo_categories[call] == NULL ||
	    !complete(call, a) || !time_text(at, a->at_ms))
		return err_make(E_ARG, 0, "nexo: request");
	snprintf(name, sizeof name, "%sRequest", nexo_categories[call]);
	return pay_dump(
	    out, json_pack("{s:{s:o,s:o}}", "SaleToPOIRequest", "MessageHeader",
		     header(call, a), name, body(call, a, at)));
}

/* clang-format off */
const struct pay_driver pay_nexo = {
	.name = "nexo",
	.on_unknown = PAY_QUERY,
	.content_type = "application/json",
	.paths = {
		[PAY_START] = "", [PAY_STATUS] = "", [PAY_STATUS_REVERSE] = "",
		[PAY_ABORT] = "", [PAY_REVERSE] = "", [PAY_PROBE] = "",
		[PAY_TOTALS] = "", [PAY_LOGIN] = "", [PAY_LOGOUT] = "",
	},
	.request = nexo_request,
	.read = nexo_read,
};
/* clang-format on */
