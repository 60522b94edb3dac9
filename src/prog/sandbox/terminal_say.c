/*
 * sandbox/terminal_say.c - nexo responses out of records.
 */
#include <string.h>

#include "terminal_inside.h"

json_t *
say_response(const struct nexo_head *h, json_t *body)
{
	char name[MESSAGE_ID + 8];

	str_copy(name, sizeof name, h->category);
	str_copy(name + strlen(name), sizeof name - strlen(name), "Response");
	return json_pack("{s:{s:{ss ss ss ss ss ss ss} s:o}}",
	    "SaleToPOIResponse", "MessageHeader", "ProtocolVersion", "3.0",
	    "MessageClass", "Service", "MessageCategory", h->category,
	    "MessageType", "Response", "ServiceID", h->service_id, "SaleID",
	    h->sale_id, "POIID", h->poi_id, name, body);
}

json_t *
say_result(const char *condition, const char *more)
{
	json_t *r = json_pack(
	    "{ss}", "Result", condition == NULL ? "Success" : "Failure");

	if (condition != NULL)
		rec_set_text(r, "ErrorCondition", condition);
	if (more != NULL)
		rec_set_text(r, "AdditionalResponse", more);
	return r;
}

static json_t *
result_of(const json_t *rec)
{
	bool good = strcmp(rec_text(rec, "result"), "Success") == 0;

	return say_result(good ? NULL : rec_text(rec, "condition"), NULL);
}

static json_t *
poi_data(const json_t *rec)
{
	return json_pack("{s:{ss ss}}", "POITransactionID", "TransactionID",
	    rec_text(rec, "poi_txn"), "TimeStamp", rec_text(rec, "poi_at"));
}

/* The card, as far as anybody may see it. */
static json_t *
instrument(const json_t *rec)
{
	return json_pack("{ss s:{ss ss}}", "PaymentInstrumentType", "Card",
	    "CardData", "PaymentBrand", rec_text(rec, "brand"), "MaskedPan",
	    rec_text(rec, "pan"));
}

static json_t *
payment_result(const json_t *rec)
{
	return json_pack("{s:o s:{ss sI} s:{ss ss s:{ss ss}}}",
	    "PaymentInstrumentData", instrument(rec), "AmountsResp", "Currency",
	    "KRW", "AuthorizedAmount", (json_int_t)rec_int(rec, "authorized"),
	    "PaymentAcquirerData", "MerchantID", "1234567890", "ApprovalCode",
	    rec_text(rec, "approval"), "AcquirerTransactionID", "TransactionID",
	    rec_text(rec, "poi_txn"), "TimeStamp", rec_text(rec, "poi_at"));
}

static json_t *
recorded_payment(const json_t *rec)
{
	json_t *b = json_pack("{s:o s:{s:{ss ss}} s:o}", "Response",
	    result_of(rec), "SaleData", "SaleTransactionID", "TransactionID",
	    rec_text(rec, "order"), "TimeStamp", rec_text(rec, "order_at"),
	    "POIData", poi_data(rec));

	if (strcmp(rec_text(rec, "result"), "Success") == 0)
		json_object_set_new(b, "PaymentResult", payment_result(rec));
	return b;
}

json_t *
say_recorded(const json_t *rec)
{
	json_t *b;

	if (strcmp(rec_text(rec, "kind"), "payment") == 0)
		return recorded_payment(rec);
	b = json_pack(
	    "{s:o s:o}", "Response", result_of(rec), "POIData", poi_data(rec));
	if (strcmp(rec_text(rec, "result"), "Success") == 0)
		rec_set_int(b, "ReversedAmount", rec_int(rec, "authorized"));
	return b;
}

json_t *
say_whole(const json_t *rec)
{
	bool payment = strcmp(rec_text(rec, "kind"), "payment") == 0;
	struct nexo_head h = { .category = "" };

	str_copy(
	    h.category, sizeof h.category, payment ? "Payment" : "Reversal");
	str_copy(
	    h.service_id, sizeof h.service_id, rec_text(rec, "service_id"));
	str_copy(h.sale_id, sizeof h.sale_id, rec_text(rec, "sale_id"));
	str_copy(h.poi_id, sizeof h.poi_id, TERMINAL_POI_ID);
	return say_response(&h, say_recorded(rec));
}

json_t *
say_display(const json_t *rec, const char *text)
{
	return json_pack("{s:{s:{ss ss ss ss ss ss ss} s:{s:[{sb ss ss s:{ss "
			 "s:[{ss}]}}]}}}",
	    "SaleToPOIRequest", "MessageHeader", "ProtocolVersion", "3.0",
	    "MessageClass", "Device", "MessageCategory", "Display",
	    "MessageType", "Request", "ServiceID", rec_text(rec, "service_id"),
	    "SaleID", rec_text(rec, "sale_id"), "POIID", TERMINAL_POI_ID,
	    "DisplayRequest", "DisplayOutput", "ResponseRequiredFlag", 0,
	    "Device", "CustomerDisplay", "InfoQualify", "Status",
	    "OutputContent", "OutputFormat", "Text", "OutputText", "Text",
	    text);
}
