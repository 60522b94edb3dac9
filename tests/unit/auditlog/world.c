/*
 * world.c - see world.h.
 */
#define _GNU_SOURCE
#include "world.h"

#include <criterion/criterion.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

static int64_t
fake_wall(void *ctx)
{
	return ((struct world *)ctx)->wall_ms;
}

static int64_t
fake_mono(void *ctx)
{
	return ((struct world *)ctx)->mono_ms;
}

static struct err
take_escrow(void *ctx, const uint8_t key_secret[static HASH_KEY])
{
	struct world *w = ctx;

	memcpy(w->k0, key_secret, HASH_KEY);
	w->escrows++;
	return err_none();
}

char *
world_path(struct world *w, const char *name)
{
	static char path[128];

	snprintf(path, sizeof path, "%s/%s", w->folder, name);
	return path;
}

static struct err
open_sqlite(struct world *w)
{
	char escrow[128];
	struct store_params p = { .folder = w->folder,
		.bank_code = "004",
		.branch_code = "0123",
		.device_key = w->device_key,
		.clock = { fake_wall, fake_mono, w } };
	struct store_audit_params ap = { .branch = BRANCH,
		.origin = ORIGIN,
		.device_key = w->device_key,
		.head_office = w->head_office };
	struct err e = store_open(&w->store, &p);

	strcpy(escrow, world_path(w, "escrow"));
	ap.escrow = escrow;
	if (!err_is(e))
		e = store_audit_open(w->store, &ap);
	if (!err_is(e)) {
		struct buf b = buf_make(w->k0, sizeof w->k0);
		w->log = store_audit_log(w->store);
		if (w->head_office.n == 0)
			e = file_read(&b, escrow);
	}
	return e;
}

static struct err
open_memory(struct world *w)
{
	struct audit_params p = { .port = memory_port(w->memory),
		.branch = BRANCH,
		.origin = ORIGIN,
		.device_key = w->device_key,
		.boot_id = { 7 },
		.clock = { fake_wall, fake_mono, w },
		.head_office = w->head_office,
		.escrow = take_escrow,
		.escrow_ctx = w };
	struct err e = audit_log_open(&w->log, &p);

	if (e.code != E_NOTFOUND)
		return e;
	e = audit_log_create(&p);
	return err_is(e) ? e : audit_log_open(&w->log, &p);
}

static void
close_all(struct world *w)
{
	if (w->kind == WORLD_MEMORY)
		audit_log_close(w->log);
	store_close(w->store);
	w->log = NULL;
	w->store = NULL;
}

struct err
world_reopen(struct world *w)
{
	close_all(w);
	return w->kind == WORLD_MEMORY ? open_memory(w) : open_sqlite(w);
}

struct world *
world_new(enum world_kind kind)
{
	struct world *w = calloc(1, sizeof *w);
	struct err e;

	cr_assert_not_null(w);
	w->kind = kind;
	w->wall_ms = 1795330800000;
	w->mono_ms = 5000;
	memset(w->device_key, 7, sizeof w->device_key);
	strcpy(w->folder, "/tmp/dasi-audit-XXXXXX");
	cr_assert_not_null(mkdtemp(w->folder));
	w->memory = calloc(1, sizeof *w->memory);
	cr_assert_not_null(w->memory);
	cr_assert(!err_is(hasher_open(&w->h)));
	e = world_reopen(w);
	cr_assert(!err_is(e), "%s %s", err_name(e.code), e.where);
	return w;
}

void
world_free(struct world *w)
{
	static const char *const names[] = { "dasi.db", "dasi.db-wal",
		"dasi.ballast", "dasi.signed", "escrow", "copy.db" };

	close_all(w);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(world_path(w, names[i]));
	rmdir(w->folder);
	hasher_close(w->h);
	free(w->memory);
	free(w);
}

struct audit_port
world_port(struct world *w)
{
	return w->kind == WORLD_MEMORY ? memory_port(w->memory)
				       : store_audit_port(w->store);
}

struct err
world_add(struct world *w, const struct audit_event *event)
{
	struct err e;

	if (w->kind == WORLD_SQLITE) {
		e = store_audit_append(w->store, NULL, event);
		return err_is(e) ? e : store_audit_tick(w->store);
	}
	audit_log_begin(w->log);
	e = audit_log_append(w->log, NULL, event);
	if (err_is(e)) {
		audit_log_rollback(w->log);
		return e;
	}
	audit_log_commit(w->log);
	return audit_log_sign(w->log);
}

void
world_rows(struct world *w, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct row_field f = row_int(
		    "n", (int64_t)audit_log_size(w->log));
		struct audit_event event = { .actor = "kiosk-1",
			.role = "kiosk",
			.case_no = i % 2 ? "R-20261122-0001" : NULL,
			.kind = "test",
			.fields = &f,
			.field_count = 1 };
		struct err e = world_add(w, &event);

		cr_assert(!err_is(e), "%s %s", err_name(e.code), e.where);
		w->mono_ms += 10;
		w->wall_ms += 10;
	}
}

void
world_tick(struct world *w)
{
	struct err e = err_none();

	if (w->kind == WORLD_SQLITE) {
		e = store_audit_tick(w->store);
	} else if (audit_log_is_due(w->log)) {
		audit_log_begin(w->log);
		e = audit_log_cut(w->log);
		audit_log_commit(w->log);
		if (!err_is(e))
			e = audit_log_sign(w->log);
	}
	cr_assert(!err_is(e), "%s %s", err_name(e.code), e.where);
}

void
world_sql(struct world *w, const char *sql)
{
	static const char drop[] =
	    "DROP TRIGGER IF EXISTS audit_row_no_update;"
	    "DROP TRIGGER IF EXISTS audit_row_no_delete;"
	    "DROP TRIGGER IF EXISTS audit_checkpoint_note;"
	    "DROP TRIGGER IF EXISTS audit_checkpoint_stays;";
	sqlite3 *db;

	close_all(w);
	cr_assert_eq(sqlite3_open(world_path(w, "dasi.db"), &db), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, drop, NULL, NULL, NULL), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s",
	    sqlite3_errmsg(db));
	sqlite3_close(db);
}

void
world_certificate(
    struct buf *cert, struct buf *key, const char *type, int bits, long days)
{
	EVP_PKEY *pkey = strcmp(type, "EC") == 0
			     ? EVP_PKEY_Q_keygen(NULL, NULL, "EC",
				   bits == 256 ? "P-256" : "P-384")
			     : EVP_PKEY_Q_keygen(
				   NULL, NULL, "RSA", (size_t)bits);
	X509 *x = X509_new();
	PKCS8_PRIV_KEY_INFO *p8;
	unsigned char *p = NULL;
	int n;

	cr_assert(pkey != NULL && x != NULL);
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_time_adj_ex(X509_getm_notBefore(x), -10, 0, NULL);
	X509_time_adj_ex(X509_getm_notAfter(x), (int)days, 0, NULL);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
	    (const unsigned char *)"Head Office", -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	X509_set_pubkey(x, pkey);
	cr_assert(X509_sign(x, pkey, EVP_sha256()) > 0);
	n = i2d_X509(x, &p);
	buf_add(cert, p, (size_t)n);
	OPENSSL_free(p);
	p8 = EVP_PKEY2PKCS8(pkey);
	p = NULL;
	n = i2d_PKCS8_PRIV_KEY_INFO(p8, &p);
	buf_add(key, p, (size_t)n);
	OPENSSL_free(p);
	PKCS8_PRIV_KEY_INFO_free(p8);
	X509_free(x);
	EVP_PKEY_free(pkey);
	cr_assert(!cert->full && !key->full);
}
