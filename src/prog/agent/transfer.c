/*
 * agent/transfer.c - a worker's message to the CA and its answer.
 *
 * The exact bytes are durable before they leave and so is what came back.
 * What was lost on the way is sent again, byte for byte, while the worker
 * waits: only a connection to the CA and time are lost by that.
 */
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "prog/agent/core.h"

enum { TRIES_MAX = 3, CMP_DER_ROOM = 40 * 1024 };

/* A journal's words; the kinds of the message follow the dot. */
enum { EFFECT_RR, EFFECT_IR, EFFECT_KINDS = 4 };
static const char *const effects[EFFECT_KINDS] = { "cmp.rr", "cmp.ir",
	"cmp.certConf", "cmp.pollReq" };

void
transfer_clear(struct transfer *t)
{
	json_decref(t->params);
	memset(t, 0, sizeof *t);
	t->key = NO_REF;
}

static bool
is_issue_key(const struct live *l, struct ref key)
{
	return l->issue.key.slot == key.slot && l->issue.key.gen == key.gen;
}

/* ---- the answer ---- */

static struct err
note_result(struct agent *a, struct live *l, const struct transfer *t,
    const char *outcome, struct span der)
{
	struct store_row row = { ROW_RESULT, t->effect, t->idem, outcome, der };

	return live_note(a, l, &row, 1);
}

static void
give_back(
    struct agent *a, struct live *l, struct transfer *t, const struct reply *r)
{
	static uint8_t room[CMP_DER_ROOM];
	struct buf der = buf_make(room, sizeof room);
	struct ref key = t->key;
	json_int_t request = t->request;
	bool confirms = strcmp(t->effect, "cmp.certConf") == 0;
	bool requests = strcmp(t->effect, "cmp.ir") == 0;
	struct err e = rpc_get_bytes(&der, r->result, "der");

	if (!err_is(e))
		e = note_result(a, l, t, "ok", buf_span(&der));
	else
		log_err(LOG_WARNING, "answer of the CA", e);
	transfer_clear(t);
	if (err_is(e)) {
		secret_wipe(room, der.n);
		refuse(a, key, request, "agent.internal");
		return;
	}
	l->issue.rejected |= confirms && l->c.state == CASE_WITHDRAWING;
	if (requests) {
		live_progress(a, l, STAGE_REQUEST, "done", -1);
		live_progress(a, l, STAGE_CHECK, "doing", -1);
	}
	answer(a, key, request,
	    json_pack("{s:o}", "der", rpc_bytes(buf_span(&der))));
	secret_wipe(room, der.n);
}

/* The worker has gone meanwhile: the answer still enters the journal. */
static void
note_orphan(struct agent *a, struct live *l, const struct context *ctx,
    const struct reply *r)
{
	static uint8_t room[CMP_DER_ROOM];
	struct buf der = buf_make(room, sizeof room);
	struct store_row row = { ROW_RESULT, effects[ctx->n], ctx->word,
		r->error == NULL ? "ok" : r->error, { NULL, 0 } };

	log_line(LOG_NOTICE, "answer of the CA without its worker");
	if (r->error == NULL && !err_is(rpc_get_bytes(&der, r->result, "der")))
		row.bytes = buf_span(&der);
	if (!case_is_over(l->c.state) && err_is(live_note(a, l, &row, 1)))
		log_line(LOG_ERROR, "journal of a late answer");
	secret_wipe(room, der.n);
}

/* certConf decides about a certificate in the customer's hands: keep trying. */
static bool
try_again(const struct agent *a, const struct live *l, const struct transfer *t)
{
	if (strcmp(t->effect, "cmp.rr") == 0)
		return false; /* a new worker signs a fresh one */
	if (strcmp(t->effect, "cmp.certConf") == 0)
		return l->issue.deadline_ms == 0 ||
		       mono_ms(a) < l->issue.deadline_ms;
	return t->tries < TRIES_MAX;
}

static void
on_sent(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct live *l = live_get(a, ctx->live);
	struct transfer *t;

	if (l == NULL)
		return;
	t = ctx->n == EFFECT_RR ? &l->rr_transfer : &l->issue_transfer;
	if (!t->busy || strcmp(t->idem, ctx->word) != 0) {
		note_orphan(a, l, ctx, r);
		return;
	}
	if (r->error == NULL) {
		give_back(a, l, t, r);
		return;
	}
	log_line(LOG_WARNING, "%s not carried: %s", t->effect, r->error);
	if (err_is(note_result(a, l, t, r->error, span_make(NULL, 0))))
		log_line(LOG_ERROR, "journal of a failed exchange");
	if (try_again(a, l, t)) {
		live_problem(a, l, "peer.ca_down");
		live_changed(a, l);
		t->waits = true;
		t->next_ms = mono_ms(a) + backoff_ms(t->tries);
		return;
	}
	refuse(a, t->key, t->request, "peer.ca_down");
	transfer_clear(t);
}

static void
send(struct agent *a, struct live *l, struct transfer *t)
{
	struct context ctx = { .link = NO_REF, .live = live_ref(a, l) };

	while (strcmp(effects[ctx.n], t->effect) != 0)
		ctx.n++;
	str_copy(ctx.word, sizeof ctx.word, t->idem);
	t->tries++;
	t->waits = false;
	call_peer(a, link_of_role(a, ROLE_NET), "cmp.send",
	    json_incref(t->params), -1, a->conf->peer_timeout_ms + 5000,
	    on_sent, &ctx);
}

void
transfer_tick(struct agent *a, struct live *l, struct transfer *t)
{
	if (t->busy && t->waits && t->next_ms <= mono_ms(a))
		send(a, l, t);
}

/* ---- the request ---- */

/* The key file that goes with an ir is durable in the same transaction. */
static struct err
note_ir(struct agent *a, struct live *l, const struct store_row *row,
    const json_t *p)
{
	static uint8_t room[NPKI_PRI_MAX];
	struct buf pri = buf_make(room, sizeof room);
	struct store_blob blob = { BLOB_SIGN_PRI, { NULL, 0 } };
	struct err e = rpc_get_bytes(&pri, p, "sign_pri");

	blob.data = buf_span(&pri);
	if (!err_is(e) &&
	    (!str_copy(l->c.transaction_id, sizeof l->c.transaction_id,
		 rpc_str(p, "transaction_id")) ||
		!str_copy(l->c.spki_sha256, sizeof l->c.spki_sha256,
		    rpc_str(p, "spki_sha256"))))
		e = err_make(E_LIMIT, 0, "transfer: names");
	if (!err_is(e))
		e = live_step(a, l, CASE_EV_KEY_READY, row, 1, &blob, 1);
	secret_wipe(room, pri.n);
	return e;
}

/* A certConf before issue.issued is the worker's refusal of what it got. */
static struct err
note_intent(struct agent *a, struct live *l, const struct store_row *row,
    const json_t *p)
{
	bool rr = strcmp(row->effect, "cmp.rr") == 0;
	bool conf = strcmp(row->effect, "cmp.certConf") == 0;

	if (strcmp(row->effect, "cmp.ir") == 0)
		return note_ir(a, l, row, p);
	if (conf && l->c.state == CASE_PREPARED) {
		str_copy(l->c.problem, sizeof l->c.problem, "peer.ca_answer");
		return live_step(a, l, CASE_EV_CERT_BAD, row, 1, NULL, 0);
	}
	if (!rr && l->c.state != CASE_PREPARED &&
	    l->c.state != CASE_WITHDRAWING && l->c.state != CASE_DELIVERED)
		return err_make(E_STATE, 0, "transfer: state");
	return live_note(a, l, row, 1);
}

static const char *
effect_of(const char *kind, bool issues)
{
	int first = issues ? EFFECT_IR : EFFECT_RR;
	int end = issues ? EFFECT_KINDS : EFFECT_IR;

	for (int i = first; i < end; i++) {
		if (strcmp(kind, strchr(effects[i], '.') + 1) == 0)
			return effects[i];
	}
	return NULL;
}

/* Journal, then send. */
static const char *
begin(struct agent *a, struct live *l, struct ask *q, const char *effect,
    struct span der)
{
	bool issues = is_issue_key(l, link_ref(a, q->link));
	struct transfer *t = issues ? &l->issue_transfer : &l->rr_transfer;
	uint8_t digest[SEAL_DIGEST];
	struct store_row row = { ROW_INTENT, effect, t->idem, NULL, der };
	struct err e = seal_digest(digest, der);

	if (t->busy)
		return "rpc.state";
	hex_encode(t->idem, sizeof t->idem, span_make(digest, sizeof digest));
	str_copy(t->effect, sizeof t->effect, effect);
	if (!err_is(e))
		e = note_intent(a, l, &row, q->params);
	if (err_is(e)) {
		log_err(LOG_ERROR, effect, e);
		transfer_clear(t);
		return e.code == E_FULL ? "agent.disk_full" : "agent.internal";
	}
	t->busy = true;
	t->key = link_ref(a, q->link);
	t->request = q->id;
	t->params = json_pack(
	    "{s:O}", "der", json_object_get(q->params, "der"));
	if (strcmp(effect, "cmp.ir") == 0) {
		live_progress(a, l, STAGE_KEY, "done", -1);
		live_progress(a, l, STAGE_REQUEST, "doing", -1);
		live_changed(a, l);
	}
	send(a, l, t);
	return NULL;
}

const char *
ask_cmp_transfer(struct agent *a, struct ask *q)
{
	static uint8_t room[CMP_DER_ROOM];
	struct buf der = buf_make(room, sizeof room);
	struct live *l = live_get(a, q->link->live);
	const char *effect, *refused;

	if (l == NULL)
		return "rpc.state";
	effect = effect_of(
	    rpc_str(q->params, "kind"), is_issue_key(l, link_ref(a, q->link)));
	if (effect == NULL || err_is(rpc_get_bytes(&der, q->params, "der")) ||
	    der.n == 0)
		return "rpc.params";
	refused = begin(a, l, q, effect, buf_span(&der));
	secret_wipe(room, der.n);
	return refused;
}
