/*
 * audit/anchor.h - a log whose oldest rows have gone.
 *
 * Rows go from the front only, up to a checkpoint, and only once head office
 * has signed for them.  What stays of them is the anchor: with it the chain,
 * the tree and every proof of a later row go on.
 */
#ifndef AUDIT_ANCHOR_H
#define AUDIT_ANCHOR_H

#include "audit/store.h"

/*
 * The newest anchor and the checkpoint it ends at.  E_NOTFOUND: nothing has
 * gone; E_CORRUPT: the checkpoint is not there or another.
 */
MUST_USE struct err audit_anchor_get(const struct audit_port *port,
    struct audit_anchor *out, struct audit_checkpoint *end);

/* Leaf hash of row size - 1, the last of a checkpoint.  E_NOTFOUND. */
MUST_USE struct err audit_last_leaf(const struct audit_port *port,
    uint64_t size, uint8_t out[static HASH_SIZE]);

/*
 * Whether head office signed for the rows that have gone, by its key; `origin`
 * is the branch's.  E_MISMATCH, E_CRYPTO.
 */
MUST_USE struct err audit_anchor_check(const struct audit_anchor *a,
    const char *origin, const struct note_key *office);

/*
 * Where leaves are for proofs.  *base is the caller's room; it and the port
 * must outlive *out.  E_CORRUPT as audit_anchor_get, the port's.
 */
MUST_USE struct err audit_leaves(
    struct tree_leaves *out, struct tree *base, const struct audit_port *port);

#endif
