/*
 * agent/deliver.h - the ways a new certificate reaches its holder.
 *
 * One issue may have several (stick and phone): what was chosen and what is
 * proven is durable (BLOB_WAYS), and only when every chosen way is proven the
 * case is DELIVERED and the CA is told.  Until then nothing is confirmed, and
 * the customer may try a way again, add one, or drop one that failed.
 *
 * deliver.c is the same for all; a way is a row of ways[] there and a file of
 * its own: stick.c, phone.c.  README.md says how to add one.
 */
#ifndef PROG_AGENT_DELIVER_H
#define PROG_AGENT_DELIVER_H

#include "npki/cert.h"
#include "prog/agent/core.h"

struct way {
	const char *name;    /* in `to` of case.issue and of the case */
	const char *effect;  /* of its journal rows */
	const char *missing; /* refusal when it is not ready; NULL: never */
	bool alone;	     /* the key is made there: nothing beside it */
	/* Whether it can be chosen now. */
	bool (*ready)(struct agent *a);
	/*
	 * The certificate is here: begin by itself, with a ROW_INTENT before
	 * anything leaves.  NULL: the customer begins it.  Ends with
	 * deliver_proven() or deliver_failed().
	 */
	void (*begin)(struct agent *a, struct live *l);
	/* Cannot be stopped just now: who wants to go on waits for its end. */
	bool (*busy)(const struct live *l);
	/* What begun is over; whatever comes of it later counts for nothing. */
	void (*cancel)(struct agent *a, struct live *l);
};

const struct way *way_of(enum way_id id);

/* ---- deliver.c ---- */
/* What is durable of the choice; without a record it is the stick. */
void deliver_load(struct agent *a, struct live *l);
/*
 * `to` of the request as bits 1 << way in *chosen; absent: the stick.  NULL,
 * or the refusal: "rpc.params", or why a way cannot be had.
 */
const char *deliver_read(
    struct agent *a, uint8_t *chosen, const json_t *params);
/* The choice as a sealed record; `room` holds it meanwhile. */
enum { DELIVER_RECORD = 2 };
struct store_blob deliver_record(
    uint8_t room[static DELIVER_RECORD], uint8_t chosen, uint8_t proven);
/* [{way, state: todo doing done failed}] */
json_t *deliver_view(const struct live *l);

bool deliver_wants(const struct live *l, enum way_id id); /* and not proven */
bool deliver_busy(const struct live *l);
/* Begin what is chosen, not proven, and begins by itself. */
void deliver_begin(struct agent *a, struct live *l);
/* End what is under way. */
void deliver_cancel(struct agent *a, struct live *l);
/*
 * The way has proven that the holder has the files: durable with its result;
 * when it was the last one the CA is told.  On an error nothing has changed.
 */
MUST_USE struct err deliver_proven(
    struct agent *a, struct live *l, enum way_id id);
/*
 * It came to nothing, for the reason `outcome`: the case stays ISSUED.
 * `problem` is a text key, or NULL when the way tells the customer itself.
 */
void deliver_failed(struct agent *a, struct live *l, enum way_id id,
    const char *outcome, const char *problem);
/*
 * There is no time left: what is proven counts, the rest is dropped.  False
 * when nothing is proven.
 */
bool deliver_settle(struct agent *a, struct live *l);
/* Tell the CA; "no" ends everything under way first. */
void deliver_confirm(struct agent *a, struct live *l, bool accept);
/* A sealed record of the case as base64; NULL when there is none. */
json_t *deliver_blob(
    struct agent *a, const struct live *l, enum store_blob_kind kind);
/* What the new certificate says.  E_NOTFOUND, E_FORMAT. */
MUST_USE struct err deliver_cert(
    struct agent *a, const struct live *l, struct npki_cert_info *i);

/* ---- stick.c ---- */
extern const struct way way_stick;
/* media.progress */
void stick_progress(struct agent *a, int percent);

/* ---- token.c ---- */
extern const struct way way_token;
/* A dasi-token is there; told to the kiosks when that changes. */
bool token_is_there(const struct agent *a);
void token_tell(struct agent *a);
/* Which token, of case.issue or case.deliver; false when it names none. */
bool token_read(struct live *l, const json_t *params);
/* The issue is dasi-token's instead of a worker's; NULL when it is not there
 * or at work for another case. */
struct link *token_take(struct agent *a, struct live *l);
/* Its job only waits for the customer: it can be taken up again, and another
 * one may want the token. */
bool token_waits(struct agent *a, const struct live *l);

/* ---- phone.c ---- */
extern const struct way way_phone;
/* A program is there that can be reached by phones. */
bool phone_ready(struct agent *a);
/* End the handoff of the case, if one is open, in that state. */
void phone_end(struct agent *a, struct live *l, enum handoff_state state);
/* phone.changed to the terminal whose visit it is. */
void phone_changed(struct agent *a, struct live *l, const char *state);
/* Of dasi-handoff: its events, its end. */
void phone_event(struct agent *a, const char *event, const json_t *params);
void phone_server_lost(struct agent *a);
void phone_tick(struct agent *a, struct live *l);
int64_t phone_deadline(const struct live *l);

/* ---- phone_send.c ---- */
/* The digits were right: prove, seal, send. */
void phone_send(struct agent *a, struct live *l);

#endif
