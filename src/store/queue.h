/*
 * store/queue.h - the cases of a branch in few columns: for the counter's
 * queue, and counted for the end of a day.
 */
#ifndef STORE_QUEUE_H
#define STORE_QUEUE_H

#include "store/store.h"

enum { QUEUE_MAX = 1024, QUEUE_WORD = 64 };

struct queue_row {
	int64_t id, version;
	enum case_state state;
	int64_t opened_at, changed_at; /* Unix seconds */
	int64_t fee_won;	       /* -1: not set */
	char case_no[QUEUE_WORD];
	char policy[QUEUE_WORD];
	char promise[QUEUE_WORD]; /* "2026-11-24", or "" */
	char terminal[QUEUE_WORD];
	char review[QUEUE_WORD], problem[QUEUE_WORD]; /* text keys, or "" */
};

/*
 * Up to `cap` cases, *n of them: those that have not ended, oldest first; or
 * with `ended` those that have, newest first.  Texts that do not fit are cut.
 */
MUST_USE struct err store_queue(
    struct store *s, struct queue_row *out, size_t cap, size_t *n, bool ended);

/* What became of cases on one day in Korea. */
struct queue_day {
	int64_t opened;
	int64_t ended[CASE_STATE_COUNT]; /* by their last state */
};

/* `day` is its midnight, Unix seconds. */
MUST_USE struct err store_queue_day(
    struct store *s, struct queue_day *out, int64_t day);

#endif
