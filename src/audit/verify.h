/*
 * audit/verify.h - is this log whole?
 *
 * Reads every row and checkpoint through the port and stops at the first
 * thing wrong.  What can be found depends on what one knows: nothing (gaps,
 * edits that forgot a hash), the branch's key (edits up to the newest signed
 * checkpoint), a checkpoint kept elsewhere (a cut tail, a fork, a log made
 * anew), the first epoch key (every row, to the last one).
 */
#ifndef AUDIT_VERIFY_H
#define AUDIT_VERIFY_H

#include "audit/store.h"

enum audit_finding {
	FOUND_NOTHING,
	FOUND_ROW_EDITED,    /* bytes and kept hash do not agree */
	FOUND_ROW_MISSING,   /* taken out */
	FOUND_SEQ_GAP,	     /* a number left out when it was written */
	FOUND_ROW_ORDER,     /* a row in the place of another */
	FOUND_ROW_FORM,	     /* not the one encoding of a row */
	FOUND_BRANCH,	     /* a row of another branch */
	FOUND_CHAIN,	     /* the next row names another hash */
	FOUND_TAIL_CUT,	     /* fewer rows than a checkpoint says */
	FOUND_ROOT,	     /* rows do not lead to the checkpoint kept here */
	FOUND_FORK,	     /* nor to one known from elsewhere */
	FOUND_SIGNATURE,     /* of a checkpoint: wrong, foreign or absent */
	FOUND_SEAL,	     /* a row or checkpoint not sealed by its epoch */
	FOUND_LATER_KEY,     /* sealed with the key of a later epoch */
	FOUND_EPOCH_MISSING, /* a checkpoint is gone */
	FOUND_CHECKPOINT,    /* one whose columns have no sense */
	FOUND_ANCHOR,	     /* rows gone that head office did not sign for */
	FOUND_COUNT
};

enum { AUDIT_TRUSTED = 16, AUDIT_PARTS = 8 };

/* A tree head one already trusts: its signature was checked. */
struct audit_head {
	uint64_t size;
	uint8_t root[HASH_SIZE];
};

struct audit_check {
	const char *branch;	       /* every row must name it */
	const struct note_key *key;    /* of the branch; NULL: not checked */
	const uint8_t *mac_key;	       /* first epoch key; NULL: not checked */
	const struct note_key *office; /* head office's; NULL: not checked */
	/*
	 * Check the newest signature alone: it vouches for all rows before it,
	 * and older ones add nothing but their own wholeness.  Their texts are
	 * compared all the same.
	 */
	bool newest_only;
	struct audit_head trusted[AUDIT_TRUSTED]; /* any order */
	size_t trusted_n;
	/*
	 * Begin after this many checkpoints instead of at the first row: the
	 * caller trusts the one before.  0 for the whole log.
	 */
	uint64_t from;
};

struct audit_report {
	enum audit_finding finding;
	uint64_t seq;	/* the first row that cannot be vouched for */
	uint64_t until; /* and the row before which that is certain */
	uint64_t rows, checkpoints;    /* gone through */
	uint64_t signed_size;	       /* rows under a checked signature */
	uint64_t unsigned_checkpoints; /* at the end, left by a power cut */
	uint64_t pruned;	       /* rows gone before the first here */
	uint64_t cosigned;   /* head office's signature covers these; checked */
	size_t heads_pruned; /* trusted ones that end before the first row */
	uint64_t size;
	uint8_t root[HASH_SIZE]; /* of all rows; valid without a finding */
};

/*
 * Go through the log; `ports` are `n` (1 to AUDIT_PARTS) doors to the same
 * log, each used by a thread of its own.  What is wrong with the log is in
 * the report, not in the error.  E_ARG: `from` beyond the end, too many
 * trusted; E_NOMEM, E_CRYPTO, the port's.  Blocks.
 */
MUST_USE struct err audit_verify(struct audit_report *out,
    const struct audit_port *ports, size_t n, const struct audit_check *check);

/*
 * The same in the background of a program, an epoch (at most AUDIT_EPOCH_ROWS
 * rows) a step; rows no checkpoint covered when it was opened are left out.
 * The port must not lose rows meanwhile: close the walk before pruning.  What
 * is wrong is in the report, and then there is no more.  Errors as
 * audit_verify.  The caller closes; NULL is fine.
 */
struct audit_walk;
MUST_USE struct err audit_walk_open(struct audit_walk **out,
    const struct audit_port *port, const struct audit_check *check);
MUST_USE struct err audit_walk_step(
    struct audit_walk *w, bool *more, struct audit_report *out);
void audit_walk_close(struct audit_walk *w);

/*
 * How many checkpoints end at or before `size` rows: audit_check.from for a
 * trusted head.  E_NOTFOUND unless one of them ends exactly there with its
 * root.
 */
MUST_USE struct err audit_find_head(uint64_t *from,
    const struct audit_port *port, const struct audit_head *head);

/* A stable word, "row_edited". */
const char *audit_finding_name(enum audit_finding f);

#endif
