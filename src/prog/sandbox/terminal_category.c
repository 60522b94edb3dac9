/*
 * sandbox/terminal_category.c - what the terminal does for each category of
 * nexo messages.
 */
#include <stdio.h>
#include <string.h>

#include "terminal_inside.h"

enum { WON_MAX = 100000000, BODY_ID = 128 };

static const json_t *
at(const json_t *o, const char *a, const char *b)
{
	return json_object_get(json_object_get(o, a), b);
}

static void
say(struct reply *out, const struct nexo_head *h, json_t *body)
{
	reply_json(out, 200, say_response(h, body));
}

void
category_refuse(struct reply *out, const struct nexo_head *h,
    const char *condition, const char *more)
{
	say(out, h, json_pack("{so}", "Response", say_result(condition, more)));
}

/* ---- sessions
 * ----------------------------------------------------------------
 */

static bool
logged_in(const struct sandbox *sb, const char *sale_id)
{
	char today[CLOCK_TEXT];

	civil_date_text(today, sandbox_now(sb));
	return strcmp(rec_text(sb->terminal->logins, sale_id), today) == 0;
}

void
category_login(struct sandbox *sb, const struct nexo_head *h, const json_t *b,
    struct fault fault, struct reply *out)
{
	char today[CLOCK_TEXT], now[CLOCK_TEXT];

	if (fault.action == FAULT_REFUSE) {
		category_refuse(out, h, "NotAllowed", NULL);
		return;
	}
	civil_date_text(today, sandbox_now(sb));
	money_time(sb, now);
	rec_set_text(sb->terminal->logins, h->sale_id, today);
	say(out, h,
	    json_pack("{so s:{ss s:{ss ss ss ss} s:{ss sb}}}", "Response",
		say_result(NULL, NULL), "POISystemData", "DateTime", now,
		"POISoftware", "ManufacturerID", "dasi", "ApplicationName",
		"dasi-sandbox", "SoftwareVersion", "1", "CertificationCode", "",
		"POIStatus", "GlobalStatus", "OK", "CommunicationOKFlag", 1));
}

void
category_logout(struct sandbox *sb, const struct nexo_head *h, const json_t *b,
    struct fault fault, struct reply *out)
{
	json_object_del(sb->terminal->logins, h->sale_id);
	say(out, h, json_pack("{so}", "Response", say_result(NULL, NULL)));
}

void
category_diagnosis(struct sandbox *sb, const struct nexo_head *h,
    const json_t *b, struct fault fault, struct reply *out)
{
	json_t *list = json_array();
	const char *status = sb->terminal->now[0] != '\0' ? "Busy" : "OK";

	if (logged_in(sb, h->sale_id))
		json_array_append_new(list, json_string(h->sale_id));
	if (fault.action == FAULT_REFUSE)
		status = "Maintenance";
	say(out, h,
	    json_pack("{so so s:{ss sb}}", "Response", say_result(NULL, NULL),
		"LoggedSaleID", list, "POIStatus", "GlobalStatus", status,
		"CommunicationOKFlag", 1));
}

/* ---- payment
 * -----------------------------------------------------------------
 */

static bool
same(const json_t *v, const char *text)
{
	const char *s = json_string_value(v);

	return s != NULL && strcmp(s, text) == 0;
}

/* What stands against beginning it; NULL: nothing.  `more` explains. */
static const char *
obstacle(struct sandbox *sb, const struct nexo_head *h, const char *key,
    char more[static BODY_ID])
{
	struct terminal *t = sb->terminal;
	const json_t *rec = records_get(&sb->payments, key);
	const char *busy = rec_text(
	    records_get(&sb->payments, t->now), "service_id");

	more[0] = '\0';
	if (!logged_in(sb, h->sale_id))
		return "LoggedOut";
	if (rec != NULL && strcmp(rec_text(rec, "state"), "done") == 0) {
		snprintf(more, BODY_ID, "message=Duplicate%%20ServiceID");
		return "NotAllowed";
	}
	if (t->now[0] != '\0') {
		snprintf(more, BODY_ID, "serviceId=%s", busy);
		return "Busy";
	}
	return NULL;
}

static json_t *
new_record(
    struct sandbox *sb, const struct nexo_head *h, const char *kind, int64_t n)
{
	char txn[MESSAGE_ID], now[CLOCK_TEXT];

	money_time(sb, now);
	snprintf(txn, sizeof txn, "T%09lld", (long long)n);
	return json_pack("{ss ss ss ss ss sI ss ss ss ss s[]}", "kind", kind,
	    "service_id", h->service_id, "sale_id", h->sale_id, "state", "card",
	    "result", "", "period", (json_int_t)rec_int(sb->day, "period"),
	    "poi_txn", txn, "poi_at", now, "condition", "", "fate", "",
	    "displays");
}

static const char *
fate_of(struct fault fault)
{
	if (fault.action == FAULT_REFUSE)
		return "Refusal";
	return fault.action == FAULT_WRONG_AMOUNT ? "wrong_amount" : "";
}

void
category_payment(struct sandbox *sb, const struct nexo_head *h, const json_t *b,
    struct fault fault, struct reply *out)
{
	const json_t *sale = at(b, "SaleData", "SaleTransactionID");
	const json_t *amounts = at(b, "PaymentTransaction", "AmountsReq");
	const json_t *amount = json_object_get(amounts, "RequestedAmount");
	char key[RECORD_KEY], more[BODY_ID];
	const char *why;
	json_t *rec;

	money_key(key, h->sale_id, h->service_id);
	if (!json_is_integer(amount) || json_integer_value(amount) < 1 ||
	    json_integer_value(amount) > WON_MAX ||
	    !same(json_object_get(amounts, "Currency"), "KRW") ||
	    rec_text(sale, "TransactionID")[0] == '\0' || key[0] == '\0') {
		category_refuse(out, h, "MessageFormat", NULL);
		return;
	}
	if ((why = obstacle(sb, h, key, more)) != NULL) {
		category_refuse(out, h, why, more[0] == '\0' ? NULL : more);
		return;
	}
	rec = new_record(
	    sb, h, "payment", (int64_t)json_object_size(sb->payments.all) + 1);
	rec_set_text(rec, "order", rec_text(sale, "TransactionID"));
	rec_set_text(rec, "order_at", rec_text(sale, "TimeStamp"));
	rec_set_int(rec, "won", json_integer_value(amount));
	rec_set_text(rec, "fate", fate_of(fault));
	if (err_is(records_put(&sb->payments, key, rec))) {
		category_refuse(out, h, "DeviceOut", NULL);
		return;
	}
	card_begin(sb, key);
	stream_begin(sb, key, fault, out);
}

/* ---- about a payment
 * ------------------------------------------------------------
 */

static json_t *
referred(struct sandbox *sb, const json_t *b)
{
	const json_t *m = json_object_get(b, "MessageReference");
	const char *kind = same(json_object_get(m, "MessageCategory"),
			       "Reversal")
			       ? "reversal"
			       : "payment";
	char key[RECORD_KEY];
	json_t *rec;

	money_key(key, rec_text(m, "SaleID"), rec_text(m, "ServiceID"));
	rec = records_get(&sb->payments, key);
	return strcmp(rec_text(rec, "kind"), kind) == 0 ? rec : NULL;
}

/* The answer of a record as it stands in a status. */
static json_t *
repeated(const json_t *rec)
{
	bool payment = strcmp(rec_text(rec, "kind"), "payment") == 0;
	json_t *whole = say_whole(rec);
	json_t *v = json_pack("{sO s:{so}}", "MessageHeader",
	    at(whole, "SaleToPOIResponse", "MessageHeader"),
	    "RepeatedResponseMessageBody",
	    payment ? "PaymentResponse" : "ReversalResponse",
	    say_recorded(rec));

	json_decref(whole);
	return v;
}

/* What a faulty status says of another payment, or another amount. */
static void
distort(json_t *v, struct fault fault)
{
	json_t *head = json_object_get(v, "MessageHeader");
	json_t *result = json_object_get(
	    json_object_get(json_object_get(v, "RepeatedResponseMessageBody"),
		"PaymentResponse"),
	    "PaymentResult");
	json_t *amounts = json_object_get(result, "AmountsResp");

	if (fault.action == FAULT_OTHER_ORDER)
		rec_set_text(head, "ServiceID", "0000000000");
	if (fault.action == FAULT_WRONG_AMOUNT && amounts != NULL)
		rec_set_int(amounts, "AuthorizedAmount",
		    rec_int(amounts, "AuthorizedAmount") + 1);
}

void
category_status(struct sandbox *sb, const struct nexo_head *h, const json_t *b,
    struct fault fault, struct reply *out)
{
	const json_t *rec = referred(sb, b);
	json_t *v;

	if (!logged_in(sb, h->sale_id)) {
		category_refuse(out, h, "LoggedOut", NULL);
	} else if (rec == NULL || fault.action == FAULT_NO_RECORD) {
		category_refuse(out, h, "NotFound", NULL);
	} else if (strcmp(rec_text(rec, "state"), "done") != 0) {
		category_refuse(
		    out, h, "InProgress", "message=Uncompleted%20transaction");
	} else {
		v = repeated(rec);
		distort(v, fault);
		say(out, h,
		    json_pack("{so so}", "Response", say_result(NULL, NULL),
			"RepeatedMessageResponse", v));
	}
}

/* Nothing is answered when it is done; the payment's own answer tells. */
void
category_abort(struct sandbox *sb, const struct nexo_head *h, const json_t *b,
    struct fault fault, struct reply *out)
{
	const json_t *rec = referred(sb, b);
	const json_t *now = records_get(&sb->payments, sb->terminal->now);
	char stamp[CLOCK_TEXT];

	if (rec != NULL && rec == now) {
		if (strcmp(rec_text(rec, "state"), "card") == 0 &&
		    fault.action != FAULT_REFUSE)
			card_fail(sb, "Aborted");
		reply_set(out, 200, "application/json", span_str(""));
		return;
	}
	money_time(sb, stamp);
	reply_json(out, 200,
	    json_pack("{s:{s:{ss ss ss ss ss ss} s:{ss ss ss}}}",
		"SaleToPOIRequest", "MessageHeader", "ProtocolVersion", "3.0",
		"MessageClass", "Event", "MessageCategory", "Event",
		"MessageType", "Notification", "SaleID", h->sale_id, "POIID",
		TERMINAL_POI_ID, "EventNotification", "TimeStamp", stamp,
		"EventToNotify", rec == NULL ? "Reject" : "CompletedMessage",
		"EventDetails", "message=Nothing%20to%20abort"));
}

/* The payment that a reversal names; NULL and `why` when it cannot be. */
static json_t *
to_reverse(struct sandbox *sb, const json_t *b, const char **why)
{
	const json_t *id = at(b, "OriginalPOITransaction", "POITransactionID");
	const char *key;
	json_t *rec;

	*why = "NotFound";
	json_object_foreach(sb->payments.all, key, rec) {
		if (strcmp(rec_text(rec, "kind"), "payment") != 0 ||
		    !same(json_object_get(id, "TransactionID"),
			rec_text(rec, "poi_txn")) ||
		    !same(json_object_get(id, "TimeStamp"),
			rec_text(rec, "poi_at")))
			continue;
		*why = "NotAllowed";
		if (strcmp(rec_text(rec, "result"), "Success") == 0 &&
		    rec_text(rec, "reversed_by")[0] == '\0')
			return rec;
	}
	return NULL;
}

static struct err
reverse(struct sandbox *sb, const struct nexo_head *h, const char *key,
    json_t *paid, const char *condition, json_t **out)
{
	json_t *rec = new_record(
	    sb, h, "reversal", (int64_t)json_object_size(sb->payments.all) + 1);
	char of[RECORD_KEY];
	struct err e;

	rec_set_text(rec, "state", "done");
	rec_set_text(rec, "result", condition == NULL ? "Success" : "Failure");
	rec_set_text(rec, "condition", condition == NULL ? "" : condition);
	rec_set_text(rec, "order", rec_text(paid, "order"));
	rec_set_text(rec, "of", rec_text(paid, "service_id"));
	rec_set_int(rec, "authorized", rec_int(paid, "authorized"));
	*out = rec;
	e = records_put(&sb->payments, key, rec);
	if (err_is(e) || condition != NULL)
		return e;
	rec_set_text(paid, "reversed_by", h->service_id);
	money_key(of, rec_text(paid, "sale_id"), rec_text(paid, "service_id"));
	return records_save(&sb->payments, of);
}

void
category_reversal(struct sandbox *sb, const struct nexo_head *h,
    const json_t *b, struct fault fault, struct reply *out)
{
	char key[RECORD_KEY], more[BODY_ID];
	const char *why, *cannot;
	json_t *paid = to_reverse(sb, b, &cannot), *rec = NULL;

	money_key(key, h->sale_id, h->service_id);
	if ((why = obstacle(sb, h, key, more)) != NULL) {
		category_refuse(out, h, why, more[0] == '\0' ? NULL : more);
		return;
	}
	if (fault.action == FAULT_REFUSE)
		cannot = "Refusal";
	if (paid == NULL)
		category_refuse(out, h, cannot, NULL);
	else if (err_is(reverse(sb, h, key, paid,
		     fault.action == FAULT_REFUSE ? cannot : NULL, &rec)))
		category_refuse(out, h, "DeviceOut", NULL);
	else
		say(out, h, say_recorded(rec));
}

/* ---- the day
 * ---------------------------------------------------------------------
 */

static json_t *
total_line(const char *type, const json_t *sum)
{
	return json_pack("{ss sI sI}", "TransactionType", type,
	    "TransactionCount", (json_int_t)rec_int(sum, "count"),
	    "TransactionAmount", (json_int_t)rec_int(sum, "won"));
}

void
category_totals(struct sandbox *sb, const struct nexo_head *h, const json_t *b,
    struct fault fault, struct reply *out)
{
	json_t *sums = money_totals(sb);
	char period[24];

	snprintf(period, sizeof period, "%lld",
	    (long long)rec_int(sb->day, "period"));
	if (!logged_in(sb, h->sale_id))
		category_refuse(out, h, "LoggedOut", NULL);
	else
		say(out, h,
		    json_pack("{so ss s[{ss ss s[oo]}]}", "Response",
			say_result(NULL, NULL), "POIReconciliationID", period,
			"TransactionTotals", "PaymentInstrumentType", "Card",
			"PaymentCurrency", "KRW", "PaymentTotals",
			total_line("Debit", json_object_get(sums, "payments")),
			total_line("ReverseDebit",
			    json_object_get(sums, "reversals"))));
	json_decref(sums);
}
