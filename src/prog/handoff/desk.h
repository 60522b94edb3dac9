/*
 * handoff/desk.h - the handoffs that are open: a table without sockets.
 *
 * Between the phone (web.c) and who has the secrets (the agent, here or at a
 * branch behind the relay).  It holds a hash, states and ciphertext, and each
 * of them only until the handoff ends.  Time comes in.
 */
#ifndef PROG_HANDOFF_DESK_H
#define PROG_HANDOFF_DESK_H

#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"
#include "handoff/session.h"

enum {
	DESK_ROWS = 256,
	DESK_OWNERS = 64,
	DESK_OWNED = 16, /* not ended, of one owner */
	DESK_WAIT_MS =
	    8000,	 /* for the owner's answer; then the phone asks again */
	DESK_CLAIMS = 5, /* a minute and id */
	DESK_KEPT_MS = 600000, /* an ended one answers 410 so long */
	DESK_TTL_MAX_S = 600,
	DESK_PARCEL = 60 * 1024 /* all files of a handoff, as JSON */
};

struct desk_row {
	char id[HANDOFF_ID_TEXT]; /* "": free */
	int owner;		  /* whose it is: a branch's number */
	uint8_t auth_hash[SEAL_DIGEST];
	int64_t until_ms; /* of the handoff; then of the memory of it */
	enum handoff_state state;
	bool opened; /* somebody fetched the page */
	char claimed[BASE64_TEXT(HANDOFF_POINT)]; /* the phone's point */
	char nonce[32]; /* the answer to the claim, "" before */
	void *asking;	/* the phone's request that waits for it */
	int64_t asking_ms;
	char *parcel; /* JSON text for the phone, or NULL */
	int claims;   /* in this minute */
	int64_t minute_ms;
};

/* What the owner is asked or told; takes `params`. */
struct desk_port {
	/* An id to find the answer by; 0 when the owner is gone. */
	json_int_t (*ask)(
	    void *ctx, int owner, const char *method, json_t *params);
	void (*tell)(void *ctx, int owner, const char *event, json_t *params);
	/* The phone's request may go on: see desk_claim(). */
	void (*resume)(void *ctx, void *asking);
	void *ctx;
};

struct desk_ask {
	json_int_t id; /* 0: free */
	int owner;
	char row[HANDOFF_ID_TEXT];
	bool ack; /* else a claim */
};

struct desk {
	struct desk_port port;
	struct desk_row rows[DESK_ROWS];
	struct desk_ask asks[2 * DESK_ROWS];
};

/* What the phone is answered: a status and a JSON text to be freed. */
struct desk_answer {
	unsigned status; /* 0: wait, `asking` is resumed */
	char *body;
};

void desk_init(struct desk *d, const struct desk_port *port);
/* Wipe everything. */
void desk_end(struct desk *d);

/*
 * A request of an owner: handoff.open, handoff.deliver, handoff.close.
 * Returns NULL or an error code ("rpc.params", "rpc.method", "handoff.full",
 * "handoff.none", "rpc.state").
 */
const char *desk_request(struct desk *d, int owner, const char *method,
    const json_t *params, int64_t now_ms);
/* The owner's answer to a desk_port.ask: `result` or `error` in `body`. */
void desk_answered(
    struct desk *d, int owner, const json_t *body, int64_t now_ms);
/* The owner is gone: its handoffs are. */
void desk_owner_lost(struct desk *d, int owner, int64_t now_ms);

/* The page was fetched under this id; told once. */
void desk_opened(struct desk *d, const char *id);
/*
 * POST claim, fetch and ack with the body `in`.  `asking` stands for the
 * request while it waits; a request that is gone is forgotten by
 * desk_forget().
 */
struct desk_answer desk_post(struct desk *d, const char *id, const char *what,
    const json_t *in, void *asking, int64_t now_ms);
/* The answer to a claim or ack that waited. */
struct desk_answer desk_resumed(
    struct desk *d, const char *id, const char *what, int64_t now_ms);
void desk_forget(struct desk *d, void *asking);

/* All that is not ended is gone, and who waits is told. */
void desk_close(struct desk *d, int64_t now_ms);

/* Time passes: expiries, phones that waited long enough, memories of ended
 * ones. */
void desk_tick(struct desk *d, int64_t now_ms);

#endif
