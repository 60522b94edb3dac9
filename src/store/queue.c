/*
 * store/queue.c - the cases of a branch in few columns.
 */
#include "store/queue.h"

#include <stdio.h>
#include <string.h>

#include "store/desk_seal.h"
#include "store/internal.h"

static struct err
read_row(sqlite3_stmt *q, struct queue_row *out)
{
	int state = sqlite3_column_int(q, 2);

	if (state < 0 || state >= CASE_STATE_COUNT)
		return err_make(E_CORRUPT, 0, "queue: state");
	out->id = sqlite3_column_int64(q, 0);
	out->version = sqlite3_column_int64(q, 1);
	out->state = (enum case_state)state;
	out->opened_at = sqlite3_column_int64(q, 3);
	out->changed_at = sqlite3_column_int64(q, 4);
	out->fee_won = sqlite3_column_int64(q, 5);
	desk_text(out->case_no, QUEUE_WORD, q, 6);
	desk_text(out->policy, QUEUE_WORD, q, 7);
	desk_text(out->promise, QUEUE_WORD, q, 8);
	desk_text(out->terminal, QUEUE_WORD, q, 9);
	desk_text(out->review, QUEUE_WORD, q, 10);
	desk_text(out->problem, QUEUE_WORD, q, 11);
	return err_none();
}

struct err
store_queue(
    struct store *s, struct queue_row *out, size_t cap, size_t *n, bool ended)
{
	sqlite3_stmt *q = s->q[ended ? Q_QUEUE_ENDED : Q_QUEUE_OPEN];
	struct err e = err_none();
	int rc = SQLITE_DONE;

	*n = 0;
	sqlite3_bind_int64(q, 1, (int64_t)cap);
	while (!err_is(e) && *n < cap && (rc = sqlite3_step(q)) == SQLITE_ROW)
		e = read_row(q, &out[(*n)++]);
	return desk_finish(s, q, rc, e);
}

/* Receipt numbers name the day, and are indexed. */
static struct err
count_opened(struct store *s, int64_t *n, int64_t day)
{
	sqlite3_stmt *q = s->q[Q_QUEUE_OPENED];
	struct civil c = civil_from_unix(day);
	char from[32], to[32];
	int rc;

	snprintf(from, sizeof from, "R-%04d%02d%02d-", c.year, c.month, c.day);
	snprintf(to, sizeof to, "R-%04d%02d%02d.", c.year, c.month, c.day);
	sqlite3_bind_text(q, 1, from, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(q, 2, to, -1, SQLITE_TRANSIENT);
	rc = sqlite3_step(q);
	*n = rc == SQLITE_ROW ? sqlite3_column_int64(q, 0) : 0;
	return desk_finish(s, q, rc, err_none());
}

struct err
store_queue_day(struct store *s, struct queue_day *out, int64_t day)
{
	enum { DAY_S = 24 * 3600 };
	sqlite3_stmt *q = s->q[Q_QUEUE_DAY];
	int rc = SQLITE_DONE;
	struct err e;

	memset(out, 0, sizeof *out);
	e = count_opened(s, &out->opened, day);
	if (err_is(e))
		return e;
	sqlite3_bind_int64(q, 1, day);
	sqlite3_bind_int64(q, 2, day + DAY_S);
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		int state = sqlite3_column_int(q, 0);
		if (state >= 0 && state < CASE_STATE_COUNT)
			out->ended[state] = sqlite3_column_int64(q, 1);
	}
	return desk_finish(s, q, rc, err_none());
}
