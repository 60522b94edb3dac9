/*
 * flow/counter_reports.c - branch, day and audit answers into the session.
 */
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "flow/counter_answer.h"
#include "rpc/rpc.h"

static void
take_kiosks(struct status_view *v, const json_t *list)
{
	v->kiosk_count = 0;
	for (size_t i = 0;
	     i < json_array_size(list) && v->kiosk_count < STATUS_KIOSKS; i++) {
		const json_t *o = json_array_get(list, i);
		int at = v->kiosk_count++;

		COUNTER_TEXT(v->kiosks[at].terminal, o, "terminal");
		COUNTER_TEXT(v->kiosks[at].screen, o, "screen");
	}
}

/* {"net":true,"media":false,...} */
static void
take_peers(struct status_view *v, const json_t *peers)
{
	const char *name;
	json_t *up;

	v->peer_count = 0;
	json_object_foreach((json_t *)(uintptr_t)peers, name, up) {
		if (v->peer_count >= STATUS_PEERS)
			break;
		(void)str_copy(v->peers[v->peer_count].name, WORD_TEXT, name);
		v->peers[v->peer_count].up = json_is_true(up);
		v->peer_count++;
	}
}

void
counter_take_status(struct counter_session *s, const json_t *o)
{
	const json_t *hours = json_object_get(o, "hours");
	const json_t *health = json_object_get(o, "health");
	const json_t *disk = json_object_get(o, "disk");
	const json_t *ship = json_object_get(o, "ship");
	const json_t *audit = json_object_get(o, "audit");
	struct status_view *v = &s->status;

	*v = (struct status_view){ .known = true, .at_ms = s->now_ms };
	COUNTER_TEXT(v->opens, hours, "open");
	COUNTER_TEXT(v->closes, hours, "close");
	v->open_now = rpc_bool(hours, "now_open");
	v->waiting = (int)rpc_int(o, "waiting", 0);
	v->ahead = (int)rpc_int(o, "ahead", 0);
	v->ca_ok = rpc_bool(health, "ca");
	v->registry_ok = rpc_bool(health, "registry");
	v->media_ok = rpc_bool(health, "media");
	COUNTER_TEXT(v->pay, health, "pay");
	COUNTER_TEXT(v->print, health, "print");
	take_kiosks(v, json_object_get(o, "kiosks"));
	COUNTER_TEXT(v->paper, o, "paper");
	v->disk_free_mb = rpc_int(disk, "free_mb", -1);
	v->disk_low = rpc_bool(disk, "low");
	v->ship_on = !json_is_false(json_object_get(ship, "configured"));
	v->ship_queue = (int)rpc_int(ship, "queue", 0);
	v->ship_oldest_s = rpc_int(ship, "oldest_s", 0);
	v->ship_ack_at = rpc_int(ship, "last_ack_at", 0);
	COUNTER_TEXT(v->ship_trouble, ship, "trouble");
	v->audit_rows = rpc_int(audit, "rows", 0);
	v->audit_checkpoint_at = rpc_int(audit, "checkpoint_at", 0);
	COUNTER_TEXT(v->audit_history, audit, "history");
	take_peers(v, json_object_get(o, "peers"));
}

static void
take_fees(struct day_view *v, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list) && v->fee_count < DAY_FEES;
	     i++) {
		const json_t *o = json_array_get(list, i);
		int at = v->fee_count++;

		COUNTER_TEXT(v->fees[at].method, o, "method");
		v->fees[at].count = (int)rpc_int(o, "count", 0);
		v->fees[at].won = (int)rpc_int(o, "won", 0);
	}
}

/* A number or a text, as text. */
static void
take_side(char *dst, size_t cap, const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);
	char *text;

	answer_text(dst, cap, o, key);
	if (!json_is_integer(v))
		return;
	text = json_dumps(v, JSON_ENCODE_ANY);
	if (text != NULL)
		(void)str_copy(dst, cap, text);
	free(text);
}

static void
take_differences(struct day_view *v, const json_t *list)
{
	for (size_t i = 0;
	     i < json_array_size(list) && v->difference_count < DAY_DIFFERENCES;
	     i++) {
		const json_t *o = json_array_get(list, i);
		int at = v->difference_count++;

		COUNTER_TEXT(v->differences[at].what, o, "what");
		take_side(v->differences[at].ours,
		    sizeof v->differences[at].ours, o, "ours");
		take_side(v->differences[at].theirs,
		    sizeof v->differences[at].theirs, o, "theirs");
	}
}

void
counter_take_day(struct counter_session *s, const json_t *o)
{
	const json_t *cases = json_object_get(o, "cases");
	const json_t *refunds = json_object_get(o, "refunds");
	const json_t *terminal = json_object_get(o, "terminal");
	const json_t *paid = json_object_get(terminal, "payments");
	const json_t *back = json_object_get(terminal, "reversals");
	struct day_view *v = &s->day;

	*v = (struct day_view){ .known = true };
	COUNTER_TEXT(v->date, o, "date");
	v->opened = (int)rpc_int(cases, "opened", 0);
	v->done = (int)rpc_int(cases, "done", 0);
	v->cancelled = (int)rpc_int(cases, "cancelled", 0);
	v->rejected = (int)rpc_int(cases, "rejected", 0);
	v->expired = (int)rpc_int(cases, "expired", 0);
	v->found = (int)rpc_int(cases, "found", 0);
	take_fees(v, json_object_get(o, "fees"));
	v->refund_count = (int)rpc_int(refunds, "count", 0);
	v->refund_won = (int)rpc_int(refunds, "won", 0);
	v->terminal_known = json_is_object(terminal);
	v->terminal_count = (int)rpc_int(paid, "count", 0);
	v->terminal_won = (int)rpc_int(paid, "won", 0);
	v->reversal_count = (int)rpc_int(back, "count", 0);
	v->reversal_won = (int)rpc_int(back, "won", 0);
	take_differences(v, json_object_get(o, "differences"));
}

/* {"a":"b","n":3} as "a=b n=3": what fits. */
static void
take_fields(char *dst, size_t cap, const json_t *fields)
{
	struct buf b = buf_make(dst, cap - 1);
	const char *name;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)fields, name, v) {
		char *text = json_is_string(v) ? NULL
					       : json_dumps(v, JSON_ENCODE_ANY);

		if (b.n > 0)
			buf_add_str(&b, " ");
		buf_add_str(&b, name);
		buf_add_str(&b, "=");
		buf_add_str(&b, json_is_string(v) ? json_string_value(v)
				: text != NULL	  ? text
						  : "");
		free(text);
	}
	dst[b.n] = '\0';
}

void
counter_take_audit(struct counter_session *s, const json_t *o)
{
	const json_t *list = json_object_get(o, "rows");
	struct audit_view *v = &s->audit;

	v->known = true;
	v->size = rpc_int(o, "size", 0);
	v->count = 0;
	for (size_t i = 0; i < json_array_size(list) && v->count < AUDIT_ROWS;
	     i++) {
		const json_t *row = json_array_get(list, i);
		struct audit_line *l = &v->rows[v->count++];

		*l = (struct audit_line){ .seq = rpc_int(row, "seq", 0),
			.at = rpc_int(row, "at", 0) };
		COUNTER_TEXT(l->actor, row, "actor");
		COUNTER_TEXT(l->role, row, "role");
		COUNTER_TEXT(l->kind, row, "kind");
		COUNTER_TEXT(l->case_no, row, "case_no");
		take_fields(l->fields, sizeof l->fields,
		    json_object_get(row, "fields"));
	}
}

void
counter_take_verify(struct counter_session *s, const json_t *o)
{
	struct audit_view *v = &s->audit;

	COUNTER_TEXT(v->state, o, "state");
	v->bad_seq = rpc_int(o, "seq", -1);
	v->checked_rows = rpc_int(o, "rows", 0);
	v->verify_ms = s->now_ms;
}

void
counter_take_proof(struct counter_session *s, const json_t *o)
{
	struct audit_view *v = &s->audit;

	v->proven = true;
	v->proof_seq = 0;
	for (const char *p = field_text(&s->seq); *p >= '0' && *p <= '9'; p++)
		v->proof_seq = 10 * v->proof_seq + (*p - '0');
	COUNTER_TEXT(v->compact, o, "compact");
	COUNTER_TEXT(v->checkpoint, o, "checkpoint");
}
