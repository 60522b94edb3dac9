/*
 * tree: the values every RFC 6962 implementation is tested with, and the
 * definitions of the RFC written naively.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "audit/tree.h"
#include "base/text.h"

enum { MOST = 300 };

static struct hasher *h;
static uint8_t leaf[MOST][HASH_SIZE];

static void
set_up(void)
{
	cr_assert(not(err_is(hasher_open(&h))));
	for (size_t i = 0; i < MOST; i++)
		cr_assert(not(
		    err_is(hash_leaf(h, leaf[i], span_make(&i, sizeof i)))));
}

static void
tear_down(void)
{
	hasher_close(h);
}

TestSuite(tree, .init = set_up, .fini = tear_down);

static struct err
read_leaves(void *ctx, uint8_t (*out)[HASH_SIZE], uint64_t first, size_t n)
{
	uint8_t(*from)[HASH_SIZE] = ctx;

	memcpy(out, from + first, n * HASH_SIZE);
	return err_none();
}

static struct tree_leaves leaves = { .read = read_leaves, .ctx = leaf };

/* Certificate Transparency's own test leaves. */
static const char *const ct_leaves[] = { "", "00", "10", "2021", "3031",
	"40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" };
static const char *const ct_roots[] = {
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static void
from_hex(uint8_t out[static HASH_SIZE], const char *hex)
{
	struct buf b = buf_make(out, HASH_SIZE);

	cr_assert(not(err_is(hex_decode(&b, hex, strlen(hex)))));
	cr_assert(eq(sz, b.n, HASH_SIZE));
}

static void
use_ct_leaves(void)
{
	for (size_t i = 0; i < 8; i++) {
		uint8_t data[16];
		struct buf b = buf_make(data, sizeof data);

		cr_assert(not(err_is(
		    hex_decode(&b, ct_leaves[i], strlen(ct_leaves[i])))));
		cr_assert(not(err_is(hash_leaf(h, leaf[i], buf_span(&b)))));
	}
}

static void
expect_hash(const uint8_t got[static HASH_SIZE], const char *want)
{
	char hex[2 * HASH_SIZE + 1];

	hex_encode(hex, sizeof hex, span_make(got, HASH_SIZE));
	cr_expect_str_eq(hex, want);
}

Test(tree, roots_are_the_published_ones)
{
	struct tree t;
	uint8_t root[HASH_SIZE];

	use_ct_leaves();
	tree_clear(&t);
	for (size_t n = 0; n <= 8; n++) {
		cr_assert(not(err_is(tree_root(&t, h, root))));
		expect_hash(root, ct_roots[n]);
		if (n < 8)
			cr_assert(not(err_is(tree_append(&t, h, leaf[n]))));
	}
}

#define N0  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
#define N1  "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
#define N01 "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
#define N23 "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
#define N47 "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
#define N4  "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
#define N45 "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
#define N67 "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
#define N03 "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"

static const struct {
	bool prefix; /* old size, else the index of a leaf */
	uint64_t at, size;
	size_t n;
	const char *path[3];
} published[] = {
	{ false, 0, 1, 0, { 0 } },
	{ false, 0, 8, 3, { N1, N23, N47 } },
	{ false, 5, 8, 3, { N4, N67, N03 } },
	{ false, 2, 3, 1, { N01 } },
	{ false, 1, 5, 3, { N0, N23, N4 } },
	{ true, 1, 1, 0, { 0 } },
	{ true, 1, 8, 3, { N1, N23, N47 } },
	{ true, 6, 8, 3, { N45, N67, N03 } },
	{ true, 2, 5, 2, { N23, N4 } },
};

Test(tree, proofs_are_the_published_ones)
{
	use_ct_leaves();
	for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
		struct tree_proof p;
		uint8_t root[HASH_SIZE], old[HASH_SIZE];
		struct err e;

		from_hex(root, ct_roots[published[i].size]);
		if (published[i].prefix) {
			e = tree_prove_prefix(
			    &p, h, &leaves, published[i].at, published[i].size);
			from_hex(old, ct_roots[published[i].at]);
			cr_expect(not(err_is(tree_check_prefix(&p, h,
			    published[i].at, old, published[i].size, root))));
		} else {
			e = tree_prove_leaf(
			    &p, h, &leaves, published[i].at, published[i].size);
			cr_expect(not(
			    err_is(tree_check_leaf(&p, h, leaf[published[i].at],
				published[i].at, published[i].size, root))));
		}
		cr_assert(not(err_is(e)));
		cr_assert(eq(sz, p.n, published[i].n), "row %zu", i);
		for (size_t k = 0; k < p.n; k++)
			expect_hash(p.hash[k], published[i].path[k]);
	}
}

/* MTH, PATH and PROOF as RFC 6962 section 2.1 writes them. */
static void
mth(uint8_t out[static HASH_SIZE], size_t from, size_t to)
{
	uint8_t l[HASH_SIZE], r[HASH_SIZE];
	size_t k = 1;

	if (to - from == 1) {
		memcpy(out, leaf[from], HASH_SIZE);
		return;
	}
	while (2 * k < to - from)
		k *= 2;
	mth(l, from, from + k);
	mth(r, from + k, to);
	cr_assert(not(err_is(hash_node(h, out, l, r))));
}

static void
path(struct tree_proof *p, size_t m, size_t from, size_t to)
{
	size_t k = 1;

	if (to - from == 1)
		return;
	while (2 * k < to - from)
		k *= 2;
	if (m < k) {
		path(p, m, from, from + k);
		mth(p->hash[p->n++], from + k, to);
	} else {
		path(p, m - k, from + k, to);
		mth(p->hash[p->n++], from, from + k);
	}
}

static void
subproof(struct tree_proof *p, size_t m, size_t from, size_t to, bool whole)
{
	size_t k = 1;

	if (m == to - from) {
		if (!whole)
			mth(p->hash[p->n++], from, to);
		return;
	}
	while (2 * k < to - from)
		k *= 2;
	if (m <= k) {
		subproof(p, m, from, from + k, whole);
		mth(p->hash[p->n++], from + k, to);
	} else {
		subproof(p, m - k, from + k, to, false);
		mth(p->hash[p->n++], from, from + k);
	}
}

static bool
same(const struct tree_proof *a, const struct tree_proof *b)
{
	return a->n == b->n && memcmp(a->hash, b->hash, a->n * HASH_SIZE) == 0;
}

Test(tree, root_is_the_naive_one_at_every_size)
{
	struct tree t;
	uint8_t got[HASH_SIZE], want[HASH_SIZE];

	tree_clear(&t);
	for (size_t n = 1; n <= MOST; n++) {
		cr_assert(not(err_is(tree_append(&t, h, leaf[n - 1]))));
		cr_assert(not(err_is(tree_root(&t, h, got))));
		mth(want, 0, n);
		cr_assert(eq(int, memcmp(got, want, HASH_SIZE), 0));
	}
}

Test(tree, every_inclusion_proof_is_the_naive_one_and_holds)
{
	for (size_t n = 1; n <= 70; n++) {
		uint8_t root[HASH_SIZE];

		mth(root, 0, n);
		for (size_t m = 0; m < n; m++) {
			struct tree_proof got, want = { 0 };

			path(&want, m, 0, n);
			cr_assert(not(
			    err_is(tree_prove_leaf(&got, h, &leaves, m, n))));
			cr_assert(same(&got, &want), "%zu of %zu", m, n);
			cr_assert(not(err_is(
			    tree_check_leaf(&got, h, leaf[m], m, n, root))));
		}
	}
}

Test(tree, every_consistency_proof_is_the_naive_one_and_holds)
{
	for (size_t n = 1; n <= 70; n++) {
		uint8_t root[HASH_SIZE], old[HASH_SIZE];

		mth(root, 0, n);
		for (size_t m = 1; m <= n; m++) {
			struct tree_proof got, want = { 0 };

			subproof(&want, m, 0, n, true);
			mth(old, 0, m);
			cr_assert(not(
			    err_is(tree_prove_prefix(&got, h, &leaves, m, n))));
			cr_assert(same(&got, &want), "%zu of %zu", m, n);
			cr_assert(not(err_is(
			    tree_check_prefix(&got, h, m, old, n, root))));
		}
	}
}

Test(tree, a_proof_with_anything_changed_does_not_hold)
{
	for (size_t n = 1; n <= 40; n++) {
		uint8_t root[HASH_SIZE], old[HASH_SIZE];

		mth(root, 0, n);
		for (size_t m = 0; m < n; m++) {
			struct tree_proof p;

			cr_assert(
			    not(err_is(tree_prove_leaf(&p, h, &leaves, m, n))));
			cr_expect(err_is(
			    tree_check_leaf(&p, h, leaf[m + 1], m, n, root)));
			cr_expect(err_is(
			    tree_check_leaf(&p, h, leaf[m], n, n, root)));
			for (size_t k = 0; k < p.n; k++) {
				p.hash[k][k] ^= 1;
				cr_expect(err_is(tree_check_leaf(
				    &p, h, leaf[m], m, n, root)));
				p.hash[k][k] ^= 1;
			}
			p.n++;
			cr_expect(err_is(
			    tree_check_leaf(&p, h, leaf[m], m, n, root)));
			p.n -= 2;
			if (p.n < TREE_PROOF)
				cr_expect(err_is(tree_check_leaf(
				    &p, h, leaf[m], m, n, root)));
		}
		for (size_t m = 1; m < n; m++) {
			struct tree_proof p;

			mth(old, 0, m);
			cr_assert(not(
			    err_is(tree_prove_prefix(&p, h, &leaves, m, n))));
			for (size_t k = 0; k < p.n; k++) {
				p.hash[k][0] ^= 0x80;
				cr_expect(err_is(
				    tree_check_prefix(&p, h, m, old, n, root)));
				p.hash[k][0] ^= 0x80;
			}
			old[3] ^= 1;
			cr_expect(
			    err_is(tree_check_prefix(&p, h, m, old, n, root)));
			p.n = 0;
			cr_expect(
			    err_is(tree_check_prefix(&p, h, m, old, n, root)));
		}
	}
}

Test(tree, sizes_that_make_no_sense_are_refused)
{
	struct tree_proof p = { 0 };
	uint8_t empty[HASH_SIZE], other[HASH_SIZE] = { 0 };

	from_hex(empty, ct_roots[0]);
	cr_expect(
	    eq(int, (int)tree_prove_leaf(&p, h, &leaves, 3, 3).code, E_ARG));
	cr_expect(
	    eq(int, (int)tree_prove_prefix(&p, h, &leaves, 4, 3).code, E_ARG));
	p.n = 0;
	cr_expect(err_is(tree_check_prefix(&p, h, 4, leaf[0], 3, leaf[1])));
	cr_expect(not(err_is(tree_check_prefix(&p, h, 0, empty, 5, leaf[1]))));
	cr_expect(err_is(tree_check_prefix(&p, h, 0, other, 5, leaf[1])));
	cr_expect(err_is(tree_check_leaf(&p, h, leaf[0], 0, 0, leaf[0])));
}

Test(tree, a_packed_frontier_grows_on_as_the_tree_does)
{
	struct tree t, u;

	tree_clear(&t);
	for (size_t n = 0; n < 130; n++) {
		uint8_t room[TREE_FRONTIER], a[HASH_SIZE], b[HASH_SIZE];
		struct buf packed = buf_make(room, sizeof room);

		tree_pack(&t, &packed);
		cr_assert(
		    not(err_is(tree_unpack(&u, t.size, buf_span(&packed)))));
		cr_expect(
		    err_is(tree_unpack(&u, t.size + 1, buf_span(&packed))) ||
		    __builtin_popcountll(n) == __builtin_popcountll(n + 1));
		u.size = t.size;
		cr_assert(not(err_is(tree_append(&t, h, leaf[n]))));
		cr_assert(not(err_is(tree_append(&u, h, leaf[n]))));
		cr_assert(not(err_is(tree_root(&t, h, a))));
		cr_assert(not(err_is(tree_root(&u, h, b))));
		cr_assert(eq(int, memcmp(a, b, HASH_SIZE), 0));
	}
}

/* RFC 4231 test case 1, its key filled with zeros as HMAC does itself. */
Test(tree, row_seals_are_hmac_sha256)
{
	uint8_t key[HASH_KEY] = { 0 }, mac[HASH_SIZE];

	memset(key, 0x0b, 20);
	cr_assert(not(err_is(hash_mac(h, mac, key, span_str("Hi There")))));
	expect_hash(mac,
	    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

/* Leaves that have gone are never asked for. */
static struct err
read_late_leaves(void *ctx, uint8_t (*out)[HASH_SIZE], uint64_t first, size_t n)
{
	const struct tree *base = ctx;

	if (first < base->size)
		return err_make(E_NOTFOUND, 0, "test");
	return read_leaves(leaf, out, first, n);
}

Test(tree, behind_a_base_every_proof_is_the_one_of_all_leaves)
{
	enum { SIZE = 41 };
	struct tree_proof all, late;
	struct tree base;
	struct tree_leaves behind = {
		.read = read_late_leaves, .ctx = &base, .base = &base
	};

	tree_clear(&base);
	for (uint64_t gone = 0; gone < SIZE; gone++) {
		for (uint64_t i = 0; i < SIZE; i++) {
			struct err e = tree_prove_leaf(
			    &late, h, &behind, i, SIZE);

			/* the path of an older one goes through what is gone */
			if (i < gone && err_is(e))
				continue;
			cr_assert(not(err_is(
			    tree_prove_leaf(&all, h, &leaves, i, SIZE))));
			cr_assert(eq(int, (int)e.code, E_NONE));
			cr_assert(eq(sz, late.n, all.n));
			cr_assert(memcmp(late.hash, all.hash,
				      all.n * HASH_SIZE) == 0);
		}
		for (uint64_t old = gone; old <= SIZE; old++) {
			cr_assert(not(err_is(
			    tree_prove_prefix(&all, h, &leaves, old, SIZE))));
			cr_assert(not(err_is(
			    tree_prove_prefix(&late, h, &behind, old, SIZE))));
			cr_assert(eq(sz, late.n, all.n));
			cr_assert(memcmp(late.hash, all.hash,
				      all.n * HASH_SIZE) == 0);
		}
		cr_assert(not(err_is(tree_append(&base, h, leaf[gone]))));
	}
}
