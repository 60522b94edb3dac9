/*
 * store/secret.c - case keys, sealed records, journal rows.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "store/internal.h"

/* What a record is and whose: bound to it by the seal. */
enum { ABOUT = STORE_TEXT + 32 };

static struct span
about(char room[static ABOUT], const char *what, const struct store_case *c)
{
	int n = snprintf(room, ABOUT, "%s/%s", what, c->case_no);

	assert(n > 0 && n < ABOUT);
	return span_make(room, (size_t)n);
}

struct err
secret_key_make(
    struct store *s, uint8_t key[static SEAL_KEY], const struct store_case *c)
{
	sqlite3_stmt *q = s->q[Q_KEY_INSERT];
	uint8_t wrapped[STORE_WRAPPED];
	char room[ABOUT];
	size_t n;
	struct err e = seal_key_new(key);

	if (!err_is(e))
		e = seal(wrapped, sizeof wrapped, &n, s->wrap_secret,
		    about(room, "key", c), span_make(key, SEAL_KEY));
	if (err_is(e))
		return e;
	sqlite3_bind_int64(q, 1, c->id);
	sqlite3_bind_blob(q, 2, wrapped, (int)n, SQLITE_TRANSIENT);
	return store_run(s, Q_KEY_INSERT, "store: case key");
}

struct err
secret_key_get(
    struct store *s, uint8_t key[static SEAL_KEY], const struct store_case *c)
{
	sqlite3_stmt *q = s->q[Q_KEY_GET];
	char room[ABOUT];
	struct err e;
	size_t n;
	int rc;

	sqlite3_bind_int64(q, 1, c->id);
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW)
		e = seal_open(key, SEAL_KEY, &n, s->wrap_secret,
		    about(room, "key", c),
		    span_make(sqlite3_column_blob(q, 0),
			(size_t)sqlite3_column_bytes(q, 0)));
	else if (rc == SQLITE_DONE)
		e = err_make(E_NOTFOUND, 0, "store: case key");
	else
		e = store_err(s, rc, "store: case key");
	sqlite3_reset(q);
	return e;
}

static struct err
put_blob(struct store *s, const struct store_case *c,
    const uint8_t key[static SEAL_KEY], const struct store_blob *b)
{
	enum query which = b->data.n == 0 ? Q_BLOB_DELETE : Q_BLOB_PUT;
	uint8_t sealed[STORE_BLOB + SEAL_OVERHEAD];
	char what[16], room[ABOUT];
	size_t n;

	sqlite3_bind_int64(s->q[which], 1, c->id);
	sqlite3_bind_int(s->q[which], 2, (int)b->kind);
	if (which == Q_BLOB_PUT) {
		snprintf(what, sizeof what, "blob %d", (int)b->kind);
		struct err e = seal(sealed, sizeof sealed, &n, key,
		    about(room, what, c), b->data);
		if (err_is(e))
			return e;
		sqlite3_bind_blob(
		    s->q[which], 3, sealed, (int)n, SQLITE_TRANSIENT);
	}
	return store_run(s, which, "store: record");
}

static const char *const row_words[ROW_COUNT] = {
	[ROW_INTENT] = "intent",
	[ROW_RESULT] = "result",
	[ROW_EVENT] = "event",
};

/* The exact bytes: their digest in the clear, themselves sealed. */
static struct err
bind_bytes(sqlite3_stmt *q, const struct store_case *c,
    const uint8_t key[static SEAL_KEY], struct span bytes)
{
	uint8_t sealed[STORE_BLOB + SEAL_OVERHEAD], digest[SEAL_DIGEST];
	char room[ABOUT];
	struct err e;
	size_t n;

	if (bytes.n == 0) {
		sqlite3_bind_null(q, 8);
		sqlite3_bind_null(q, 9);
		return err_none();
	}
	e = seal_digest(digest, bytes);
	if (!err_is(e))
		e = seal(sealed, sizeof sealed, &n, key,
		    about(room, "journal", c), bytes);
	if (err_is(e))
		return e;
	sqlite3_bind_blob(q, 8, digest, sizeof digest, SQLITE_TRANSIENT);
	sqlite3_bind_blob(q, 9, sealed, (int)n, SQLITE_TRANSIENT);
	return err_none();
}

static struct err
add_row(struct store *s, const struct store_case *c,
    const uint8_t key[static SEAL_KEY], const struct store_row *r)
{
	sqlite3_stmt *q = s->q[Q_JOURNAL_ADD];
	struct err e;

	sqlite3_bind_int64(q, 1, c->id);
	sqlite3_bind_text(q, 2, row_words[r->kind], -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 3, r->effect, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(
	    q, 4, r->key == NULL ? "" : r->key, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(
	    q, 5, r->outcome == NULL ? "" : r->outcome, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int(q, 6, (int)c->state);
	sqlite3_bind_int64(q, 7, c->version);
	e = bind_bytes(q, c, key, r->bytes);
	if (err_is(e))
		return e;
	sqlite3_bind_int64(q, 10, s->clock.wall_ms(s->clock.ctx));
	sqlite3_bind_int64(q, 11, s->clock.mono_ms(s->clock.ctx));
	sqlite3_bind_text(q, 12, s->boot_id, -1, SQLITE_STATIC);
	return store_run(s, Q_JOURNAL_ADD, "store: journal");
}

static bool
needs_key(const struct store_change *ch)
{
	for (size_t i = 0; i < ch->row_count; i++) {
		if (ch->rows[i].bytes.n > 0)
			return true;
	}
	return ch->blob_count > 0;
}

struct err
secret_apply(struct store *s, const struct store_case *c,
    const struct store_change *ch, const char *fact)
{
	struct store_row plain = { .kind = ROW_EVENT, .effect = fact };
	uint8_t key[SEAL_KEY] = { 0 };
	struct err e = err_none();

	if (needs_key(ch))
		e = secret_key_get(s, key, c);
	if (!err_is(e))
		e = add_row(s, c, key, &plain);
	for (size_t i = 0; i < ch->row_count && !err_is(e); i++)
		e = add_row(s, c, key, &ch->rows[i]);
	for (size_t i = 0; i < ch->blob_count && !err_is(e); i++)
		e = put_blob(s, c, key, &ch->blobs[i]);
	secret_wipe(key, sizeof key);
	if (!err_is(e) && ch->forget) {
		sqlite3_bind_int64(s->q[Q_KEY_DELETE], 1, c->id);
		e = store_run(s, Q_KEY_DELETE, "store: forget");
	}
	return e;
}

/* Open what column `col` of the statement holds, appended to `out`. */
static struct err
open_column(struct store *s, struct buf *out, sqlite3_stmt *q, int col,
    const struct store_case *c, const char *what)
{
	uint8_t key[SEAL_KEY];
	char room[ABOUT];
	size_t n;
	struct err e = secret_key_get(s, key, c);

	if (!err_is(e))
		e = seal_open(out->p + out->n, out->cap - out->n, &n, key,
		    about(room, what, c),
		    span_make(sqlite3_column_blob(q, col),
			(size_t)sqlite3_column_bytes(q, col)));
	if (!err_is(e))
		out->n += n;
	secret_wipe(key, sizeof key);
	return e;
}

struct err
store_blob_get(struct store *s, struct buf *out, const struct store_case *c,
    enum store_blob_kind kind)
{
	sqlite3_stmt *q = s->q[Q_BLOB_GET];
	char what[16];
	struct err e;
	int rc;

	sqlite3_bind_int64(q, 1, c->id);
	sqlite3_bind_int(q, 2, (int)kind);
	rc = sqlite3_step(q);
	snprintf(what, sizeof what, "blob %d", (int)kind);
	if (rc == SQLITE_ROW)
		e = open_column(s, out, q, 0, c, what);
	else if (rc == SQLITE_DONE)
		e = err_make(E_NOTFOUND, 0, "store: record");
	else
		e = store_err(s, rc, "store: record");
	sqlite3_reset(q);
	return e;
}

struct err
store_open_intent(struct store *s, struct buf *out, char *key, size_t cap,
    const struct store_case *c, const char *effect)
{
	sqlite3_stmt *q = s->q[Q_JOURNAL_OPEN];
	struct err e = err_none();
	int rc;

	sqlite3_bind_int64(q, 1, c->id);
	sqlite3_bind_text(q, 2, effect, -1, SQLITE_STATIC);
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW) {
		if (!str_copy(
			key, cap, (const char *)sqlite3_column_text(q, 0)))
			e = err_make(E_LIMIT, 0, "store: intent");
		if (!err_is(e) && sqlite3_column_bytes(q, 1) > 0)
			e = open_column(s, out, q, 1, c, "journal");
	} else if (rc == SQLITE_DONE) {
		e = err_make(E_NOTFOUND, 0, "store: intent");
	} else {
		e = store_err(s, rc, "store: intent");
	}
	sqlite3_reset(q);
	return e;
}

struct err
store_journal_last(struct store *s, struct buf *out, int64_t *seq,
    const struct store_case *c, const char *effect, enum store_row_kind kind)
{
	sqlite3_stmt *q = s->q[Q_JOURNAL_LAST];
	struct err e = err_none();
	int rc;

	*seq = 0;
	sqlite3_bind_int64(q, 1, c->id);
	sqlite3_bind_text(q, 2, effect, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 3, row_words[kind], -1, SQLITE_STATIC);
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW) {
		*seq = sqlite3_column_int64(q, 0);
		if (sqlite3_column_bytes(q, 1) > 0)
			e = open_column(s, out, q, 1, c, "journal");
	} else {
		e = rc == SQLITE_DONE
			? err_make(E_NOTFOUND, 0, "store: journal")
			: store_err(s, rc, "store: journal");
	}
	sqlite3_reset(q);
	return e;
}
