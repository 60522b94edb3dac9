/*
 * sandbox/van.c - the VAN host and its record.
 *
 * A record is {request, order, won, state: approved|declined|cancelled|
 * netcancelled, answer}; its key is MID_TRACE.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "terminal_inside.h"
#include "van.h"

enum { WRONG_AMOUNT_BY = 100 };

/* clang-format off */
static const struct { const char *act, *code; } refusals[] = {
	{ "decline", "8001" },
	{ "wrong_pin", "8003" },
	{ "cancel", "7001" },
};
/* clang-format on */

static bool
is(const json_t *rec, const char *key, const char *word)
{
	return strcmp(rec_text(rec, key), word) == 0;
}

static json_t *
head(const json_t *in, const char *code)
{
	return json_pack("{ss ss ss ss}", "code", code, "mid",
	    rec_text(in, "mid"), "tid", rec_text(in, "tid"), "trace",
	    rec_text(in, "trace"));
}

static void
say(struct reply *out, const json_t *in, const char *code)
{
	reply_json(out, 200, head(in, code));
}

/* What the customer does next, as a code; NULL: puts the card in. */
static const char *
refusal(struct sandbox *sb, struct fault fault)
{
	struct terminal *t = sb->terminal;
	const char *code = fault.action == FAULT_REFUSE ? "8001" : NULL;

	if (t->act_count == 0)
		return code;
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
		if (strcmp(refusals[i].act, t->acts[0]) == 0)
			code = refusals[i].code;
	t->act_count--;
	memmove(t->acts, t->acts + 1, t->act_count * sizeof *t->acts);
	return code;
}

/* "20260101180000" in Korean time */
static void
stamp(const struct sandbox *sb, char out[static CLOCK_TEXT])
{
	char text[CLOCK_TEXT];
	size_t n = 0;

	civil_time_text(text, sandbox_now(sb));
	for (const char *p = text; *p != '\0'; p++)
		if (*p >= '0' && *p <= '9')
			out[n++] = *p;
	out[n] = '\0';
}

static json_t *
approval(struct sandbox *sb, const json_t *in, struct fault fault)
{
	json_t *a = head(in, "0000");
	char number[16], control[24], at[CLOCK_TEXT];
	uint32_t v = 0;

	(void)RAND_bytes((unsigned char *)&v, sizeof v);
	snprintf(number, sizeof number, "%08u", v % 100000000);
	snprintf(control, sizeof control, "V%09zu",
	    json_object_size(sb->approvals.all) + 1);
	stamp(sb, at);
	rec_set_text(a, "order", rec_text(in, "order"));
	rec_set_int(a, "amount",
	    rec_int(in, "amount") +
		(fault.action == FAULT_WRONG_AMOUNT ? WRONG_AMOUNT_BY : 0));
	rec_set_text(a, "approval", number);
	rec_set_text(a, "control", control);
	rec_set_text(a, "approved_at", at);
	rec_set_text(a, "card_name", "연습카드");
	rec_set_text(a, "card_no", "541333******9999");
	return a;
}

static void
repeat(struct reply *out, const json_t *rec, struct fault fault)
{
	json_t *a = json_deep_copy(json_object_get(rec, "answer"));

	if (fault.action == FAULT_OTHER_ORDER)
		rec_set_text(a, "order", "R00000000-000000");
	reply_json(out, 200, a);
}

static json_t *
new_record(const json_t *in, struct span body, const char *state)
{
	return json_pack("{ss% ss sI ss}", "request", body.p, body.n, "order",
	    rec_text(in, "order"), "won", (json_int_t)rec_int(in, "amount"),
	    "state", state);
}

static void
approve(struct sandbox *sb, const char *key, const json_t *in, struct span body,
    struct fault fault, struct reply *out)
{
	json_t *rec = records_get(&sb->approvals, key), *answer;
	const char *no;

	if (rec != NULL) {
		if (is(rec, "state", "netcancelled"))
			say(out, in, "7002");
		else
			repeat(out, rec, fault);
		return;
	}
	if (rec_int(in, "amount") < 1 || rec_text(in, "order")[0] == '\0') {
		say(out, in, "9999");
		return;
	}
	no = refusal(sb, fault);
	answer = no != NULL ? head(in, no) : approval(sb, in, fault);
	rec = new_record(in, body, no != NULL ? "declined" : "approved");
	if (no == NULL)
		rec_set_int(rec, "won", rec_int(answer, "amount"));
	json_object_set_new(rec, "answer", answer);
	if (err_is(records_put(&sb->approvals, key, rec)))
		say(out, in, "9999");
	else
		repeat(out, rec, fault);
}

/* With the very bytes of the approval, or it is about something else. */
static void
netcancel(struct sandbox *sb, const char *key, const json_t *in,
    struct span body, struct fault fault, struct reply *out)
{
	json_t *rec = records_get(&sb->approvals, key);
	const char *code = "0000";
	struct err e;

	if (fault.action == FAULT_REFUSE) {
		say(out, in, "9999");
		return;
	}
	if (rec == NULL) {
		/* it may still be on its way */
		e = records_put(
		    &sb->approvals, key, new_record(in, body, "netcancelled"));
		rec_set_text(
		    records_get(&sb->approvals, key), "nothing", "true");
		code = "4001";
	} else if (!span_eq(span_str(rec_text(rec, "request")), body) ||
		   is(rec, "state", "cancelled")) {
		say(out, in, "9998");
		return;
	} else {
		if (is(rec, "nothing", "true") || is(rec, "state", "declined"))
			code = "4001";
		else
			rec_set_text(rec, "state", "netcancelled");
		e = records_save(&sb->approvals, key);
	}
	say(out, in, err_is(e) ? "9999" : code);
}

static void
cancel(
    struct sandbox *sb, const json_t *in, struct fault fault, struct reply *out)
{
	const char *key;
	json_t *rec;

	json_object_foreach(sb->approvals.all, key, rec) {
		const json_t *a = json_object_get(rec, "answer");
		const char *date = rec_text(in, "org_date");

		if (!is(a, "approval", rec_text(in, "org_approval")) ||
		    date[0] == '\0' ||
		    strncmp(rec_text(a, "approved_at"), date, strlen(date)) !=
			0 ||
		    rec_int(a, "amount") != rec_int(in, "amount"))
			continue;
		/* the same cancel again is the same one */
		if (fault.action == FAULT_REFUSE ||
		    (is(rec, "state", "cancelled") &&
			!is(rec, "cancelled_by", rec_text(in, "trace")))) {
			say(out, in, "8001");
		} else {
			rec_set_text(rec, "state", "cancelled");
			rec_set_text(
			    rec, "cancelled_by", rec_text(in, "trace"));
			say(out, in,
			    err_is(records_save(&sb->approvals, key)) ? "9999"
								      : "0000");
		}
		return;
	}
	say(out, in, "4001");
}

static void
totals(struct sandbox *sb, const json_t *in, struct reply *out)
{
	int64_t n[2] = { 0 }, won[2] = { 0 };
	json_t *rec, *a = head(in, "0000");
	const char *key;

	json_object_foreach(sb->approvals.all, key, rec) {
		bool back = is(rec, "state", "cancelled");

		if (!back && !is(rec, "state", "approved"))
			continue;
		n[0]++;
		won[0] += rec_int(rec, "won");
		n[1] += back;
		won[1] += back ? rec_int(rec, "won") : 0;
	}
	json_object_set_new(a, "approved",
	    json_pack("{sI sI}", "count", (json_int_t)n[0], "amount",
		(json_int_t)won[0]));
	json_object_set_new(a, "cancelled",
	    json_pack("{sI sI}", "count", (json_int_t)n[1], "amount",
		(json_int_t)won[1]));
	reply_json(out, 200, a);
}

void
van_answer(struct sandbox *sb, const char *path, struct span body,
    struct fault fault, struct reply *out)
{
	json_t *in = json_loadb(
	    (const char *)body.p, body.n, JSON_REJECT_DUPLICATES, NULL);
	char key[RECORD_KEY];

	money_key(key, rec_text(in, "mid"), rec_text(in, "trace"));
	if (sb->terminal->unplugged)
		out->drop = true;
	else if (key[0] == '\0' || rec_text(in, "tid")[0] == '\0')
		reply_json(out, 400, json_pack("{ss}", "error", "no trace"));
	else if (strcmp(path, "/approve") == 0)
		approve(sb, key, in, body, fault, out);
	else if (strcmp(path, "/netcancel") == 0)
		netcancel(sb, key, in, body, fault, out);
	else if (strcmp(path, "/cancel") == 0)
		cancel(sb, in, fault, out);
	else if (strcmp(path, "/totals") == 0)
		totals(sb, in, out);
	else if (strcmp(path, "/check") == 0 || strcmp(path, "/stop") == 0)
		say(out, in, "0000");
	else
		reply_json(
		    out, 404, json_pack("{ss}", "error", "no such service"));
	json_decref(in);
}

json_t *
van_records(const struct sandbox *sb, json_t *charged)
{
	json_t *list = json_array(), *rec;
	const char *key;

	json_object_foreach(sb->approvals.all, key, rec) {
		const char *order = rec_text(rec, "order");

		json_array_append_new(list, json_deep_copy(rec));
		if (is(rec, "state", "approved"))
			rec_set_int(charged, order,
			    rec_int(charged, order) + rec_int(rec, "won"));
	}
	return list;
}
