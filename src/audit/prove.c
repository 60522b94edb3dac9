/*
 * audit/prove.c - making and checking the proof of a row.
 */
#include "audit/prove.h"

#include <string.h>

#include "audit/anchor.h"

/* The first checkpoint that covers `seq`; sizes only grow. */
static struct err
find_cover(
    struct audit_checkpoint *c, const struct audit_port *port, uint64_t seq)
{
	struct audit_bounds bounds;
	uint64_t low, high, count;
	struct err e = port->bounds(port->ctx, &bounds);

	if (err_is(e))
		return e;
	if (seq < bounds.first)
		return err_make(
		    E_NOTFOUND, 0, "prove: pruned; head office has it");
	if (seq >= bounds.end)
		return err_make(E_NOTFOUND, 0, "prove: no such row");
	low = bounds.first_checkpoint;
	high = count = bounds.checkpoints;
	while (low < high) {
		uint64_t mid = low + (high - low) / 2;

		e = port->checkpoint(port->ctx, mid, c);
		if (err_is(e))
			return e;
		if (c->size <= seq)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == count)
		return err_make(E_STATE, 0, "prove: no checkpoint yet");
	e = port->checkpoint(port->ctx, low, c);
	if (!err_is(e) && c->note_n == 0)
		e = err_make(E_STATE, 0, "prove: not signed yet");
	return e;
}

struct err
audit_prove(struct audit_proof *out, const struct audit_port *port,
    struct hasher *h, uint64_t seq, const struct note_key *key)
{
	struct tree_leaves leaves;
	struct tree base;
	struct audit_checkpoint c;
	uint8_t root[HASH_SIZE];
	struct err e = find_cover(&c, port, seq);

	memset(out, 0, sizeof *out);
	if (err_is(e))
		return e;
	memcpy(out->origin, key->name, sizeof out->origin);
	memcpy(out->key_id, key->id, NOTE_ID);
	out->seq = seq;
	out->size = c.size;
	e = audit_leaves(&leaves, &base, port);
	if (!err_is(e))
		e = port->hashes(port->ctx, &out->leaf, seq, 1);
	if (!err_is(e))
		e = tree_prove_leaf(&out->path, h, &leaves, seq, c.size);
	if (!err_is(e))
		e = note_signature(
		    out->signature, span_make(c.note, c.note_n), key);
	if (e.code == E_NOTFOUND || e.code == E_FORMAT)
		e = err_make(E_MISMATCH, 0, "prove: rows or note");
	return err_is(e) ? e : audit_proof_check(out, h, key, root);
}

struct err
audit_proof_check(const struct audit_proof *proof, struct hasher *h,
    const struct note_key *key, uint8_t root[static HASH_SIZE])
{
	struct note_checkpoint c = { .origin = span_str(proof->origin),
		.size = proof->size };
	uint8_t room[NOTE_NAME + 128];
	struct buf text = buf_make(room, sizeof room);
	struct err e;

	if (strcmp(proof->origin, key->name) != 0 ||
	    memcmp(proof->key_id, key->id, NOTE_ID) != 0)
		return err_make(E_MISMATCH, 0, "prove: another key");
	e = tree_climb(
	    root, &proof->path, h, proof->leaf, proof->seq, proof->size);
	if (!err_is(e)) {
		memcpy(c.root, root, HASH_SIZE);
		e = note_checkpoint_text(&text, &c);
	}
	if (!err_is(e))
		e = note_check(buf_span(&text), key, proof->signature);
	return err_is(e) && e.code != E_CRYPTO
		   ? err_make(E_MISMATCH, 0, "prove: not in the log")
		   : e;
}
