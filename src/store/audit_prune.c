/*
 * store/audit_prune.c - what head office has signed for, and what may go then.
 *
 * Nobody's word is taken here: the signature is checked again with the key, and
 * the rows are hashed once more, before the only statements that can delete.
 */
#include <string.h>

#include "audit/anchor.h"
#include "audit/verify.h"
#include "store/audit_rows.h"
#include "store/internal.h"

enum { KEPT = 8 + HASH_SIZE + NOTE_SIGNATURE };

/* ---- what head office signed ---- */

/* Into the cosigned_ fields.  E_NOTFOUND: nothing yet. */
static struct err
get_cosigned(struct store *s, struct audit_anchor *a)
{
	uint8_t kept[KEPT];
	struct buf b = buf_make(kept, sizeof kept);
	struct audit_port port = store_audit_port(s);
	struct err e = port.get_meta(port.ctx, "cosigned", &b);

	if (!err_is(e) && b.n != sizeof kept)
		e = err_make(E_CORRUPT, 0, "store: cosigned");
	if (err_is(e))
		return e;
	a->cosigned_size = 0;
	for (size_t i = 0; i < 8; i++)
		a->cosigned_size = a->cosigned_size << 8 | kept[i];
	memcpy(a->cosigned_root, kept + 8, HASH_SIZE);
	memcpy(a->cosignature, kept + 8 + HASH_SIZE, NOTE_SIGNATURE);
	return e;
}

uint64_t
store_audit_cosigned_size(struct store *s)
{
	struct audit_anchor a;

	return err_is(get_cosigned(s, &a)) ? 0 : a.cosigned_size;
}

struct err
store_audit_cosigned(struct store *s, const struct note_checkpoint *c,
    const uint8_t signature[static NOTE_SIGNATURE])
{
	uint8_t kept[KEPT];
	struct audit_port port = store_audit_port(s);
	struct audit_head head = { .size = c->size };
	uint64_t after;
	struct err e;

	if (s->audit == NULL)
		return err_make(E_STATE, 0, "store: no audit log");
	memcpy(head.root, c->root, HASH_SIZE);
	if (c->size != 0 && c->size <= store_audit_cosigned_size(s))
		return err_none();
	e = audit_find_head(&after, &port, &head);
	if (e.code == E_NOTFOUND)
		e = err_make(E_MISMATCH, 0, "store: cosigned checkpoint");
	if (err_is(e) || err_is(e = store_begin(s)))
		return e;
	for (int i = 0; i < 8; i++)
		kept[i] = (uint8_t)(c->size >> (56 - 8 * i));
	memcpy(kept + 8, c->root, HASH_SIZE);
	memcpy(kept + 8 + HASH_SIZE, signature, NOTE_SIGNATURE);
	return store_end(s,
	    port.set_meta(port.ctx, "cosigned", span_make(kept, sizeof kept)));
}

/* ---- what may go ---- */

struct prune {
	struct audit_port port;
	struct audit_bounds bounds;
	int64_t before_ms;
	uint64_t old; /* every row before this one is old enough */
	struct audit_anchor anchor;
	/* the second walk */
	struct hasher *h;
	struct tree tree;
};

static struct err
see_age(void *arg, const struct audit_stored *r)
{
	struct prune *p = arg;
	struct audit_row row;
	struct err e = row_decode(&row, r->row);

	if (err_is(e) || r->seq != p->old)
		return err_make(E_CORRUPT, 0, "prune: row");
	if (row.wall_ms >= p->before_ms)
		return err_make(E_CANCELLED, 0, "prune: young");
	p->old++;
	return e;
}

static struct err
see_hash(void *arg, const struct audit_stored *r)
{
	struct prune *p = arg;
	struct err e = hash_leaf(p->h, p->anchor.last, r->row);

	return err_is(e) ? e : tree_append(&p->tree, p->h, p->anchor.last);
}

/* The newest checkpoint that ends among the old rows. */
static struct err
choose(struct prune *p)
{
	uint64_t most = p->bounds.first + AUDIT_PRUNE_ROWS;
	struct audit_checkpoint c;
	struct err e;

	if (most > p->anchor.cosigned_size)
		most = p->anchor.cosigned_size;
	p->old = p->bounds.first;
	e = p->port.rows(p->port.ctx, p->bounds.first, most, see_age, p);
	if (e.code == E_CANCELLED)
		e = err_none();
	for (uint64_t i = p->bounds.first_checkpoint;
	     i < p->bounds.checkpoints && !err_is(e); i++) {
		e = p->port.checkpoint(p->port.ctx, i, &c);
		if (err_is(e) || c.size > p->old)
			break;
		p->anchor.number = i;
		p->anchor.size = c.size;
		memcpy(p->anchor.root, c.root, HASH_SIZE);
	}
	return e;
}

/* Damage must not be covered up: the rows lead to what was signed. */
static struct err
check_rows(struct prune *p)
{
	struct audit_checkpoint end;
	struct audit_anchor last;
	uint8_t root[HASH_SIZE];
	struct err e = audit_anchor_get(&p->port, &last, &end);

	if (!err_is(e))
		p->tree = end.frontier;
	else if (e.code != E_NOTFOUND)
		return e;
	e = hasher_open(&p->h);
	if (!err_is(e))
		e = p->port.rows(
		    p->port.ctx, p->bounds.first, p->anchor.size, see_hash, p);
	if (!err_is(e))
		e = tree_root(&p->tree, p->h, root);
	hasher_close(p->h);
	if (!err_is(e) && (p->tree.size != p->anchor.size ||
			      memcmp(root, p->anchor.root, HASH_SIZE) != 0))
		e = err_make(E_CORRUPT, 0, "prune: rows");
	return e;
}

/* ---- and goes ---- */

static void
bind_hash(sqlite3_stmt *q, int at, const uint8_t *hash, size_t n)
{
	/* a failure shows when the statement steps: NOT NULL */
	(void)sqlite3_bind_blob(q, at, hash, (int)n, SQLITE_STATIC);
}

static struct err
add_anchor(struct store *s, const struct audit_anchor *a)
{
	sqlite3_stmt *q = s->q[Q_AUDIT_ANCHOR_ADD];

	sqlite3_bind_int64(q, 1, (int64_t)a->size);
	sqlite3_bind_int64(q, 2, (int64_t)a->number);
	bind_hash(q, 3, a->root, HASH_SIZE);
	bind_hash(q, 4, a->last, HASH_SIZE);
	sqlite3_bind_int64(q, 5, (int64_t)a->cosigned_size);
	bind_hash(q, 6, a->cosigned_root, HASH_SIZE);
	bind_hash(q, 7, a->cosignature, NOTE_SIGNATURE);
	sqlite3_bind_int64(q, 8, s->clock.wall_ms(s->clock.ctx) / 1000);
	return store_run(s, Q_AUDIT_ANCHOR_ADD, "prune: anchor");
}

static struct err
delete_before(struct store *s, const struct audit_anchor *a, int64_t *n)
{
	struct err e = add_anchor(s, a);

	sqlite3_bind_int64(s->q[Q_AUDIT_PRUNE_ROWS], 1, (int64_t)a->size);
	if (!err_is(e))
		e = store_run(s, Q_AUDIT_PRUNE_ROWS, "prune: rows");
	if (err_is(e))
		return e;
	*n = sqlite3_changes(s->db);
	sqlite3_bind_int64(
	    s->q[Q_AUDIT_PRUNE_CHECKPOINTS], 1, (int64_t)a->size);
	return store_run(s, Q_AUDIT_PRUNE_CHECKPOINTS, "prune: checkpoints");
}

struct err
store_audit_prune(
    struct store *s, int64_t *n, int64_t before, const struct note_key *office)
{
	struct prune p = { .port = store_audit_port(s),
		.before_ms = before * 1000 };
	struct err e;

	*n = 0;
	if (s->audit == NULL)
		return err_make(E_STATE, 0, "store: no audit log");
	e = get_cosigned(s, &p.anchor);
	if (e.code == E_NOTFOUND)
		return err_none();
	if (!err_is(e))
		e = audit_anchor_check(
		    &p.anchor, audit_log_key(s->audit)->name, office);
	if (!err_is(e))
		e = p.port.bounds(p.port.ctx, &p.bounds);
	if (!err_is(e))
		e = choose(&p);
	if (err_is(e) || p.anchor.size <= p.bounds.first)
		return e;
	e = check_rows(&p);
	if (err_is(e) || err_is(e = store_begin(s)))
		return e;
	e = delete_before(s, &p.anchor, n);
	if (!err_is(e))
		e = store_purged(s, "audit", *n, before);
	e = store_end(s, e);
	if (err_is(e))
		*n = 0;
	return e;
}
