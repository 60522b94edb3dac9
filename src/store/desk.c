/*
 * store/desk.c - entries, steps and papers of a case at the counter.
 */
#include "store/desk.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "store/desk_seal.h"
#include "store/internal.h"

int64_t
desk_now_s(const struct store *s)
{
	return s->clock.wall_ms(s->clock.ctx) / 1000;
}

void
desk_text(char *out, size_t cap, sqlite3_stmt *q, int column)
{
	const void *p = sqlite3_column_text(q, column);

	(void)str_copy(out, cap, p == NULL ? "" : p);
}

struct err
desk_finish(struct store *s, sqlite3_stmt *q, int rc, struct err e)
{
	if (!err_is(e) && rc != SQLITE_ROW && rc != SQLITE_DONE)
		e = store_err(s, rc, "desk: read");
	sqlite3_reset(q);
	sqlite3_clear_bindings(q);
	return e;
}

/* ---- sealing ---- */

enum { ABOUT = STORE_TEXT + 16 };

static struct span
about(char room[static ABOUT], const struct store_case *c)
{
	int n = snprintf(room, ABOUT, "desk/%s", c->case_no);

	assert(n > 0 && n < ABOUT);
	return span_make(room, (size_t)n);
}

static struct err
key_of(struct store *s, uint8_t key[static SEAL_KEY],
    const struct store_case *c, bool kept)
{
	if (!kept)
		return secret_key_get(s, key, c);
	memcpy(key, s->wrap_secret, SEAL_KEY);
	return err_none();
}

struct err
desk_bind_sealed(struct store *s, sqlite3_stmt *q, int at,
    const struct store_case *c, bool kept, const char *text)
{
	uint8_t sealed[DESK_TEXT + SEAL_OVERHEAD], key[SEAL_KEY];
	char room[ABOUT];
	size_t n = 0;
	struct err e;

	if (strlen(text) >= DESK_TEXT)
		return err_make(E_LIMIT, 0, "desk: text");
	e = key_of(s, key, c, kept);
	if (!err_is(e))
		e = seal(sealed, sizeof sealed, &n, key, about(room, c),
		    span_str(text));
	secret_wipe(key, sizeof key);
	if (!err_is(e) && sqlite3_bind_blob(q, at, sealed, (int)n,
			      SQLITE_TRANSIENT) != SQLITE_OK)
		e = err_make(E_NOMEM, 0, "desk: bind");
	return e;
}

struct err
desk_open_sealed(struct store *s, char out[static DESK_TEXT], sqlite3_stmt *q,
    int column, const struct store_case *c, bool kept)
{
	uint8_t key[SEAL_KEY];
	char room[ABOUT];
	size_t n = 0;
	struct err e;

	out[0] = '\0';
	if (sqlite3_column_bytes(q, column) == 0)
		return err_none();
	e = key_of(s, key, c, kept);
	if (e.code == E_NOTFOUND) /* gone with the case */
		return err_none();
	if (!err_is(e))
		e = seal_open((uint8_t *)out, DESK_TEXT - 1, &n, key,
		    about(room, c),
		    span_make(sqlite3_column_blob(q, column),
			(size_t)sqlite3_column_bytes(q, column)));
	secret_wipe(key, sizeof key);
	out[err_is(e) ? 0 : n] = '\0';
	return e;
}

/* ---- entries ---- */

struct err
desk_together(struct store *s, const struct store_case *c,
    struct err (*also)(struct store *s, const struct store_case *c, void *arg),
    void *arg)
{
	struct err e = store_begin(s);

	return err_is(e) ? e : store_end(s, also(s, c, arg));
}

struct err
desk_add(struct store *s, const struct store_case *c,
    const struct desk_entry *entry, bool kept)
{
	sqlite3_stmt *q = s->q[Q_DESK_ADD];
	struct err e = err_none();

	sqlite3_bind_int64(q, 1, c->id);
	sqlite3_bind_int64(q, 2, c->version);
	sqlite3_bind_int64(q, 3, desk_now_s(s));
	sqlite3_bind_int(q, 4, entry->moves);
	sqlite3_bind_text(q, 5, entry->staff, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(q, 6, entry->key, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(q, 7, entry->detail, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int(q, 8, kept);
	if (entry->text[0] != '\0')
		e = desk_bind_sealed(s, q, 9, c, kept, entry->text);
	else
		sqlite3_bind_null(q, 9);
	if (!err_is(e))
		return store_run(s, Q_DESK_ADD, "desk: entry");
	sqlite3_clear_bindings(q);
	return e;
}

/* The columns of Q_DESK_ENTRIES and Q_DESK_LAST. */
static struct err
read_entry(struct store *s, struct desk_entry *out, sqlite3_stmt *q,
    const struct store_case *c)
{
	memset(out, 0, sizeof *out);
	out->id = sqlite3_column_int64(q, 0);
	out->version = sqlite3_column_int64(q, 1);
	out->at = sqlite3_column_int64(q, 2);
	out->moves = sqlite3_column_int(q, 3) != 0;
	desk_text(out->staff, sizeof out->staff, q, 4);
	desk_text(out->key, sizeof out->key, q, 5);
	desk_text(out->detail, sizeof out->detail, q, 6);
	return desk_open_sealed(
	    s, out->text, q, 8, c, sqlite3_column_int(q, 7) != 0);
}

struct err
desk_entries(struct store *s, struct desk_entry *out, size_t cap, size_t *n,
    const struct store_case *c)
{
	sqlite3_stmt *q = s->q[Q_DESK_ENTRIES];
	struct err e = err_none();
	int rc = SQLITE_DONE;

	*n = 0;
	sqlite3_bind_int64(q, 1, c->id);
	sqlite3_bind_int64(q, 2, (int64_t)cap);
	while (!err_is(e) && *n < cap && (rc = sqlite3_step(q)) == SQLITE_ROW)
		e = read_entry(s, &out[(*n)++], q, c);
	return desk_finish(s, q, rc, e);
}

struct err
desk_last(struct store *s, struct desk_entry *out, const struct store_case *c,
    const char *key)
{
	sqlite3_stmt *q = s->q[Q_DESK_LAST];
	struct err e = err_none();
	int rc;

	sqlite3_bind_int64(q, 1, c->id);
	sqlite3_bind_text(q, 2, key, -1, SQLITE_TRANSIENT);
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW)
		e = read_entry(s, out, q, c);
	else if (rc == SQLITE_DONE)
		e = err_make(E_NOTFOUND, 0, "desk: entry");
	return desk_finish(s, q, rc, e);
}

struct err
desk_steps(struct store *s, struct desk_step *out, size_t cap, size_t *n,
    const struct store_case *c)
{
	sqlite3_stmt *q = s->q[Q_DESK_STEPS];
	int rc = SQLITE_DONE;

	*n = 0;
	sqlite3_bind_int64(q, 1, c->id);
	sqlite3_bind_int64(q, 2, (int64_t)cap);
	while (*n < cap && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		struct desk_step *step = &out[(*n)++];
		step->seq = sqlite3_column_int64(q, 0);
		step->version = sqlite3_column_int64(q, 1);
		step->at = sqlite3_column_int64(q, 2) / 1000;
		desk_text(step->event, sizeof step->event, q, 3);
	}
	return desk_finish(s, q, rc, err_none());
}

/* ---- papers ---- */

struct err
desk_docs_put(struct store *s, const struct store_case *c,
    const struct desk_doc *docs, size_t n)
{
	sqlite3_stmt *q = s->q[Q_DESK_DOC_PUT];
	struct err e;

	sqlite3_bind_int64(s->q[Q_DESK_DOCS_CLEAR], 1, c->id);
	e = store_run(s, Q_DESK_DOCS_CLEAR, "desk: papers");
	for (size_t i = 0; i < n && !err_is(e); i++) {
		sqlite3_bind_int64(q, 1, c->id);
		sqlite3_bind_text(q, 2, docs[i].doc, -1, SQLITE_TRANSIENT);
		sqlite3_bind_text(q, 3, docs[i].issued, -1, SQLITE_TRANSIENT);
		e = store_run(s, Q_DESK_DOC_PUT, "desk: paper");
	}
	return e;
}

struct err
desk_docs_get(struct store *s, struct desk_doc *out, size_t cap, size_t *n,
    const struct store_case *c)
{
	sqlite3_stmt *q = s->q[Q_DESK_DOCS];
	int rc = SQLITE_DONE;

	*n = 0;
	sqlite3_bind_int64(q, 1, c->id);
	while (*n < cap && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		desk_text(out[*n].doc, sizeof out[*n].doc, q, 0);
		desk_text(out[*n].issued, sizeof out[*n].issued, q, 1);
		(*n)++;
	}
	return desk_finish(s, q, rc, err_none());
}
