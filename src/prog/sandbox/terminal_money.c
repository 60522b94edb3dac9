/*
 * sandbox/terminal_money.c - keys, times and sums of what is on record.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "terminal_inside.h"
#include "van.h"

void
money_key(
    char out[static RECORD_KEY], const char *sale_id, const char *service_id)
{
	int n = snprintf(out, RECORD_KEY, "%s_%s", sale_id, service_id);

	if (n < 0 || n >= RECORD_KEY || service_id[0] == '\0' ||
	    sale_id[0] == '\0')
		out[0] = '\0';
}

void
money_time(const struct sandbox *sb, char out[static CLOCK_TEXT])
{
	time_t now = (time_t)sandbox_now(sb);
	struct tm t;

	if (gmtime_r(&now, &t) == NULL ||
	    strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%S.000Z", &t) == 0)
		out[0] = '\0';
}

static bool
is(const json_t *rec, const char *key, const char *word)
{
	return strcmp(rec_text(rec, key), word) == 0;
}

json_t *
money_totals(const struct sandbox *sb)
{
	int64_t count[2] = { 0 }, won[2] = { 0 };
	const char *key;
	json_t *rec;

	json_object_foreach(sb->payments.all, key, rec) {
		int kind = is(rec, "kind", "reversal");

		if (!is(rec, "result", "Success") ||
		    rec_int(rec, "period") != rec_int(sb->day, "period"))
			continue;
		count[kind]++;
		won[kind] += rec_int(rec, "authorized");
	}
	return json_pack("{s:{sI sI} s:{sI sI}}", "payments", "count",
	    (json_int_t)count[0], "won", (json_int_t)won[0], "reversals",
	    "count", (json_int_t)count[1], "won", (json_int_t)won[1]);
}

/* Add to what an order has cost its customer. */
static void
add_charge(json_t *orders, const char *order, int64_t won)
{
	rec_set_int(orders, order, rec_int(orders, order) + won);
}

json_t *
terminal_records(const struct sandbox *sb)
{
	json_t *list = json_array(), *charged = json_object(), *rec;
	const char *key;

	json_object_foreach(sb->payments.all, key, rec) {
		bool reversal = is(rec, "kind", "reversal");

		json_array_append_new(list, json_deep_copy(rec));
		if (is(rec, "result", "Success"))
			add_charge(charged, rec_text(rec, "order"),
			    reversal ? -rec_int(rec, "authorized")
				     : rec_int(rec, "authorized"));
	}
	return json_pack("{so so so so}", "payments", list, "charged", charged,
	    "totals", money_totals(sb), "van", van_records(sb, charged));
}
