/*
 * witness/witness.h - one round: every branch whose checkpoint waits.
 */
#ifndef WITNESS_WITNESS_H
#define WITNESS_WITNESS_H

#include "prog/witness/office.h"

struct witness {
	struct note_signer signer;
	struct hasher *hasher;
	const char *folder; /* memory.h */
	struct office *office;
};

/*
 * Judge each waiting checkpoint: cosign it, refuse it or leave it.  What is
 * wrong with one branch is logged and does not stop the others; an error is
 * that of the database.
 */
MUST_USE struct err witness_round(struct witness *w);

#endif
