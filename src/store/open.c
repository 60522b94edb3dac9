/*
 * store/open.c - opening, creating and closing dasi.db.
 *
 * Order matters: look before writing anything (a damaged or foreign file is
 * left as found), synchronous=EXTRA before journal_mode=WAL at creation.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/secret.h"
#include "store/internal.h"

enum { QUICK_CHECK = 16 * 1024 * 1024 };

struct err
store_err(struct store *s, int rc, const char *where)
{
	int full = s->db == NULL ? rc : sqlite3_extended_errcode(s->db);
	int sys = s->db == NULL ? 0 : sqlite3_system_errno(s->db);

	switch (rc & 0xff) {
	case SQLITE_FULL:
		return err_make(E_FULL, ENOSPC, where);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_make(E_EXISTS, 0, where);
	case SQLITE_CONSTRAINT:
		return err_make(
		    full == SQLITE_CONSTRAINT_UNIQUE ? E_EXISTS : E_STATE, 0,
		    where);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_make(E_CORRUPT, 0, where);
	case SQLITE_NOMEM:
		return err_make(E_NOMEM, 0, where);
	case SQLITE_READONLY:
		return err_make(E_READONLY, sys, where);
	case SQLITE_TOOBIG:
		return err_make(E_LIMIT, 0, where);
	case SQLITE_IOERR:
		if (sys == ENOSPC)
			return err_make(E_FULL, sys, where);
		s->broken = true;
		return err_make(E_SYS, sys, where);
	default:
		return err_make(E_SYS, sys, where);
	}
}

static struct err
exec(struct store *s, const char *sql, const char *where)
{
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? err_none() : store_err(s, rc, where);
}

/* The first value of a statement that is not one of the prepared ones. */
static struct err
ask(struct store *s, const char *sql, char *out, size_t cap)
{
	sqlite3_stmt *q = NULL;
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &q, NULL);
	struct err e = err_none();

	out[0] = '\0';
	if (rc == SQLITE_OK && (rc = sqlite3_step(q)) == SQLITE_ROW)
		str_copy(out, cap, (const char *)sqlite3_column_text(q, 0));
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		e = store_err(s, rc, "store: question");
	sqlite3_finalize(q);
	return e;
}

static struct err
lay_ballast(struct store *s)
{
	int fd = open(
	    s->ballast, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	int rc;

	if (fd < 0)
		return file_err("store: ballast");
	rc = posix_fallocate(fd, 0, STORE_BALLAST);
	if (rc == 0 && fsync(fd) != 0)
		rc = errno;
	close(fd);
	if (rc == 0)
		return err_none();
	unlink(s->ballast);
	errno = rc;
	return file_err("store: ballast");
}

bool
store_is_low(struct store *s)
{
	struct stat st;

	if (stat(s->ballast, &st) == 0 && st.st_size >= STORE_BALLAST)
		return false;
	return err_is(lay_ballast(s));
}

bool
store_is_broken(const struct store *s)
{
	return s->broken;
}

/* No database, or an empty one, where there was one: never begin afresh. */
static struct err
check_traces(const struct store *s)
{
	static const char *const traces[] = { "dasi.db-wal", "dasi.ballast",
		"dasi.signed" };
	char path[STORE_PATH + 16];
	struct stat st;

	if (stat(s->path, &st) == 0 && st.st_size > 0)
		return err_none();
	for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
		snprintf(path, sizeof path, "%.*s%s",
		    (int)(strlen(s->path) - strlen("dasi.db")), s->path,
		    traces[i]);
		if (stat(path, &st) == 0)
			return err_make(E_CORRUPT, 0, "store: file is gone");
	}
	return err_none();
}

static struct err
open_file(struct store *s)
{
	struct err e = check_traces(s);
	int fd, rc;

	if (err_is(e))
		return e;
	/* SQLite gives its other files the mode of this one. */
	fd = open(s->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return file_err("store: create");
	close(fd);
	rc = sqlite3_open_v2(s->path, &s->db,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW |
		SQLITE_OPEN_PRIVATECACHE,
	    NULL);

	if (rc != SQLITE_OK)
		return store_err(s, rc, "store: open");
	sqlite3_extended_result_codes(s->db, 0);
	if (sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) !=
		SQLITE_OK ||
	    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL) !=
		SQLITE_OK)
		return err_make(E_SYS, 0, "store: settings");
	return exec(s, store_settings, "store: settings");
}

/*
 * All of a small file.  Of a large one all but the audit rows, which take
 * nearly all of it: whoever serves reads them in the background, see
 * audit_walk_open, and their end is read to the byte when the log is opened.
 */
static struct err
check_pages(struct store *s)
{
	char text[STORE_TEXT];
	struct stat st;
	struct err e;

	if (stat(s->path, &st) != 0)
		return file_err("store: size");
	if (st.st_size <= QUICK_CHECK)
		e = ask(s, "PRAGMA quick_check(1)", text, sizeof text);
	else
		e = ask(s,
		    "SELECT coalesce(min(quick_check), 'ok')"
		    " FROM sqlite_schema, pragma_quick_check(name)"
		    " WHERE type = 'table' AND name <> 'audit_row'"
		    " AND name NOT LIKE 'sqlite_%' AND quick_check <> 'ok'",
		    text, sizeof text);
	return err_is(e) || strcmp(text, "ok") == 0
		   ? e
		   : err_make(E_CORRUPT, 0, "store: quick check");
}

/* *fresh: nothing has ever been written here. */
static struct err
recognise(struct store *s, bool *fresh, int *version)
{
	char text[STORE_TEXT];
	struct err e;

	*fresh = false;
	e = ask(s, "SELECT count(*) FROM sqlite_schema", text, sizeof text);
	if (err_is(e))
		return e;
	if (strcmp(text, "0") == 0) {
		*fresh = true;
		*version = 0;
		return err_none();
	}
	e = ask(s, "PRAGMA application_id", text, sizeof text);
	if (!err_is(e) && strtol(text, NULL, 10) != STORE_APPLICATION)
		e = err_make(E_CORRUPT, 0, "store: somebody else's file");
	if (!err_is(e))
		e = ask(s, "PRAGMA user_version", text, sizeof text);
	*version = (int)strtol(text, NULL, 10);
	if (!err_is(e) && *version > STORE_SCHEMA)
		e = err_make(E_UNSUPPORTED, 0, "store: newer version");
	return err_is(e) ? e : check_pages(s);
}

static struct err
take_steps(struct store *s, int version)
{
	char pragma[64];
	struct err e;

	if (version == STORE_SCHEMA)
		return err_none();
	e = exec(s, "BEGIN EXCLUSIVE", "store: lock");
	if (err_is(e))
		return e;
	for (int v = version; v < STORE_SCHEMA && !err_is(e); v++)
		e = exec(s, store_schema[v], "store: schema");
	snprintf(
	    pragma, sizeof pragma, "PRAGMA user_version = %d", STORE_SCHEMA);
	if (!err_is(e))
		e = exec(s, pragma, "store: schema");
	if (!err_is(e))
		return exec(s, "COMMIT", "store: schema");
	sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return e;
}

static struct err
prepare(struct store *s)
{
	for (int i = 0; i < Q_COUNT; i++) {
		int rc = sqlite3_prepare_v3(s->db, store_sql[i], -1,
		    SQLITE_PREPARE_PERSISTENT, &s->q[i], NULL);
		if (rc != SQLITE_OK)
			return store_err(s, rc, "store: prepare");
	}
	return err_none();
}

/* The value of `key`, which is set to `want` on a fresh file. */
static struct err
settle_meta(struct store *s, const char *key, struct span want)
{
	sqlite3_stmt *q = s->q[Q_META_GET];
	struct err e = err_none();
	int rc;

	sqlite3_bind_text(q, 1, key, -1, SQLITE_STATIC);
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW) {
		struct span got = { sqlite3_column_blob(q, 0),
			(size_t)sqlite3_column_bytes(q, 0) };
		if (!span_eq(got, want))
			e = err_make(E_MISMATCH, 0, "store: another branch");
	} else if (rc != SQLITE_DONE) {
		e = store_err(s, rc, "store: meta");
	}
	sqlite3_reset(q);
	if (rc != SQLITE_DONE)
		return e;
	q = s->q[Q_META_PUT];
	sqlite3_bind_text(q, 1, key, -1, SQLITE_STATIC);
	sqlite3_bind_blob(q, 2, want.p, (int)want.n, SQLITE_TRANSIENT);
	return store_run(s, Q_META_PUT, "store: meta");
}

/* The file belongs to this branch and to this device key. */
static struct err
settle_owner(struct store *s, const struct store_params *p)
{
	uint8_t mark[SEAL_DIGEST];
	struct err e = store_begin(s);

	if (err_is(e))
		return e;
	e = seal_tag(mark, s->tag_secret, span_str("device"));
	if (!err_is(e))
		e = settle_meta(s, "device", span_make(mark, sizeof mark));
	if (!err_is(e))
		e = settle_meta(s, "bank", span_str(p->bank_code));
	if (!err_is(e))
		e = settle_meta(s, "branch", span_str(p->branch_code));
	return store_end(s, e);
}

static struct err
set_up(struct store *s, const struct store_params *p)
{
	struct buf boot = buf_make(s->boot_id, BOOT_ID - 1);
	struct err e;

	s->clock = p->clock;
	if (snprintf(s->path, sizeof s->path, "%s/dasi.db", p->folder) >=
		(int)sizeof s->path ||
	    snprintf(s->ballast, sizeof s->ballast, "%s/dasi.ballast",
		p->folder) >= (int)sizeof s->ballast ||
	    !str_copy(s->bank_code, sizeof s->bank_code, p->bank_code) ||
	    !str_copy(s->branch_code, sizeof s->branch_code, p->branch_code))
		return err_make(E_LIMIT, 0, "store: names");
	e = seal_key_derive(s->wrap_secret, p->device_key, "dasi case wrap");
	if (!err_is(e))
		e = seal_key_derive(
		    s->tag_secret, p->device_key, "dasi person tag");
	if (!err_is(e))
		e = file_make_dirs(p->folder);
	if (err_is(e))
		return e;
	/* Without /proc the id is empty: order still follows from seq. */
	if (err_is(file_read(&boot, "/proc/sys/kernel/random/boot_id")))
		boot.n = 0;
	s->boot_id[boot.n] = '\0';
	s->boot_id[strcspn(s->boot_id, "\n")] = '\0';
	return err_none();
}

struct err
store_open(struct store **out, const struct store_params *p)
{
	struct store *s = calloc(1, sizeof *s);
	bool fresh = false;
	int version = 0;
	struct err e;

	*out = NULL;
	if (s == NULL)
		return err_make(E_NOMEM, 0, "store: open");
	e = set_up(s, p);
	if (!err_is(e))
		e = open_file(s);
	if (!err_is(e))
		e = recognise(s, &fresh, &version);
	if (!err_is(e) && fresh)
		e = exec(s, store_creation, "store: creation");
	if (!err_is(e))
		e = take_steps(s, version);
	if (!err_is(e))
		e = exec(s, store_running, "store: settings");
	if (!err_is(e))
		e = prepare(s);
	if (!err_is(e))
		e = settle_owner(s, p);
	if (err_is(e)) {
		store_close(s);
		return e;
	}
	(void)store_is_low(s); /* the ballast comes first */
	e = store_wal_lay(s);
	if (err_is(e)) {
		store_close(s);
		return e;
	}
	*out = s;
	return err_none();
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	audit_log_close(s->audit);
	for (int i = 0; i < Q_COUNT; i++)
		sqlite3_finalize(s->q[i]);
	sqlite3_close(s->db);
	secret_wipe(s, sizeof *s);
	free(s);
}
