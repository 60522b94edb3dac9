/*
 * handoff/desk.c - the table, and its owners' side.
 */
#include "prog/handoff/desk_inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "prog/handoff/wire.h"
#include "rpc/rpc.h"

enum { ASKS = 2 * DESK_ROWS };

/* ---- rows ---- */

struct desk_row *
desk_find(struct desk *d, const char *id)
{
	for (int i = 0; i < DESK_ROWS; i++) {
		if (d->rows[i].id[0] != '\0' && strcmp(d->rows[i].id, id) == 0)
			return &d->rows[i];
	}
	return NULL;
}

/* An event's type, and which handoff without its name. */
static void
note(const struct desk_row *r, const char *what)
{
	uint8_t hash[SEAL_DIGEST];
	char text[HEX_TEXT(4)];

	if (err_is(seal_digest(hash, span_str(r->id))))
		return;
	hex_encode(text, sizeof text, span_make(hash, 4));
	log_line(LOG_NOTICE, "handoff %s: %s", text, what);
}

static struct desk_row *
find_of(struct desk *d, int owner, const char *id)
{
	struct desk_row *r = desk_find(d, id);

	return r != NULL && r->owner == owner ? r : NULL;
}

bool
desk_is_over(const struct desk_row *r)
{
	return r->state != HANDOFF_OPEN && r->state != HANDOFF_CLAIMED &&
	       r->state != HANDOFF_SENDING;
}

static void
drop_parcel(struct desk_row *r)
{
	if (r->parcel != NULL)
		secret_wipe(r->parcel, strlen(r->parcel));
	free(r->parcel);
	r->parcel = NULL;
}

static void
wake(struct desk *d, struct desk_row *r)
{
	void *asking = r->asking;

	r->asking = NULL;
	if (asking != NULL)
		d->port.resume(d->port.ctx, asking);
}

/* What remains is id, auth and the word for 410. */
static void
end_row(
    struct desk *d, struct desk_row *r, enum handoff_state state, int64_t now)
{
	drop_parcel(r);
	secret_wipe(r->nonce, sizeof r->nonce);
	r->state = state;
	note(r, handoff_state_name(state));
	r->until_ms = now + DESK_KEPT_MS;
	wake(d, r);
}

static void
free_row(struct desk *d, struct desk_row *r)
{
	for (int i = 0; i < ASKS; i++) {
		if (d->asks[i].id != 0 && strcmp(d->asks[i].row, r->id) == 0)
			d->asks[i].id = 0;
	}
	drop_parcel(r);
	secret_wipe(r, sizeof *r);
}

void
desk_init(struct desk *d, const struct desk_port *port)
{
	memset(d, 0, sizeof *d);
	d->port = *port;
}

void
desk_end(struct desk *d)
{
	for (int i = 0; i < DESK_ROWS; i++)
		free_row(d, &d->rows[i]);
	secret_wipe(d->asks, sizeof d->asks);
}

void
desk_tick(struct desk *d, int64_t now_ms)
{
	for (int i = 0; i < DESK_ROWS; i++) {
		struct desk_row *r = &d->rows[i];
		if (r->asking != NULL && now_ms - r->asking_ms > DESK_WAIT_MS)
			wake(d, r);
		if (r->id[0] == '\0' || now_ms < r->until_ms)
			continue;
		if (desk_is_over(r))
			free_row(d, r);
		else
			end_row(d, r, HANDOFF_EXPIRED, now_ms);
	}
}

void
desk_close(struct desk *d, int64_t now_ms)
{
	for (int i = 0; i < DESK_ROWS; i++) {
		struct desk_row *r = &d->rows[i];
		if (r->id[0] != '\0' && !desk_is_over(r))
			end_row(d, r, HANDOFF_GONE, now_ms);
	}
}

/* ---- the owner ---- */

static bool
has_enough(const struct desk *d, int owner)
{
	int n = 0;

	for (int i = 0; i < DESK_ROWS; i++) {
		const struct desk_row *r = &d->rows[i];
		n += r->id[0] != '\0' && r->owner == owner && !desk_is_over(r);
	}
	return n >= DESK_OWNED;
}

static struct desk_row *
room(struct desk *d)
{
	struct desk_row *ended = NULL;

	for (int i = 0; i < DESK_ROWS; i++) {
		struct desk_row *r = &d->rows[i];
		if (r->id[0] == '\0')
			return r;
		if (desk_is_over(r) &&
		    (ended == NULL || r->until_ms < ended->until_ms))
			ended = r;
	}
	if (ended != NULL)
		free_row(d, ended);
	return ended;
}

static const char *
open_row(struct desk *d, int owner, const json_t *params, int64_t now)
{
	const char *id = rpc_str(params, "id");
	json_int_t ttl_s = rpc_int(params, "ttl_s", 0);
	uint8_t hash[SEAL_DIGEST + 3];
	struct buf b = buf_make(hash, sizeof hash);
	struct desk_row *r;

	if (!handoff_id_ok(id) || ttl_s < 1 || ttl_s > DESK_TTL_MAX_S ||
	    err_is(rpc_get_bytes(&b, params, "auth_hash")) ||
	    b.n != SEAL_DIGEST || desk_find(d, id) != NULL)
		return "rpc.params";
	if (has_enough(d, owner) || (r = room(d)) == NULL)
		return "handoff.full";
	*r = (struct desk_row){ .owner = owner,
		.state = HANDOFF_OPEN,
		.until_ms = now + ttl_s * 1000 };
	memcpy(r->id, id, sizeof r->id);
	memcpy(r->auth_hash, hash, sizeof r->auth_hash);
	note(r, handoff_state_name(r->state));
	return NULL;
}

static const char *
deliver(struct desk *d, int owner, const json_t *params)
{
	struct desk_row *r = find_of(d, owner, rpc_str(params, "id"));
	json_t *out;

	if (r == NULL)
		return "handoff.none";
	if (r->state != HANDOFF_CLAIMED)
		return "rpc.state";
	out = wire_parcel(params);
	r->parcel = out == NULL ? NULL : json_dumps(out, JSON_COMPACT);
	json_decref(out);
	if (r->parcel == NULL || strlen(r->parcel) > DESK_PARCEL) {
		drop_parcel(r);
		return "rpc.params";
	}
	r->state = HANDOFF_SENDING;
	note(r, handoff_state_name(r->state));
	return NULL;
}

static enum handoff_state
state_named(const char *word)
{
	int s = HANDOFF_DONE;

	while (s < HANDOFF_STATE_COUNT &&
	       strcmp(handoff_state_name((enum handoff_state)s), word) != 0)
		s++;
	return s == HANDOFF_STATE_COUNT ? HANDOFF_GONE : (enum handoff_state)s;
}

const char *
desk_request(struct desk *d, int owner, const char *method,
    const json_t *params, int64_t now_ms)
{
	struct desk_row *r;

	if (strcmp(method, "handoff.open") == 0)
		return open_row(d, owner, params, now_ms);
	if (strcmp(method, "handoff.deliver") == 0)
		return deliver(d, owner, params);
	if (strcmp(method, "handoff.close") != 0)
		return "rpc.method";
	if ((r = find_of(d, owner, rpc_str(params, "id"))) == NULL)
		return "handoff.none";
	if (!desk_is_over(r))
		end_row(d, r, state_named(rpc_str(params, "state")), now_ms);
	return NULL;
}

void
desk_owner_lost(struct desk *d, int owner, int64_t now_ms)
{
	for (int i = 0; i < ASKS; i++) {
		if (d->asks[i].id != 0 && d->asks[i].owner == owner)
			d->asks[i].id = 0;
	}
	for (int i = 0; i < DESK_ROWS; i++) {
		struct desk_row *r = &d->rows[i];
		if (r->id[0] != '\0' && r->owner == owner && !desk_is_over(r))
			end_row(d, r, HANDOFF_GONE, now_ms);
	}
}

struct desk_ask *
desk_asked(struct desk *d, const struct desk_row *r, bool ack)
{
	for (int i = 0; i < ASKS; i++) {
		struct desk_ask *a = &d->asks[i];
		if (a->id != 0 && a->ack == ack && strcmp(a->row, r->id) == 0)
			return a;
	}
	return NULL;
}

bool
desk_ask(struct desk *d, struct desk_row *r, bool ack, json_t *params)
{
	struct desk_ask *free_one = NULL;

	for (int i = 0; i < ASKS && free_one == NULL; i++) {
		if (d->asks[i].id == 0)
			free_one = &d->asks[i];
	}
	if (free_one == NULL || desk_asked(d, r, ack) != NULL) {
		json_decref(params);
		return free_one != NULL;
	}
	free_one->id = d->port.ask(d->port.ctx, r->owner,
	    ack ? "handoff.ack" : "handoff.claim", params);
	free_one->owner = r->owner;
	free_one->ack = ack;
	memcpy(free_one->row, r->id, sizeof r->id);
	return free_one->id != 0;
}

static void
claim_answered(struct desk_row *r, const json_t *result)
{
	if (result != NULL &&
	    wire_url64(r->nonce, sizeof r->nonce, rpc_str(result, "nonce")) &&
	    r->nonce[0] != '\0') {
		r->state = HANDOFF_CLAIMED;
		note(r, handoff_state_name(r->state));
		return;
	}
	r->claimed[0] = '\0'; /* nobody's: the id is free again */
	note(r, "claim refused");
}

void
desk_answered(struct desk *d, int owner, const json_t *body, int64_t now_ms)
{
	json_int_t id = rpc_int(body, "id", 0);
	const json_t *result = json_object_get(body, "result");
	struct desk_row *r;
	int i = 0;

	while (i < ASKS &&
	       (d->asks[i].id != id || d->asks[i].owner != owner || id == 0))
		i++;
	if (i == ASKS)
		return;
	d->asks[i].id = 0;
	r = find_of(d, owner, d->asks[i].row);
	if (r == NULL || desk_is_over(r))
		return;
	if (!d->asks[i].ack)
		claim_answered(r, result);
	else if (result != NULL)
		end_row(d, r, HANDOFF_DONE, now_ms);
	wake(d, r);
}
