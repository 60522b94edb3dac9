/*
 * agent/day_money.c - the money of a day, ours and the card terminal's.
 */
#include "prog/agent/desk.h"

void
day_money(struct agent *a, json_t *report, int64_t day, const json_t *terminal)
{
	json_object_set_new(report, "fees", json_array());
	json_object_set_new(
	    report, "refunds", json_pack("{s:i,s:i}", "count", 0, "won", 0));
	json_object_set_new(report, "differences", json_array());
}

bool
day_totals(
    struct agent *a, int timeout_ms, call_done *done, const struct context *ctx)
{
	return false;
}
