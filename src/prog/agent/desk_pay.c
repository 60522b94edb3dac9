/*
 * agent/desk_pay.c - money at the counter: cash, a waiver, a refund.
 *
 * The payment itself is pay.h's; the clerk's line goes into its transaction.
 */
#include <string.h>

#include "base/log.h"
#include "prog/agent/desk.h"
#include "prog/agent/pay.h"

const char *
desk_pay_check(struct agent *a, const struct live *l, struct deed *d)
{
	static const char waivers[] = "fee.waiver.";
	const char *receipt = rpc_str(d->details, "receipt_no");
	const char *waiver = rpc_str(d->details, "waiver");
	const char *approval = rpc_str(d->details, "approval");

	if (strcmp(d->action, "cash") == 0)
		return rpc_int(d->details, "won", 0) > 0 &&
			       desk_typed(receipt, 1, 64)
			   ? NULL
			   : "rpc.params";
	if (strcmp(d->action, "waive") == 0)
		return strncmp(waiver, waivers, strlen(waivers)) == 0 &&
			       desk_typed(waiver, sizeof waivers, 60)
			   ? NULL
			   : "rpc.params";
	if (strcmp(d->action, "seen") == 0)
		return json_is_boolean(
			   json_object_get(d->details, "charged")) &&
			       desk_typed(approval,
				   rpc_bool(d->details, "charged"), 64)
			   ? NULL
			   : "rpc.params";
	return desk_typed(receipt, 0, 64) ? NULL : "rpc.params";
}

struct line {
	const struct deed *d;
	bool moves, over;
};

static struct err
beside_payment(struct store *s, const struct store_case *c, void *arg)
{
	const struct line *line = arg;

	return desk_note_deed(s, c, line->d, "", line->moves, line->over);
}

static struct pay_by
by(const struct deed *d, struct line *line)
{
	return (struct pay_by){ .actor = link_actor(d->by),
		.role = rpc_role_name(d->by->role),
		.also = beside_payment,
		.also_arg = line };
}

const char *
desk_cash(struct agent *a, struct live *l, struct deed *d)
{
	struct line line = { d, true, false };
	struct pay_by who = by(d, &line);

	return pay_cash(a, l, rpc_int(d->details, "won", 0),
	    rpc_str(d->details, "receipt_no"), &who);
}

const char *
desk_waive(struct agent *a, struct live *l, struct deed *d)
{
	struct line line = { d, true, false };
	struct pay_by who = by(d, &line);

	return pay_waive(a, l, rpc_str(d->details, "waiver"), &who);
}

const char *
desk_refund(struct agent *a, struct live *l, struct deed *d)
{
	struct line line = { d, false, case_is_over(l->c.state) };
	struct pay_by who = by(d, &line);

	return pay_refund(
	    a, &l->c, rpc_str(d->details, "receipt_no"), d->reason, &who);
}

const char *
desk_seen(struct agent *a, struct live *l, struct deed *d)
{
	struct line line = { d, false, false };
	struct pay_by who = by(d, &line);

	return pay_seen(a, &l->c, rpc_bool(d->details, "charged"),
	    rpc_str(d->details, "approval"), &who);
}
