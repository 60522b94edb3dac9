/*
 * handoff/desk.c - the table.
 */
#include "prog/handoff/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "prog/handoff/wire.h"
#include "rpc/rpc.h"

enum {
	MINUTE_MS = 60000,
	NOT_FOUND = 404,
	TAKEN = 409,
	OVER = 410,
	TOO_MANY = 429,
	DOWN = 503,
	ASKS = 2 * DESK_ROWS
};

/* ---- rows ---- */

static struct desk_row *
find(struct desk *d, const char *id)
{
	for (int i = 0; i < DESK_ROWS; i++) {
		if (d->rows[i].id[0] != '\0' && strcmp(d->rows[i].id, id) == 0)
			return &d->rows[i];
	}
	return NULL;
}

static struct desk_row *
find_of(struct desk *d, int owner, const char *id)
{
	struct desk_row *r = find(d, id);

	return r != NULL && r->owner == owner ? r : NULL;
}

static bool
is_over(const struct desk_row *r)
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
		if (is_over(r))
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
		if (r->id[0] != '\0' && !is_over(r))
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
		n += r->id[0] != '\0' && r->owner == owner && !is_over(r);
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
		if (is_over(r) &&
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
	    b.n != SEAL_DIGEST || find(d, id) != NULL)
		return "rpc.params";
	if (has_enough(d, owner) || (r = room(d)) == NULL)
		return "handoff.full";
	*r = (struct desk_row){ .owner = owner,
		.state = HANDOFF_OPEN,
		.until_ms = now + ttl_s * 1000 };
	memcpy(r->id, id, sizeof r->id);
	memcpy(r->auth_hash, hash, sizeof r->auth_hash);
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
	if (!is_over(r))
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
		if (r->id[0] != '\0' && r->owner == owner && !is_over(r))
			end_row(d, r, HANDOFF_GONE, now_ms);
	}
}

/* A question about it that is not answered yet, or NULL. */
static struct desk_ask *
asked(struct desk *d, const struct desk_row *r, bool ack)
{
	for (int i = 0; i < ASKS; i++) {
		struct desk_ask *a = &d->asks[i];
		if (a->id != 0 && a->ack == ack && strcmp(a->row, r->id) == 0)
			return a;
	}
	return NULL;
}

/* Takes `params`.  What was asked already is waited for. */
static bool
ask(struct desk *d, struct desk_row *r, bool ack, json_t *params)
{
	struct desk_ask *free_one = NULL;

	for (int i = 0; i < ASKS && free_one == NULL; i++) {
		if (d->asks[i].id == 0)
			free_one = &d->asks[i];
	}
	if (free_one == NULL || asked(d, r, ack) != NULL) {
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
	    r->nonce[0] != '\0')
		r->state = HANDOFF_CLAIMED;
	else
		r->claimed[0] = '\0'; /* nobody's: the id is free again */
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
	if (r == NULL || is_over(r))
		return;
	if (!d->asks[i].ack)
		claim_answered(r, result);
	else if (result != NULL)
		end_row(d, r, HANDOFF_DONE, now_ms);
	wake(d, r);
}

/* ---- the phone ---- */

static struct desk_answer
say(unsigned status, json_t *body)
{
	struct desk_answer a = { status, json_dumps(body, JSON_COMPACT) };

	json_decref(body);
	return a;
}

static struct desk_answer
say_state(unsigned status, const char *state)
{
	return say(status, json_pack("{s:s}", "state", state));
}

static int
seconds_left(const struct desk_row *r, int64_t now)
{
	return r->until_ms <= now ? 0 : (int)((r->until_ms - now) / 1000);
}

static struct desk_answer
over(const struct desk_row *r)
{
	/* what was delivered is "used" to whoever comes later */
	if (r->state == HANDOFF_DONE)
		return say_state(OVER, "used");
	return say_state(OVER, handoff_state_name(r->state));
}

static bool
knows(const struct desk_row *r, const json_t *in)
{
	uint8_t auth[SEAL_KEY], hash[SEAL_DIGEST];
	bool ok = wire_bytes(auth, sizeof auth, rpc_str(in, "auth")) &&
		  !err_is(seal_digest(hash, span_make(auth, sizeof auth))) &&
		  secret_equal(hash, r->auth_hash, sizeof hash);

	secret_wipe(auth, sizeof auth);
	return ok;
}

static struct desk_answer
claimed(const struct desk_row *r, int64_t now)
{
	return say(200, json_pack("{s:s,s:i}", "nonce", r->nonce, "expires_in",
			    seconds_left(r, now)));
}

static bool
too_often(struct desk_row *r, int64_t now)
{
	if (now - r->minute_ms >= MINUTE_MS) {
		r->minute_ms = now;
		r->claims = 0;
	}
	return ++r->claims > DESK_CLAIMS;
}

static void
wait_for_owner(struct desk_row *r, void *asking, int64_t now)
{
	r->asking = asking;
	r->asking_ms = now;
}

static struct desk_answer
claim(struct desk *d, struct desk_row *r, const json_t *in, void *asking,
    int64_t now)
{
	uint8_t point[HANDOFF_POINT], tag[SEAL_DIGEST];
	char key[sizeof r->claimed];
	json_t *params;

	if (too_often(r, now))
		return say_state(TOO_MANY, "busy");
	if (!wire_bytes(point, sizeof point, rpc_str(in, "key")) ||
	    !wire_bytes(tag, sizeof tag, rpc_str(in, "mac")))
		return say_state(400, "unknown");
	base64_encode(key, sizeof key, span_make(point, sizeof point));
	if (r->claimed[0] != '\0' && strcmp(r->claimed, key) != 0) {
		/* the customer may be the second one: both screens say it */
		d->port.tell(d->port.ctx, r->owner, "handoff.changed",
		    json_pack("{s:s,s:s}", "id", r->id, "state", "elsewhere"));
		return say_state(TAKEN, "elsewhere");
	}
	if (r->nonce[0] != '\0')
		return claimed(r, now);
	if (r->asking != NULL)
		return say_state(TOO_MANY, "busy");
	params = json_pack("{s:s,s:s,s:o}", "id", r->id, "key", key, "mac",
	    rpc_bytes(span_make(tag, sizeof tag)));
	memcpy(r->claimed, key, sizeof key);
	if (!ask(d, r, false, params)) {
		r->claimed[0] = '\0';
		return say_state(DOWN, "offline");
	}
	wait_for_owner(r, asking, now);
	return (struct desk_answer){ 0, NULL };
}

static struct desk_answer
fetch(const struct desk_row *r, int64_t now)
{
	if (r->parcel != NULL)
		return (struct desk_answer){ 200, strdup(r->parcel) };
	return say(
	    202, json_pack("{s:s,s:i}", "state", handoff_state_name(r->state),
		     "expires_in", seconds_left(r, now)));
}

static struct desk_answer
ack(struct desk *d, struct desk_row *r, const json_t *in, void *asking,
    int64_t now)
{
	uint8_t tag[SEAL_DIGEST];

	if (!wire_bytes(tag, sizeof tag, rpc_str(in, "mac")))
		return say_state(400, "unknown");
	if (r->state != HANDOFF_SENDING)
		return say_state(NOT_FOUND, "unknown");
	if (r->asking != NULL)
		return say_state(TOO_MANY, "busy");
	if (!ask(d, r, true,
		json_pack("{s:s,s:o}", "id", r->id, "mac",
		    rpc_bytes(span_make(tag, sizeof tag)))))
		return say_state(DOWN, "offline");
	wait_for_owner(r, asking, now);
	return (struct desk_answer){ 0, NULL };
}

struct desk_answer
desk_post(struct desk *d, const char *id, const char *what, const json_t *in,
    void *asking, int64_t now_ms)
{
	struct desk_row *r = find(d, id);

	/* unknown, wrong word and wrong path look the same */
	if (r == NULL || !knows(r, in))
		return say_state(NOT_FOUND, "unknown");
	desk_tick(d, now_ms);
	if (r->state == HANDOFF_DONE && strcmp(what, "ack") == 0)
		return say_state(200, "done");
	if (is_over(r))
		return over(r);
	if (strcmp(what, "claim") == 0)
		return claim(d, r, in, asking, now_ms);
	if (strcmp(what, "fetch") == 0)
		return fetch(r, now_ms);
	if (strcmp(what, "ack") == 0)
		return ack(d, r, in, asking, now_ms);
	return say_state(NOT_FOUND, "unknown");
}

struct desk_answer
desk_resumed(struct desk *d, const char *id, const char *what, int64_t now_ms)
{
	struct desk_row *r = find(d, id);
	bool of_ack = strcmp(what, "ack") == 0;

	if (r == NULL)
		return say_state(NOT_FOUND, "unknown");
	if (of_ack && r->state == HANDOFF_DONE)
		return say_state(200, "done");
	if (is_over(r))
		return over(r);
	if (!of_ack && r->nonce[0] != '\0')
		return claimed(r, now_ms);
	if (asked(d, r, of_ack) != NULL)
		return say_state(DOWN, "offline");
	return say_state(NOT_FOUND, "unknown");
}

void
desk_forget(struct desk *d, void *asking)
{
	for (int i = 0; i < DESK_ROWS; i++) {
		if (d->rows[i].asking == asking)
			d->rows[i].asking = NULL;
	}
}

void
desk_opened(struct desk *d, const char *id, int64_t now_ms)
{
	struct desk_row *r = find(d, id);

	(void)now_ms;
	if (r == NULL || r->opened || is_over(r))
		return;
	r->opened = true;
	d->port.tell(d->port.ctx, r->owner, "handoff.changed",
	    json_pack("{s:s,s:s}", "id", r->id, "state", "open"));
}
