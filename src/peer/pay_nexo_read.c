/*
 * peer/pay_nexo_read.c - which answers of a nexo terminal are believed.
 *
 * Success of a TransactionStatus only says that the payment was found; what
 * became of it is the Result inside.  A Failure whose word leaves it open
 * whether this very payment is under way or done is no answer.
 */
#include <string.h>

#include "peer/pay_inside.h"
#include "peer/pay_nexo.h"

enum { SUMS_MAX = 64, COUNT_MAX = 1000000 };

static const int64_t sum_max = (int64_t)1000000 * PAY_WON_MAX;

/*
 * What a Failure means.  `open`: not when it answers the request itself,
 * which may have come twice; in the record of a payment it is final.
 */
/* clang-format off */
static const struct condition {
	const char	*word;
	enum pay_outcome outcome;
	bool		 open;
} conditions[] = {
	{ "Aborted",		PAY_CANCELLED,	false },
	{ "Busy",		PAY_BUSY,	false },
	{ "Cancel",		PAY_CANCELLED,	false },
	{ "DeviceOut",		PAY_FAILED,	false },
	{ "InProgress",		PAY_FAILED,	true },
	{ "InsertedCard",	PAY_DECLINED,	false },
	{ "InvalidCard",	PAY_DECLINED,	false },
	{ "LoggedOut",		PAY_FAILED,	false },
	{ "MessageFormat",	PAY_FAILED,	false },
	{ "NotAllowed",		PAY_FAILED,	true },
	{ "NotFound",		PAY_FAILED,	true },
	{ "PaymentRestriction",	PAY_DECLINED,	false },
	{ "Refusal",		PAY_DECLINED,	false },
	{ "UnavailableDevice",	PAY_FAILED,	false },
	{ "UnavailableService",	PAY_FAILED,	false },
	{ "UnreachableHost",	PAY_FAILED,	false },
	{ "WrongPIN",		PAY_DECLINED,	false },
};
static const struct condition any_other = { "", PAY_FAILED, true };
/* clang-format on */

static struct err
no_answer(const char *where)
{
	return err_make(E_PROTOCOL, 0, where);
}

static const struct condition *
condition_of(const json_t *response)
{
	for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
		if (pay_is(response, "ErrorCondition", conditions[i].word))
			return &conditions[i];
	return &any_other;
}

static bool
succeeded(const json_t *b)
{
	return pay_is(b, "Response.Result", "Success");
}

static bool
failed_by(const json_t *b, const char *word)
{
	return pay_is(b, "Response.Result", "Failure") &&
	       pay_is(b, "Response.ErrorCondition", word);
}

/* Busy with this very message: the request came twice. */
static bool
busy_with_it(const json_t *response, const char *service_id)
{
	const char *more = json_string_value(
	    pay_at(response, "AdditionalResponse"));

	return pay_is(response, "ErrorCondition", "Busy") && more != NULL &&
	       strstr(more, service_id) != NULL;
}

/* A Failure, as said at once or as `recorded`. */
static struct err
read_failure(struct pay_result *r, const json_t *response, bool recorded)
{
	const struct condition *c = condition_of(response);

	if (!pay_is(response, "Result", "Failure"))
		return no_answer("nexo: result");
	if (!pay_text(
		r->condition, sizeof r->condition, response, "ErrorCondition"))
		return no_answer("nexo: condition");
	if (!recorded && (c->open || busy_with_it(response, r->service_id)))
		return no_answer("nexo: open condition");
	r->outcome = c->outcome;
	return err_none();
}

static void
read_card(struct pay_result *r, const json_t *b)
{
	const json_t *card = pay_at(
	    b, "PaymentResult.PaymentInstrumentData.CardData");

	pay_text(r->brand, sizeof r->brand, card, "PaymentBrand");
	pay_text(r->pan, sizeof r->pan, card, "MaskedPan");
	pay_mask(r->pan);
	pay_text(r->approval, sizeof r->approval, b,
	    "PaymentResult.PaymentAcquirerData.ApprovalCode");
	pay_text(r->poi_txn, sizeof r->poi_txn, b,
	    "POIData.POITransactionID.TransactionID");
	pay_text(r->poi_at, sizeof r->poi_at, b,
	    "POIData.POITransactionID.TimeStamp");
}

/* A PaymentResponse about the payment `service_id`. */
static struct err
read_payment(struct pay_result *r, const json_t *b, const struct pay_ask *a,
    const char *service_id, bool recorded)
{
	const json_t *sale = pay_at(
	    b, "SaleData.SaleTransactionID.TransactionID");
	const json_t *amounts = pay_at(b, "PaymentResult.AmountsResp");

	str_copy(r->service_id, sizeof r->service_id, service_id);
	r->won = a->won;
	if (sale != NULL && a->order[0] != '\0' &&
	    !pay_is(b, "SaleData.SaleTransactionID.TransactionID", a->order))
		return no_answer("nexo: another order");
	read_card(r, b);
	if (!succeeded(b))
		return read_failure(r, pay_at(b, "Response"), recorded);
	r->won = pay_won(pay_at(amounts, "AuthorizedAmount"));
	if (r->won < 0 || !pay_word(r->poi_txn, sizeof r->poi_txn) ||
	    !pay_word(r->poi_at, sizeof r->poi_at))
		return no_answer("nexo: approval without its facts");
	r->outcome = PAY_APPROVED;
	if (!pay_is(amounts, "Currency", "KRW"))
		return err_make(E_MISMATCH, 0, "nexo: currency");
	if (a->won != 0 && r->won != a->won)
		return err_make(E_MISMATCH, 0, "nexo: amount");
	return err_none();
}

static struct err
read_reversal(struct pay_result *r, const json_t *b, const struct pay_ask *a,
    const char *service_id, bool recorded)
{
	const json_t *amount = pay_at(b, "ReversedAmount");

	str_copy(r->service_id, sizeof r->service_id, service_id);
	r->won = a->won;
	if (!succeeded(b))
		return read_failure(r, pay_at(b, "Response"), recorded);
	read_card(r, b);
	if (amount != NULL && a->won != 0 && pay_won(amount) != a->won)
		return err_make(E_MISMATCH, 0, "nexo: reversed amount");
	r->outcome = PAY_APPROVED;
	return err_none();
}

/* A header that answers `service_id` in this category, to us, from it. */
static bool
header_is(const json_t *h, const char *category, const struct pay_ask *a,
    const char *service_id)
{
	return pay_is(h, "MessageClass", "Service") &&
	       pay_is(h, "MessageType", "Response") &&
	       pay_is(h, "MessageCategory", category) &&
	       pay_is(h, "ServiceID", service_id) &&
	       pay_is(h, "SaleID", a->sale_id) && pay_is(h, "POIID", a->poi_id);
}

static struct err
read_status(struct pay_answer *out, const json_t *b, const struct pay_ask *a,
    enum pay_call of)
{
	const json_t *message = pay_at(b, "RepeatedMessageResponse");
	const json_t *body = pay_at(message, "RepeatedResponseMessageBody");

	if (failed_by(b, "InProgress")) {
		out->found = PAY_FOUND_PROGRESS;
		return err_none();
	}
	if (failed_by(b, "NotFound")) {
		out->found = PAY_FOUND_NO;
		return err_none();
	}
	if (!succeeded(b))
		return no_answer("nexo: status");
	if (!header_is(pay_at(message, "MessageHeader"), nexo_categories[of], a,
		a->of))
		return no_answer("nexo: status of another");
	out->found = PAY_FOUND_YES;
	if (of == PAY_REVERSE)
		return read_reversal(&out->result,
		    pay_at(body, "ReversalResponse"), a, a->of, true);
	return read_payment(
	    &out->result, pay_at(body, "PaymentResponse"), a, a->of, true);
}

static bool
logged_in(const json_t *list, const char *sale_id)
{
	const json_t *v;
	size_t i;

	/* a terminal without sessions has no list */
	if (!json_is_array(list))
		return true;
	json_array_foreach(list, i, v)
		if (json_is_string(v) &&
		    strcmp(json_string_value(v), sale_id) == 0)
			return true;
	return false;
}

static void
read_probe(struct pay_answer *out, const json_t *b, const struct pay_ask *a)
{
	const json_t *status = pay_at(b, "POIStatus");

	out->ready = succeeded(b) &&
		     !json_is_false(pay_at(status, "CommunicationOKFlag")) &&
		     (pay_at(status, "GlobalStatus") == NULL ||
			 pay_is(status, "GlobalStatus", "OK") ||
			 pay_is(status, "GlobalStatus", "Busy"));
	out->logged_out |= !logged_in(pay_at(b, "LoggedSaleID"), a->sale_id);
}

/* One line of the totals; false when it cannot be right. */
static bool
add_sum(struct pay_answer *out, const json_t *line)
{
	const json_t *count = pay_at(line, "TransactionCount");
	const json_t *amount = pay_at(line, "TransactionAmount");
	int64_t n = json_is_integer(count) ? json_integer_value(count) : -1;
	/* a day's sum may be above one payment's limit */
	int64_t won = json_is_real(amount)
			  ? (int64_t)(json_real_value(amount) <= (double)sum_max
					  ? json_real_value(amount)
					  : -1)
			  : pay_won(amount);
	struct pay_sums *s = NULL;

	if (pay_is(line, "TransactionType", "Debit"))
		s = &out->payments;
	else if (pay_is(line, "TransactionType", "ReverseDebit"))
		s = &out->reversals;
	else
		return true;
	if (n < 0 || n > COUNT_MAX || won < 0 || won > sum_max)
		return false;
	s->count += n;
	s->won += won;
	return true;
}

static struct err
read_totals(struct pay_answer *out, const json_t *b)
{
	const json_t *groups = pay_at(b, "TransactionTotals"), *g, *line;
	size_t i, k, lines = 0;

	if (!succeeded(b) || (groups != NULL && !json_is_array(groups)))
		return no_answer("nexo: totals");
	json_array_foreach(groups, i, g) {
		if (pay_at(g, "PaymentCurrency") != NULL &&
		    !pay_is(g, "PaymentCurrency", "KRW"))
			return no_answer("nexo: totals in another currency");
		json_array_foreach(pay_at(g, "PaymentTotals"), k, line) {
			if (++lines > SUMS_MAX || !add_sum(out, line))
				return no_answer("nexo: totals");
		}
	}
	return err_none();
}

static struct err
read_response(struct pay_answer *out, enum pay_call call, const json_t *b,
    const struct pay_ask *a)
{
	out->kind = PAY_ANSWER;
	out->logged_out = failed_by(b, "LoggedOut");
	switch (call) {
	case PAY_START:
		return read_payment(&out->result, b, a, a->service_id, false);
	case PAY_REVERSE:
		return read_reversal(&out->result, b, a, a->service_id, false);
	case PAY_STATUS:
		return read_status(out, b, a, PAY_START);
	case PAY_STATUS_REVERSE:
		return read_status(out, b, a, PAY_REVERSE);
	case PAY_PROBE:
		read_probe(out, b, a);
		return err_none();
	case PAY_TOTALS:
		return read_totals(out, b);
	case PAY_LOGIN:
	case PAY_LOGOUT:
		return succeeded(b) ? err_none()
				    : err_make(E_REFUSED, 0, "nexo: login");
	case PAY_ABORT: /* only asked */
		return err_none();
	case PAY_CANCEL_UNKNOWN:
	case PAY_CALL_COUNT:
		break;
	}
	return no_answer("nexo: call");
}

/* The texts of a DisplayOutput, one after the other. */
static void
add_texts(struct pay_answer *out, const json_t *output)
{
	const json_t *list = pay_at(output, "OutputContent.OutputText"), *v;
	struct buf b = buf_make(out->text, sizeof out->text - 1);
	char one[PAY_TEXT];
	size_t i;

	b.n = strlen(out->text);
	json_array_foreach(list, i, v) {
		if (!pay_text(one, sizeof one, v, "Text") ||
		    b.n + strlen(one) + 1 > b.cap)
			continue;
		if (b.n > 0)
			buf_add_byte(&b, ' ');
		buf_add_str(&b, one);
	}
	out->text[b.n] = '\0';
}

/* A message of the terminal's own while we wait: what it shows, or else. */
static void
read_notice(
    struct pay_answer *out, const json_t *request, const struct pay_ask *a)
{
	const json_t *h = pay_at(request, "MessageHeader"), *v;
	const json_t *list = pay_at(request, "DisplayRequest.DisplayOutput");
	size_t i;

	out->kind = PAY_NOTICE;
	if (!pay_is(h, "MessageCategory", "Display") ||
	    !pay_is(h, "SaleID", a->sale_id) || !pay_is(h, "POIID", a->poi_id))
		return;
	json_array_foreach(list, i, v)
		add_texts(out, v);
	if (out->text[0] != '\0')
		out->kind = PAY_DISPLAY;
}

struct err
nexo_read(struct pay_answer *out, enum pay_call call, const struct pay_ask *a,
    struct span object)
{
	json_t *o = pay_parse(object);
	const json_t *response = pay_at(o, "SaleToPOIResponse");
	const json_t *request = pay_at(o, "SaleToPOIRequest");
	char name[PAY_ID] = "";
	struct err e = err_none();

	memset(out, 0, sizeof *out);
	if (call >= PAY_CALL_COUNT || nexo_categories[call] == NULL) {
		e = err_make(E_ARG, 0, "nexo: call");
	} else if (json_is_object(request) && response == NULL) {
		read_notice(out, request, a);
	} else if (!header_is(pay_at(response, "MessageHeader"),
		       nexo_categories[call], a, a->service_id)) {
		e = no_answer("nexo: another's answer");
	} else {
		str_copy(name, sizeof name, nexo_categories[call]);
		str_copy(name + strlen(name), sizeof name - strlen(name),
		    "Response");
		e = read_response(out, call, pay_at(response, name), a);
	}
	json_decref(o);
	return e;
}
