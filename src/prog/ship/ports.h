/*
 * ship/ports.h - the two ends of a shipment, as the logic between sees them.
 *
 * agent.c and sink.c are the real ends; tests have others.  Both ends connect
 * when first used and again after any error, so an error of theirs means only
 * "not now".
 */
#ifndef SHIP_PORTS_H
#define SHIP_PORTS_H

#include <stdbool.h>

#include "audit/note.h"
#include "prog/ship/batch.h"

/* How the branch's log stands. */
struct ship_head {
	uint64_t size;		   /* rows, all of them durable */
	char note[NOTE_BYTES + 1]; /* newest signed checkpoint, or "" */
};

enum ship_status {
	SHIP_OK,
	SHIP_GAP,
	SHIP_FORK,
	SHIP_ROLLBACK,
	SHIP_BAD,
	SHIP_UNKNOWN,
	SHIP_STATUS_COUNT
};

/* What the sink answers (kiosk-config/headoffice/20-sink.sql). */
struct ship_answer {
	enum ship_status status;
	uint64_t size;		   /* rows it holds */
	char note[NOTE_BYTES + 1]; /* newest cosigned checkpoint, or "" */
};

struct ship_source {
	/*
	 * How the log stands and, with `batch` not NULL, its rows from
	 * batch->from on, until the batch or the log is full.  E_PROTOCOL,
	 * E_NOTFOUND (those rows are pruned), E_UNREACHABLE, E_GONE, E_REFUSED,
	 * E_TIMEOUT, E_CANCELLED.
	 */
	struct err (*read)(
	    void *ctx, struct ship_head *head, struct batch *batch);
	/* Head office holds `size` rows; note: cosigned, or "". */
	struct err (*acked)(void *ctx, uint64_t size, const char *note);
	/* Head office contradicts the log at `seq`. */
	struct err (*trouble)(void *ctx, const char *kind, uint64_t seq);
	void *ctx;
};

struct ship_sink {
	/* E_PROTOCOL, E_UNREACHABLE, E_GONE, E_TIMEOUT, E_CANCELLED. */
	struct err (*checkpoint)(void *ctx, struct ship_answer *out,
	    const char *note, uint64_t size);
	/* Send; the answer is fetched after.  The batch stays untouched. */
	struct err (*send)(void *ctx, const struct batch *batch);
	struct err (*answer)(void *ctx, struct ship_answer *out);
	/* Give up what was sent and not answered. */
	void (*drop)(void *ctx);
	void *ctx;
};

#endif
