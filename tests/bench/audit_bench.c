/*
 * audit_bench - what the audit log costs, against its own floor.
 *
 *	audit_bench FOLDER [ROWS]
 *
 * Appending is measured against bare SQLite inserts of the same bytes into
 * the same table under the same settings, verifying against SHA-256 of the
 * same rows; both sides in turns, medians of ROUNDS.  One JSON object a line:
 * {"name","value","base","ratio","unit"}.
 */
#define _GNU_SOURCE
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "audit/verify.h"
#include "base/log.h"
#include "store/audit_rows.h"
#include "store/internal.h"

enum { ROUNDS = 7, BATCH = 100, DOORS_MAX = AUDIT_PARTS };

/* All rows of the log, for the other side. */
struct copy {
	size_t n, cap;
	struct audit_stored *row;
	uint8_t *bytes, *at;
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *v)
{
	qsort(v, ROUNDS, sizeof *v, by_value);
	return v[ROUNDS / 2];
}

static void
report(const char *name, double value, double base, const char *unit)
{
	printf("{\"name\":\"%s\",\"value\":%.0f,\"base\":%.0f,"
	       "\"ratio\":%.3f,\"unit\":\"%s\"}\n",
	    name, value, base, value / base, unit);
	fflush(stdout);
}

static void
must(struct err e)
{
	if (!err_is(e))
		return;
	log_err(LOG_ERROR, "bench", e);
	_exit(1);
}

static const char *
path_of(const char *folder, const char *name)
{
	static char path[4][STORE_PATH];
	static unsigned int turn;
	char *p = path[turn++ % 4];

	snprintf(p, STORE_PATH, "%s/%s", folder, name);
	return p;
}

static void
forget(const char *folder)
{
	static const char *const names[] = { "dasi.db", "dasi.db-wal",
		"dasi.ballast", "dasi.signed", "escrow", "bare.db",
		"bare.db-wal" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(path_of(folder, names[i]));
}

static struct store *
open_store(const char *folder)
{
	static const uint8_t device_key[SEAL_KEY] = { 7 };
	struct store_params p = { .folder = folder,
		.bank_code = "004",
		.branch_code = "0123",
		.device_key = device_key,
		.clock = clock_system() };
	struct store_audit_params ap = { .branch = "004-0123",
		.origin = "audit.dasi/004/0123",
		.device_key = device_key,
		.escrow = path_of(folder, "escrow") };
	struct store *s;

	must(store_open(&s, &p));
	must(store_audit_open(s, &ap));
	return s;
}

/* A row as the agent writes them, some 330 bytes. */
static void
append(struct store *s, int64_t i)
{
	const struct row_field fields[] = { row_text("from", "PREPARED"),
		row_text("to", "ISSUED"), row_int("attempt", 1),
		row_int("version", i),
		row_text("transaction", "5d1f0a3b9c7e42d18a6b0c9d8e7f6a5b"),
		row_text("effect", "cmp.ir") };
	const struct audit_event event = { .actor = "system",
		.role = "system",
		.case_no = "R-20261122-0001",
		.kind = "case.issued",
		.fields = fields,
		.field_count = 6 };

	must(store_audit_append(s, NULL, &event));
}

static double
time_appends(const char *folder, size_t rows, size_t batch)
{
	struct store *s;
	double t;

	forget(folder);
	s = open_store(folder);
	t = now();
	for (size_t i = 0; i < rows; i += batch) {
		must(store_begin(s));
		for (size_t k = 0; k < batch; k++)
			append(s, (int64_t)(i + k));
		must(store_end(s, err_none()));
		must(store_audit_tick(s));
	}
	t = now() - t;
	store_close(s);
	return (double)rows / t;
}

static struct err
keep(void *arg, const struct audit_stored *r)
{
	struct copy *c = arg;

	if (c->n == c->cap)
		return err_make(E_LIMIT, 0, "bench");
	c->row[c->n] = *r;
	memcpy(c->at, r->row.p, r->row.n);
	c->row[c->n++].row.p = c->at;
	c->at += r->row.n;
	return err_none();
}

static void
load(struct copy *c, const char *folder, size_t rows)
{
	struct store *s;
	struct audit_port p;

	c->n = 0;
	c->cap = rows;
	c->row = calloc(rows, sizeof *c->row);
	c->at = c->bytes = malloc(rows * 512);
	if (c->row == NULL || c->bytes == NULL)
		_exit(1);
	must(store_open_audit(&s, path_of(folder, "dasi.db")));
	p = store_audit_port(s);
	must(p.rows(p.ctx, 0, INT64_MAX, keep, c));
	store_close(s);
}

static double
time_bare(const char *folder, const struct copy *c, size_t rows, size_t batch)
{
	const char *path = path_of(folder, "bare.db");
	sqlite3_stmt *add, *begin, *commit;
	sqlite3 *db;
	double t;

	forget(folder);
	sqlite3_open(path, &db);
	sqlite3_exec(db, store_settings, NULL, NULL, NULL);
	sqlite3_exec(db, store_creation, NULL, NULL, NULL);
	for (int i = 0; i < STORE_SCHEMA; i++)
		sqlite3_exec(db, store_schema[i], NULL, NULL, NULL);
	sqlite3_exec(db, store_running, NULL, NULL, NULL);
	sqlite3_prepare_v2(db, store_sql[Q_AUDIT_ADD], -1, &add, NULL);
	sqlite3_prepare_v2(db, store_sql[Q_BEGIN], -1, &begin, NULL);
	sqlite3_prepare_v2(db, store_sql[Q_COMMIT], -1, &commit, NULL);
	t = now();
	for (size_t i = 0; i < rows; i += batch) {
		sqlite3_step(begin);
		sqlite3_reset(begin);
		for (size_t k = i; k < i + batch; k++) {
			const struct audit_stored *r = &c->row[k];

			sqlite3_bind_int64(add, 1, (int64_t)r->seq);
			sqlite3_bind_blob(
			    add, 2, r->row.p, (int)r->row.n, SQLITE_STATIC);
			sqlite3_bind_blob(
			    add, 3, r->hash, HASH_SIZE, SQLITE_STATIC);
			sqlite3_bind_blob(
			    add, 4, r->mac, HASH_SIZE, SQLITE_STATIC);
			if (sqlite3_step(add) != SQLITE_DONE)
				_exit(1);
			sqlite3_reset(add);
			sqlite3_clear_bindings(add);
		}
		if (sqlite3_step(commit) != SQLITE_DONE)
			_exit(1);
		sqlite3_reset(commit);
	}
	t = now() - t;
	sqlite3_finalize(add);
	sqlite3_finalize(begin);
	sqlite3_finalize(commit);
	sqlite3_close(db);
	return (double)rows / t;
}

static void
bench_append(const char *folder, struct copy *c, const char *name, size_t rows,
    size_t batch)
{
	double ours[ROUNDS], bare[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		ours[i] = time_appends(folder, rows, batch);
		bare[i] = time_bare(folder, c, rows, batch);
	}
	report(name, median(ours), median(bare), "rows/s");
}

static double
time_sha(const struct copy *c)
{
	struct hasher *h;
	uint8_t out[HASH_SIZE];
	double t;

	must(hasher_open(&h));
	t = now();
	for (size_t i = 0; i < c->n; i++)
		must(hash_data(h, out, c->row[i].row));
	t = now() - t;
	hasher_close(h);
	return (double)c->n / t;
}

static double
time_verify(const char *folder, const struct note_key *key, size_t doors)
{
	struct audit_check check = { .branch = "004-0123", .key = key };
	struct audit_port port[DOORS_MAX];
	struct store *s[DOORS_MAX];
	struct audit_report r;
	double t;

	t = now();
	for (size_t i = 0; i < doors; i++) {
		must(store_open_audit(&s[i], path_of(folder, "dasi.db")));
		port[i] = store_audit_port(s[i]);
	}
	must(audit_verify(&r, port, doors, &check));
	t = now() - t;
	if (r.finding != FOUND_NOTHING)
		_exit(1);
	for (size_t i = 0; i < doors; i++)
		store_close(s[i]);
	return (double)r.rows / t;
}

static void
bench_verify(const char *folder, const struct copy *c,
    const struct note_key *key, size_t doors, const char *name)
{
	double ours[ROUNDS], sha[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		ours[i] = time_verify(folder, key, doors);
		sha[i] = time_sha(c);
	}
	report(name, median(ours), median(sha), "rows/s");
}

int
main(int argc, char **argv)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	size_t doors = n < 1 ? 1 : n > DOORS_MAX ? DOORS_MAX : (size_t)n;
	size_t rows = argc > 2 ? strtoul(argv[2], NULL, 10) : 100000;
	struct note_key key;
	struct store *s;
	struct copy c;

	log_open("audit-bench", LOG_NOTICE);
	if (argc < 2 || rows < BATCH)
		return 2;
	rows -= rows % BATCH;
	time_appends(argv[1], rows, BATCH);
	s = open_store(argv[1]);
	key = *audit_log_key(store_audit_log(s));
	store_close(s);
	load(&c, argv[1], rows);
	bench_verify(argv[1], &c, &key, 1, "audit_verify_one_thread");
	bench_verify(argv[1], &c, &key,
	    n < 1	    ? 1
	    : n > DOORS_MAX ? DOORS_MAX
			    : (size_t)n,
	    "audit_verify");
	/* without the signatures of 256 rows each: what a row itself costs */
	bench_verify(argv[1], &c, NULL, doors, "audit_verify_rows");
	bench_append(argv[1], &c, "audit_append_batch", rows, BATCH);
	bench_append(argv[1], &c, "audit_append", rows / 20, 1);
	forget(argv[1]);
	free(c.row);
	free(c.bytes);
	return 0;
}
