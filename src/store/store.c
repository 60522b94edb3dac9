/*
 * store/store.c - cases: created, changed one arrow at a time, found again.
 */
#include "store/store.h"

#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "case/number.h"
#include "store/internal.h"

struct err
store_run(struct store *s, enum query q, const char *where)
{
	int rc = sqlite3_step(s->q[q]);
	struct err e = rc == SQLITE_DONE ? err_none() : store_err(s, rc, where);

	sqlite3_reset(s->q[q]);
	sqlite3_clear_bindings(s->q[q]);
	return e;
}

struct err
store_begin(struct store *s)
{
	if (s->broken)
		return err_make(E_SYS, 0, "store: broken");
	if (s->audit != NULL)
		audit_log_begin(s->audit);
	return store_run(s, Q_BEGIN, "store: begin");
}

struct err
store_end(struct store *s, struct err e)
{
	if (!err_is(e))
		e = store_run(s, Q_COMMIT, "store: commit");
	/* Some failures have rolled back by themselves already. */
	if (err_is(e) && !sqlite3_get_autocommit(s->db) &&
	    err_is(store_run(s, Q_ROLLBACK, "store: rollback")))
		s->broken = true;
	if (s->audit != NULL && err_is(e))
		audit_log_rollback(s->audit);
	else if (s->audit != NULL)
		audit_log_commit(s->audit);
	return e;
}

struct err
store_person_tag(uint8_t out[static SEAL_DIGEST], const struct store *s,
    const char *number_secret)
{
	return seal_tag(out, s->tag_secret, span_str(number_secret));
}

static int64_t
now_s(const struct store *s)
{
	return s->clock.wall_ms(s->clock.ctx) / 1000;
}

/* The next number of the day; part of the caller's transaction. */
static struct err
next_number(
    struct store *s, char out[static NUMBER_TEXT], enum number_kind kind)
{
	sqlite3_stmt *q = s->q[Q_NUMBER_NEXT];
	char day[CLOCK_TEXT];
	int64_t last = 0;
	int rc;

	civil_date_text(day, now_s(s));
	sqlite3_bind_int(q, 1, (int)kind);
	sqlite3_bind_text(q, 2, day, -1, SQLITE_TRANSIENT);
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW) {
		last = sqlite3_column_int64(q, 0);
		rc = sqlite3_step(q);
	}
	sqlite3_reset(q);
	if (rc != SQLITE_DONE)
		return store_err(s, rc, "store: number");
	if (last > NUMBER_DAY_MAX)
		return err_make(E_LIMIT, 0, "store: number");
	return number_format(out, kind, now_s(s), (int)last);
}

static struct err
insert_case(struct store *s, struct store_case *c)
{
	struct err e = row_bind(s->q[Q_CASE_INSERT], c);

	if (!err_is(e))
		e = store_run(s, Q_CASE_INSERT, "store: new case");
	if (!err_is(e))
		c->id = sqlite3_last_insert_rowid(s->db);
	return e;
}

struct err
store_case_create(
    struct store *s, struct store_case *c, const struct store_change *ch)
{
	struct store_case made = *c;
	uint8_t key[SEAL_KEY];
	struct err e = store_begin(s);

	if (err_is(e))
		return e;
	made.version = 1;
	made.state = CASE_OPEN;
	made.opened_at = made.changed_at = now_s(s);
	made.ended_at = 0;
	e = next_number(s, made.case_no, NUMBER_RECEIPT);
	if (!err_is(e))
		e = insert_case(s, &made);
	if (!err_is(e))
		e = secret_key_make(s, key, &made);
	secret_wipe(key, sizeof key);
	if (!err_is(e))
		e = secret_apply(s, &made, ch, "opened");
	if (!err_is(e))
		e = audit_case_rows(s, &made, ch, "opened");
	e = store_end(s, e);
	if (!err_is(e))
		*c = made;
	return e;
}

static struct err
update_case(struct store *s, const struct store_case *c)
{
	enum query which = c->ended_at == 0 ? Q_CASE_UPDATE : Q_CASE_END;
	struct err e = row_bind(s->q[which], c);

	if (err_is(e))
		return e;
	sqlite3_bind_int64(s->q[which], STORE_COLUMNS + 1, c->id);
	e = store_run(s, which, "store: case");
	if (!err_is(e) && sqlite3_changes(s->db) != 1)
		e = err_make(E_STATE, 0, "store: case has moved on");
	return e;
}

static struct err
write_step(struct store *s, struct store_case *c, const struct store_change *ch)
{
	const char *fact = ch->moves ? case_event_name(ch->event) : "noted";
	struct err e = store_begin(s);

	if (err_is(e))
		return e;
	if (c->reported_at != 0 && c->loss_no[0] == '\0')
		e = next_number(s, c->loss_no, NUMBER_LOSS);
	if (!err_is(e))
		e = update_case(s, c);
	if (!err_is(e) && ch->also != NULL)
		e = ch->also(s, c, ch->also_arg);
	if (!err_is(e))
		e = secret_apply(s, c, ch, fact);
	if (!err_is(e))
		e = audit_case_rows(s, c, ch, fact);
	return store_end(s, e);
}

struct err
store_case_step(
    struct store *s, struct store_case *c, const struct store_change *ch)
{
	struct store_case next = *c, wish;
	struct case_step step;
	struct err e;

	if (ch->moves) {
		e = case_step(&step, c->state, ch->event);
		if (err_is(e))
			return e;
		next.state = step.next;
		next.attempt += step.attempt_failed ? 1 : 0;
	}
	next.version++;
	if (ch->moves)
		next.changed_at = now_s(s);
	if (case_is_over(next.state))
		next.ended_at = next.changed_at;
	wish = next;
	e = write_step(s, &next, ch);
	/* An open case may always be brought on: that is the ballast's use. */
	if (e.code == E_FULL && unlink(s->ballast) == 0) {
		next = wish;
		e = write_step(s, &next, ch);
	}
	if (!err_is(e))
		*c = next;
	return e;
}

/* The single row a bound query finds. */
static struct err
find_one(struct store *s, enum query which, struct store_case *out)
{
	sqlite3_stmt *q = s->q[which];
	int rc = sqlite3_step(q);
	struct err e;

	if (rc == SQLITE_ROW)
		e = row_read(q, out);
	else if (rc == SQLITE_DONE)
		e = err_make(E_NOTFOUND, 0, "store: case");
	else
		e = store_err(s, rc, "store: case");
	sqlite3_reset(q);
	sqlite3_clear_bindings(q);
	return e;
}

struct err
store_case_by_no(struct store *s, struct store_case *out, const char *case_no)
{
	sqlite3_bind_text(s->q[Q_CASE_BY_NO], 1, case_no, -1, SQLITE_TRANSIENT);
	return find_one(s, Q_CASE_BY_NO, out);
}

struct err
store_case_live(struct store *s, struct store_case *out, const char *issuer,
    const char *serial)
{
	sqlite3_stmt *q = s->q[Q_CASE_LIVE];

	sqlite3_bind_text(q, 1, issuer, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(q, 2, serial, -1, SQLITE_TRANSIENT);
	return find_one(s, Q_CASE_LIVE, out);
}

struct err
store_cases_live(struct store *s, struct store_case *out, size_t cap, size_t *n,
    int64_t after)
{
	sqlite3_stmt *q = s->q[Q_CASES_LIVE];
	struct err e = err_none();
	int rc = SQLITE_DONE;

	*n = 0;
	sqlite3_bind_int64(q, 1, after);
	sqlite3_bind_int64(q, 2, (int64_t)cap);
	while (!err_is(e) && *n < cap && (rc = sqlite3_step(q)) == SQLITE_ROW)
		e = row_read(q, &out[(*n)++]);
	if (!err_is(e) && rc != SQLITE_ROW && rc != SQLITE_DONE)
		e = store_err(s, rc, "store: cases");
	sqlite3_reset(q);
	return e;
}

/* The single number a bound query gives. */
static struct err
find_number(struct store *s, enum query which, int64_t *n)
{
	sqlite3_stmt *q = s->q[which];
	int rc = sqlite3_step(q);

	*n = rc == SQLITE_ROW ? sqlite3_column_int64(q, 0) : 0;
	sqlite3_reset(q);
	return rc == SQLITE_ROW ? err_none() : store_err(s, rc, "store: count");
}

struct err
store_count_waiting(struct store *s, int64_t *n)
{
	sqlite3_bind_int(s->q[Q_COUNT_STATE], 1, (int)CASE_REVIEW);
	return find_number(s, Q_COUNT_STATE, n);
}

struct err
store_journal_count(struct store *s, int64_t *n, const struct store_case *c)
{
	sqlite3_bind_int64(s->q[Q_JOURNAL_COUNT], 1, c->id);
	return find_number(s, Q_JOURNAL_COUNT, n);
}
