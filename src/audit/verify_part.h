/*
 * audit/verify_part.h - one stretch of a log under verification.
 *
 * Stretches meet at checkpoints: each trusts the frontier kept with the
 * checkpoint before it, and the stretch before checks exactly that one.
 */
#ifndef AUDIT_VERIFY_PART_H
#define AUDIT_VERIFY_PART_H

#include "audit/log.h"
#include "audit/verify.h"

struct part {
	/* what to do */
	const struct audit_check *check;
	const struct audit_port *port;
	const struct audit_head *heads; /* by size */
	size_t head_n;
	struct span branch;
	struct audit_bounds bounds;
	uint64_t signed_to; /* checkpoints up to the newest signed one */
	uint64_t from, to;  /* epochs [from, to) */
	bool last;	    /* and the rows behind them */
	/* where the walk stands */
	struct hasher *h;
	struct tree tree;
	uint8_t prev[HASH_SIZE];
	uint8_t epoch_secret[HASH_KEY];
	uint64_t epoch;
	uint64_t agreed; /* size of the last good checkpoint */
	size_t next_head;
	uint64_t head_size; /* where the next head is due */
	/* what came of it */
	struct audit_report report;
	struct err err;
};

/* E_NOMEM, E_CRYPTO, the port's; what is wrong is in p->report. */
MUST_USE struct err part_verify(struct part *p);

/*
 * The same epoch by epoch.  E_CANCELLED: something is wrong and in p->report,
 * the walk has ended.  part_begin comes first.
 */
MUST_USE struct err part_begin(struct part *p);
MUST_USE struct err part_epoch(struct part *p);

#endif
