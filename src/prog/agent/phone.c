/*
 * agent/phone.c - a handoff to the customer's phone: begun, claimed, the six
 * digits, its receipt, its ends (src/handoff/README.md).
 *
 * The secrets of a handoff are here and nowhere else; dasi-handoff gets a hash
 * and, once the digits were right, ciphertext (phone_send.c).  A handoff ends
 * with its visit, its worker, its server and its time.
 */
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "prog/agent/deliver.h"

enum { OPEN_TIMEOUT_MS = 5000, CLOSE_TIMEOUT_MS = 5000 };

bool
phone_ready(struct agent *a)
{
	return a->handoff_base[0] != '\0' &&
	       link_of_role(a, ROLE_HANDOFF) != NULL;
}

void
phone_changed(struct agent *a, struct live *l, const char *state)
{
	const struct handoff *h = &l->delivery.phone;
	struct link *owner = link_get(a, l->owner);
	int64_t left = handoff_is_over(h) ? 0 : h->until_ms - mono_ms(a);

	if (owner == NULL || a->stopping)
		return;
	link_event(a, owner, "phone.changed",
	    json_pack("{s:s,s:s,s:I}", "case_no", l->c.case_no, "state", state,
		"left_s", (json_int_t)(left < 0 ? 0 : left / 1000)));
}

/* ---- its end ---- */

static void
on_closed(struct agent *a, const struct context *ctx, const struct reply *r)
{
	if (r->error != NULL)
		log_line(LOG_INFO, "handoff.close: %s", r->error);
}

static void
close_at_server(struct agent *a, const char *id, const char *state)
{
	struct context ctx = { .link = NO_REF, .live = NO_REF };
	struct link *server = link_of_role(a, ROLE_HANDOFF);

	if (server != NULL)
		call_peer(a, server, "handoff.close",
		    json_pack("{s:s,s:s}", "id", id, "state", state), -1,
		    CLOSE_TIMEOUT_MS, on_closed, &ctx);
}

/* The machine is over: so the journal, the server and the customer learn. */
static void
ended(struct agent *a, struct live *l)
{
	const char *state = handoff_state_name(l->delivery.phone.state);
	struct store_row row = { ROW_EVENT, "phone.end", NULL, state,
		{ NULL, 0 } };
	bool sent = l->delivery.phone_sent;

	l->delivery.phone_sent = false;
	if (a->stopping)
		return;
	log_line(LOG_NOTICE, "handoff ended: %s", state);
	close_at_server(a, l->delivery.phone.id, state);
	if (sent && l->c.state == CASE_ISSUED)
		deliver_failed(a, l, WAY_PHONE, state, NULL);
	else if (err_is(live_note(a, l, &row, 1)))
		log_line(LOG_ERROR, "end of a handoff not noted");
	phone_changed(a, l, state);
}

void
phone_end(struct agent *a, struct live *l, enum handoff_state state)
{
	if (handoff_is_over(&l->delivery.phone))
		return;
	handoff_close(&l->delivery.phone, state);
	ended(a, l);
}

void
phone_tick(struct agent *a, struct live *l)
{
	if (handoff_expire(&l->delivery.phone, mono_ms(a)))
		ended(a, l);
}

int64_t
phone_deadline(const struct live *l)
{
	return handoff_is_over(&l->delivery.phone) ? INT64_MAX
						   : l->delivery.phone.until_ms;
}

/* ---- begun ---- */

static json_t *
wifi(const struct agent *a)
{
	if (a->conf->handoff_wifi[0] == '\0')
		return json_null();
	return json_pack("{s:s,s:s}", "name", a->conf->handoff_wifi, "key",
	    a->conf->handoff_wifi_key);
}

static void
on_opened(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct live *l = live_get(a, ctx->live);
	struct handoff *h = l == NULL ? NULL : &l->delivery.phone;
	char url_secret[HANDOFF_URL_MAX + 1];

	if (h == NULL || strcmp(h->id, ctx->word) != 0 || handoff_is_over(h)) {
		refuse(a, ctx->link, ctx->request, "phone.ended");
		return;
	}
	if (r->error != NULL || err_is(handoff_url(url_secret, a->handoff_base,
				    h->id, h->secret))) {
		log_line(LOG_WARNING, "handoff.open: %s",
		    r->error == NULL ? "base too long" : r->error);
		phone_end(a, l, HANDOFF_GONE);
		refuse(a, ctx->link, ctx->request, "phone.none");
		return;
	}
	answer(a, ctx->link, ctx->request,
	    json_pack("{s:s,s:I,s:b,s:o}", "url", url_secret, "ttl_s",
		(json_int_t)((h->until_ms - mono_ms(a)) / 1000), "last",
		handoff_life_s(h->until_ms, l->issue.deadline_ms) == 0, "wifi",
		wifi(a)));
	secret_wipe(url_secret, sizeof url_secret);
}

/* Whether a file could go to a phone at all. */
static bool
can_begin(struct agent *a, const struct live *l)
{
	return l->c.state == CASE_ISSUED && l->issue.waits &&
	       deliver_wants(l, WAY_PHONE) && link_get(a, l->issue.key) != NULL;
}

/*
 * What is left until the certificate is taken back is too little for a
 * customer: rather now than in the middle of it, and then a new certificate,
 * which has its whole time.
 */
static const char *
too_late(struct agent *a, struct live *l, struct ask *q)
{
	if (l->issue.writing) /* to a stick, which has its own way to end */
		return "phone.late";
	refuse(a, link_ref(a, q->link), q->id, "phone.late");
	l->issue.deadline_ms = mono_ms(a);
	issue_tick(a, l);
	return NULL;
}

const char *
ask_phone_begin(struct agent *a, struct ask *q)
{
	struct live *l = live_of(a, q->link);
	struct context ctx = ask_context(a, q);
	uint8_t hash[SEAL_DIGEST];
	struct handoff *h;
	struct err e;
	int life_s;

	if (l == NULL)
		return "case.none";
	if (!can_begin(a, l))
		return "case.state";
	if (!phone_ready(a))
		return "phone.none";
	life_s = handoff_life_s(mono_ms(a), l->issue.deadline_ms);
	if (life_s == 0)
		return too_late(a, l, q);
	phone_end(a, l, HANDOFF_GONE);
	h = &l->delivery.phone;
	e = handoff_begin(h, life_s, mono_ms(a), wall_s(a));
	if (!err_is(e))
		e = handoff_auth_hash(hash, h);
	if (err_is(e)) {
		log_err(LOG_ERROR, "phone.begin", e);
		handoff_close(h, HANDOFF_NONE);
		return "agent.internal";
	}
	ctx.live = live_ref(a, l);
	str_copy(ctx.word, sizeof ctx.word, h->id);
	call_peer(a, link_of_role(a, ROLE_HANDOFF), "handoff.open",
	    json_pack("{s:s,s:o,s:i}", "id", h->id, "auth_hash",
		rpc_bytes(span_make(hash, sizeof hash)), "ttl_s", life_s),
	    -1, OPEN_TIMEOUT_MS, on_opened, &ctx);
	return NULL;
}

const char *
ask_phone_end(struct agent *a, struct ask *q)
{
	struct live *l = live_of(a, q->link);
	struct ref asker = link_ref(a, q->link);

	if (l != NULL)
		phone_end(a, l, HANDOFF_GONE);
	answer(a, asker, q->id, json_object());
	return NULL;
}

/* ---- claimed ---- */

static struct live *
live_of_id(struct agent *a, const char *id)
{
	for (int i = 0; i < LIVES_MAX; i++) {
		struct live *l = &a->lives[i];
		if (l->used && l->delivery.phone.state != HANDOFF_NONE &&
		    strcmp(l->delivery.phone.id, id) == 0)
			return l;
	}
	return NULL;
}

/* Exactly `n` bytes of base64; `out` holds 3 more. */
static bool
bytes_of(uint8_t *out, size_t n, const json_t *o, const char *key)
{
	struct buf b = buf_make(out, n + 3);

	return !err_is(rpc_get_bytes(&b, o, key)) && b.n == n;
}

const char *
ask_handoff_claim(struct agent *a, struct ask *q)
{
	struct live *l = live_of_id(a, rpc_str(q->params, "id"));
	struct ref server = link_ref(a, q->link);
	uint8_t point[HANDOFF_POINT + 3], tag[SEAL_DIGEST + 3];
	struct handoff *h;
	bool first;
	struct err e;

	if (l == NULL)
		return "handoff.none";
	if (!bytes_of(point, HANDOFF_POINT, q->params, "key") ||
	    !bytes_of(tag, SEAL_DIGEST, q->params, "mac"))
		return "rpc.params";
	h = &l->delivery.phone;
	first = h->state == HANDOFF_OPEN;
	e = handoff_claim(h, point, tag, mono_ms(a));
	if (err_is(e)) {
		log_err(LOG_WARNING, "handoff.claim", e);
		if (e.code == E_STATE && !handoff_is_over(h))
			phone_changed(a, l, "elsewhere");
		return e.code == E_STATE ? "handoff.state" : "handoff.refused";
	}
	answer(a, server, q->id,
	    json_pack("{s:o}", "nonce",
		rpc_bytes(span_make(h->nonce, sizeof h->nonce))));
	if (first)
		phone_changed(a, l, handoff_state_name(h->state));
	return NULL;
}

const char *
ask_phone_digits(struct agent *a, struct ask *q)
{
	struct live *l = live_of(a, q->link);
	struct ref asker = link_ref(a, q->link);
	json_int_t id = q->id;
	json_t *detail;
	int left;
	struct err e;

	if (l == NULL)
		return "case.none";
	if (l->c.state != CASE_ISSUED)
		return "phone.ended";
	e = handoff_typed(&l->delivery.phone, &left,
	    rpc_str(q->params, "digits"), mono_ms(a));
	if (e.code == E_MISMATCH) {
		detail = json_pack("{s:i}", "left", left);
		refuse_with(a, asker, id, "phone.wrong", detail);
		json_decref(detail);
		if (left <= 0)
			ended(a, l);
		return NULL;
	}
	if (err_is(e))
		return "phone.ended";
	answer(a, asker, id, json_object());
	phone_changed(a, l, handoff_state_name(l->delivery.phone.state));
	phone_send(a, l);
	return NULL;
}

/* ---- received ---- */

/* Durable before the phone is told that it is done. */
const char *
ask_handoff_ack(struct agent *a, struct ask *q)
{
	struct live *l = live_of_id(a, rpc_str(q->params, "id"));
	struct ref server = link_ref(a, q->link);
	uint8_t tag[SEAL_DIGEST + 3];
	struct handoff *h;
	struct err e;

	if (l == NULL)
		return "handoff.none";
	if (!bytes_of(tag, SEAL_DIGEST, q->params, "mac"))
		return "rpc.params";
	h = &l->delivery.phone;
	if (h->state == HANDOFF_DONE) {
		answer(a, server, q->id, json_object());
		return NULL;
	}
	if (!l->delivery.phone_sent || l->c.state != CASE_ISSUED)
		return "handoff.state";
	e = handoff_acked(h, tag, mono_ms(a));
	if (err_is(e)) {
		log_err(LOG_WARNING, "handoff.ack", e);
		return e.code == E_STATE ? "handoff.state" : "handoff.refused";
	}
	l->delivery.phone_sent = false;
	live_progress(a, l, STAGE_WRITE, "done", 100);
	phone_changed(a, l, handoff_state_name(HANDOFF_DONE));
	e = deliver_proven(a, l, WAY_PHONE);
	if (err_is(e)) {
		deliver_failed(a, l, WAY_PHONE, store_refusal(e), NULL);
		phone_changed(a, l, handoff_state_name(HANDOFF_GONE));
		return store_refusal(e);
	}
	answer(a, server, q->id, json_object());
	return NULL;
}

/* ---- dasi-handoff itself ---- */

static void
tell_health(struct agent *a)
{
	json_t *view;

	if (a->stopping)
		return;
	view = view_health(a);
	link_event_all(a, ROLE_KIOSK, "health.changed", view);
	json_decref(view);
}

void
phone_event(struct agent *a, const char *event, const json_t *params)
{
	const char *state = rpc_str(params, "state");
	struct live *l = live_of_id(a, rpc_str(params, "id"));

	if (strcmp(event, "handoff.ready") == 0) {
		if (!str_copy(a->handoff_base, sizeof a->handoff_base,
			rpc_str(params, "base")))
			a->handoff_base[0] = '\0';
		log_line(LOG_NOTICE, "phones open %s", a->handoff_base);
		tell_health(a);
	} else if (strcmp(event, "handoff.changed") != 0 || l == NULL ||
		   handoff_is_over(&l->delivery.phone)) {
		log_line(LOG_INFO, "handoff: %s dropped", event);
	} else if (strcmp(state, "gone") == 0) {
		phone_end(a, l, HANDOFF_GONE);
	} else if (strcmp(state, "elsewhere") == 0 ||
		   (strcmp(state, "open") == 0 &&
		       l->delivery.phone.state == HANDOFF_OPEN)) {
		phone_changed(a, l, state);
	}
}

void
phone_server_lost(struct agent *a)
{
	a->handoff_base[0] = '\0';
	for (int i = 0; i < LIVES_MAX; i++) {
		if (a->lives[i].used)
			phone_end(a, &a->lives[i], HANDOFF_GONE);
	}
	tell_health(a);
}

static void
cancel(struct agent *a, struct live *l)
{
	phone_end(a, l, HANDOFF_GONE);
}

static bool
busy(const struct live *l)
{
	return false; /* it ends whenever somebody says so */
}

const struct way way_phone = { .name = "phone",
	.effect = "phone.send",
	.missing = "phone.none",
	.ready = phone_ready,
	.busy = busy,
	.cancel = cancel };
