/*
 * witness/judge.h - is this checkpoint the branch's, do its rows lead to it,
 * and does it continue what was cosigned before?
 *
 * Pure but for the row port.  The tree starts from the last cosigned one,
 * whose frontier is believed only because it leads to a root we signed; so a
 * new root that the rows reach from there is consistent by construction.
 */
#ifndef WITNESS_JUDGE_H
#define WITNESS_JUDGE_H

#include "audit/note.h"
#include "audit/tree.h"

/* What is known of a branch and its newest checkpoint. */
struct witness_case {
	const char *branch;   /* as its rows name it */
	const char *origin;   /* as its checkpoints do */
	const char *log_key;  /* note key text of the branch's log */
	uint64_t size;	      /* rows held */
	struct span note;     /* the checkpoint to judge */
	struct span cosigned; /* the last cosigned one; n 0: none */
	struct span frontier; /* of its tree */
	struct span seen;     /* the last cosigned one of our own memory */
};

/* Rows [from, to) in order; calls `each` for every one of them. */
struct witness_rows {
	struct err (*read)(void *ctx, uint64_t from, uint64_t to,
	    struct err (*each)(void *arg, struct span row), void *arg);
	void *ctx;
};

enum witness_verdict {
	VERDICT_COSIGN,
	VERDICT_LATER,	   /* rows are missing yet, or it is older than seen */
	VERDICT_SIGNATURE, /* refuse: not signed by the branch, or no
			      checkpoint of its log */
	VERDICT_ROOT,	   /* refuse: the rows lead elsewhere, or are no
			      rows of this branch in their places */
	VERDICT_COUNT
};

struct witness_judgement {
	enum witness_verdict verdict;
	uint64_t size;		 /* of the tree the rows were followed to */
	uint8_t root[HASH_SIZE]; /* where they led */
	struct tree tree;	 /* when VERDICT_COSIGN */
};

/*
 * E_CORRUPT: `seen` is no note of ours, or log_key no key; E_CRYPTO, and the
 * row port's.  Then there is no verdict.
 */
MUST_USE struct err witness_judge(struct witness_judgement *out,
    struct hasher *h, const struct note_key *ours, const struct witness_case *c,
    const struct witness_rows *rows);

#endif
