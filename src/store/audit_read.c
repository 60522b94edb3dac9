/*
 * store/audit_read.c - a branch's database opened to read its audit log.
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
#include "store/audit_rows.h"
#include "store/internal.h"

enum { TRIES = 20, WAL_HEADER = 32, CHUNK = 256 * 1024 };

/* What reading takes: tables that are there since schema step 2. */
static const enum query needed[] = { Q_META_GET, Q_AUDIT_BOUNDS,
	Q_AUDIT_CHECKPOINT, Q_AUDIT_ROWS, Q_AUDIT_HASHES };

static struct err
prepare(struct store *s)
{
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		int rc = sqlite3_prepare_v3(s->db, store_sql[needed[i]], -1,
		    SQLITE_PREPARE_PERSISTENT, &s->q[needed[i]], NULL);

		if (rc == SQLITE_ERROR)
			return err_make(E_CORRUPT, 0, "audit: no audit log");
		if (rc != SQLITE_OK)
			return store_err(s, rc, "audit: prepare");
	}
	/* absent from files written before schema step 5 */
	(void)sqlite3_prepare_v3(s->db, store_sql[Q_AUDIT_ANCHOR], -1,
	    SQLITE_PREPARE_PERSISTENT, &s->q[Q_AUDIT_ANCHOR], NULL);
	return err_none();
}

/* file:PATH?immutable=1, with what URIs give a meaning to escaped. */
static struct err
make_uri(char *out, size_t cap, const char *path)
{
	struct buf b = buf_make(out, cap);
	char escaped[4];

	buf_add_str(&b, "file:");
	for (; *path != '\0'; path++) {
		if (strchr("%?#", *path) != NULL) {
			snprintf(escaped, sizeof escaped, "%%%02X",
			    (unsigned int)(unsigned char)*path);
			buf_add_str(&b, escaped);
		} else {
			buf_add_byte(&b, (uint8_t)*path);
		}
	}
	buf_add_str(&b, "?immutable=1");
	buf_add_byte(&b, '\0');
	return b.full ? err_make(E_LIMIT, 0, "audit: path") : err_none();
}

struct err
store_open_audit(struct store **out, const char *path)
{
	struct store *s = calloc(1, sizeof *s);
	char uri[3 * STORE_PATH];
	struct stat st;
	struct err e;
	int rc;

	*out = NULL;
	if (s == NULL)
		return err_make(E_NOMEM, 0, "audit: open");
	e = make_uri(uri, sizeof uri, path);
	if (!err_is(e) && stat(path, &st) != 0)
		e = errno == ENOENT ? err_make(E_NOTFOUND, 0, "audit: open")
				    : err_sys("audit: open");
	if (!err_is(e)) {
		rc = sqlite3_open_v2(uri, &s->db,
		    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI |
			SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
		    NULL);
		if (rc == SQLITE_OK)
			rc = sqlite3_exec(s->db,
			    "PRAGMA trusted_schema = OFF;"
			    "PRAGMA cell_size_check = ON;"
			    "PRAGMA query_only = ON",
			    NULL, NULL, NULL);
		if (rc != SQLITE_OK)
			e = store_err(s, rc, "audit: open");
	}
	if (!err_is(e))
		e = prepare(s);
	if (err_is(e))
		store_close(s);
	else
		*out = s;
	return e;
}

static struct err
copy_file(const char *to, const char *from)
{
	static uint8_t chunk[CHUNK];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = in < 0 ? -1
			 : open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			       0600);
	struct err e = err_none();
	ssize_t n = 0;

	if (in < 0)
		e = errno == ENOENT ? err_make(E_NOTFOUND, 0, "audit: copy")
				    : err_sys("audit: copy");
	else if (out < 0)
		e = file_err("audit: copy");
	while (!err_is(e) && (n = read(in, chunk, sizeof chunk)) > 0)
		e = file_write_all(out, span_make(chunk, (size_t)n));
	if (!err_is(e) && n < 0)
		e = err_sys("audit: copy");
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return e;
}

/* The first bytes of a -wal file: new ones whenever it starts over. */
static struct err
wal_header(uint8_t out[static WAL_HEADER], const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct err e = err_none();

	memset(out, 0, WAL_HEADER);
	if (fd < 0)
		return errno == ENOENT ? err_make(E_NOTFOUND, 0, "audit: wal")
				       : err_sys("audit: wal");
	if (pread(fd, out, WAL_HEADER, 0) < 0)
		e = err_sys("audit: wal");
	close(fd);
	return e;
}

/*
 * Database first, then -wal.  As long as the -wal did not start over, it holds
 * every page that changed in the database meanwhile.  E_STATE: it did.
 */
static struct err
copy_pair(
    const char *to, const char *to_wal, const char *from, const char *from_wal)
{
	uint8_t before[WAL_HEADER], after[WAL_HEADER];
	struct err e = wal_header(before, from_wal);

	if (!err_is(e))
		e = copy_file(to, from);
	if (!err_is(e))
		e = copy_file(to_wal, from_wal);
	if (!err_is(e))
		e = wal_header(after, from_wal);
	if (e.code == E_NOTFOUND ||
	    (!err_is(e) && memcmp(before, after, WAL_HEADER) != 0))
		e = err_make(E_STATE, 0, "audit: copy");
	return e;
}

/* Play the copied -wal into the copied database and drop it. */
static struct err
fold(const char *path)
{
	sqlite3 *db = NULL;
	int rc = sqlite3_open_v2(
	    path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db,
		    "PRAGMA trusted_schema = OFF; PRAGMA synchronous = OFF;"
		    "PRAGMA locking_mode = EXCLUSIVE;"
		    "PRAGMA journal_mode = DELETE",
		    NULL, NULL, NULL);
	sqlite3_close(db);
	if (rc == SQLITE_OK)
		return err_none();
	return err_make(rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB ? E_CORRUPT
			: rc == SQLITE_FULL			    ? E_FULL
								    : E_SYS,
	    0, "audit: copy");
}

static struct err
make_folder(struct store_snapshot *out)
{
	const char *tmp = getenv("TMPDIR");

	if (snprintf(out->folder, sizeof out->folder, "%s/dasi-audit-XXXXXX",
		tmp == NULL || *tmp == '\0' ? "/tmp" : tmp) >=
	    (int)sizeof out->folder - 16) {
		out->folder[0] = '\0';
		return err_make(E_LIMIT, 0, "audit: copy");
	}
	if (mkdtemp(out->folder) == NULL) {
		out->folder[0] = '\0';
		return file_err("audit: copy");
	}
	snprintf(out->path, sizeof out->path, "%.*s/dasi.db",
	    (int)sizeof out->path - 9, out->folder);
	return err_none();
}

struct err
store_snapshot_take(struct store_snapshot *out, const char *path)
{
	char wal[STORE_PATH + 8], copy_wal[STORE_PATH + 8];
	struct stat st;
	struct err e;

	memset(out, 0, sizeof *out);
	if (!str_copy(out->path, sizeof out->path, path))
		return err_make(E_LIMIT, 0, "audit: path");
	snprintf(wal, sizeof wal, "%s-wal", path);
	if (stat(path, &st) != 0)
		return errno == ENOENT ? err_make(E_NOTFOUND, 0, "audit: path")
				       : err_sys("audit: path");
	if (stat(wal, &st) != 0)
		return errno == ENOENT ? err_none() : err_sys("audit: path");
	e = make_folder(out);
	if (err_is(e))
		return e;
	snprintf(copy_wal, sizeof copy_wal, "%s-wal", out->path);
	e = err_make(E_STATE, 0, "audit: copy");
	for (int i = 0; i < TRIES && e.code == E_STATE; i++)
		e = copy_pair(out->path, copy_wal, path, wal);
	if (e.code == E_STATE)
		e = err_make(E_TIMEOUT, 0, "audit: copy");
	if (!err_is(e))
		e = fold(out->path);
	if (err_is(e))
		store_snapshot_drop(out);
	return e;
}

void
store_snapshot_drop(struct store_snapshot *snap)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	char path[STORE_PATH + 16];

	if (snap->folder[0] == '\0')
		return;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		snprintf(path, sizeof path, "%s%s", snap->path, ends[i]);
		unlink(path);
	}
	rmdir(snap->folder);
	snap->folder[0] = '\0';
}
