/*
 * store/audit_rows.c - the audit port over the prepared statements.
 */
#define _GNU_SOURCE
#include "store/audit_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "store/internal.h"

static void
bind_blob(sqlite3_stmt *q, int at, const void *p, size_t n)
{
	/* A failure shows when the statement steps: the columns are NOT NULL */
	(void)sqlite3_bind_blob(q, at, n == 0 ? "" : p, (int)n, SQLITE_STATIC);
}

static struct err
add_row(void *ctx, const struct audit_stored *row)
{
	struct store *s = ctx;
	sqlite3_stmt *q = s->q[Q_AUDIT_ADD];

	sqlite3_bind_int64(q, 1, (int64_t)row->seq);
	bind_blob(q, 2, row->row.p, row->row.n);
	bind_blob(q, 3, row->hash, HASH_SIZE);
	bind_blob(q, 4, row->mac, HASH_SIZE);
	return store_run(s, Q_AUDIT_ADD, "store: audit row");
}

static struct err
add_checkpoint(void *ctx, const struct audit_checkpoint *c)
{
	struct store *s = ctx;
	sqlite3_stmt *q = s->q[Q_AUDIT_CUT];
	uint8_t room[TREE_FRONTIER];
	struct buf packed = buf_make(room, sizeof room);

	tree_pack(&c->frontier, &packed);
	sqlite3_bind_int64(q, 1, (int64_t)c->number);
	sqlite3_bind_int64(q, 2, (int64_t)c->size);
	bind_blob(q, 3, c->root, HASH_SIZE);
	bind_blob(q, 4, c->mac, HASH_SIZE);
	bind_blob(q, 5, packed.p, packed.n);
	return store_run(s, Q_AUDIT_CUT, "store: checkpoint");
}

static struct err
set_note(void *ctx, uint64_t number, struct span note)
{
	struct store *s = ctx;
	struct err e;

	sqlite3_bind_int64(s->q[Q_AUDIT_SIGN], 1, (int64_t)number);
	bind_blob(s->q[Q_AUDIT_SIGN], 2, note.p, note.n);
	e = store_run(s, Q_AUDIT_SIGN, "store: note");
	if (!err_is(e) && sqlite3_changes(s->db) != 1)
		e = err_make(E_NOTFOUND, 0, "store: note");
	return e;
}

static struct err
set_meta(void *ctx, const char *key, struct span value)
{
	struct store *s = ctx;

	sqlite3_bind_text(s->q[Q_AUDIT_META], 1, key, -1, SQLITE_STATIC);
	bind_blob(s->q[Q_AUDIT_META], 2, value.p, value.n);
	return store_run(s, Q_AUDIT_META, "store: audit setting");
}

/* Append column `col`. */
static void
add_column(struct buf *out, sqlite3_stmt *q, int col)
{
	const void *p = sqlite3_column_blob(q, col);

	buf_add(out, p, (size_t)sqlite3_column_bytes(q, col));
}

/* Step a bound statement to its one row; the caller resets it. */
static struct err
one_row(struct store *s, enum query which, const char *where)
{
	int rc = sqlite3_step(s->q[which]);

	if (rc == SQLITE_ROW)
		return err_none();
	return rc == SQLITE_DONE ? err_make(E_NOTFOUND, 0, where)
				 : store_err(s, rc, where);
}

static struct err
get_blob_of(struct store *s, enum query which, struct buf *out)
{
	struct err e = one_row(s, which, "store: audit value");

	if (!err_is(e)) {
		add_column(out, s->q[which], 0);
		if (out->full)
			e = err_make(E_LIMIT, 0, "store: audit value");
	}
	sqlite3_reset(s->q[which]);
	sqlite3_clear_bindings(s->q[which]);
	return e;
}

static struct err
get_meta(void *ctx, const char *key, struct buf *out)
{
	struct store *s = ctx;

	sqlite3_bind_text(s->q[Q_META_GET], 1, key, -1, SQLITE_STATIC);
	return get_blob_of(s, Q_META_GET, out);
}

/* A column of exactly so many bytes. */
static bool
take_bytes(uint8_t *out, size_t n, sqlite3_stmt *q, int col)
{
	const void *p = sqlite3_column_blob(q, col);

	if (p == NULL || (size_t)sqlite3_column_bytes(q, col) != n)
		return false;
	memcpy(out, p, n);
	return true;
}

static bool
take_hash(uint8_t out[static HASH_SIZE], sqlite3_stmt *q, int col)
{
	return take_bytes(out, HASH_SIZE, q, col);
}

static struct err
get_anchor(void *ctx, struct audit_anchor *out)
{
	struct store *s = ctx;
	sqlite3_stmt *q = s->q[Q_AUDIT_ANCHOR];
	struct err e;

	if (q == NULL) /* a file from before there were any */
		return err_make(E_NOTFOUND, 0, "store: anchor");
	e = one_row(s, Q_AUDIT_ANCHOR, "store: anchor");
	if (!err_is(e)) {
		out->size = (uint64_t)sqlite3_column_int64(q, 0);
		out->number = (uint64_t)sqlite3_column_int64(q, 1);
		out->cosigned_size = (uint64_t)sqlite3_column_int64(q, 4);
		if (!take_hash(out->root, q, 2) ||
		    !take_hash(out->last, q, 3) ||
		    !take_hash(out->cosigned_root, q, 5) ||
		    !take_bytes(out->cosignature, NOTE_SIGNATURE, q, 6))
			e = err_make(E_CORRUPT, 0, "store: anchor");
	}
	sqlite3_reset(q);
	return e;
}

static struct err
bounds(void *ctx, struct audit_bounds *out)
{
	struct store *s = ctx;
	sqlite3_stmt *q = s->q[Q_AUDIT_BOUNDS];
	struct audit_anchor gone;
	struct err e = one_row(s, Q_AUDIT_BOUNDS, "store: audit bounds");

	if (!err_is(e)) {
		out->first = (uint64_t)sqlite3_column_int64(q, 0);
		out->end = (uint64_t)sqlite3_column_int64(q, 1);
		out->checkpoints = (uint64_t)sqlite3_column_int64(q, 2);
		out->first_checkpoint = (uint64_t)sqlite3_column_int64(q, 3);
	}
	sqlite3_reset(q);
	/* without one row left, what has gone still counts */
	if (err_is(e) || out->end > 0 || err_is(get_anchor(ctx, &gone)))
		return e;
	out->first = out->end = gone.size;
	return e;
}

static bool
take_checkpoint(struct audit_checkpoint *c, sqlite3_stmt *q)
{
	struct buf note = buf_make(c->note, sizeof c->note);
	int64_t size = sqlite3_column_int64(q, 0);
	const void *p = sqlite3_column_blob(q, 3);

	if (size < 0 || !take_hash(c->root, q, 1) || !take_hash(c->mac, q, 2))
		return false;
	c->size = (uint64_t)size;
	add_column(&note, q, 4);
	c->note_n = note.n;
	return !note.full &&
	       !err_is(tree_unpack(&c->frontier, c->size,
		   span_make(p, (size_t)sqlite3_column_bytes(q, 3))));
}

static struct err
get_checkpoint(void *ctx, uint64_t number, struct audit_checkpoint *out)
{
	struct store *s = ctx;
	sqlite3_stmt *q = s->q[Q_AUDIT_CHECKPOINT];
	struct err e;

	sqlite3_bind_int64(q, 1, (int64_t)number);
	e = one_row(s, Q_AUDIT_CHECKPOINT, "store: checkpoint");
	out->number = number;
	if (!err_is(e) && !take_checkpoint(out, q))
		e = err_make(E_CORRUPT, 0, "store: checkpoint");
	sqlite3_reset(q);
	return e;
}

static bool
take_row(struct audit_stored *r, sqlite3_stmt *q)
{
	r->seq = (uint64_t)sqlite3_column_int64(q, 0);
	r->row.p = sqlite3_column_blob(q, 1);
	r->row.n = (size_t)sqlite3_column_bytes(q, 1);
	return take_hash(r->hash, q, 2) && take_hash(r->mac, q, 3);
}

static struct err
walk_rows(void *ctx, uint64_t from, uint64_t to,
    struct err (*each)(void *arg, const struct audit_stored *row), void *arg)
{
	struct store *s = ctx;
	sqlite3_stmt *q = s->q[Q_AUDIT_ROWS];
	struct err e = err_none();
	struct audit_stored r;
	int rc = SQLITE_DONE;

	sqlite3_bind_int64(q, 1, (int64_t)from);
	sqlite3_bind_int64(q, 2, (int64_t)to);
	while (!err_is(e) && (rc = sqlite3_step(q)) == SQLITE_ROW)
		e = take_row(&r, q)
			? each(arg, &r)
			: err_make(E_CORRUPT, 0, "store: audit row");
	if (!err_is(e) && rc != SQLITE_DONE)
		e = store_err(s, rc, "store: audit rows");
	sqlite3_reset(q);
	return e;
}

static struct err
hashes(void *ctx, uint8_t (*out)[HASH_SIZE], uint64_t first, size_t n)
{
	struct store *s = ctx;
	sqlite3_stmt *q = s->q[Q_AUDIT_HASHES];
	struct err e = err_none();
	size_t got = 0;
	int rc = SQLITE_ROW;

	sqlite3_bind_int64(q, 1, (int64_t)first);
	sqlite3_bind_int64(q, 2, (int64_t)(first + n));
	while (got < n && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		if (!take_hash(out[got++], q, 0)) {
			e = err_make(E_CORRUPT, 0, "store: audit hash");
			break;
		}
	}
	if (rc != SQLITE_ROW)
		e = rc == SQLITE_DONE
			? err_make(E_NOTFOUND, 0, "store: audit hash")
			: store_err(s, rc, "store: audit hash");
	sqlite3_reset(q);
	return e;
}

static struct err
add_blob(void *ctx, const uint8_t hash[static HASH_SIZE], struct span sealed)
{
	struct store *s = ctx;

	bind_blob(s->q[Q_AUDIT_BLOB_ADD], 1, hash, HASH_SIZE);
	bind_blob(s->q[Q_AUDIT_BLOB_ADD], 2, sealed.p, sealed.n);
	sqlite3_bind_int64(
	    s->q[Q_AUDIT_BLOB_ADD], 3, s->clock.wall_ms(s->clock.ctx) / 1000);
	return store_run(s, Q_AUDIT_BLOB_ADD, "store: sealed record");
}

static struct err
get_blob(void *ctx, const uint8_t hash[static HASH_SIZE], struct buf *out)
{
	struct store *s = ctx;

	bind_blob(s->q[Q_AUDIT_BLOB_GET], 1, hash, HASH_SIZE);
	return get_blob_of(s, Q_AUDIT_BLOB_GET, out);
}

static struct err
shred_blob(void *ctx, const uint8_t hash[static HASH_SIZE])
{
	struct store *s = ctx;
	struct err e;

	bind_blob(s->q[Q_AUDIT_BLOB_SHRED], 1, hash, HASH_SIZE);
	e = store_run(s, Q_AUDIT_BLOB_SHRED, "store: shred");
	if (!err_is(e) && sqlite3_changes(s->db) != 1)
		e = err_make(E_NOTFOUND, 0, "store: shred");
	return e;
}

/*
 * dasi.signed: two places of one sector, written in turns, so that a power cut
 * in the middle of one leaves the other.  Each is number, size (big-endian),
 * root, and the SHA-256 of these.  Only the first writes are synced: what is
 * signed is durable in the database already, and losing the last moments of
 * this memory raises no false alarm.
 */
enum { SEEN_DATA = 8 + 8 + HASH_SIZE, SEEN_PLACE = 512 };

static struct err
seen_open(int *fd, const struct store *s, int flags)
{
	size_t n = strlen(s->path);
	char path[STORE_PATH];

	if (n < 3 || n + 4 >= sizeof path)
		return err_make(E_LIMIT, 0, "store: signed");
	/* "dasi.db" -> "dasi.signed" */
	snprintf(path, sizeof path, "%.*s.signed", (int)(n - 3), s->path);
	*fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd >= 0)
		return err_none();
	return errno == ENOENT ? err_make(E_NOTFOUND, 0, "store: signed")
			       : file_err("store: signed");
}

static void
seen_write(uint8_t place[static SEEN_PLACE], const struct audit_seen *seen)
{
	memset(place, 0, SEEN_PLACE);
	for (int i = 0; i < 8; i++) {
		place[i] = (uint8_t)(seen->number >> (56 - 8 * i));
		place[8 + i] = (uint8_t)(seen->size >> (56 - 8 * i));
	}
	memcpy(place + 16, seen->root, HASH_SIZE);
}

/* False when nothing whole is in this place. */
static bool
seen_read(struct audit_seen *out, const uint8_t place[static SEEN_PLACE])
{
	uint8_t digest[SEAL_DIGEST];

	if (err_is(seal_digest(digest, span_make(place, SEEN_DATA))) ||
	    memcmp(digest, place + SEEN_DATA, SEAL_DIGEST) != 0)
		return false;
	out->number = out->size = 0;
	for (size_t i = 0; i < 8; i++) {
		out->number = out->number << 8 | place[i];
		out->size = out->size << 8 | place[8 + i];
	}
	memcpy(out->root, place + 16, HASH_SIZE);
	return true;
}

static struct err
get_seen(void *ctx, struct audit_seen *out)
{
	uint8_t room[2 * SEEN_PLACE] = { 0 };
	struct audit_seen place;
	bool found = false;
	int fd;
	struct err e = seen_open(&fd, ctx, O_RDONLY);

	if (err_is(e))
		return e;
	if (pread(fd, room, sizeof room, 0) < 0)
		e = err_sys("store: signed");
	close(fd);
	for (size_t i = 0; i < 2 && !err_is(e); i++) {
		if (!seen_read(&place, room + i * SEEN_PLACE) ||
		    (found && place.number < out->number))
			continue;
		*out = place;
		found = true;
	}
	return err_is(e) || found ? e : err_make(E_CORRUPT, 0, "store: signed");
}

static struct err
set_seen(void *ctx, const struct audit_seen *seen)
{
	uint8_t place[SEEN_PLACE];
	struct err e;
	int fd;

	seen_write(place, seen);
	e = seal_digest(place + SEEN_DATA, span_make(place, SEEN_DATA));
	if (!err_is(e))
		e = seen_open(&fd, ctx, O_WRONLY | O_CREAT);
	if (err_is(e))
		return e;
	if (pwrite(fd, place, sizeof place,
		(off_t)(seen->number % 2) * SEEN_PLACE) != sizeof place ||
	    (seen->number < 2 && fsync(fd) != 0))
		e = file_err("store: signed");
	close(fd);
	return e;
}

struct audit_port
store_audit_port(struct store *s)
{
	bool writes = s->ballast[0] != '\0';

	return (struct audit_port){
		.add_row = add_row,
		.add_checkpoint = add_checkpoint,
		.set_note = set_note,
		.set_meta = set_meta,
		.get_meta = get_meta,
		.bounds = bounds,
		.anchor = get_anchor,
		.checkpoint = get_checkpoint,
		.rows = walk_rows,
		.hashes = hashes,
		.add_blob = add_blob,
		.get_blob = get_blob,
		.shred_blob = shred_blob,
		.get_seen = writes ? get_seen : NULL,
		.set_seen = writes ? set_seen : NULL,
		.ctx = s,
	};
}
