/*
 * fees.c - see the header.
 */
#include "fees.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "rpc/rpc.h"

struct practice fee;
static int last; /* of the ids handed out */

void
fee_close(void)
{
	practice_close(&fee);
}

void
fee_tell(const char *path, const char *text)
{
	json_t *v = practice_tell(&fee, path, text);

	cr_assert(rpc_bool(v, "ok"), "%s %s", path, text);
	json_decref(v);
}

void
fee_id(char out[static 11])
{
	snprintf(out, 11, "%06u", (unsigned)++last % 1000000);
}

json_t *
fee_sale(const char *id, int timeout_ms)
{
	char order[32];

	snprintf(order, sizeof order, "R20260101-%s", id);
	return json_pack("{s:s,s:s,s:i,s:I,s:i}", "service_id", id, "order",
	    order, "won", FEE, "at", (json_int_t)1767225600000, "timeout_ms",
	    timeout_ms);
}

const char *
fee_said(const json_t *a, const char *key)
{
	const json_t *r = json_object_get(a, "result");

	return strcmp(code_of(a), "ok") == 0 ? rpc_str(r, key) : code_of(a);
}

json_t *
fee_start(const char *id)
{
	return branch_ask(&fee.b, "pay.start", fee_sale(id, 20000));
}

json_t *
fee_status(const char *of, const char *what)
{
	char id[11];

	fee_id(id);
	return branch_ask(&fee.b, "pay.status",
	    json_pack(
		"{s:s,s:s,s:s}", "service_id", id, "of", of, "what", what));
}

void
fee_found(const char *of, const char *found, const char *result)
{
	json_t *a = fee_status(of, "payment");
	const json_t *payment = json_object_get(
	    json_object_get(a, "result"), "payment");

	cr_expect_str_eq(fee_said(a, "found"), found, "%s", of);
	cr_expect_str_eq(rpc_str(payment, "result"), result, "%s", of);
	json_decref(a);
}

void
fee_charged(const char *id, int won)
{
	json_t *v = practice_tell(&fee, "/payments", NULL);
	char order[32];

	snprintf(order, sizeof order, "R20260101-%s", id);
	cr_expect_eq((int)rpc_int(json_object_get(v, "charged"), order, 0), won,
	    "%s", order);
	json_decref(v);
}

json_t *
fee_reverse(const char *id, const char *of, const json_t *payment)
{
	json_t *q = fee_sale(of, 0);

	json_object_update(q, (json_t *)(uintptr_t)payment);
	json_object_set_new(q, "service_id", json_string(id));
	json_object_set_new(q, "of", json_string(of));
	return branch_ask(&fee.b, "pay.reverse", q);
}
