/*
 * agent/auditor.c - the audit log for whoever audits: rows, whether it holds
 * together, the proof of one row.
 *
 * That somebody looked is a row of its own, one for each connection.
 */
#include <string.h>

#include "audit/prove.h"
#include "base/log.h"
#include "base/text.h"
#include "prog/agent/desk.h"
#include "store/audit_rows.h"

enum { ROWS_MOST = 100, ANSWER_ROOM = 40 * 1024, LOOKED = -1 };

static json_t *
view_text(struct span s)
{
	json_t *v = json_stringn((const char *)s.p, s.n);

	return v == NULL ? json_string("") : v;
}

static json_t *
view_value(const struct row_field *f)
{
	char hex[HEX_TEXT(ROW_VALUE)];

	switch (f->type) {
	case ROW_TYPE_TEXT:
		return view_text(f->data);
	case ROW_TYPE_INT:
		return json_integer(f->whole);
	case ROW_TYPE_BOOL:
		return json_boolean(f->yes);
	case ROW_TYPE_BYTES:
		hex_encode(hex, sizeof hex, f->data);
		return json_string(hex);
	case ROW_TYPE_COUNT:
		break;
	}
	return json_null();
}

static json_t *
view_row(const struct audit_row *r)
{
	json_t *fields = json_object(), *v;
	char key[ROW_KEY + 1];

	for (size_t i = 0; i < r->field_count; i++) {
		size_t n = r->fields[i].key.n;
		if (n >= sizeof key)
			continue;
		memcpy(key, r->fields[i].key.p, n);
		key[n] = '\0';
		json_object_set_new(fields, key, view_value(&r->fields[i]));
	}
	v = json_pack("{s:I,s:I,s:o,s:o,s:o,s:o,s:o}", "seq",
	    (json_int_t)r->seq, "at", (json_int_t)(r->wall_ms / 1000), "actor",
	    view_text(r->actor), "role", view_text(r->role), "kind",
	    view_text(r->kind), "case_no", view_text(r->case_no), "fields",
	    fields);
	return v;
}

struct reading {
	json_t *list;
	size_t room;
};

static struct err
take_row(void *arg, const struct audit_stored *stored)
{
	struct reading *to = arg;
	struct audit_row row;
	struct err e;
	size_t n = stored->row.n * 2;

	if (n > to->room) /* a frame holds no more: ask from there on */
		return err_make(E_FULL, 0, "auditor: page");
	e = row_decode(&row, stored->row);
	if (err_is(e))
		return e;
	to->room -= n;
	json_array_append_new(to->list, view_row(&row));
	return err_none();
}

const char *
ask_audit_list(struct agent *a, struct ask *q)
{
	struct audit_port port = store_audit_port(a->store);
	json_int_t from = rpc_int(q->params, "from", -1);
	json_int_t count = rpc_int(q->params, "count", 0);
	struct ref asker = link_ref(a, q->link);
	struct reading to = { NULL, ANSWER_ROOM };
	struct audit_bounds b;
	struct err e;

	if (from < 0 || count < 1 || count > ROWS_MOST)
		return "rpc.params";
	if (q->link->shown != LOOKED)
		record_row(a, q->link, "audit.read", "by",
		    rpc_role_name(q->link->role));
	q->link->shown = LOOKED;
	if (err_is(port.bounds(port.ctx, &b)))
		return "agent.internal";
	if ((uint64_t)from < b.first) /* those before were pruned */
		from = (json_int_t)b.first;
	to.list = json_array();
	e = port.rows(
	    port.ctx, (uint64_t)from, (uint64_t)(from + count), take_row, &to);
	if (err_is(e) && e.code != E_FULL) {
		log_err(LOG_ERROR, "audit.list", e);
		json_decref(to.list);
		return "agent.internal";
	}
	answer(a, asker, q->id,
	    json_pack("{s:o,s:I}", "rows", to.list, "size", (json_int_t)b.end));
	return NULL;
}

const char *
ask_audit_verify(struct agent *a, struct ask *q)
{
	uint64_t rows = audit_log_size(store_audit_log(a->store));
	json_int_t bad = a->history.state == HISTORY_BAD
			     ? (json_int_t)a->history.bad
			     : -1;

	answer(a, link_ref(a, q->link), q->id,
	    json_pack("{s:s,s:I,s:I}", "state", branch_history(a), "seq", bad,
		"rows", (json_int_t)rows));
	return NULL;
}

/* The signed note of the checkpoint with that many rows. */
static json_t *
note_of(struct audit_port *port, uint64_t size)
{
	struct audit_checkpoint c = { 0 };
	struct audit_bounds b = { 0 };
	uint64_t low = 0, high;

	if (err_is(port->bounds(port->ctx, &b)))
		return json_string("");
	high = b.checkpoints;
	while (low < high) {
		uint64_t mid = low + (high - low) / 2;
		if (err_is(port->checkpoint(port->ctx, mid, &c)))
			return json_string("");
		if (c.size == size)
			return json_stringn((const char *)c.note, c.note_n);
		if (c.size < size)
			low = mid + 1;
		else
			high = mid;
	}
	return json_string("");
}

static struct err
prove(struct agent *a, struct audit_proof *out, uint64_t seq)
{
	struct audit_port port = store_audit_port(a->store);
	struct hasher *h = NULL;
	struct err e = hasher_open(&h);

	if (!err_is(e))
		e = audit_prove(out, &port, h, seq,
		    audit_log_key(store_audit_log(a->store)));
	hasher_close(h);
	return e;
}

const char *
ask_audit_prove(struct agent *a, struct ask *q)
{
	struct audit_port port = store_audit_port(a->store);
	json_int_t seq = rpc_int(q->params, "seq", -1);
	struct audit_proof proof;
	char text[PROVE_TEXT];
	struct err e;

	if (seq < 0)
		return "rpc.params";
	e = prove(a, &proof, (uint64_t)seq);
	if (e.code == E_NOTFOUND)
		return "audit.none";
	if (e.code == E_STATE) /* its checkpoint comes within a minute */
		return "audit.open";
	if (err_is(e)) {
		log_err(LOG_ERROR, "audit.prove", e);
		return "agent.internal";
	}
	audit_proof_text(text, &proof);
	answer(a, link_ref(a, q->link), q->id,
	    json_pack("{s:s,s:o}", "compact", text, "checkpoint",
		note_of(&port, proof.size)));
	return NULL;
}
