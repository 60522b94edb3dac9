/*
 * audit/tree.c - the frontier: append, root, as bytes.
 */
#include "audit/tree.h"

#include <string.h>

struct err
tree_append(
    struct tree *t, struct hasher *h, const uint8_t leaf[static HASH_SIZE])
{
	uint8_t hash[HASH_SIZE];
	unsigned int level = 0;
	struct err e;

	if (t->size >= INT64_MAX)
		return err_make(E_LIMIT, 0, "tree: size");
	memcpy(hash, leaf, HASH_SIZE);
	for (; (t->size >> level & 1) != 0; level++) {
		e = hash_node(h, hash, t->node[level], hash);
		if (err_is(e))
			return e;
	}
	memcpy(t->node[level], hash, HASH_SIZE);
	t->size++;
	return err_none();
}

struct err
tree_root(const struct tree *t, struct hasher *h, uint8_t out[static HASH_SIZE])
{
	struct err e = err_none();
	bool begun = false;

	if (t->size == 0)
		return hash_data(h, out, span_make(NULL, 0));
	for (unsigned int i = 0; i < TREE_LEVELS && !err_is(e); i++) {
		if ((t->size >> i & 1) == 0)
			continue;
		if (begun)
			e = hash_node(h, out, t->node[i], out);
		else
			memcpy(out, t->node[i], HASH_SIZE);
		begun = true;
	}
	return e;
}

struct err
tree_extend(struct tree *t, struct hasher *h, const struct tree_leaves *leaves,
    uint64_t from, uint64_t to)
{
	uint8_t batch[TREE_BATCH][HASH_SIZE];
	struct err e = err_none();

	while (from < to && !err_is(e)) {
		size_t n = to - from < TREE_BATCH ? (size_t)(to - from)
						  : (size_t)TREE_BATCH;

		e = leaves->read(leaves->ctx, batch, from, n);
		for (size_t i = 0; i < n && !err_is(e); i++)
			e = tree_append(t, h, batch[i]);
		from += n;
	}
	return e;
}

void
tree_pack(const struct tree *t, struct buf *out)
{
	for (unsigned int i = TREE_LEVELS; i-- > 0;) {
		if ((t->size >> i & 1) != 0)
			buf_add(out, t->node[i], HASH_SIZE);
	}
}

struct err
tree_unpack(struct tree *t, uint64_t size, struct span packed)
{
	size_t at = 0;

	if (size > INT64_MAX ||
	    packed.n != (size_t)__builtin_popcountll(size) * (size_t)HASH_SIZE)
		return err_make(E_FORMAT, 0, "tree: frontier");
	t->size = size;
	for (unsigned int i = TREE_LEVELS; i-- > 0;) {
		if ((size >> i & 1) == 0)
			continue;
		memcpy(t->node[i], packed.p + at, HASH_SIZE);
		at += HASH_SIZE;
	}
	return err_none();
}
