/*
 * store/report.h - what tools ask of a branch: cases, their journals, counts.
 *
 * Reads only, and nothing personal: columns and journal rows in the clear.
 * Works on the agent's store and on one of store_open_audit() alike.
 */
#ifndef STORE_REPORT_H
#define STORE_REPORT_H

#include "store/store.h"

/* Which cases; all conditions together. */
struct store_filter {
	int state;	/* enum case_state; -1: any */
	bool open;	/* only those that have not ended */
	int64_t since;	/* opened at or after, Unix seconds; 0: any */
	int64_t before; /* ids below this one; 0: from the newest */
};

/*
 * Up to `cap` cases, newest first; *n of them.  E_CORRUPT, E_SYS: so for all
 * functions here.
 */
MUST_USE struct err store_report_cases(struct store *s, struct store_case *out,
    size_t cap, size_t *n, const struct store_filter *filter);

/* E_NOTFOUND. */
MUST_USE struct err store_report_case(
    struct store *s, struct store_case *out, const char *case_no);

/* A journal row without what is sealed in it. */
struct store_entry {
	int64_t seq, wall_ms;
	enum store_row_kind kind;
	char effect[STORE_TEXT], outcome[STORE_TEXT]; /* outcome "": none */
	enum case_state state;			      /* after this row */
	int64_t version;
	bool has_bytes;
	uint8_t digest[SEAL_DIGEST]; /* of the exact bytes */
};

/* Up to `cap` rows of the case after row `after`, oldest first; *n of them. */
MUST_USE struct err store_report_journal(struct store *s,
    struct store_entry *out, size_t cap, size_t *n, const struct store_case *c,
    int64_t after);

struct store_summary {
	int64_t states[CASE_STATE_COUNT]; /* cases in each */
	/* intents of open cases that have no result of their key at all */
	int64_t intents, intent_ms; /* how many; wall time of the oldest */
	char intent_effect[STORE_TEXT], intent_case[STORE_TEXT];
	/* reported losses the CA has not confirmed */
	int64_t holds, hold_at; /* how many; when the oldest was reported */
	/* open cases that keep a customer's (encrypted) key */
	int64_t spool, spool_at; /* how many; the oldest one's last arrow */
	int64_t leftover;	 /* ended cases whose key was not destroyed */
};

MUST_USE struct err store_report_summary(
    struct store *s, struct store_summary *out);

/* The schema's version, and the one this program writes. */
MUST_USE struct err store_report_schema(
    struct store *s, int *version, int *newest);

/*
 * SQLite's quick check, "ok" or its first finding.  Reads the whole file: for
 * a database at rest.  Blocks.
 */
MUST_USE struct err store_report_integrity(
    struct store *s, char *out, size_t cap);

#endif
