/*
 * agent/desk_pay.c - money at the counter: cash, a waiver, a refund.
 *
 * The payment itself is pay.h's; here is the clerk's line beside it.
 */
#include <string.h>

#include "base/log.h"
#include "prog/agent/desk.h"

const char *
desk_pay_check(struct agent *a, const struct live *l, struct deed *d)
{
	const char *receipt = rpc_str(d->details, "receipt_no");
	const char *waiver = rpc_str(d->details, "waiver");

	if (strcmp(d->action, "cash") == 0)
		return rpc_int(d->details, "won", 0) > 0 &&
			       desk_typed(receipt, 1, 64)
			   ? NULL
			   : "rpc.params";
	if (strcmp(d->action, "waive") == 0)
		return strncmp(waiver, "fee.waiver.", 11) == 0 &&
			       desk_typed(waiver, 12, 60)
			   ? NULL
			   : "rpc.params";
	return desk_typed(receipt, 0, 64) ? NULL : "rpc.params";
}

const char *
desk_cash(struct agent *a, struct live *l, struct deed *d)
{
	return "rpc.method";
}

const char *
desk_waive(struct agent *a, struct live *l, struct deed *d)
{
	return "rpc.method";
}

const char *
desk_refund(struct agent *a, struct live *l, struct deed *d)
{
	return "rpc.method";
}
