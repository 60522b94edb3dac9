/*
 * witness/office.c - libpq, blocking.
 */
#define _GNU_SOURCE
#include "prog/witness/office.h"

#include <inttypes.h>
#include <poll.h>
#include <postgresql/libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum { ROWS_AT_ONCE = 1000, NUMBER = 24, PARAMS = 5 };

struct office {
	PGconn *db;
};

/* Parameters of one statement: texts, and bytes where a length is set. */
struct params {
	const char *value[PARAMS];
	int length[PARAMS], format[PARAMS];
	int n;
};

static void
add_text(struct params *p, const char *text)
{
	p->value[p->n++] = text;
}

static void
add_bytes(struct params *p, struct span s)
{
	p->value[p->n] = s.n == 0 ? "" : (const char *)s.p;
	p->length[p->n] = (int)s.n;
	p->format[p->n++] = 1;
}

/* *out is the caller's; columns are binary when `binary`. */
static struct err
run(struct office *o, PGresult **out, const char *sql, const struct params *p,
    bool binary)
{
	const char *state;

	*out = PQexecParams(o->db, sql, p->n, NULL, p->value, p->length,
	    p->format, binary ? 1 : 0);
	if (PQresultStatus(*out) == PGRES_TUPLES_OK ||
	    PQresultStatus(*out) == PGRES_COMMAND_OK)
		return err_none();
	state = PQresultErrorField(*out, PG_DIAG_SQLSTATE);
	log_line(LOG_ERROR, "database: sqlstate %.5s",
	    state == NULL ? "none" : state);
	PQclear(*out);
	*out = NULL;
	return err_make(E_GONE, 0, "witness: database");
}

static void
on_notice(void *arg, const PGresult *r)
{
}

struct err
office_open(struct office **out, const char *conninfo)
{
	struct office *o = calloc(1, sizeof *o);
	struct params none = { .n = 0 };
	PGresult *r = NULL;
	struct err e;

	*out = NULL;
	if (o == NULL)
		return err_make(E_NOMEM, 0, "witness: database");
	o->db = PQconnectdb(conninfo);
	if (PQstatus(o->db) != CONNECTION_OK) {
		e = err_make(E_UNREACHABLE, 0, "witness: database");
	} else {
		PQsetNoticeReceiver(o->db, on_notice, NULL);
		e = run(o, &r, "SET synchronous_commit TO on", &none, false);
		PQclear(r);
		r = NULL;
	}
	if (!err_is(e))
		e = run(o, &r, "LISTEN dasi_checkpoint", &none, false);
	PQclear(r);
	if (err_is(e)) {
		office_close(o);
		return e;
	}
	*out = o;
	return e;
}

void
office_close(struct office *o)
{
	if (o != NULL)
		PQfinish(o->db);
	free(o);
}

static struct span
cell(const PGresult *r, int row, int column)
{
	return span_make(
	    PQgetvalue(r, row, column), (size_t)PQgetlength(r, row, column));
}

/* int8 as sent in binary. */
static uint64_t
cell_int8(const PGresult *r, int row, int column)
{
	struct span s = cell(r, row, column);
	uint64_t v = 0;

	for (size_t i = 0; i < s.n && i < 8; i++)
		v = v << 8 | s.p[i];
	return v;
}

struct err
office_work(struct office *o,
    struct err (*each)(void *arg, const struct witness_case *c), void *arg)
{
	struct params none = { .n = 0 };
	PGresult *r = NULL;
	struct err e = run(o, &r,
	    "SELECT branch, origin, log_key, size, checkpoint_note,"
	    " cosigned_note, frontier FROM dasi.witness_work",
	    &none, true);

	/* in binary, texts end with libpq's own NUL all the same */
	for (int i = 0; !err_is(e) && i < PQntuples(r); i++) {
		struct witness_case c = { .branch = PQgetvalue(r, i, 0),
			.origin = PQgetvalue(r, i, 1),
			.log_key = PQgetvalue(r, i, 2),
			.size = cell_int8(r, i, 3),
			.note = cell(r, i, 4),
			.cosigned = cell(r, i, 5),
			.frontier = cell(r, i, 6) };
		e = each(arg, &c);
	}
	PQclear(r);
	return e;
}

static struct err
read_some(const struct office_rows *rows, uint64_t from, uint64_t to,
    struct err (*each)(void *arg, struct span row), void *arg)
{
	struct params p = { .n = 0 };
	char first[NUMBER], end[NUMBER];
	PGresult *r = NULL;
	struct err e;

	snprintf(first, sizeof first, "%" PRIu64, from);
	snprintf(end, sizeof end, "%" PRIu64, to);
	add_text(&p, rows->branch);
	add_text(&p, first);
	add_text(&p, end);
	e = run(rows->office, &r,
	    "SELECT seq, \"row\" FROM dasi.audit_row WHERE branch = $1"
	    " AND seq >= $2::bigint AND seq < $3::bigint ORDER BY seq",
	    &p, true);
	if (!err_is(e) && (uint64_t)PQntuples(r) != to - from)
		e = err_make(E_CORRUPT, 0, "witness: rows are missing");
	for (int i = 0; !err_is(e) && i < PQntuples(r); i++)
		e = cell_int8(r, i, 0) == from + (uint64_t)i
			? each(arg, cell(r, i, 1))
			: err_make(E_CORRUPT, 0, "witness: order of rows");
	PQclear(r);
	return e;
}

static struct err
read_rows(void *ctx, uint64_t from, uint64_t to,
    struct err (*each)(void *arg, struct span row), void *arg)
{
	struct err e = err_none();

	while (!err_is(e) && from < to) {
		uint64_t end = to - from > ROWS_AT_ONCE ? from + ROWS_AT_ONCE
							: to;
		e = read_some(ctx, from, end, each, arg);
		from = end;
	}
	return e;
}

struct witness_rows
office_rows(struct office_rows *r)
{
	return (struct witness_rows){ read_rows, r };
}

struct err
office_cosign(struct office *o, const struct witness_case *c, uint64_t size,
    struct span note, const struct tree *tree)
{
	uint8_t room[TREE_FRONTIER];
	struct buf frontier = buf_make(room, sizeof room);
	struct params p = { .n = 0 };
	char number[NUMBER];
	PGresult *r = NULL;
	struct err e;

	tree_pack(tree, &frontier);
	snprintf(number, sizeof number, "%" PRIu64, size);
	add_text(&p, c->branch);
	add_bytes(&p, c->note);
	add_text(&p, number);
	add_bytes(&p, note);
	add_bytes(&p, buf_span(&frontier));
	e = run(
	    o, &r, "SELECT dasi.cosign($1, $2, $3::bigint, $4, $5)", &p, false);
	if (!err_is(e) &&
	    (PQntuples(r) != 1 || strcmp(PQgetvalue(r, 0, 0), "t") != 0))
		e = err_make(E_STATE, 0, "witness: not kept");
	PQclear(r);
	return e;
}

struct err
office_refuse(struct office *o, const struct witness_case *c,
    const struct witness_judgement *j)
{
	struct params p = { .n = 0 };
	char number[NUMBER];
	PGresult *r = NULL;
	struct err e;

	snprintf(number, sizeof number, "%" PRIu64, j->size);
	add_text(&p, c->branch);
	add_text(&p, j->verdict == VERDICT_ROOT ? "root" : "signature");
	add_bytes(&p, c->note);
	add_text(&p, number);
	add_bytes(&p, span_make(j->root, sizeof j->root));
	e = run(
	    o, &r, "SELECT dasi.refuse($1, $2, $3, $4::bigint, $5)", &p, false);
	PQclear(r);
	return e;
}

struct err
office_wait(struct office *o, int timeout_ms, const sigset_t *signals)
{
	struct pollfd p = { PQsocket(o->db), POLLIN, 0 };
	const struct timespec wait = { timeout_ms / 1000,
		timeout_ms % 1000 * 1000000L };
	PGnotify *n;

	/* a signal ends the wait too: the caller looks why */
	if (ppoll(&p, 1, &wait, signals) > 0 && PQconsumeInput(o->db) != 1)
		return err_make(E_GONE, 0, "witness: database");
	while ((n = PQnotifies(o->db)) != NULL)
		PQfreemem(n);
	return err_none();
}
