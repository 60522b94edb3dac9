/*
 * attack.c - the tamperings: what is done, what the verifier is told, what it
 * must find.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>
#include <string.h>

struct hasher *attack_hasher;

static void
hash_row(struct memory_row *r)
{
	cr_assert(not(err_is(
	    hash_leaf(attack_hasher, r->hash, span_make(r->row, r->n)))));
}

static void
seal_row(struct memory_row *r, const uint8_t key[static HASH_KEY])
{
	cr_assert(not(err_is(hash_mac(
	    attack_hasher, r->mac, key, span_make(r->hash, HASH_SIZE)))));
}

/* Write the row anew with `change` made to it. */
static void
rewrite(struct memory_row *r,
    void (*change)(struct audit_row *row, const void *arg), const void *arg)
{
	uint8_t room[ROW_BYTES];
	struct buf b = buf_make(room, sizeof room);
	struct audit_row row;

	cr_assert(not(err_is(row_decode(&row, span_make(r->row, r->n)))));
	change(&row, arg);
	cr_assert(not(err_is(row_encode(&b, &row))));
	cr_assert(le(sz, b.n, sizeof r->row));
	memcpy(r->row, room, b.n);
	r->n = b.n;
	hash_row(r);
}

static void
set_prev(struct audit_row *row, const void *arg)
{
	memcpy(row->prev, arg, HASH_SIZE);
}

static void
set_kind(struct audit_row *row, const void *arg)
{
	row->kind = span_str(arg);
}

static void
set_branch(struct audit_row *row, const void *arg)
{
	row->branch = span_str(arg);
}

static void
set_seq(struct audit_row *row, const void *arg)
{
	row->seq = *(const uint64_t *)arg;
}

/* Make the chain fit again from row `at` on. */
static void
rechain(struct memory *m, size_t at)
{
	for (size_t i = at; i < m->row_n; i++)
		if (i > 0)
			rewrite(&m->row[i], set_prev, m->row[i - 1].hash);
}

/* Make every checkpoint fit the rows again, and sign it. */
static void
resign(struct attack *a, const uint8_t *key)
{
	struct tree t;
	size_t at = 0;

	tree_clear(&t);
	for (size_t i = 0; i < a->m->checkpoint_n; i++) {
		struct audit_checkpoint *c = &a->m->checkpoint[i];
		struct note_checkpoint nc = { .origin = span_str(ORIGIN),
			.size = c->size };
		uint8_t room[512];
		struct buf text = buf_make(room, sizeof room);
		struct buf note = buf_make(c->note, sizeof c->note);

		for (; at < c->size; at++)
			cr_assert(not(err_is(tree_append(
			    &t, attack_hasher, a->m->row[at].hash))));
		c->frontier = t;
		cr_assert(not(err_is(tree_root(&t, attack_hasher, c->root))));
		memcpy(nc.root, c->root, HASH_SIZE);
		cr_assert(not(err_is(note_checkpoint_text(&text, &nc))));
		cr_assert(
		    not(err_is(note_sign(&note, buf_span(&text), &a->signer))));
		c->note_n = note.n;
		cr_assert(not(err_is(audit_checkpoint_mac(
		    attack_hasher, c->mac, key == NULL ? a->key[i] : key, c))));
	}
}

static void
drop_row(struct memory *m, size_t at)
{
	memmove(
	    &m->row[at], &m->row[at + 1], (m->row_n - at - 1) * sizeof *m->row);
	m->row_n--;
}

static void
drop_checkpoint(struct memory *m, size_t at)
{
	memmove(&m->checkpoint[at], &m->checkpoint[at + 1],
	    (m->checkpoint_n - at - 1) * sizeof *m->checkpoint);
	m->checkpoint_n--;
}

/* ---- what is done ---- */

static void
nothing(struct attack *a)
{
}

static void
edit(struct attack *a)
{
	a->m->row[300].row[60] ^= 1;
}

static void
edit_and_hash(struct attack *a)
{
	rewrite(&a->m->row[300], set_kind, "harmless");
}

static void
edit_and_chain(struct attack *a)
{
	edit_and_hash(a);
	rechain(a->m, 301);
}

static void
edit_tail_and_chain(struct attack *a)
{
	rewrite(&a->m->row[600], set_kind, "harmless");
	rechain(a->m, 601);
}

static void delete (struct attack *a)
{
	drop_row(a->m, 300);
}

static void
delete_first(struct attack *a)
{
	drop_row(a->m, 0);
}

/* Close the gap, numbers and chain. */
static void
delete_and_renumber(struct attack *a)
{
	drop_row(a->m, 300);
	for (uint64_t i = 300; i < a->m->row_n; i++) {
		a->m->row[i].seq = i;
		rewrite(&a->m->row[i], set_seq, &i);
	}
	rechain(a->m, 300);
}

static void
reorder(struct attack *a)
{
	struct memory_row r = a->m->row[300];

	a->m->row[300] = a->m->row[301];
	a->m->row[301] = r;
	a->m->row[300].seq = 300;
	a->m->row[301].seq = 301;
}

static void
cut_tail(struct attack *a)
{
	a->m->row_n = 650;
}

static void
cut_to_checkpoint(struct attack *a)
{
	a->m->row_n = 512;
}

static void
cut_all(struct attack *a)
{
	a->m->row_n = a->m->checkpoint_n = 0;
}

/* Another log, complete and signed by the branch's own key. */
static void
fork_log(struct attack *a)
{
	edit_and_chain(a);
	for (size_t i = 0; i < a->m->row_n; i++)
		seal_row(&a->m->row[i], a->key[i < 256 ? 0 : i < 512 ? 1 : 2]);
	resign(a, NULL);
}

/* All one can do with the keys found on the machine today. */
static void
later_key(struct attack *a)
{
	rewrite(&a->m->row[100], set_kind, "harmless");
	rechain(a->m, 101);
	for (size_t i = 100; i < a->m->row_n; i++)
		seal_row(&a->m->row[i], a->key[2]);
	resign(a, a->key[2]);
}

/* The same, but only with the signing key. */
static void
no_key(struct attack *a)
{
	rewrite(&a->m->row[100], set_kind, "harmless");
	rechain(a->m, 101);
	resign(a, a->key[2]);
}

static void
epoch_missing(struct attack *a)
{
	drop_checkpoint(a->m, 0);
}

static void
epoch_missing_renumbered(struct attack *a)
{
	drop_checkpoint(a->m, 0);
	a->m->checkpoint[0].number = 0;
}

static void
last_epoch_missing(struct attack *a)
{
	drop_checkpoint(a->m, 1);
}

static void
bad_signature(struct attack *a)
{
	struct audit_checkpoint *c = &a->m->checkpoint[0];

	c->note[c->note_n - 10] ^= 1;
}

static void
foreign_signature(struct attack *a)
{
	uint8_t seed[NOTE_SEED] = { 9 };

	cr_assert(
	    not(err_is(note_signer_make(&a->signer, span_str(ORIGIN), seed))));
	resign(a, NULL);
}

static void
signature_gone(struct attack *a)
{
	a->m->checkpoint[0].note_n = 0;
}

static void
signature_of_another_checkpoint(struct attack *a)
{
	struct audit_checkpoint *c = a->m->checkpoint;

	memcpy(c[0].note, c[1].note, sizeof c[0].note);
	c[0].note_n = c[1].note_n;
}

static void
wrong_branch(struct attack *a)
{
	rewrite(&a->m->row[300], set_branch, "004-9999");
	rechain(a->m, 301);
}

static void
seq_gap(struct attack *a)
{
	for (uint64_t i = 300; i < a->m->row_n; i++) {
		uint64_t seq = i + 1;

		a->m->row[i].seq = seq;
		rewrite(&a->m->row[i], set_seq, &seq);
	}
	rechain(a->m, 300);
}

/* seq 300 (0x19012c) said in four bytes. */
static void
non_canonical(struct attack *a)
{
	static const uint8_t seq[] = { 0x03, 0x19, 0x01, 0x2c };
	struct memory_row *r = &a->m->row[300];
	uint8_t *at = memmem(r->row, r->n, seq, sizeof seq);

	cr_assert_not_null(at);
	memmove(at + 6, at + 4, (size_t)(r->row + r->n - at - 4));
	memcpy(at, "\x03\x1a\x00\x00\x01\x2c", 6);
	r->n += 2;
	hash_row(r);
	rewrite(&a->m->row[301], set_prev, r->hash);
	rechain(a->m, 302);
}

static void
wrong_frontier(struct attack *a)
{
	a->m->checkpoint[0].frontier.node[8][0] ^= 1;
}

static void
wrong_seal(struct attack *a)
{
	a->m->row[10].mac[0] ^= 1;
}

static void
wrong_checkpoint_seal(struct attack *a)
{
	a->m->checkpoint[1].mac[0] ^= 1;
}

const struct tampering tamperings[] = {
	/* clang-format off */
	{ "nothing is done", nothing, ALL, FOUND_NOTHING, 0 },
	{ "nothing is done", nothing, BLIND, FOUND_NOTHING, 0 },
	/* 1 */
	{ "a row is edited", edit, BLIND, FOUND_ROW_EDITED, 300 },
	{ "and its hash", edit_and_hash, BLIND, FOUND_CHAIN, 300 },
	{ "and the chain", edit_and_chain, BLIND, FOUND_ROOT, 256 },
	{ "and the chain", edit_and_chain, SEAL, FOUND_SEAL, 300 },
	{ "in the tail", edit_tail_and_chain, SEAL, FOUND_SEAL, 600 },
	{ "in the tail", edit_tail_and_chain, HEAD, FOUND_FORK, 512 },
	/* 2 */
	{ "a row is deleted", delete, BLIND, FOUND_ROW_MISSING, 300 },
	{ "the first row", delete_first, BLIND, FOUND_ROW_MISSING, 0 },
	{ "and the gap closed", delete_and_renumber, BLIND, FOUND_ROOT, 256 },
	{ "and the gap closed", delete_and_renumber, SEAL, FOUND_SEAL, 300 },
	/* 3 */
	{ "rows change places", reorder, BLIND, FOUND_ROW_ORDER, 300 },
	/* 4 */
	{ "the tail is cut", cut_tail, HEAD, FOUND_TAIL_CUT, 650 },
	{ "at a checkpoint", cut_to_checkpoint, HEAD, FOUND_TAIL_CUT, 512 },
	{ "to nothing", cut_all, HEAD, FOUND_TAIL_CUT, 0 },
	/* 5 */
	{ "a fork", fork_log, ALL, FOUND_FORK, 512 },
	{ "a fork looks good without a head", fork_log, KEY | SEAL,
	    FOUND_NOTHING, 0 },
	/* 6 */
	{ "sealed with a later key", later_key, KEY | SEAL,
	    FOUND_LATER_KEY, 100 },
	{ "not sealed", no_key, KEY | SEAL, FOUND_SEAL, 100 },
	/* 7 */
	{ "an epoch is gone", epoch_missing, BLIND, FOUND_EPOCH_MISSING, 0 },
	{ "renumbered", epoch_missing_renumbered, BLIND,
	    FOUND_EPOCH_MISSING, 0 },
	{ "the last", last_epoch_missing, BLIND, FOUND_EPOCH_MISSING, 256 },
	/* 8 */
	{ "a bad signature", bad_signature, KEY, FOUND_SIGNATURE, 0 },
	{ "a foreign one", foreign_signature, KEY, FOUND_SIGNATURE, 0 },
	{ "none", signature_gone, BLIND, FOUND_SIGNATURE, 0 },
	{ "that of another", signature_of_another_checkpoint, KEY,
	    FOUND_SIGNATURE, 0 },
	/* 9 */
	{ "another branch", wrong_branch, BLIND, FOUND_BRANCH, 300 },
	/* 10 */
	{ "a number left out", seq_gap, BLIND, FOUND_SEQ_GAP, 300 },
	/* 11 */
	{ "not canonical", non_canonical, BLIND, FOUND_ROW_FORM, 300 },
	/* and */
	{ "a wrong frontier", wrong_frontier, BLIND, FOUND_CHECKPOINT, 0 },
	{ "a wrong seal", wrong_seal, SEAL, FOUND_SEAL, 10 },
	{ "of a checkpoint", wrong_checkpoint_seal, SEAL, FOUND_SEAL, 256 },
	/* clang-format on */
};

const size_t tampering_n = sizeof tamperings / sizeof *tamperings;

void
attack_put_back(struct attack *a)
{
	const struct memory *m = a->m;
	sqlite3 *db;
	sqlite3_stmt *row, *cut;

	world_sql(a->w, "DELETE FROM audit_row;DELETE FROM audit_checkpoint");
	cr_assert_eq(sqlite3_open(world_path(a->w, "dasi.db"), &db), SQLITE_OK);
	sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
	sqlite3_prepare_v2(
	    db, "INSERT INTO audit_row VALUES (?,?,?,?)", -1, &row, NULL);
	sqlite3_prepare_v2(db,
	    "INSERT INTO audit_checkpoint VALUES (?,?,?,?,?,?)", -1, &cut,
	    NULL);
	for (size_t i = 0; i < m->row_n; i++) {
		const struct memory_row *r = &m->row[i];

		sqlite3_bind_int64(row, 1, (int64_t)r->seq);
		sqlite3_bind_blob(row, 2, r->row, (int)r->n, SQLITE_STATIC);
		sqlite3_bind_blob(row, 3, r->hash, HASH_SIZE, SQLITE_STATIC);
		sqlite3_bind_blob(row, 4, r->mac, HASH_SIZE, SQLITE_STATIC);
		cr_assert_eq(sqlite3_step(row), SQLITE_DONE);
		sqlite3_reset(row);
	}
	for (size_t i = 0; i < m->checkpoint_n; i++) {
		const struct audit_checkpoint *c = &m->checkpoint[i];
		uint8_t room[TREE_FRONTIER];
		struct buf packed = buf_make(room, sizeof room);

		tree_pack(&c->frontier, &packed);
		sqlite3_bind_int64(cut, 1, (int64_t)c->number);
		sqlite3_bind_int64(cut, 2, (int64_t)c->size);
		sqlite3_bind_blob(cut, 3, c->root, HASH_SIZE, SQLITE_STATIC);
		sqlite3_bind_blob(cut, 4, c->mac, HASH_SIZE, SQLITE_STATIC);
		sqlite3_bind_blob(
		    cut, 5, packed.p, (int)packed.n, SQLITE_STATIC);
		if (c->note_n > 0)
			sqlite3_bind_blob(
			    cut, 6, c->note, (int)c->note_n, SQLITE_STATIC);
		else
			sqlite3_bind_null(cut, 6);
		cr_assert_eq(sqlite3_step(cut), SQLITE_DONE);
		sqlite3_reset(cut);
	}
	sqlite3_finalize(row);
	sqlite3_finalize(cut);
	cr_assert_eq(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

void
attack_note_head(struct attack *a)
{
	struct tree t;

	tree_clear(&t);
	for (size_t i = 0; i < ROWS; i++)
		cr_assert(not(
		    err_is(tree_append(&t, attack_hasher, a->m->row[i].hash))));
	a->check.trusted[0].size = ROWS;
	cr_assert(not(
	    err_is(tree_root(&t, attack_hasher, a->check.trusted[0].root))));
	a->check.trusted[1].size = a->m->checkpoint[0].size;
	memcpy(a->check.trusted[1].root, a->m->checkpoint[0].root, HASH_SIZE);
	a->check.trusted_n = 2;
}
