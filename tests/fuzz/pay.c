/*
 * Fuzz target: what card terminals answer.
 *
 * The first byte picks driver and call; the rest is the stream of objects.
 */
#include <string.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "peer/pay.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

/* What the seeds answer. */
static const struct pay_ask ask = { .sale_id = "KIOSK-0123",
	.poi_id = "P400",
	.service_id = "18",
	.of = "17",
	.order = "R1",
	.won = 1100,
	.at_ms = 1767258000000,
	.poi_txn = "T1",
	.poi_at = "20260101180005",
	.approval = "12345678",
	.reason = "Timeout" };

static void
check_text(const char *s, size_t cap)
{
	size_t n = strnlen(s, cap), k;
	uint32_t cp;

	must(n < cap, "a text ends in its room");
	for (; n > 0; s += k, n -= k) {
		must((k = utf8_decode(&cp, s, n)) > 0, "text is UTF-8");
		must(!utf8_is_control(cp), "without control characters");
	}
}

static void
check_pan(const char *pan)
{
	size_t digits = 0;

	for (size_t i = 0; pan[i] != '\0'; i++)
		digits += pan[i] >= '0' && pan[i] <= '9';
	must(digits <= 10, "no whole card number is kept");
}

static void
check_answer(const struct pay_answer *a, enum pay_call call, struct err e)
{
	const struct pay_result *r = &a->result;
	bool money = call == PAY_START || call == PAY_STATUS;

	check_text(a->text, sizeof a->text);
	check_text(r->condition, sizeof r->condition);
	check_text(r->poi_txn, sizeof r->poi_txn);
	check_text(r->poi_at, sizeof r->poi_at);
	check_text(r->approval, sizeof r->approval);
	check_text(r->brand, sizeof r->brand);
	check_text(r->pan, sizeof r->pan);
	check_pan(r->pan);
	if (err_is(e)) {
		must(e.code == E_PROTOCOL || e.code == E_MISMATCH ||
			 e.code == E_REFUSED || e.code == E_ARG,
		    "a bad answer is told by kind");
		return;
	}
	must(r->outcome < PAY_OUTCOME_COUNT, "an outcome we know");
	must(a->payments.won >= 0 && a->reversals.won >= 0,
	    "sums are not below nothing");
	if (a->kind == PAY_ANSWER && money && r->outcome == PAY_APPROVED &&
	    (call == PAY_START || a->found == PAY_FOUND_YES)) {
		must(r->won == ask.won, "approved is the amount asked for");
		must(r->poi_txn[0] != '\0', "approved can be given back");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct pay_answer answer;
	struct choices in = { data, n };
	uint8_t how = choose(&in);
	enum pay_call call = (enum pay_call)((how & 0x7f) % PAY_CALL_COUNT);
	const struct pay_driver *d = pay_driver_find(
	    how & 0x80 ? "van" : "nexo");

	for (;;) {
		struct span object, stream = span_make(in.p, in.n);
		size_t used;

		if (err_is(pay_next(&object, &used, stream)) || object.n == 0)
			return 0;
		must(used <= in.n && object.n <= used &&
			 object.p + object.n == in.p + used,
		    "an object is the end of what was used");
		must(object.p[0] == '{' && object.p[object.n - 1] == '}',
		    "an object stands between braces");
		check_answer(
		    &answer, call, d->read(&answer, call, &ask, object));
		in.p += used;
		in.n -= used;
	}
}
