/*
 * ship/sink.c - libpq without blocking.
 *
 * Any error closes the connection; the server then rolls back what it had not
 * committed, and the next shipment asks it where it stands.
 */
#include "prog/ship/sink.h"

#include <arpa/inet.h>
#include <poll.h>
#include <postgresql/libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum { OID_INT8 = 20, OID_TEXT = 25, OID_BYTEA_ARRAY = 1001 };

struct sink {
	struct waiter *wait;
	const char *conninfo;
	PGconn *db; /* NULL: not connected */
};

static void
hang_up(struct sink *s)
{
	PQfinish(s->db);
	s->db = NULL;
}

/* What the server or libpq says may hold names; its class may be told. */
static void
log_state(const PGresult *r)
{
	const char *state = r == NULL ? NULL
				      : PQresultErrorField(r, PG_DIAG_SQLSTATE);

	log_line(LOG_NOTICE, "head office: sqlstate %.5s",
	    state == NULL ? "none" : state);
}

static void
on_notice(void *arg, const PGresult *r)
{
}

static struct err
connect_wait(struct sink *s)
{
	int64_t until = waiter_after(s->wait, SINK_CONNECT_MS);
	PostgresPollingStatusType state = PGRES_POLLING_WRITING;
	struct err e = err_none();

	while (!err_is(e) && state != PGRES_POLLING_OK) {
		if (state == PGRES_POLLING_FAILED)
			return err_make(E_UNREACHABLE, 0, "ship: head office");
		e = waiter_wait(s->wait, PQsocket(s->db),
		    state == PGRES_POLLING_READING ? POLLIN : POLLOUT, until);
		if (!err_is(e))
			state = PQconnectPoll(s->db);
	}
	return e;
}

/* Send what libpq still holds, until the whole answer is here. */
static struct err
flush_and_read(struct sink *s)
{
	int64_t until = waiter_after(s->wait, SINK_ANSWER_MS);
	const struct err gone = err_make(E_GONE, 0, "ship: head office");
	int more;

	while ((more = PQflush(s->db)) == 1 || PQisBusy(s->db)) {
		struct err e = waiter_wait(s->wait, PQsocket(s->db),
		    (short)(more == 1 ? POLLIN | POLLOUT : POLLIN), until);
		if (err_is(e))
			return e;
		if (PQconsumeInput(s->db) != 1)
			return gone;
	}
	return more < 0 ? gone : err_none();
}

/* The one result of what was sent; *out is the caller's. */
static struct err
result_of(struct sink *s, PGresult **out)
{
	struct err e;
	PGresult *r;

	*out = NULL;
	for (;;) {
		e = flush_and_read(s);
		if (err_is(e) || (r = PQgetResult(s->db)) == NULL)
			break;
		if (*out != NULL) {
			PQclear(r);
			e = err_make(E_PROTOCOL, 0, "ship: two results");
			break;
		}
		*out = r;
	}
	if (!err_is(e) && *out == NULL)
		e = err_make(E_PROTOCOL, 0, "ship: no result");
	return e;
}

static struct err
done(struct sink *s, int sent)
{
	PGresult *r = NULL;
	struct err e = sent == 1 ? result_of(s, &r)
				 : err_make(E_GONE, 0, "ship: head office");

	if (!err_is(e) && PQresultStatus(r) != PGRES_COMMAND_OK) {
		log_state(r);
		e = err_make(E_REFUSED, 0, "ship: head office");
	}
	PQclear(r);
	return e;
}

static struct err
prepare(struct sink *s)
{
	static const Oid checkpoint[] = { OID_TEXT, OID_INT8 };
	static const Oid append[] = { OID_INT8, OID_BYTEA_ARRAY,
		OID_BYTEA_ARRAY };
	/* an answer must mean: on disk */
	struct err e = done(
	    s, PQsendQuery(s->db, "SET synchronous_commit TO on"));

	if (!err_is(e))
		e = done(s, PQsendPrepare(s->db, "checkpoint",
				"SELECT status, size, note FROM "
				"dasi.checkpoint($1, $2)",
				2, checkpoint));
	if (!err_is(e))
		e = done(s, PQsendPrepare(s->db, "append",
				"SELECT status, size, note FROM "
				"dasi.append($1, $2, $3)",
				3, append));
	return e;
}

static struct err
connected(struct sink *s)
{
	struct err e;

	if (s->db != NULL)
		return err_none();
	s->db = PQconnectStart(s->conninfo);
	if (s->db == NULL)
		return err_make(E_NOMEM, 0, "ship: connection");
	PQsetNoticeReceiver(s->db, on_notice, NULL);
	e = PQstatus(s->db) == CONNECTION_BAD
		? err_make(E_UNREACHABLE, 0, "ship: head office")
		: connect_wait(s);
	if (!err_is(e) &&
	    (PQsetnonblocking(s->db, 1) != 0 || PQsslInUse(s->db) != 1))
		e = err_make(E_PROTOCOL, 0, "ship: no TLS");
	if (!err_is(e))
		e = prepare(s);
	if (err_is(e))
		hang_up(s);
	return e;
}

static bool
take_status(enum ship_status *out, const char *word)
{
	static const char *const words[SHIP_STATUS_COUNT] = {
		[SHIP_OK] = "ok",
		[SHIP_GAP] = "gap",
		[SHIP_FORK] = "fork",
		[SHIP_ROLLBACK] = "rollback",
		[SHIP_BAD] = "bad",
		[SHIP_UNKNOWN] = "unknown",
	};

	for (int i = 0; i < SHIP_STATUS_COUNT; i++)
		if (strcmp(words[i], word) == 0) {
			*out = (enum ship_status)i;
			return true;
		}
	return false;
}

static bool
take_size(uint64_t *out, const char *text)
{
	size_t n = strlen(text);

	if (n == 0 || n > 18 || strspn(text, "0123456789") != n)
		return false;
	*out = strtoull(text, NULL, 10);
	return true;
}

static struct err
take_answer(struct ship_answer *out, const PGresult *r)
{
	const struct err bad = err_make(E_PROTOCOL, 0, "ship: answer");

	if (PQresultStatus(r) != PGRES_TUPLES_OK) {
		log_state(r);
		return err_make(E_REFUSED, 0, "ship: head office");
	}
	if (PQntuples(r) != 1 || PQnfields(r) != 3)
		return bad;
	for (int i = 0; i < 3; i++)
		if (PQgetisnull(r, 0, i))
			return bad;
	if (!take_status(&out->status, PQgetvalue(r, 0, 0)) ||
	    !take_size(&out->size, PQgetvalue(r, 0, 1)) ||
	    !str_copy(out->note, sizeof out->note, PQgetvalue(r, 0, 2)))
		return bad;
	return err_none();
}

static struct err
sink_answer(void *ctx, struct ship_answer *out)
{
	struct sink *s = ctx;
	PGresult *r = NULL;
	struct err e = s->db == NULL ? err_make(E_GONE, 0, "ship: head office")
				     : result_of(s, &r);

	if (!err_is(e))
		e = take_answer(out, r);
	PQclear(r);
	if (err_is(e))
		hang_up(s);
	return e;
}

/* Most significant byte first, as int8recv() wants it. */
static void
put_int8(char out[static 8], uint64_t v)
{
	uint32_t high = htonl((uint32_t)(v >> 32)), low = htonl((uint32_t)v);

	memcpy(out, &high, 4);
	memcpy(out + 4, &low, 4);
}

static struct err
sent(struct sink *s, int ok)
{
	if (ok == 1 && PQflush(s->db) >= 0)
		return err_none();
	hang_up(s);
	return err_make(E_GONE, 0, "ship: head office");
}

static struct err
sink_checkpoint(
    void *ctx, struct ship_answer *out, const char *note, uint64_t size)
{
	static const int formats[] = { 0, 1 };
	struct sink *s = ctx;
	char number[8];
	const char *const values[] = { note, number };
	const int lengths[] = { 0, sizeof number };
	struct err e = connected(s);

	put_int8(number, size);
	if (!err_is(e))
		e = sent(s, PQsendQueryPrepared(s->db, "checkpoint", 2, values,
				lengths, formats, 0));
	return err_is(e) ? e : sink_answer(s, out);
}

static struct err
sink_send(void *ctx, const struct batch *b)
{
	static const int formats[] = { 1, 1, 1 };
	struct sink *s = ctx;
	char from[8];
	const char *const values[] = { from, (const char *)b->rows.p,
		(const char *)b->hashes.p };
	const int lengths[] = { sizeof from, (int)b->rows.n, (int)b->hashes.n };
	struct err e = connected(s);

	put_int8(from, b->from);
	if (err_is(e))
		return e;
	return sent(s, PQsendQueryPrepared(
			   s->db, "append", 3, values, lengths, formats, 0));
}

static void
sink_drop(void *ctx)
{
	hang_up(ctx);
}

/* Rows go to a server whose name a known CA vouches for, or nowhere. */
static struct err
check_conninfo(const char *conninfo)
{
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
	bool verified = false;

	if (options == NULL)
		return err_make(E_CONFIG, 0, "ship: conninfo");
	for (const PQconninfoOption *o = options; o->keyword != NULL; o++)
		if (strcmp(o->keyword, "sslmode") == 0)
			verified = o->val != NULL &&
				   strcmp(o->val, "verify-full") == 0;
	PQconninfoFree(options);
	return verified ? err_none()
			: err_make(E_CONFIG, 0, "ship: conninfo: sslmode");
}

struct err
sink_open(struct sink **out, struct waiter *wait, const char *conninfo)
{
	struct err e = check_conninfo(conninfo);

	*out = NULL;
	if (err_is(e))
		return e;
	*out = calloc(1, sizeof **out);
	if (*out == NULL)
		return err_make(E_NOMEM, 0, "ship: sink");
	(*out)->wait = wait;
	(*out)->conninfo = conninfo;
	return e;
}

void
sink_close(struct sink *s)
{
	if (s != NULL)
		hang_up(s);
	free(s);
}

struct ship_sink
sink_port(struct sink *s)
{
	return (struct ship_sink){ sink_checkpoint, sink_send, sink_answer,
		sink_drop, s };
}
