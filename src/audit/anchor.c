/*
 * audit/anchor.c - what stays of the rows that have gone.
 */
#include "audit/anchor.h"

#include <string.h>

/* Without an anchor function nothing ever goes. */
static struct err
get(const struct audit_port *port, struct audit_anchor *out)
{
	return port->anchor == NULL
		   ? err_make(E_NOTFOUND, 0, "audit: nothing has gone")
		   : port->anchor(port->ctx, out);
}

struct err
audit_anchor_get(const struct audit_port *port, struct audit_anchor *out,
    struct audit_checkpoint *end)
{
	struct err e = get(port, out);

	if (err_is(e))
		return e;
	e = port->checkpoint(port->ctx, out->number, end);
	if (e.code == E_NOTFOUND ||
	    (!err_is(e) && (end->size != out->size ||
			       memcmp(end->root, out->root, HASH_SIZE) != 0)))
		e = err_make(E_CORRUPT, 0, "audit: anchor");
	return e;
}

struct err
audit_last_leaf(
    const struct audit_port *port, uint64_t size, uint8_t out[static HASH_SIZE])
{
	struct audit_anchor a;
	uint8_t hash[1][HASH_SIZE];
	struct err e = get(port, &a);

	if (!err_is(e) && a.size == size) {
		memcpy(out, a.last, HASH_SIZE);
		return e;
	}
	if (err_is(e) && e.code != E_NOTFOUND)
		return e;
	e = port->hashes(port->ctx, hash, size - 1, 1);
	if (!err_is(e))
		memcpy(out, hash[0], HASH_SIZE);
	return e;
}

struct err
audit_anchor_check(const struct audit_anchor *a, const char *origin,
    const struct note_key *office)
{
	struct note_checkpoint c = { .origin = span_str(origin),
		.size = a->cosigned_size };
	uint8_t room[NOTE_NAME + 128];
	struct buf text = buf_make(room, sizeof room);
	struct err e;

	memcpy(c.root, a->cosigned_root, HASH_SIZE);
	e = note_checkpoint_text(&text, &c);
	if (!err_is(e) && a->size <= a->cosigned_size)
		return note_check(buf_span(&text), office, a->cosignature);
	return err_is(e) ? e : err_make(E_MISMATCH, 0, "audit: anchor");
}

struct err
audit_leaves(
    struct tree_leaves *out, struct tree *base, const struct audit_port *port)
{
	struct audit_checkpoint end;
	struct audit_anchor a;
	struct err e = audit_anchor_get(port, &a, &end);

	*out = (struct tree_leaves){ .read = port->hashes, .ctx = port->ctx };
	if (e.code == E_NOTFOUND)
		return err_none();
	if (!err_is(e)) {
		*base = end.frontier;
		out->base = base;
	}
	return e;
}
