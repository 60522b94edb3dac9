/*
 * handoff/desk_phone.c - what a phone is answered.
 */
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "prog/handoff/desk_inside.h"
#include "prog/handoff/wire.h"
#include "rpc/rpc.h"

enum {
	MINUTE_MS = 60000,
	NOT_FOUND = 404,
	TAKEN = 409,
	OVER = 410,
	TOO_MANY = 429,
	DOWN = 503
};

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
	if (!desk_ask(d, r, false, params)) {
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
	if (!desk_ask(d, r, true,
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
	struct desk_row *r = desk_find(d, id);

	/* unknown, wrong word and wrong path look the same */
	if (r == NULL || !knows(r, in))
		return say_state(NOT_FOUND, "unknown");
	desk_tick(d, now_ms);
	if (r->state == HANDOFF_DONE && strcmp(what, "ack") == 0)
		return say_state(200, "done");
	if (desk_is_over(r))
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
	struct desk_row *r = desk_find(d, id);
	bool of_ack = strcmp(what, "ack") == 0;

	if (r == NULL)
		return say_state(NOT_FOUND, "unknown");
	if (of_ack && r->state == HANDOFF_DONE)
		return say_state(200, "done");
	if (desk_is_over(r))
		return over(r);
	if (!of_ack && r->nonce[0] != '\0')
		return claimed(r, now_ms);
	if (desk_asked(d, r, of_ack) != NULL)
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
desk_opened(struct desk *d, const char *id)
{
	struct desk_row *r = desk_find(d, id);

	if (r == NULL || r->opened || desk_is_over(r))
		return;
	r->opened = true;
	d->port.tell(d->port.ctx, r->owner, "handoff.changed",
	    json_pack("{s:s,s:s}", "id", r->id, "state", "open"));
}
