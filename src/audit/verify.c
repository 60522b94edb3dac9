/*
 * audit/verify.c - one walk over a stretch of the log.
 */
#include "audit/verify.h"

#include <string.h>

#include "audit/anchor.h"
#include "audit/verify_part.h"
#include "base/secret.h"

/* Note what is wrong and stop the walk. */
static struct err
found(struct part *p, enum audit_finding f, uint64_t seq)
{
	p->report.finding = f;
	p->report.seq = seq;
	p->report.until = seq + 1;
	return err_make(E_CANCELLED, 0, "audit: finding");
}

/* A seal that does not fit: is it one of a later epoch? */
static struct err
look_ahead(struct part *p, const uint8_t mac[static HASH_SIZE],
    struct err (*seal_of)(struct part *p, uint8_t out[static HASH_SIZE],
	const uint8_t key_secret[static HASH_KEY], const void *what),
    const void *what, uint64_t seq)
{
	uint8_t key_secret[HASH_KEY], got[HASH_SIZE];
	enum audit_finding f = FOUND_SEAL;
	struct err e = err_none();

	memcpy(key_secret, p->epoch_secret, HASH_KEY);
	for (uint64_t i = p->epoch; i < p->bounds.checkpoints; i++) {
		e = audit_epoch_next(key_secret);
		if (!err_is(e))
			e = seal_of(p, got, key_secret, what);
		if (err_is(e))
			break;
		if (secret_equal(got, mac, HASH_SIZE)) {
			f = FOUND_LATER_KEY;
			break;
		}
	}
	secret_wipe(key_secret, sizeof key_secret);
	return err_is(e) ? e : found(p, f, seq);
}

static struct err
seal_of_row(struct part *p, uint8_t out[static HASH_SIZE],
    const uint8_t key_secret[static HASH_KEY], const void *what)
{
	return hash_mac(p->h, out, key_secret, span_make(what, HASH_SIZE));
}

static struct err
seal_of_checkpoint(struct part *p, uint8_t out[static HASH_SIZE],
    const uint8_t key_secret[static HASH_KEY], const void *what)
{
	return audit_checkpoint_mac(p->h, out, key_secret, what);
}

/* Heads known from elsewhere that end where the walk stands. */
static struct err
compare_heads(struct part *p)
{
	uint8_t root[HASH_SIZE];
	struct err e = err_none();

	for (; p->next_head < p->head_n &&
	       p->heads[p->next_head].size <= p->tree.size && !err_is(e);
	     p->next_head++) {
		const struct audit_head *head = &p->heads[p->next_head];

		if (head->size < p->tree.size)
			continue; /* before the stretch of this part */
		e = tree_root(&p->tree, p->h, root);
		if (err_is(e) || memcmp(root, head->root, HASH_SIZE) == 0)
			continue;
		e = found(p, FOUND_FORK, p->agreed);
		p->report.until = head->size;
		return e;
	}
	p->head_size = p->next_head < p->head_n ? p->heads[p->next_head].size
						: UINT64_MAX;
	return e;
}

static struct err
check_row(void *arg, const struct audit_stored *r)
{
	struct part *p = arg;
	uint64_t want = p->tree.size;
	struct audit_row row;
	uint8_t hash[HASH_SIZE], mac[HASH_SIZE];
	struct err e = hash_leaf(p->h, hash, r->row);

	if (err_is(e))
		return e;
	if (memcmp(hash, r->hash, HASH_SIZE) != 0)
		return found(p,
		    r->seq == want ? FOUND_ROW_EDITED : FOUND_ROW_MISSING,
		    want);
	if (err_is(row_decode(&row, r->row)))
		return found(p, FOUND_ROW_FORM, want);
	if (r->seq != want)
		return found(p,
		    row.seq == r->seq &&
			    memcmp(row.prev, p->prev, HASH_SIZE) == 0
			? FOUND_SEQ_GAP
			: FOUND_ROW_MISSING,
		    want);
	if (row.seq != want)
		return found(p, FOUND_ROW_ORDER, want);
	if (!span_eq(row.branch, p->branch))
		return found(p, FOUND_BRANCH, want);
	if (memcmp(row.prev, p->prev, HASH_SIZE) != 0)
		return found(p, FOUND_CHAIN, want == 0 ? 0 : want - 1);
	if (p->check->mac_key != NULL) {
		e = hash_mac(
		    p->h, mac, p->epoch_secret, span_make(hash, HASH_SIZE));
		if (!err_is(e) && !secret_equal(mac, r->mac, HASH_SIZE))
			e = look_ahead(p, r->mac, seal_of_row, hash, want);
		if (err_is(e))
			return e;
	}
	memcpy(p->prev, hash, HASH_SIZE);
	p->report.rows++;
	e = tree_append(&p->tree, p->h, hash);
	return !err_is(e) && p->tree.size == p->head_size ? compare_heads(p)
							  : e;
}

/* Walk the rows up to `to`; some may not be there. */
static struct err
check_rows(struct part *p, uint64_t to)
{
	struct err e = p->port->rows(
	    p->port->ctx, p->tree.size, to, check_row, p);

	if (e.code == E_CORRUPT)
		return found(p, FOUND_ROW_EDITED, p->tree.size);
	if (err_is(e) || p->tree.size == to)
		return e;
	e = found(p,
	    p->tree.size >= p->bounds.end ? FOUND_TAIL_CUT : FOUND_ROW_MISSING,
	    p->tree.size);
	p->report.until = to;
	return e;
}

static bool
says(const struct part *p, const struct audit_checkpoint *c, struct span body)
{
	struct note_checkpoint text;

	return !err_is(note_checkpoint_parse(&text, body)) &&
	       span_eq(text.origin, span_str(p->check->key->name)) &&
	       text.size == c->size &&
	       memcmp(text.root, c->root, HASH_SIZE) == 0;
}

/*
 * The signed note of `c`.  Absent only at the end: a power cut came between a
 * checkpoint and its signature.
 */
static struct err
check_note(struct part *p, const struct audit_checkpoint *c)
{
	const struct note_key *key = p->check->key;
	struct span body, note = span_make(c->note, c->note_n);
	uint8_t signature[NOTE_SIGNATURE];
	struct err e;

	if (c->note_n == 0)
		return c->number >= p->signed_to
			   ? err_none()
			   : found(p, FOUND_SIGNATURE, p->agreed);
	if (key == NULL)
		return err_none();
	e = p->check->newest_only && c->number + 1 < p->signed_to
		? note_parts(&body, signature, note, key)
		: note_open(&body, note, key);
	if (e.code == E_CRYPTO)
		return e;
	if (err_is(e) || !says(p, c, body))
		return found(p, FOUND_SIGNATURE, p->agreed);
	p->report.signed_size = c->size;
	return err_none();
}

static struct err
check_seal(struct part *p, const struct audit_checkpoint *c)
{
	uint8_t mac[HASH_SIZE];
	struct err e;

	if (p->check->mac_key == NULL)
		return err_none();
	e = audit_checkpoint_mac(p->h, mac, p->epoch_secret, c);
	if (!err_is(e) && !secret_equal(mac, c->mac, HASH_SIZE))
		e = look_ahead(p, c->mac, seal_of_checkpoint, c, p->agreed);
	return err_is(e) ? e : audit_epoch_next(p->epoch_secret);
}

static struct err
check_root(struct part *p, const struct audit_checkpoint *c)
{
	uint8_t root[HASH_SIZE], kept[HASH_SIZE];
	struct err e = tree_root(&p->tree, p->h, root);

	if (!err_is(e))
		e = tree_root(&c->frontier, p->h, kept);
	if (err_is(e))
		return e;
	if (memcmp(root, c->root, HASH_SIZE) != 0) {
		e = found(p, FOUND_ROOT, p->agreed);
		p->report.until = c->size;
	} else if (memcmp(kept, c->root, HASH_SIZE) != 0) {
		e = found(p, FOUND_CHECKPOINT, p->agreed);
	}
	return e;
}

struct err
part_epoch(struct part *p)
{
	struct audit_checkpoint c;
	struct err e = p->port->checkpoint(p->port->ctx, p->epoch, &c);

	if (e.code == E_NOTFOUND)
		return found(p, FOUND_EPOCH_MISSING, p->tree.size);
	if (e.code == E_CORRUPT || (!err_is(e) && c.size <= p->tree.size))
		return found(p, FOUND_CHECKPOINT, p->tree.size);
	if (err_is(e))
		return e;
	if (c.size - p->tree.size > AUDIT_EPOCH_ROWS)
		return found(p, FOUND_EPOCH_MISSING, p->tree.size);
	e = check_rows(p, c.size);
	if (!err_is(e))
		e = check_root(p, &c);
	if (!err_is(e))
		e = check_note(p, &c);
	if (!err_is(e))
		e = check_seal(p, &c);
	if (err_is(e))
		return e;
	p->agreed = c.size;
	p->epoch++;
	p->report.checkpoints++;
	return err_none();
}

/* Rows no checkpoint covers yet. */
static struct err
check_tail(struct part *p)
{
	struct err e = check_rows(p, p->bounds.end);

	if (err_is(e))
		return e;
	if (p->tree.size - p->agreed >= AUDIT_EPOCH_ROWS)
		return found(p, FOUND_EPOCH_MISSING, p->agreed);
	if (p->next_head < p->head_n) {
		e = found(p, FOUND_TAIL_CUT, p->tree.size);
		p->report.until = p->heads[p->head_n - 1].size;
	}
	return e;
}

/* Take up the walk behind checkpoint from - 1. */
static struct err
take_up(struct part *p)
{
	struct audit_checkpoint c;
	uint8_t root[HASH_SIZE];
	struct err e = p->port->checkpoint(p->port->ctx, p->from - 1, &c);

	if (!err_is(e)) {
		e = tree_root(&c.frontier, p->h, root);
		if (!err_is(e) && memcmp(root, c.root, HASH_SIZE) != 0)
			return found(p, FOUND_CHECKPOINT, c.size - 1);
		p->tree = c.frontier;
		p->agreed = c.size;
	}
	if (!err_is(e))
		e = audit_last_leaf(p->port, c.size, p->prev);
	/* nobody else looks at the one the rows that have gone ended at */
	if (!err_is(e) && p->from == p->bounds.first_checkpoint + 1 &&
	    p->bounds.first > 0)
		e = check_note(p, &c);
	if (e.code == E_NOTFOUND || e.code == E_CORRUPT)
		e = found(p, FOUND_CHECKPOINT, p->agreed);
	return e;
}

struct err
part_begin(struct part *p)
{
	struct err e = err_none();

	if (p->check->mac_key != NULL)
		memcpy(p->epoch_secret, p->check->mac_key, HASH_KEY);
	for (uint64_t i = 0; i < p->from && !err_is(e); i++)
		e = p->check->mac_key != NULL
			? audit_epoch_next(p->epoch_secret)
			: err_none();
	p->epoch = p->from;
	if (!err_is(e) && p->from > 0)
		e = take_up(p);
	return err_is(e) ? e : compare_heads(p);
}

struct err
part_verify(struct part *p)
{
	struct err e = part_begin(p);

	while (!err_is(e) && p->epoch < p->to)
		e = part_epoch(p);
	if (!err_is(e) && p->last)
		e = check_tail(p);
	p->report.size = p->tree.size;
	if (!err_is(e))
		e = tree_root(&p->tree, p->h, p->report.root);
	secret_wipe(p->epoch_secret, sizeof p->epoch_secret);
	return e.code == E_CANCELLED ? err_none() : e;
}
