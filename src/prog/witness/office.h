/*
 * witness/office.h - head office's database, as the witness uses it.
 *
 * Every call blocks; the server is next door.
 */
#ifndef WITNESS_OFFICE_H
#define WITNESS_OFFICE_H

#include <signal.h>

#include "audit/note.h"
#include "audit/tree.h"
#include "prog/witness/judge.h"

struct office;

/* E_UNREACHABLE, E_NOMEM.  The caller closes. */
MUST_USE struct err office_open(struct office **out, const char *conninfo);
void office_close(struct office *o); /* NULL is fine */

/*
 * Call `each` for every branch whose checkpoint waits; `seen` is not filled
 * in, spans and texts live until it returns.  Its errors end the walk.
 */
MUST_USE struct err office_work(struct office *o,
    struct err (*each)(void *arg, const struct witness_case *c), void *arg);

/* The rows of a branch; *out borrows both. */
struct office_rows {
	struct office *office;
	const char *branch;
};
struct witness_rows office_rows(struct office_rows *r);

/* E_STATE: the branch has moved on meanwhile. */
MUST_USE struct err office_cosign(struct office *o,
    const struct witness_case *c, uint64_t size, struct span note,
    const struct tree *tree);
MUST_USE struct err office_refuse(struct office *o,
    const struct witness_case *c, const struct witness_judgement *j);

/*
 * Wait for word of a checkpoint, at most `timeout_ms`, with `signals` blocked
 * meanwhile; another signal ends the wait.  E_GONE when the connection is
 * lost.
 */
MUST_USE struct err office_wait(
    struct office *o, int timeout_ms, const sigset_t *signals);

#endif
