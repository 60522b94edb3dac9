/*
 * store/report.c - see the header.
 */
#include "store/report.h"

#include <string.h>

#include "store/internal.h"

/* A store opened for reading has only what the audit log needs prepared. */
static struct err
ready(struct store *s, enum query which, sqlite3_stmt **q)
{
	int rc = SQLITE_OK;

	if (s->q[which] == NULL)
		rc = sqlite3_prepare_v3(s->db, store_sql[which], -1,
		    SQLITE_PREPARE_PERSISTENT, &s->q[which], NULL);
	*q = s->q[which];
	return rc == SQLITE_OK ? err_none()
			       : store_err(s, rc, "report: prepare");
}

/* After the last row: what the statement ended with. */
static struct err
finish(struct store *s, sqlite3_stmt *q, int rc, struct err e)
{
	if (!err_is(e) && rc != SQLITE_ROW && rc != SQLITE_DONE)
		e = store_err(s, rc, "report: read");
	sqlite3_reset(q);
	sqlite3_clear_bindings(q);
	return e;
}

struct err
store_report_cases(struct store *s, struct store_case *out, size_t cap,
    size_t *n, const struct store_filter *filter)
{
	sqlite3_stmt *q;
	struct err e = ready(s, Q_REPORT_CASES, &q);
	int rc = SQLITE_DONE;

	*n = 0;
	if (err_is(e))
		return e;
	sqlite3_bind_int(q, 1, filter->state);
	sqlite3_bind_int(q, 2, filter->open);
	sqlite3_bind_int64(q, 3, filter->since);
	sqlite3_bind_int64(q, 4, filter->before);
	sqlite3_bind_int64(q, 5, (int64_t)cap);
	while (!err_is(e) && *n < cap && (rc = sqlite3_step(q)) == SQLITE_ROW)
		e = row_read(q, &out[(*n)++]);
	return finish(s, q, rc, e);
}

struct err
store_report_case(struct store *s, struct store_case *out, const char *case_no)
{
	sqlite3_stmt *q;
	struct err e = ready(s, Q_CASE_BY_NO, &q);
	int rc;

	if (err_is(e))
		return e;
	sqlite3_bind_text(q, 1, case_no, -1, SQLITE_TRANSIENT);
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW)
		e = row_read(q, out);
	else if (rc == SQLITE_DONE)
		e = err_make(E_NOTFOUND, 0, "report: case");
	return finish(s, q, rc, e);
}

static bool
read_kind(enum store_row_kind *out, const char *word)
{
	static const char *const words[ROW_COUNT] = {
		[ROW_INTENT] = "intent",
		[ROW_RESULT] = "result",
		[ROW_EVENT] = "event",
	};

	for (int i = 0; i < ROW_COUNT; i++) {
		*out = (enum store_row_kind)i;
		if (strcmp(words[i], word) == 0)
			return true;
	}
	return false;
}

static const char *
text_of(sqlite3_stmt *q, int column)
{
	const void *p = sqlite3_column_text(q, column);

	return p == NULL ? "" : p;
}

/* The columns of Q_REPORT_JOURNAL. */
static struct err
read_entry(sqlite3_stmt *q, struct store_entry *out)
{
	int state = sqlite3_column_int(q, 4);

	memset(out, 0, sizeof *out);
	out->seq = sqlite3_column_int64(q, 0);
	out->state = (enum case_state)state;
	out->version = sqlite3_column_int64(q, 5);
	out->has_bytes = sqlite3_column_bytes(q, 6) == SEAL_DIGEST;
	if (out->has_bytes)
		memcpy(out->digest, sqlite3_column_blob(q, 6), SEAL_DIGEST);
	out->wall_ms = sqlite3_column_int64(q, 7);
	if (!read_kind(&out->kind, text_of(q, 1)) ||
	    !str_copy(out->effect, sizeof out->effect, text_of(q, 2)) ||
	    !str_copy(out->outcome, sizeof out->outcome, text_of(q, 3)) ||
	    state < 0 || state >= CASE_STATE_COUNT)
		return err_make(E_CORRUPT, 0, "report: journal row");
	return err_none();
}

struct err
store_report_journal(struct store *s, struct store_entry *out, size_t cap,
    size_t *n, const struct store_case *c, int64_t after)
{
	sqlite3_stmt *q;
	struct err e = ready(s, Q_REPORT_JOURNAL, &q);
	int rc = SQLITE_DONE;

	*n = 0;
	if (err_is(e))
		return e;
	sqlite3_bind_int64(q, 1, c->id);
	sqlite3_bind_int64(q, 2, after);
	sqlite3_bind_int64(q, 3, (int64_t)cap);
	while (!err_is(e) && *n < cap && (rc = sqlite3_step(q)) == SQLITE_ROW)
		e = read_entry(q, &out[(*n)++]);
	return finish(s, q, rc, e);
}

static struct err
count_states(struct store *s, struct store_summary *out)
{
	sqlite3_stmt *q;
	struct err e = ready(s, Q_REPORT_STATES, &q);
	int rc = SQLITE_DONE;

	if (err_is(e))
		return e;
	while (!err_is(e) && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		int state = sqlite3_column_int(q, 0);
		if (state < 0 || state >= CASE_STATE_COUNT)
			e = err_make(E_CORRUPT, 0, "report: state");
		else
			out->states[state] = sqlite3_column_int64(q, 1);
	}
	return finish(s, q, rc, e);
}

static struct err
oldest_intent(struct store *s, struct store_summary *out)
{
	sqlite3_stmt *q;
	struct err e = ready(s, Q_REPORT_INTENTS, &q);
	int rc;

	if (err_is(e))
		return e;
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW) {
		out->intents = sqlite3_column_int64(q, 0);
		out->intent_ms = sqlite3_column_int64(q, 1);
		str_copy(out->intent_effect, STORE_TEXT, text_of(q, 2));
		str_copy(out->intent_case, STORE_TEXT, text_of(q, 3));
	}
	return finish(s, q, rc, e);
}

/* A statement of one row: a number and, when `at` is not NULL, a time. */
static struct err
count(struct store *s, enum query which, int64_t *n, int64_t *at)
{
	sqlite3_stmt *q;
	struct err e = ready(s, which, &q);
	int rc;

	if (err_is(e))
		return e;
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW) {
		*n = sqlite3_column_int64(q, 0);
		if (at != NULL)
			*at = sqlite3_column_int64(q, 1);
	}
	return finish(s, q, rc, e);
}

struct err
store_report_summary(struct store *s, struct store_summary *out)
{
	struct err e;

	memset(out, 0, sizeof *out);
	e = count_states(s, out);
	if (!err_is(e))
		e = oldest_intent(s, out);
	if (!err_is(e))
		e = count(s, Q_REPORT_HOLDS, &out->holds, &out->hold_at);
	if (!err_is(e))
		e = count(s, Q_REPORT_SPOOL, &out->spool, &out->spool_at);
	if (!err_is(e))
		e = count(s, Q_REPORT_LEFTOVER, &out->leftover, NULL);
	return e;
}

struct err
store_report_schema(struct store *s, int *version, int *newest)
{
	int64_t number = 0;
	struct err e = count(s, Q_REPORT_VERSION, &number, NULL);

	*version = (int)number;
	*newest = STORE_SCHEMA;
	return e;
}

struct err
store_report_integrity(struct store *s, char *out, size_t cap)
{
	sqlite3_stmt *q;
	struct err e = ready(s, Q_REPORT_CHECK, &q);
	int rc;

	out[0] = '\0';
	if (err_is(e))
		return e;
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW)
		(void)str_copy(out, cap, text_of(q, 0));
	return finish(s, q, rc, e);
}
