/*
 * store/purge.c - what is older than its class may be goes, and one audit row
 * says how much went.  Freed pages are overwritten (secure_delete).
 */
#include "store/audit_rows.h"
#include "store/internal.h"

struct err
store_purged(struct store *s, const char *class, int64_t n, int64_t before)
{
	struct row_field fields[] = { row_text("class", class),
		row_int("count", n), row_int("before", before) };
	struct audit_event event = { .actor = "agent",
		.role = "system",
		.kind = "purged",
		.fields = fields,
		.field_count = sizeof fields / sizeof fields[0] };

	if (n == 0 || s->audit == NULL)
		return err_none();
	return audit_log_append(s->audit, NULL, &event);
}

static struct err
remove_cases(struct store *s, int64_t *n, int64_t before)
{
	struct err e;

	sqlite3_bind_int64(s->q[Q_PURGE_MARK], 1, before);
	e = store_run(s, Q_PURGE_MARK, "store: purge");
	if (!err_is(e))
		e = store_run(s, Q_PURGE_PAY_EVENTS, "store: purge");
	if (!err_is(e))
		e = store_run(s, Q_PURGE_PAYS, "store: purge");
	if (!err_is(e))
		e = store_run(s, Q_PURGE_JOURNAL, "store: purge");
	if (!err_is(e))
		e = store_run(s, Q_PURGE_CASES, "store: purge");
	if (!err_is(e))
		*n = sqlite3_changes(s->db);
	return err_is(e) ? e : store_run(s, Q_PURGE_CLEAR, "store: purge");
}

static struct err
remove_sealed(struct store *s, int64_t *n, int64_t before)
{
	struct err e;

	sqlite3_bind_int64(s->q[Q_PURGE_SEALED], 1, before);
	e = store_run(s, Q_PURGE_SEALED, "store: purge");
	if (!err_is(e))
		*n = sqlite3_changes(s->db);
	return e;
}

static struct err
purge(struct store *s, int64_t *n, int64_t before, const char *class,
    struct err (*removes)(struct store *s, int64_t *n, int64_t before))
{
	struct err e = store_begin(s);

	*n = 0;
	if (err_is(e))
		return e;
	e = removes(s, n, before);
	if (!err_is(e))
		e = store_purged(s, class, *n, before);
	e = store_end(s, e);
	if (err_is(e))
		*n = 0;
	return e;
}

struct err
store_purge(struct store *s, int64_t *n, int64_t before)
{
	return purge(s, n, before, "case", remove_cases);
}

struct err
store_purge_sealed(struct store *s, int64_t *n, int64_t before)
{
	return purge(s, n, before, "sealed", remove_sealed);
}
