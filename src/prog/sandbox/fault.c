/*
 * sandbox/fault.c - the fault list.
 */
#include <string.h>

#include "fault.h"

/* clang-format off */
static const char *const at_names[AT_COUNT] = {
	[AT_IR] = "ir",
	[AT_CERTCONF] = "certConf",
	[AT_RR] = "rr",
	[AT_POLLREQ] = "pollReq",
	[AT_OCSP] = "ocsp",
	[AT_IDENTITY] = "identity",
	[AT_FACTOR] = "factor",
	[AT_CERTIFICATES] = "certificates",
	[AT_ENROLLMENT] = "enrollment",
	[AT_PAYMENT] = "payment",
	[AT_PAY_STATUS] = "pay_status",
	[AT_PAY_ABORT] = "pay_abort",
	[AT_REVERSAL] = "reversal",
	[AT_LOGIN] = "login",
	[AT_DIAGNOSIS] = "diagnosis",
	[AT_TOTALS] = "totals",
	[AT_VAN_APPROVE] = "van_approve",
	[AT_VAN_CANCEL] = "van_cancel",
	[AT_VAN_NETCANCEL] = "van_netcancel",
	[AT_SMS] = "sms",
	[AT_MAIL] = "mail",
	[AT_ANY] = "any",
	[AT_NOTHING] = "-",
};

static const char *const action_names[FAULT_COUNT] = {
	[FAULT_NONE] = "-",
	[FAULT_DROP_BEFORE] = "drop_before",
	[FAULT_DROP_AFTER] = "drop_after",
	[FAULT_DELAY] = "delay",
	[FAULT_HTTP500] = "http500",
	[FAULT_GARBAGE] = "garbage",
	[FAULT_DUPLICATE] = "duplicate",
	[FAULT_REFUSE] = "refuse",
	[FAULT_WAITING] = "waiting",
	[FAULT_WRONG_KEY] = "wrong_key",
	[FAULT_WRONG_SUBJECT] = "wrong_subject",
	[FAULT_WRONG_EXPIRY] = "wrong_expiry",
	[FAULT_WRONG_VID] = "wrong_vid",
	[FAULT_OTHER_TRANSACTION] = "other_transaction",
	[FAULT_NOT_FOUND] = "not_found",
	[FAULT_HALF_CLOSE] = "half_close",
	[FAULT_TRUNCATE] = "truncate",
	[FAULT_WRONG_AMOUNT] = "wrong_amount",
	[FAULT_OTHER_ORDER] = "other_order",
	[FAULT_NO_RECORD] = "no_record",
	[FAULT_ENDLESS] = "endless",
};
/* clang-format on */

const char *
fault_at_name(enum fault_at at)
{
	return at_names[at];
}

const char *
fault_action_name(enum fault_action action)
{
	return action_names[action];
}

static int
find_word(const json_t *v, const char *const *words, int n)
{
	const char *s = json_string_value(v);

	for (int i = 0; s != NULL && i < n; i++)
		if (words[i][0] != '-' && strcmp(words[i], s) == 0)
			return i;
	return -1;
}

struct err
fault_add(struct faults *f, const json_t *spec)
{
	const json_t *count = json_object_get(spec, "count");
	const json_t *delay = json_object_get(spec, "delay_ms");
	int at = find_word(json_object_get(spec, "at"), at_names, AT_COUNT);
	int action = find_word(
	    json_object_get(spec, "action"), action_names, FAULT_COUNT);
	json_int_t n = count == NULL ? 1 : json_integer_value(count);
	json_int_t ms = delay == NULL ? 1000 : json_integer_value(delay);

	if (at < 0 || action < 0 || n < 1 || n > 1000000 || ms < 0 ||
	    ms > FAULT_DELAY_MAX_MS)
		return err_make(E_ARG, 0, "fault: at, action, count, delay_ms");
	if (f->count == FAULTS_MAX)
		return err_make(E_FULL, 0, "fault: list");
	f->list[f->count++] = (struct fault){ (enum fault_at)at,
		(enum fault_action)action, (int)n, (int)ms };
	return err_none();
}

struct fault
fault_take(struct faults *f, enum fault_at at)
{
	struct fault none = { at, FAULT_NONE, 0, 0 };

	for (size_t i = 0; at != AT_NOTHING && i < f->count; i++) {
		struct fault *x = &f->list[i], found = *x;

		if (x->at != at && x->at != AT_ANY)
			continue;
		if (--x->count == 0) {
			f->count--;
			memmove(x, x + 1, (f->count - i) * sizeof *x);
		}
		return found;
	}
	return none;
}
