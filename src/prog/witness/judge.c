/*
 * witness/judge.c - following the rows from what was cosigned.
 */
#include "prog/witness/judge.h"

#include <string.h>

#include "audit/row.h"

struct walk {
	const char *branch;
	struct tree *tree;
	struct hasher *h;
	const struct note_checkpoint *seen; /* size 0: nothing */
	bool contradicts;
};

/* The checkpoint of a note that `key` signed. */
static struct err
read_signed(
    struct note_checkpoint *c, struct span note, const struct note_key *key)
{
	struct span text;
	struct err e = note_open(&text, note, key);

	return err_is(e) ? e : note_checkpoint_parse(c, text);
}

/* Where what we cosigned is passed by, the rows must lead to it. */
static struct err
pass_seen(struct walk *w)
{
	uint8_t root[HASH_SIZE];
	struct err e;

	if (w->seen->size == 0 || w->tree->size != w->seen->size)
		return err_none();
	e = tree_root(w->tree, w->h, root);
	if (!err_is(e) && memcmp(root, w->seen->root, HASH_SIZE) != 0)
		w->contradicts = true;
	return e;
}

static struct err
on_row(void *arg, struct span row)
{
	struct walk *w = arg;
	struct audit_row r;
	uint8_t leaf[HASH_SIZE];
	struct err e = hash_leaf(w->h, leaf, row);

	if (err_is(row_decode(&r, row)) || r.seq != w->tree->size ||
	    !span_eq(r.branch, span_str(w->branch)))
		w->contradicts = true;
	if (!err_is(e))
		e = tree_append(w->tree, w->h, leaf);
	return err_is(e) ? e : pass_seen(w);
}

/* The tree of the last cosigned checkpoint, or the empty one. */
static struct err
start(struct tree *t, struct hasher *h, const struct note_key *ours,
    const struct witness_case *c)
{
	struct note_checkpoint last;
	uint8_t root[HASH_SIZE];
	struct err e;

	tree_clear(t);
	if (err_is(read_signed(&last, c->cosigned, ours)) ||
	    !span_eq(last.origin, span_str(c->origin)) ||
	    err_is(tree_unpack(t, last.size, c->frontier))) {
		tree_clear(t);
		return err_none();
	}
	e = tree_root(t, h, root);
	if (!err_is(e) && memcmp(root, last.root, HASH_SIZE) != 0)
		tree_clear(t);
	return e;
}

/* What the note claims; false when it is none of this log. */
static bool
claim(struct note_checkpoint *out, const struct witness_case *c,
    const struct note_key *key)
{
	return !err_is(read_signed(out, c->note, key)) &&
	       span_eq(out->origin, span_str(c->origin));
}

static struct err
follow(struct witness_judgement *out, struct walk *w,
    const struct note_checkpoint *goal, const struct witness_rows *rows)
{
	struct err e = pass_seen(w);

	if (!err_is(e) && w->tree->size < goal->size)
		e = rows->read(rows->ctx, w->tree->size, goal->size, on_row, w);
	if (!err_is(e) && w->tree->size != goal->size)
		e = err_make(E_CORRUPT, 0, "witness: rows");
	if (!err_is(e))
		e = tree_root(w->tree, w->h, out->root);
	out->size = w->tree->size;
	out->verdict = w->contradicts ||
			       memcmp(out->root, goal->root, HASH_SIZE) != 0
			   ? VERDICT_ROOT
			   : VERDICT_COSIGN;
	return e;
}

struct err
witness_judge(struct witness_judgement *out, struct hasher *h,
    const struct note_key *ours, const struct witness_case *c,
    const struct witness_rows *rows)
{
	struct note_checkpoint goal, seen = { .size = 0 };
	struct walk w = { c->branch, &out->tree, h, &seen, false };
	struct note_key log;
	struct err e;

	memset(out, 0, sizeof *out);
	if (err_is(note_key_parse(&log, span_str(c->log_key))))
		return err_make(E_CORRUPT, 0, "witness: key of the branch");
	if (c->seen.n > 0 && (err_is(read_signed(&seen, c->seen, ours)) ||
				 !span_eq(seen.origin, span_str(c->origin))))
		return err_make(E_CORRUPT, 0, "witness: memory");
	out->verdict = VERDICT_SIGNATURE;
	if (!claim(&goal, c, &log))
		return err_none();
	out->verdict = VERDICT_LATER;
	if (goal.size > c->size || goal.size < seen.size)
		return err_none();
	e = start(&out->tree, h, ours, c);
	if (!err_is(e) && out->tree.size > goal.size)
		tree_clear(&out->tree);
	return err_is(e) ? e : follow(out, &w, &goal, rows);
}
