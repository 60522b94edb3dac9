/*
 * agent/day_money.c - the money of a day, ours and the card terminal's.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "prog/agent/desk.h"
#include "prog/agent/pay.h"

enum { DAY_S = 24 * 3600 };

static json_t *
view_sum(const struct store_pay_sum *s)
{
	return json_pack("{s:I,s:I}", "count", (json_int_t)s->count, "won",
	    (json_int_t)s->won);
}

static json_t *
view_fees(const struct store_pay_totals *t)
{
	json_t *list = json_array(), *one;

	for (int m = 0; m < PAY_METHOD_COUNT; m++) {
		one = view_sum(&t->fees[m]);
		json_object_set_new(one, "method",
		    json_string(pay_method_name((enum pay_method)m)));
		json_array_append_new(list, one);
	}
	return list;
}

/* One side of the terminal's account against ours. */
static void
compare(json_t *list, const char *what, const struct store_pay_sum *ours,
    const json_t *theirs)
{
	const int64_t mine[] = { ours->count, ours->won };
	static const char *const parts[] = { "count", "won" };

	for (size_t i = 0; i < 2; i++) {
		json_int_t other = rpc_int(theirs, parts[i], 0);
		char name[WORD];
		if (mine[i] == other)
			continue;
		snprintf(name, sizeof name, "%s.%s", what, parts[i]);
		json_array_append_new(
		    list, json_pack("{s:s,s:I,s:I}", "what", name, "ours",
			      (json_int_t)mine[i], "theirs", other));
	}
}

void
day_money(struct agent *a, json_t *report, int64_t day, const json_t *terminal)
{
	struct store_pay_totals t = { 0 };
	struct store_pay_sum back;
	json_t *differences = json_array();

	if (err_is(store_pay_day(a->store, &t, day, day + DAY_S)))
		log_line(LOG_ERROR, "the day's money cannot be counted");
	back = (struct store_pay_sum){ t.refunds.count + t.reversals.count,
		t.refunds.won + t.reversals.won };
	if (terminal != NULL) {
		compare(differences, "payments", &t.fees[PAY_BY_CARD],
		    json_object_get(terminal, "payments"));
		compare(differences, "reversals", &t.reversals,
		    json_object_get(terminal, "reversals"));
	}
	json_object_set_new(report, "fees", view_fees(&t));
	json_object_set_new(report, "refunds", view_sum(&back));
	json_object_set_new(report, "differences", differences);
}

bool
day_totals(
    struct agent *a, int timeout_ms, call_done *done, const struct context *ctx)
{
	char id[WORD];

	if (strcmp(a->conf->pay_driver, "none") == 0 ||
	    a->conf->pay_driver[0] == '\0')
		return false;
	/* payments have ten digits: this is nobody else's */
	snprintf(id, sizeof id, "D%09lld", (long long)(wall_s(a) % 1000000000));
	call_peer(a, link_of_role(a, ROLE_NET), "pay.totals",
	    json_pack("{s:s}", "service_id", id), -1, timeout_ms, done, ctx);
	return true;
}
