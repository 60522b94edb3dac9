/*
 * agent/ship.h - how far the audit log has come on its way to head office:
 * for `dasi doctor --json` and the counter.
 */
#ifndef PROG_AGENT_SHIP_H
#define PROG_AGENT_SHIP_H

#include <stdbool.h>
#include <stdint.h>

struct agent;

struct ship_status {
	bool configured;     /* section ship of dasi.conf */
	uint64_t rows;	     /* in the log, pruned ones counted */
	uint64_t acked;	     /* of them at head office, by its last word */
	uint64_t queued;     /* rows - acked */
	uint64_t cosigned;   /* under head office's newest signature */
	int64_t oldest_s;    /* age of the oldest queued row; 0: none */
	int64_t ack_at;	     /* Unix seconds of its last word; 0: none yet */
	const char *history; /* "checking" "good" "bad": no new cases */
	const char *trouble; /* "", or "fork" "rollback": no new cases */
};

/* Reads one row of the database; never fails: what cannot be read is 0. */
void agent_ship_status(const struct agent *a, struct ship_status *out);

#endif
