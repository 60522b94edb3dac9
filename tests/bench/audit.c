/*
 * bench/audit.c - what the audit log costs, against its own floor.
 *
 * Appending against bare SQLite inserts of the same bytes into the same table
 * under the same settings, verifying against SHA-256 of the same rows by one
 * thread, once in memory and once as they come out of the file; both sides in
 * turns.
 */
#define _GNU_SOURCE
#include "bench.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/verify.h"
#include "base/log.h"
#include "store/audit_rows.h"
#include "store/internal.h"

enum {
	ROWS = 100000,
	ROUNDS = 5,
	BATCH = 100,
	SINGLES = ROWS / 40,
	DOORS_MAX = AUDIT_PARTS
};

/* All rows of the log, for the other side. */
struct copy {
	size_t n, cap;
	struct audit_stored *row;
	uint8_t *bytes, *at;
};

static void
must(struct err e)
{
	if (!err_is(e))
		return;
	log_err(LOG_ERROR, "bench", e);
	exit(1);
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
	t = bench_now_us();
	for (size_t i = 0; i < rows; i += batch) {
		must(store_begin(s));
		for (size_t k = 0; k < batch; k++)
			append(s, (int64_t)(i + k));
		must(store_end(s, err_none()));
		must(store_audit_tick(s));
	}
	t = bench_now_us() - t;
	store_close(s);
	return (double)rows * 1e6 / t;
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
		exit(1);
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
	t = bench_now_us();
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
				exit(1);
			sqlite3_reset(add);
			sqlite3_clear_bindings(add);
		}
		if (sqlite3_step(commit) != SQLITE_DONE)
			exit(1);
		sqlite3_reset(commit);
	}
	t = bench_now_us() - t;
	sqlite3_finalize(add);
	sqlite3_finalize(begin);
	sqlite3_finalize(commit);
	sqlite3_close(db);
	return (double)rows * 1e6 / t;
}

static void
row_of(const char *name, double *ours, const char *reference, double *theirs)
{
	bench_row(name, bench_median(ours, ROUNDS), "rows/s", reference,
	    bench_median(theirs, ROUNDS));
}

static void
appending(const char *folder, const struct copy *c, const char *name,
    size_t rows, size_t batch)
{
	double ours[ROUNDS], bare[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		ours[i] = time_appends(folder, rows, batch);
		bare[i] = time_bare(folder, c, rows, batch);
	}
	row_of(name, ours, "bare inserts of the same bytes", bare);
}

static double
time_sha(const struct copy *c)
{
	struct hasher *h;
	uint8_t out[HASH_SIZE];
	double t;

	must(hasher_open(&h));
	t = bench_now_us();
	for (size_t i = 0; i < c->n; i++)
		must(hash_data(h, out, c->row[i].row));
	t = bench_now_us() - t;
	hasher_close(h);
	return (double)c->n * 1e6 / t;
}

static struct err
hash_one(void *arg, const struct audit_stored *r)
{
	uint8_t out[HASH_SIZE];

	return hash_data(arg, out, r->row);
}

/* The least any verifier of this file does: read the rows and hash them. */
static double
time_read(const char *folder, size_t rows)
{
	struct hasher *h;
	struct store *s;
	struct audit_port p;
	double t = bench_now_us();

	must(hasher_open(&h));
	must(store_open_audit(&s, path_of(folder, "dasi.db")));
	p = store_audit_port(s);
	must(p.rows(p.ctx, 0, INT64_MAX, hash_one, h));
	t = bench_now_us() - t;
	store_close(s);
	hasher_close(h);
	return (double)rows * 1e6 / t;
}

static double
time_verify(const char *folder, const struct audit_check *check, size_t doors)
{
	struct audit_port port[DOORS_MAX];
	struct store *s[DOORS_MAX];
	struct audit_report r;
	double t = bench_now_us();

	for (size_t i = 0; i < doors; i++) {
		must(store_open_audit(&s[i], path_of(folder, "dasi.db")));
		port[i] = store_audit_port(s[i]);
	}
	must(audit_verify(&r, port, doors, check));
	t = bench_now_us() - t;
	for (size_t i = 0; i < doors; i++)
		store_close(s[i]);
	return r.finding == FOUND_NOTHING ? (double)r.rows * 1e6 / t : -1;
}

static void
verifying(const char *folder, const struct copy *c,
    const struct audit_check *check, size_t doors, const char *name)
{
	double ours[ROUNDS], sha[ROUNDS], read[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		ours[i] = time_verify(folder, check, doors);
		sha[i] = time_sha(c);
		read[i] = time_read(folder, c->n);
	}
	row_of(name, ours, "SHA-256 of the rows, one thread", sha);
	row_of(name, ours, "the same, read from the file", read);
}

bool
bench_audit(const char *dir)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	size_t doors = n < 1 ? 1 : n > DOORS_MAX ? DOORS_MAX : (size_t)n;
	struct audit_check check = { .branch = "004-0123" };
	struct note_key key;
	struct store *s;
	struct copy c;

	time_appends(dir, ROWS, BATCH);
	s = open_store(dir);
	key = *audit_log_key(store_audit_log(s));
	store_close(s);
	load(&c, dir, ROWS);
	check.key = &key;
	verifying(dir, &c, &check, 1, "audit verify, one thread");
	verifying(dir, &c, &check, doors, "audit verify, a thread a CPU");
	check.newest_only = true;
	verifying(dir, &c, &check, 1, "the newest signature, one thread");
	verifying(dir, &c, &check, doors, "the newest signature");
	appending(dir, &c, "audit append, 100 a commit", ROWS, BATCH);
	appending(dir, &c, "audit append, one a commit", SINGLES, 1);
	forget(dir);
	free(c.row);
	free(c.bytes);
	return true;
}
