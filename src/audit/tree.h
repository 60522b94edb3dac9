/*
 * audit/tree.h - the Merkle tree of RFC 6962 section 2.1 / RFC 9162.
 *
 * A tree is kept as its frontier: one hash per set bit of its size, the roots
 * of the complete subtrees from the left.  Proofs are made from the leaf
 * hashes, read through a port, and checked with nothing but hashes.
 */
#ifndef AUDIT_TREE_H
#define AUDIT_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/hash.h"
#include "base/err.h"
#include "base/span.h"

enum {
	TREE_LEVELS = 63,
	TREE_PROOF = 64,			 /* longest proof, hashes */
	TREE_FRONTIER = TREE_LEVELS * HASH_SIZE, /* longest packed frontier */
	TREE_BATCH = 256			 /* leaves asked for at once */
};

struct tree {
	uint64_t size;
	uint8_t node[TREE_LEVELS][HASH_SIZE]; /* [i] valid when bit i is set */
};

/* A list of hashes, from the leaf to the root. */
struct tree_proof {
	size_t n;
	uint8_t hash[TREE_PROOF][HASH_SIZE];
};

/* Where leaf hashes come from: `n` of them from `first` on. */
struct tree_leaves {
	struct err (*read)(
	    void *ctx, uint8_t (*out)[HASH_SIZE], uint64_t first, size_t n);
	void *ctx;
	/* stands for the leaves before its size, which cannot be read any
	 * more; NULL when all can */
	const struct tree *base;
};

/* The empty tree is all zeros; so is its packed frontier empty. */
static inline void
tree_clear(struct tree *t)
{
	t->size = 0;
}

/* E_LIMIT at 2^63 - 1 leaves, E_CRYPTO; the tree is then as before. */
MUST_USE struct err tree_append(
    struct tree *t, struct hasher *h, const uint8_t leaf[static HASH_SIZE]);

/* The root; of the empty tree SHA-256 of nothing.  E_CRYPTO. */
MUST_USE struct err tree_root(
    const struct tree *t, struct hasher *h, uint8_t out[static HASH_SIZE]);

/* Add the tree of the leaves [from, to) to `t`.  E_CRYPTO, the port's. */
MUST_USE struct err tree_extend(struct tree *t, struct hasher *h,
    const struct tree_leaves *leaves, uint64_t from, uint64_t to);

/* The frontier as bytes: the hashes of the set bits, highest bit first. */
void tree_pack(const struct tree *t, struct buf *out);
/* The reverse; E_FORMAT when the length does not fit the size. */
MUST_USE struct err tree_unpack(
    struct tree *t, uint64_t size, struct span packed);

/*
 * PATH(index, D[size]) of RFC 6962 2.1.1: that leaf `index` is in the tree of
 * the first `size` leaves.  E_ARG unless index < size; E_NOTFOUND when it takes
 * a hash that `base` does not have (index before it); E_CRYPTO, the port's.
 */
MUST_USE struct err tree_prove_leaf(struct tree_proof *out, struct hasher *h,
    const struct tree_leaves *leaves, uint64_t index, uint64_t size);

/*
 * PROOF(old, D[size]) of RFC 6962 2.1.2: that the tree of `old` leaves is a
 * prefix.  Empty when old is 0 or size.  E_ARG when old > size; E_NOTFOUND when
 * `old` lies before `base`.
 */
MUST_USE struct err tree_prove_prefix(struct tree_proof *out, struct hasher *h,
    const struct tree_leaves *leaves, uint64_t old, uint64_t size);

/* RFC 9162 2.1.3.2.  E_MISMATCH unless the proof leads to `root`. */
MUST_USE struct err tree_check_leaf(const struct tree_proof *proof,
    struct hasher *h, const uint8_t leaf[static HASH_SIZE], uint64_t index,
    uint64_t size, const uint8_t root[static HASH_SIZE]);

/* The root an inclusion proof leads to.  E_FORMAT: wrong length of proof. */
MUST_USE struct err tree_climb(uint8_t root[static HASH_SIZE],
    const struct tree_proof *proof, struct hasher *h,
    const uint8_t leaf[static HASH_SIZE], uint64_t index, uint64_t size);

/* RFC 9162 2.1.4.2.  E_MISMATCH unless `root` continues `old_root`. */
MUST_USE struct err tree_check_prefix(const struct tree_proof *proof,
    struct hasher *h, uint64_t old, const uint8_t old_root[static HASH_SIZE],
    uint64_t size, const uint8_t root[static HASH_SIZE]);

#endif
