/*
 * peer/pay_van.c - an example of a Korean VAN's driver: JSON over HTTPS in
 * the manner of the published ones (facts/kiosk.md 3.5).
 *
 * 승인 approve, 취소 cancel by the original approval number and date, 망취소
 * netcancel with the very bytes of the approval.  There is no asking what
 * became of an approval.  Every VAN names its fields its own way: the table
 * of names here is what a real driver changes.
 */
#include <string.h>

#include "base/clock.h"
#include "peer/pay_inside.h"

enum { DATE = 8 };

static const int64_t at_max = 253402300799000; /* the year 9999 */

/* clang-format off */
static const struct code {
	const char	*code;
	enum pay_outcome outcome;
	const char	*condition;
} codes[] = {
	{ "0000", PAY_APPROVED,	 "" },
	{ "8001", PAY_DECLINED,	 "Refusal" },	/* 거절 */
	{ "8002", PAY_DECLINED,	 "InvalidCard" },
	{ "8003", PAY_DECLINED,	 "WrongPIN" },
	{ "8324", PAY_DECLINED,	 "PaymentRestriction" },	/* 한도초과 */
	{ "7001", PAY_CANCELLED, "Cancel" },
	{ "7002", PAY_CANCELLED, "Aborted" },
	{ "7003", PAY_BUSY,	 "Busy" },
	{ "9001", PAY_FAILED,	 "UnavailableDevice" },
	{ "9002", PAY_FAILED,	 "UnreachableHost" },
};
static const char no_such_sale[] = "4001";	/* 원거래 없음 */
/* clang-format on */

/* "20260101180000" in Korean time */
static void
stamp(char out[static CLOCK_TEXT], int64_t ms)
{
	char text[CLOCK_TEXT];
	size_t n = 0;

	civil_time_text(text, ms / 1000);
	for (const char *p = text; *p != '\0'; p++)
		if (*p >= '0' && *p <= '9')
			out[n++] = *p;
	out[n] = '\0';
}

static json_t *
shop(const struct pay_ask *a)
{
	return json_pack("{s:s,s:s,s:s}", "mid", a->sale_id, "tid", a->poi_id,
	    "trace", a->service_id);
}

static bool
add(json_t *o, const char *key, const char *value)
{
	return json_object_set_new(o, key, json_string(value)) == 0;
}

static bool
add_sale(json_t *o, const struct pay_ask *a)
{
	return pay_word(a->order, PAY_ID) && a->won > 0 &&
	       a->won <= PAY_WON_MAX && add(o, "order", a->order) &&
	       json_object_set_new(o, "amount", json_integer(a->won)) == 0;
}

/* The members a call has beyond merchant, terminal and trace number. */
static bool
add_members(json_t *o, enum pay_call call, const struct pay_ask *a)
{
	char at[CLOCK_TEXT], date[DATE + 1];

	switch (call) {
	case PAY_START:
	case PAY_CANCEL_UNKNOWN: /* the same bytes */
		stamp(at, a->at_ms);
		return add_sale(o, a) && add(o, "at", at);
	case PAY_REVERSE:
		if (strlen(a->poi_at) < DATE ||
		    !pay_word(a->poi_at, PAY_TIME) ||
		    !pay_word(a->approval, PAY_APPROVAL))
			return false;
		memcpy(date, a->poi_at, DATE);
		date[DATE] = '\0';
		return add_sale(o, a) && add(o, "org_approval", a->approval) &&
		       add(o, "org_date", date);
	case PAY_ABORT:
		return pay_word(a->of, PAY_SERVICE_ID) &&
		       add(o, "org_trace", a->of);
	case PAY_PROBE:
	case PAY_TOTALS:
		return true;
	case PAY_STATUS:
	case PAY_STATUS_REVERSE:
	case PAY_LOGIN:
	case PAY_LOGOUT:
	case PAY_CALL_COUNT:
		break;
	}
	return false;
}

static struct err
van_request(struct buf *out, enum pay_call call, const struct pay_ask *a)
{
	json_t *o;

	if (!pay_word(a->service_id, PAY_SERVICE_ID) ||
	    !pay_word(a->sale_id, PAY_ID) || !pay_word(a->poi_id, PAY_ID) ||
	    a->at_ms < 0 || a->at_ms > at_max)
		return err_make(E_ARG, 0, "van: request");
	o = shop(a);
	if (o != NULL && !add_members(o, call, a)) {
		json_decref(o);
		return err_make(E_ARG, 0, "van: request");
	}
	return pay_dump(out, o);
}

static struct err
no_answer(const char *where)
{
	return err_make(E_PROTOCOL, 0, where);
}

static struct err
read_code(struct pay_result *r, const json_t *o)
{
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		if (!pay_is(o, "code", codes[i].code))
			continue;
		r->outcome = codes[i].outcome;
		str_copy(r->condition, sizeof r->condition, codes[i].condition);
		return err_none();
	}
	return no_answer("van: code");
}

static struct err
read_approval(struct pay_result *r, const json_t *o, const struct pay_ask *a)
{
	struct err e = read_code(r, o);

	r->won = a->won;
	if (err_is(e) || r->outcome != PAY_APPROVED)
		return e;
	r->won = pay_won(pay_at(o, "amount"));
	pay_text(r->brand, sizeof r->brand, o, "card_name");
	pay_text(r->pan, sizeof r->pan, o, "card_no");
	pay_mask(r->pan);
	if (r->won < 0 || !pay_is(o, "order", a->order) ||
	    !pay_text(r->approval, sizeof r->approval, o, "approval") ||
	    !pay_text(r->poi_txn, sizeof r->poi_txn, o, "control") ||
	    !pay_text(r->poi_at, sizeof r->poi_at, o, "approved_at"))
		return no_answer("van: approval without its facts");
	return r->won == a->won ? err_none()
				: err_make(E_MISMATCH, 0, "van: amount");
}

/* 망취소: done, or there was nothing; both end it. */
static struct err
read_netcancel(struct pay_result *r, const json_t *o)
{
	if (!pay_is(o, "code", no_such_sale))
		return pay_is(o, "code", "0000") ? read_code(r, o)
						 : no_answer("van: netcancel");
	r->outcome = PAY_FAILED;
	str_copy(r->condition, sizeof r->condition, "NotFound");
	return err_none();
}

static struct err
read_cancel(struct pay_result *r, const json_t *o, const struct pay_ask *a)
{
	r->won = a->won;
	if (pay_is(o, "code", no_such_sale)) {
		r->outcome = PAY_FAILED;
		str_copy(r->condition, sizeof r->condition, "NotFound");
		return err_none();
	}
	return read_code(r, o);
}

static struct err
read_totals(struct pay_answer *out, const json_t *o)
{
	out->payments.count = pay_won(pay_at(o, "approved.count"));
	out->payments.won = pay_won(pay_at(o, "approved.amount"));
	out->reversals.count = pay_won(pay_at(o, "cancelled.count"));
	out->reversals.won = pay_won(pay_at(o, "cancelled.amount"));
	return pay_is(o, "code", "0000") && out->payments.count >= 0 &&
		       out->payments.won >= 0 && out->reversals.count >= 0 &&
		       out->reversals.won >= 0
		   ? err_none()
		   : no_answer("van: totals");
}

static struct err
read_call(struct pay_answer *out, enum pay_call call, const json_t *o,
    const struct pay_ask *a)
{
	switch (call) {
	case PAY_START:
		return read_approval(&out->result, o, a);
	case PAY_CANCEL_UNKNOWN:
		return read_netcancel(&out->result, o);
	case PAY_REVERSE:
		return read_cancel(&out->result, o, a);
	case PAY_PROBE:
		out->ready = pay_is(o, "code", "0000");
		return err_none();
	case PAY_TOTALS:
		return read_totals(out, o);
	case PAY_ABORT:
		return err_none();
	case PAY_STATUS:
	case PAY_STATUS_REVERSE:
	case PAY_LOGIN:
	case PAY_LOGOUT:
	case PAY_CALL_COUNT:
		break;
	}
	return err_make(E_ARG, 0, "van: call");
}

static struct err
van_read(struct pay_answer *out, enum pay_call call, const struct pay_ask *a,
    struct span object)
{
	json_t *o = pay_parse(object);
	struct err e;

	memset(out, 0, sizeof *out);
	out->kind = PAY_ANSWER;
	str_copy(out->result.service_id, sizeof out->result.service_id,
	    a->service_id);
	if (!pay_is(o, "mid", a->sale_id) || !pay_is(o, "tid", a->poi_id) ||
	    !pay_is(o, "trace", a->service_id))
		e = no_answer("van: another's answer");
	else
		e = read_call(out, call, o, a);
	json_decref(o);
	return e;
}

/* clang-format off */
const struct pay_driver pay_van = {
	.name = "van",
	.on_unknown = PAY_NETCANCEL,
	.content_type = "application/json",
	.paths = {
		[PAY_START] = "/approve", [PAY_REVERSE] = "/cancel",
		[PAY_CANCEL_UNKNOWN] = "/netcancel", [PAY_ABORT] = "/stop",
		[PAY_PROBE] = "/check", [PAY_TOTALS] = "/totals",
	},
	.request = van_request,
	.read = van_read,
};
/* clang-format on */
