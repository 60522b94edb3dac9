/*
 * audit/proof.c - proofs of the tree: made by the recursion of RFC 6962,
 * checked by the loops of RFC 9162.
 */
#include <string.h>

#include "audit/tree.h"

/* One proof in the making. */
struct making {
	struct tree_proof *out;
	struct hasher *h;
	const struct tree_leaves *leaves;
};

/* The largest power of two below n; n >= 2. */
static uint64_t
split_of(uint64_t n)
{
	return UINT64_C(1) << (63 - __builtin_clzll(n - 1));
}

/*
 * Begin the tree of D[from:to] with the subtrees of `base`.  What a proof of
 * anything behind the base takes is either one of these or holds some of them
 * whole: both cut the same line of leaves at powers of two.
 */
static struct err
take_base(struct tree *t, const struct tree *base, uint64_t from, uint64_t to)
{
	uint64_t at = 0, stop = to < base->size ? to : base->size;

	for (unsigned int i = TREE_LEVELS; i-- > 0;) {
		uint64_t n = base->size & UINT64_C(1) << i;

		if (n > 0 && at >= from && at + n <= to) {
			memcpy(t->node[i], base->node[i], HASH_SIZE);
			t->size += n;
		}
		at += n;
	}
	return t->size == stop - from
		   ? err_none()
		   : err_make(E_NOTFOUND, 0, "proof: leaves have gone");
}

/* Put MTH(D[from:to]) into place `at` of the proof. */
static struct err
put_range(struct making *m, size_t at, uint64_t from, uint64_t to)
{
	const struct tree *base = m->leaves->base;
	struct err e = err_none();
	struct tree t;

	tree_clear(&t);
	if (base != NULL && from < base->size)
		e = take_base(&t, base, from, to);
	if (!err_is(e))
		e = tree_extend(&t, m->h, m->leaves, from + t.size, to);
	return err_is(e) ? e : tree_root(&t, m->h, m->out->hash[at]);
}

/*
 * Walk from the root down to what is proved, noting each sibling passed; the
 * proof lists them from below.
 */
struct walk {
	size_t n;
	struct {
		uint64_t from, to;
	} side[TREE_PROOF];
};

static void
pass(struct walk *w, uint64_t from, uint64_t to)
{
	w->side[w->n].from = from;
	w->side[w->n].to = to;
	w->n++;
}

static struct err
put_walk(struct making *m, const struct walk *w)
{
	struct err e = err_none();

	m->out->n = w->n;
	for (size_t i = 0; i < w->n && !err_is(e); i++)
		e = put_range(m, w->n - 1 - i, w->side[i].from, w->side[i].to);
	return e;
}

struct err
tree_prove_leaf(struct tree_proof *out, struct hasher *h,
    const struct tree_leaves *leaves, uint64_t index, uint64_t size)
{
	struct making m = { out, h, leaves };
	struct walk w = { 0 };
	uint64_t from = 0, to = size;

	if (index >= size || size > INT64_MAX)
		return err_make(E_ARG, 0, "proof: index");
	while (to - from > 1) {
		uint64_t mid = from + split_of(to - from);

		if (index < mid) {
			pass(&w, mid, to);
			to = mid;
		} else {
			pass(&w, from, mid);
			from = mid;
		}
	}
	return put_walk(&m, &w);
}

struct err
tree_prove_prefix(struct tree_proof *out, struct hasher *h,
    const struct tree_leaves *leaves, uint64_t old, uint64_t size)
{
	struct making m = { out, h, leaves };
	struct walk w = { 0 };
	uint64_t from = 0, to = size;

	if (old > size || size > INT64_MAX)
		return err_make(E_ARG, 0, "proof: prefix");
	out->n = 0;
	if (old == 0 || old == size)
		return err_none();
	while (old < to) {
		uint64_t mid = from + split_of(to - from);

		if (old <= mid) {
			pass(&w, mid, to);
			to = mid;
		} else {
			pass(&w, from, mid);
			from = mid;
		}
	}
	/* The old root itself is known to whoever checks. */
	if (from > 0)
		pass(&w, from, to);
	return put_walk(&m, &w);
}

struct err
tree_climb(uint8_t root[static HASH_SIZE], const struct tree_proof *proof,
    struct hasher *h, const uint8_t leaf[static HASH_SIZE], uint64_t index,
    uint64_t size)
{
	uint64_t fn = index, sn = size - 1;
	struct err e = err_none();

	if (size == 0 || index >= size || proof->n > TREE_PROOF)
		return err_make(E_FORMAT, 0, "proof: index");
	memcpy(root, leaf, HASH_SIZE);
	for (size_t i = 0; i < proof->n && !err_is(e); i++) {
		if (sn == 0)
			return err_make(E_FORMAT, 0, "proof: too long");
		if ((fn & 1) != 0 || fn == sn) {
			e = hash_node(h, root, proof->hash[i], root);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			e = hash_node(h, root, root, proof->hash[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	if (!err_is(e) && sn != 0)
		e = err_make(E_FORMAT, 0, "proof: too short");
	return e;
}

struct err
tree_check_leaf(const struct tree_proof *proof, struct hasher *h,
    const uint8_t leaf[static HASH_SIZE], uint64_t index, uint64_t size,
    const uint8_t root[static HASH_SIZE])
{
	uint8_t got[HASH_SIZE];
	struct err e = tree_climb(got, proof, h, leaf, index, size);

	if (e.code == E_FORMAT ||
	    (!err_is(e) && memcmp(got, root, HASH_SIZE) != 0))
		e = err_make(E_MISMATCH, 0, "proof: inclusion");
	return e;
}

/* The loop of RFC 9162 2.1.4.2 step 6 over hash[i...]. */
static struct err
climb_both(uint8_t fr[static HASH_SIZE], uint8_t sr[static HASH_SIZE],
    struct hasher *h, const struct tree_proof *proof, size_t i, uint64_t fn,
    uint64_t sn)
{
	struct err e = err_none();

	for (; i < proof->n && !err_is(e); i++) {
		if (sn == 0)
			return err_make(E_FORMAT, 0, "proof: too long");
		if ((fn & 1) != 0 || fn == sn) {
			e = hash_node(h, fr, proof->hash[i], fr);
			if (!err_is(e))
				e = hash_node(h, sr, proof->hash[i], sr);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			e = hash_node(h, sr, sr, proof->hash[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	if (!err_is(e) && sn != 0)
		e = err_make(E_FORMAT, 0, "proof: too short");
	return e;
}

static struct err
check_prefix(const struct tree_proof *proof, struct hasher *h, uint64_t old,
    const uint8_t old_root[static HASH_SIZE], uint64_t size,
    const uint8_t root[static HASH_SIZE])
{
	uint8_t fr[HASH_SIZE], sr[HASH_SIZE];
	uint64_t fn = old - 1, sn = size - 1;
	bool whole = (old & (old - 1)) == 0; /* a complete subtree */
	struct err e;

	if (proof->n == 0 || proof->n > TREE_PROOF)
		return err_make(E_FORMAT, 0, "proof: length");
	memcpy(fr, whole ? old_root : proof->hash[0], HASH_SIZE);
	memcpy(sr, fr, HASH_SIZE);
	while ((fn & 1) != 0) {
		fn >>= 1;
		sn >>= 1;
	}
	e = climb_both(fr, sr, h, proof, whole ? 0 : 1, fn, sn);
	if (!err_is(e) && (memcmp(fr, old_root, HASH_SIZE) != 0 ||
			      memcmp(sr, root, HASH_SIZE) != 0))
		e = err_make(E_FORMAT, 0, "proof: root");
	return e;
}

struct err
tree_check_prefix(const struct tree_proof *proof, struct hasher *h,
    uint64_t old, const uint8_t old_root[static HASH_SIZE], uint64_t size,
    const uint8_t root[static HASH_SIZE])
{
	uint8_t empty[HASH_SIZE];
	struct err e = err_none();
	bool good = proof->n == 0;

	if (old == size) {
		good = good && memcmp(old_root, root, HASH_SIZE) == 0;
	} else if (old == 0) {
		e = hash_data(h, empty, span_make(NULL, 0));
		good = good && memcmp(old_root, empty, HASH_SIZE) == 0;
	} else if (old < size) {
		e = check_prefix(proof, h, old, old_root, size, root);
		good = true;
	} else {
		good = false;
	}
	if (e.code == E_FORMAT || (!err_is(e) && !good))
		e = err_make(E_MISMATCH, 0, "proof: consistency");
	return e;
}
