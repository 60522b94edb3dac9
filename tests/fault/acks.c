/*
 * fault/acks.c - between the product and its store (linked with --wrap): what
 * was acknowledged is noted where no crash reaches it, and the planted faults
 * are done here.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "store/audit_rows.h"
#include "store/internal.h"

struct shared *shared;
enum plant plant;

struct err __real_store_case_create(
    struct store *s, struct store_case *c, const struct store_change *ch);
struct err __wrap_store_case_create(
    struct store *s, struct store_case *c, const struct store_change *ch);
struct err __real_store_case_step(
    struct store *s, struct store_case *c, const struct store_change *ch);
struct err __wrap_store_case_step(
    struct store *s, struct store_case *c, const struct store_change *ch);
struct err __real_secret_apply(struct store *s, const struct store_case *c,
    const struct store_change *ch, const char *fact);
struct err __wrap_secret_apply(struct store *s, const struct store_case *c,
    const struct store_change *ch, const char *fact);
int __real_sqlite3_exec(sqlite3 *db, const char *sql,
    int (*each)(void *, int, char **, char **), void *arg, char **error);
int __wrap_sqlite3_exec(sqlite3 *db, const char *sql,
    int (*each)(void *, int, char **, char **), void *arg, char **error);
int __real_sqlite3_prepare_v2(
    sqlite3 *db, const char *sql, int n, sqlite3_stmt **q, const char **rest);
int __wrap_sqlite3_prepare_v2(
    sqlite3 *db, const char *sql, int n, sqlite3_stmt **q, const char **rest);
struct err __real_seal(uint8_t *out, size_t cap, size_t *out_len,
    const uint8_t key_secret[static SEAL_KEY], struct span about,
    struct span msg);
struct err __wrap_seal(uint8_t *out, size_t cap, size_t *out_len,
    const uint8_t key_secret[static SEAL_KEY], struct span about,
    struct span msg);

struct err __real_store_run(
    struct store *s, enum query which, const char *where);
struct err __wrap_store_run(
    struct store *s, enum query which, const char *where);

static void
note(struct store *s, const struct store_case *c, size_t rows)
{
	for (int i = 0; shared != NULL && i < CASES_ACKED; i++) {
		struct acked *a = &shared->cases[i];
		if (a->version != 0 && strcmp(a->case_no, c->case_no) != 0)
			continue;
		strcpy(a->case_no, c->case_no);
		a->version = c->version;
		a->state = c->state;
		a->hold = c->hold;
		a->rows = (int64_t)rows;
		break;
	}
	if (shared != NULL && store_audit_log(s) != NULL)
		shared->audit_rows = audit_log_size(store_audit_log(s));
}

struct err
__wrap_store_case_create(
    struct store *s, struct store_case *c, const struct store_change *ch)
{
	struct err e = __real_store_case_create(s, c, ch);

	if (!err_is(e))
		note(s, c, ch->row_count + 1);
	return e;
}

struct err
__wrap_store_case_step(
    struct store *s, struct store_case *c, const struct store_change *ch)
{
	struct store_change less = *ch;
	struct err e;

	if (plant == PLANT_NO_INTENT && ch->row_count > 0 &&
	    ch->rows[0].kind == ROW_INTENT)
		less.row_count = 0;
	if (plant == PLANT_CLOCK && c->state > CASE_REPORTED &&
	    s->clock.wall_ms(s->clock.ctx) / 1000 - c->opened_at >
		366 * 86400) {
		c->hold = HOLD_PENDING;
		c->held_at = 0;
	}
	e = __real_store_case_step(s, c, &less);
	if (plant == PLANT_DEAF && err_is(e)) {
		c->version++;
		e = err_none();
	}
	if (!err_is(e))
		note(s, c, less.row_count + 1);
	return e;
}

struct err
__wrap_secret_apply(struct store *s, const struct store_case *c,
    const struct store_change *ch, const char *fact)
{
	if (plant == PLANT_NO_JOURNAL && c->version == 5)
		return err_none();
	if (plant == PLANT_HALF_ARROW && c->version > 1) {
		struct err e = store_run(s, Q_COMMIT, "plant");
		if (!err_is(e))
			e = store_run(s, Q_BEGIN, "plant");
		if (err_is(e))
			return e;
	}
	return __real_secret_apply(s, c, ch, fact);
}

int
__wrap_sqlite3_exec(sqlite3 *db, const char *sql,
    int (*each)(void *, int, char **, char **), void *arg, char **error)
{
	if (plant == PLANT_SYNC_OFF && sql == store_running)
		sql = "PRAGMA synchronous = OFF";
	if (plant == PLANT_NORMAL && sql == store_running)
		sql = "PRAGMA synchronous = NORMAL";
	return __real_sqlite3_exec(db, sql, each, arg, error);
}

int
__wrap_sqlite3_prepare_v2(
    sqlite3 *db, const char *sql, int n, sqlite3_stmt **q, const char **rest)
{
	if (plant == PLANT_NO_LOOK && strstr(sql, "quick_check") != NULL)
		sql = "SELECT 'ok'";
	return __real_sqlite3_prepare_v2(db, sql, n, q, rest);
}

struct err
__wrap_store_run(struct store *s, enum query which, const char *where)
{
	struct err e = err_none();

	if (plant == PLANT_ANCHOR && which == Q_AUDIT_PRUNE_ROWS) {
		e = __real_store_run(s, Q_COMMIT, "plant");
		if (!err_is(e))
			e = __real_store_run(s, Q_BEGIN, "plant");
	}
	return err_is(e) ? e : __real_store_run(s, which, where);
}

struct err
__wrap_seal(uint8_t *out, size_t cap, size_t *out_len,
    const uint8_t key_secret[static SEAL_KEY], struct span about,
    struct span msg)
{
	struct err e = __real_seal(out, cap, out_len, key_secret, about, msg);

	if (plant == PLANT_CLEAR && !err_is(e) && msg.n > 0)
		memcpy(out + SEAL_NONCE, msg.p, msg.n);
	return e;
}
