/*
 * memory.c - see memory.h.
 */
#include "memory.h"

#include <stdlib.h>
#include <string.h>

static struct err
full(void)
{
	return err_make(E_FULL, 0, "memory");
}

static struct err
none(void)
{
	return err_make(E_NOTFOUND, 0, "memory");
}

static struct err
add_row(void *ctx, const struct audit_stored *r)
{
	struct memory *m = ctx;
	struct memory_row *to = &m->row[m->row_n];

	if (m->row_n > 0 && m->row[m->row_n - 1].seq >= r->seq)
		return err_make(E_EXISTS, 0, "memory");
	if (m->row_n == MEMORY_ROWS || r->row.n > sizeof to->row)
		return full();
	to->seq = r->seq;
	to->n = r->row.n;
	memcpy(to->row, r->row.p, r->row.n);
	memcpy(to->hash, r->hash, HASH_SIZE);
	memcpy(to->mac, r->mac, HASH_SIZE);
	m->row_n++;
	return err_none();
}

static struct err
add_checkpoint(void *ctx, const struct audit_checkpoint *c)
{
	struct memory *m = ctx;

	if (m->checkpoint_n == MEMORY_CHECKPOINTS)
		return full();
	m->checkpoint[m->checkpoint_n] = *c;
	m->checkpoint[m->checkpoint_n++].note_n = 0;
	return err_none();
}

static struct audit_checkpoint *
find_checkpoint(struct memory *m, uint64_t number)
{
	for (size_t i = 0; i < m->checkpoint_n; i++)
		if (m->checkpoint[i].number == number)
			return &m->checkpoint[i];
	return NULL;
}

static struct err
set_note(void *ctx, uint64_t number, struct span note)
{
	struct audit_checkpoint *c = find_checkpoint(ctx, number);

	if (c == NULL)
		return none();
	if (note.n > sizeof c->note)
		return full();
	memcpy(c->note, note.p, note.n);
	c->note_n = note.n;
	return err_none();
}

static struct memory_meta *
find_meta(struct memory *m, const char *key)
{
	for (size_t i = 0; i < m->meta_n; i++)
		if (strcmp(m->meta[i].key, key) == 0)
			return &m->meta[i];
	return NULL;
}

static struct err
set_meta(void *ctx, const char *key, struct span value)
{
	struct memory *m = ctx;
	struct memory_meta *to = find_meta(m, key);

	if (to == NULL) {
		if (m->meta_n == MEMORY_SMALL)
			return full();
		to = &m->meta[m->meta_n++];
	}
	if (value.n > sizeof to->value ||
	    !str_copy(to->key, sizeof to->key, key))
		return full();
	memcpy(to->value, value.p, value.n);
	to->n = value.n;
	return err_none();
}

static struct err
get_meta(void *ctx, const char *key, struct buf *out)
{
	struct memory_meta *at = find_meta(ctx, key);

	if (at == NULL)
		return none();
	buf_add(out, at->value, at->n);
	return out->full ? err_make(E_LIMIT, 0, "memory") : err_none();
}

static struct err
bounds(void *ctx, struct audit_bounds *out)
{
	struct memory *m = ctx;

	*out = (struct audit_bounds){ 0 };
	if (m->row_n > 0) {
		out->first = m->row[0].seq;
		out->end = m->row[m->row_n - 1].seq + 1;
	}
	for (size_t i = 0; i < m->checkpoint_n; i++)
		if (m->checkpoint[i].number >= out->checkpoints)
			out->checkpoints = m->checkpoint[i].number + 1;
	return err_none();
}

static struct err
get_checkpoint(void *ctx, uint64_t number, struct audit_checkpoint *out)
{
	struct audit_checkpoint *c = find_checkpoint(ctx, number);

	if (c == NULL)
		return none();
	*out = *c;
	return err_none();
}

static struct err
walk_rows(void *ctx, uint64_t from, uint64_t to,
    struct err (*each)(void *arg, const struct audit_stored *row), void *arg)
{
	struct memory *m = ctx;
	struct err e = err_none();

	for (size_t i = 0; i < m->row_n && !err_is(e); i++) {
		const struct memory_row *r = &m->row[i];
		struct audit_stored s = { .seq = r->seq,
			.row = span_make(r->row, r->n) };

		if (r->seq < from || r->seq >= to)
			continue;
		memcpy(s.hash, r->hash, HASH_SIZE);
		memcpy(s.mac, r->mac, HASH_SIZE);
		e = each(arg, &s);
	}
	return e;
}

static struct err
hashes(void *ctx, uint8_t (*out)[HASH_SIZE], uint64_t first, size_t n)
{
	struct memory *m = ctx;
	size_t got = 0;

	for (size_t i = 0; i < m->row_n && got < n; i++)
		if (m->row[i].seq >= first)
			memcpy(out[got++], m->row[i].hash, HASH_SIZE);
	return got == n ? err_none() : none();
}

static struct memory_blob *
find_blob(struct memory *m, const uint8_t hash[static HASH_SIZE])
{
	for (size_t i = 0; i < m->blob_n; i++)
		if (memcmp(m->blob[i].hash, hash, HASH_SIZE) == 0)
			return &m->blob[i];
	return NULL;
}

static struct err
add_blob(void *ctx, const uint8_t hash[static HASH_SIZE], struct span sealed)
{
	struct memory *m = ctx;
	struct memory_blob *to = &m->blob[m->blob_n];

	if (m->blob_n == MEMORY_SMALL || sealed.n > sizeof to->sealed)
		return full();
	memcpy(to->hash, hash, HASH_SIZE);
	memcpy(to->sealed, sealed.p, sealed.n);
	to->n = sealed.n;
	m->blob_n++;
	return err_none();
}

static struct err
get_blob(void *ctx, const uint8_t hash[static HASH_SIZE], struct buf *out)
{
	struct memory_blob *b = find_blob(ctx, hash);

	if (b == NULL)
		return none();
	buf_add(out, b->sealed, b->n);
	return out->full ? err_make(E_LIMIT, 0, "memory") : err_none();
}

static struct err
shred_blob(void *ctx, const uint8_t hash[static HASH_SIZE])
{
	struct memory *m = ctx;
	struct memory_blob *b = find_blob(m, hash);

	if (b == NULL)
		return none();
	*b = m->blob[--m->blob_n];
	return err_none();
}

static struct err
get_seen(void *ctx, struct audit_seen *out)
{
	struct memory *m = ctx;

	*out = m->seen;
	return m->has_seen ? err_none() : none();
}

static struct err
set_seen(void *ctx, const struct audit_seen *seen)
{
	struct memory *m = ctx;

	m->seen = *seen;
	m->has_seen = true;
	return err_none();
}

struct audit_port
memory_port(struct memory *m)
{
	return (struct audit_port){ .add_row = add_row,
		.add_checkpoint = add_checkpoint,
		.set_note = set_note,
		.set_meta = set_meta,
		.get_meta = get_meta,
		.bounds = bounds,
		.checkpoint = get_checkpoint,
		.rows = walk_rows,
		.hashes = hashes,
		.add_blob = add_blob,
		.get_blob = get_blob,
		.shred_blob = shred_blob,
		.get_seen = get_seen,
		.set_seen = set_seen,
		.ctx = m };
}

static struct err
load_row(void *arg, const struct audit_stored *r)
{
	return add_row(arg, r);
}

void
memory_load(struct memory *m, const struct audit_port *from)
{
	struct audit_bounds b;
	struct err e = from->bounds(from->ctx, &b);

	memset(m, 0, sizeof *m);
	if (!err_is(e))
		e = from->rows(from->ctx, 0, b.end, load_row, m);
	for (uint64_t i = 0; i < b.checkpoints && !err_is(e); i++)
		e = from->checkpoint(
		    from->ctx, i, &m->checkpoint[m->checkpoint_n++]);
	if (err_is(e))
		abort();
}
