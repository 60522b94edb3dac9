/*
 * agent/ship.c - the audit log on its way to head office: rows as a file in
 * memory, and what head office says of them (rpc/README.md, ship -> agent).
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "prog/agent/ship.h"

#include "base/file.h"
#include "base/log.h"
#include "prog/agent/core.h"
#include "store/audit_rows.h"

enum { ROWS_MOST = 500, ROW_HEAD = 4 + HASH_SIZE };

/* Length, leaf hash, bytes. */
static struct err
put_row(void *arg, const struct audit_stored *row)
{
	const int *fd = arg;
	uint8_t head[ROW_HEAD];
	struct err e;

	for (int i = 0; i < 4; i++)
		head[i] = (uint8_t)(row->row.n >> (24 - 8 * i));
	memcpy(head + 4, row->hash, HASH_SIZE);
	e = file_write_all(*fd, span_make(head, sizeof head));
	return err_is(e) ? e : file_write_all(*fd, row->row);
}

/* The rows [from, to) as a descriptor read from its start. */
static struct err
rows_file(int *out, struct audit_port *port, uint64_t from, uint64_t to)
{
	int fd = memfd_create("rows", MFD_CLOEXEC);
	struct err e;

	*out = -1;
	if (fd < 0)
		return err_sys("ship: memory file");
	e = port->rows(port->ctx, from, to, put_row, &fd);
	if (!err_is(e) && lseek(fd, 0, SEEK_SET) != 0)
		e = err_sys("ship: rewind");
	if (err_is(e))
		close(fd);
	else
		*out = fd;
	return e;
}

static json_t *
newest_note(struct agent *a)
{
	static char room[NOTE_BYTES];
	struct buf b = buf_make(room, sizeof room);

	if (err_is(audit_log_newest(store_audit_log(a->store), &b)))
		return json_string("");
	return json_stringn(room, b.n);
}

const char *
ask_ship_rows(struct agent *a, struct ask *q)
{
	struct audit_port port = store_audit_port(a->store);
	json_int_t from = rpc_int(q->params, "from", -1);
	json_int_t max = rpc_int(q->params, "max", -1);
	struct audit_bounds b;
	uint64_t n = 0;
	int fd = -1;

	if (from < 0 || max < 0 || max > ROWS_MOST)
		return "rpc.params";
	if (err_is(port.bounds(port.ctx, &b)))
		return "agent.internal";
	if ((uint64_t)from < b.first)
		return "ship.pruned";
	if ((uint64_t)from < b.end)
		n = b.end - (uint64_t)from;
	if (n > (uint64_t)max)
		n = (uint64_t)max;
	if (n > 0 &&
	    err_is(rows_file(&fd, &port, (uint64_t)from, (uint64_t)from + n)))
		return "agent.internal";
	(void)link_send(a, q->link,
	    rpc_result(q->id,
		json_pack("{s:I,s:o,s:I}", "rows", (json_int_t)n, "checkpoint",
		    newest_note(a), "size", (json_int_t)b.end)),
	    fd);
	if (fd >= 0)
		close(fd);
	return NULL;
}

/* A cosigned note must be one of ours, under the configured key. */
static struct err
keep_cosigned(struct agent *a, const char *text)
{
	uint8_t signature[NOTE_SIGNATURE];
	struct span note = span_str(text), body;
	struct note_checkpoint c;
	struct note_key key;
	struct err e = note_key_parse(&key, span_str(a->conf->ship_cosign_key));

	if (!err_is(e))
		e = note_open(&body, note, &key);
	if (!err_is(e))
		e = note_signature(signature, note, &key);
	if (!err_is(e))
		e = note_checkpoint_parse(&c, body);
	return err_is(e) ? e : store_audit_cosigned(a->store, &c, signature);
}

const char *
ask_ship_acked(struct agent *a, struct ask *q)
{
	json_int_t size = rpc_int(q->params, "size", -1);
	const char *note = rpc_str(q->params, "note");
	struct ref r = link_ref(a, q->link);
	struct err e = err_none();

	if (size < 0 ||
	    (uint64_t)size > audit_log_size(store_audit_log(a->store)))
		return "rpc.params";
	if (note[0] != '\0')
		e = keep_cosigned(a, note);
	if (err_is(e)) {
		log_err(LOG_WARNING, "cosigned checkpoint not kept", e);
		return "rpc.params";
	}
	a->office.size = (uint64_t)size;
	a->office.at = wall_s(a);
	answer(a, r, q->id, json_object());
	return NULL;
}

const char *
ask_ship_trouble(struct agent *a, struct ask *q)
{
	const char *kind = rpc_str(q->params, "kind");
	struct ref r = link_ref(a, q->link);

	if (strcmp(kind, "fork") != 0 && strcmp(kind, "rollback") != 0)
		return "rpc.params";
	/* it comes again with every try: one row is enough */
	if (a->office.trouble == NULL) {
		log_line(LOG_ERROR,
		    "head office holds another history (%s): "
		    "no new cases; call head office",
		    kind);
		record_row(a, q->link, "ship.trouble", "kind", kind);
	}
	a->office.trouble = strcmp(kind, "fork") == 0 ? "fork" : "rollback";
	answer(a, r, q->id, json_object());
	return NULL;
}

static struct err
take_time(void *arg, const struct audit_stored *stored)
{
	int64_t *wall_ms = arg;
	struct audit_row row;
	struct err e = row_decode(&row, stored->row);

	if (!err_is(e))
		*wall_ms = row.wall_ms;
	return e;
}

void
agent_ship_status(const struct agent *a, struct ship_status *out)
{
	static const char *const history[] = { "checking", "good", "bad" };
	struct audit_port port = store_audit_port(a->store);
	int64_t wall_ms = 0;

	*out = (struct ship_status){
		.configured = a->conf->ship_conninfo[0] != '\0',
		.rows = audit_log_size(store_audit_log(a->store)),
		.cosigned = store_audit_cosigned_size(a->store),
		.ack_at = a->office.at,
		.history = history[a->history.state],
		.trouble = a->office.trouble == NULL ? "" : a->office.trouble,
	};
	/* before the first word since the start, what was signed for */
	out->acked = a->office.at == 0 ? out->cosigned : a->office.size;
	out->queued = out->rows - out->acked;
	if (out->queued > 0 && !err_is(port.rows(port.ctx, out->acked,
				   out->acked + 1, take_time, &wall_ms)))
		out->oldest_s = wall_s(a) - wall_ms / 1000;
	if (out->oldest_s < 0) /* a clock was set back */
		out->oldest_s = 0;
}
