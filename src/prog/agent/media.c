/*
 * agent/media.c - what is on the customer's stick: looked at, tried with its
 * password, given another one.  Nothing of it is stored.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "identity/mask.h"
#include "npki/cert.h"
#include "prog/agent/core.h"

enum { READ_TIMEOUT_MS = 30000, JOB_TIMEOUT_MS = 60000, OCSP_MARGIN_MS = 5000 };
enum { NUMBER_DIGITS = 13 };

static const char *
media_error(const char *error)
{
	if (strncmp(error, "media.", 6) == 0 ||
	    strncmp(error, "password.", 9) == 0)
		return error;
	return strcmp(error, "rpc.gone") == 0 ? "media.none" : "media.io";
}

static struct err
pair_info(struct npki_cert_info *i, const json_t *pair)
{
	static uint8_t room[NPKI_CERT_MAX];
	struct buf b = buf_make(room, sizeof room);
	struct err e = rpc_get_bytes(&b, pair, "sign_cert");

	if (!err_is(e))
		e = npki_cert_info_der(i, buf_span(&b));
	secret_wipe(room, b.n);
	return e;
}

static json_t *
view_pair(struct agent *a, const struct npki_cert_info *i, size_t index)
{
	char masked[MASK_TEXT];

	mask_name(masked, i->person);
	return json_pack("{s:I,s:s,s:s,s:I,s:s}", "index", (json_int_t)index,
	    "holder", masked, "product_key",
	    i->policy == NULL ? "product.unknown" : i->policy->product,
	    "not_after", (json_int_t)i->not_after, "status",
	    i->not_after <= wall_s(a) ? "expired" : "unknown");
}

static void
on_read(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct link *k = link_get(a, ctx->link);
	json_t *pairs = json_object_get(r->result, "pairs"), *list, *pair;
	struct npki_cert_info *i;
	size_t n;

	if (k == NULL || k->visit.standing < STANDING_VISIT)
		return;
	if (r->error != NULL || !json_is_array(pairs)) {
		refuse(a, ctx->link, ctx->request,
		    r->error == NULL ? "media.io" : media_error(r->error));
		return;
	}
	json_decref(k->visit.pairs);
	k->visit.pairs = json_deep_copy(pairs);
	list = json_array();
	i = calloc(1, sizeof *i);
	json_array_foreach(pairs, n, pair) {
		if (i != NULL && !err_is(pair_info(i, pair)))
			json_array_append_new(list, view_pair(a, i, n));
	}
	secret_wipe(i, i == NULL ? 0 : sizeof *i);
	free(i);
	answer(a, ctx->link, ctx->request,
	    json_pack("{s:o}", "certificates", list));
}

const char *
ask_media_list(struct agent *a, struct ask *q)
{
	struct context ctx = ask_context(a, q);

	call_peer(a, link_of_role(a, ROLE_MEDIA), "media.read", NULL, -1,
	    READ_TIMEOUT_MS, on_read, &ctx);
	return NULL;
}

/* The pair the customer chose; NULL when there is none at that place. */
static json_t *
chosen(const struct ask *q)
{
	json_int_t index = rpc_int(q->params, "index", -1);

	return index < 0 ? NULL
			 : json_array_get(q->link->visit.pairs, (size_t)index);
}

/* One short job of a worker of its own; ctx->n is kept for the index. */
static const char *
run_job(struct agent *a, struct ask *q, const char *method, json_t *params,
    call_done *done)
{
	struct context ctx = ask_context(a, q);
	struct link *key = worker_start(a, NO_REF);

	if (key == NULL) {
		json_decref(params);
		return "agent.internal";
	}
	ctx.n = rpc_int(q->params, "index", -1);
	/* the case's slot is free here: it carries the worker instead */
	ctx.live = link_ref(a, key);
	call_peer(a, key, method, params, q->fd, JOB_TIMEOUT_MS, done, &ctx);
	return NULL;
}

/* ---- does it work? ---- */

/* The pair asked about; NULL once the customer has gone. */
static const json_t *
asked_pair(struct agent *a, const struct context *ctx)
{
	const struct link *k = link_get(a, ctx->link);

	return k == NULL ? NULL
			 : json_array_get(k->visit.pairs, (size_t)ctx->n);
}

/* With whose certificate it is, as in the list. */
static void
answer_verdict(struct agent *a, const struct context *ctx, const char *status,
    const char *by, int64_t as_of)
{
	json_t *v = json_loads(ctx->word, 0, NULL), *whose = NULL;
	struct npki_cert_info *i = calloc(1, sizeof *i);
	const json_t *pair = asked_pair(a, ctx);

	if (i != NULL && pair != NULL && !err_is(pair_info(i, pair)))
		whose = view_pair(a, i, (size_t)ctx->n);
	secret_wipe(i, i == NULL ? 0 : sizeof *i);
	free(i);
	if (v != NULL) {
		json_object_set_new(v, "status", json_string(status));
		json_object_set_new(v, "by", json_string(by));
		json_object_set_new(v, "as_of", json_integer(as_of));
		json_object_update_missing(v, whose);
		answer(a, ctx->link, ctx->request, v);
	}
	json_decref(whose);
}

/* In the words of a list of certificates. */
static const char *
status_word(const json_t *result)
{
	const char *status = rpc_str(result, "status");
	bool hold = rpc_int(result, "reason", -1) == 6;

	return strcmp(status, "good") == 0 ? "valid"
	       : strcmp(status, "revoked") != 0
		   ? "unknown"
		   : (hold ? "suspended" : "revoked");
}

static void
on_pair_listed(
    struct agent *a, const struct context *ctx, const struct reply *r)
{
	if (r->error != NULL)
		answer_verdict(a, ctx, "unknown", "", 0);
	else
		answer_verdict(a, ctx, status_word(r->result), "crl",
		    rpc_int(r->result, "made", 0));
}

static void
ask_net(struct agent *a, const struct context *ctx, const char *method,
    const json_t *pair, call_done *done)
{
	call_peer(a, link_of_role(a, ROLE_NET), method,
	    json_pack("{s:O,s:o}", "certificate",
		json_object_get(pair, "sign_cert"), "issuer",
		rpc_bytes(span_make(a->issuer.ca, a->issuer.ca_n))),
	    -1, a->conf->peer_timeout_ms + OCSP_MARGIN_MS, done, ctx);
}

static void
on_pair_status(
    struct agent *a, const struct context *ctx, const struct reply *r)
{
	const json_t *pair = asked_pair(a, ctx);

	if (r->error == NULL)
		answer_verdict(
		    a, ctx, status_word(r->result), "ocsp", wall_s(a));
	else if (strcmp(r->error, "cert.not_issued") == 0)
		answer_verdict(a, ctx, "not_issued", "", 0);
	else if (pair != NULL)
		ask_net(a, ctx, "crl.get", pair, on_pair_listed);
}

/* Only our own CA's certificates can be asked about with what we pinned. */
static void
ask_pair_status(struct agent *a, const struct context *ctx, const json_t *pair)
{
	struct npki_cert_info *i = calloc(1, sizeof *i);
	bool known = i != NULL && !err_is(pair_info(i, pair));
	bool ours = known && strcmp(i->issuer, a->issuer.ca_subject) == 0;
	bool over = known && i->not_after <= wall_s(a);

	free(i);
	if (over || !ours)
		answer_verdict(a, ctx, over ? "expired" : "unknown", "", 0);
	else
		ask_net(a, ctx, "ocsp.query", pair, on_pair_status);
}

void
media_checked(struct agent *a, const struct context *ctx, const json_t *result)
{
	const json_t *pair = asked_pair(a, ctx);
	const json_t *vid = json_object_get(result, "vid");
	struct context next = *ctx;
	json_t *v = json_pack("{s:b,s:b,s:b,s:o}", "opens",
	    rpc_bool(result, "opens"), "pair", rpc_bool(result, "pair"),
	    "signature", rpc_bool(result, "signature"), "vid",
	    json_is_boolean(vid) ? json_boolean(json_is_true(vid))
				 : json_null());

	/* four booleans: they travel in the context as text */
	if (json_dumpb(v, next.word, sizeof next.word - 1, JSON_COMPACT) >=
	    sizeof next.word)
		next.word[0] = '\0';
	json_decref(v);
	if (pair != NULL)
		ask_pair_status(a, &next, pair);
	else
		answer_verdict(a, &next, "", "", 0);
}

static void
on_checked(struct agent *a, const struct context *ctx, const struct reply *r)
{
	worker_end(a, ctx->live);
	if (link_get(a, ctx->link) == NULL)
		return;
	if (r->error != NULL || asked_pair(a, ctx) == NULL)
		refuse(a, ctx->link, ctx->request,
		    r->error == NULL ? "media.gone" : media_error(r->error));
	else
		media_checked(a, ctx, r->result);
}

json_t *
media_number(const struct ask *q)
{
	const struct visit *v = &q->link->visit;
	const char *told = rpc_str(q->params, "number");

	if (told[0] != '\0' && (strlen(told) != NUMBER_DIGITS ||
				   strspn(told, "0123456789") != NUMBER_DIGITS))
		return NULL;
	if (v->standing >= STANDING_IDENTITY)
		return json_string(v->number_secret);
	return told[0] != '\0' ? json_string(told) : json_null();
}

const char *
ask_media_verify(struct agent *a, struct ask *q)
{
	json_t *pair = chosen(q), *number = media_number(q), *params;

	if (pair == NULL || number == NULL) {
		json_decref(number);
		return "rpc.params";
	}
	params = json_pack("{s:O,s:O}", "sign_cert",
	    json_object_get(pair, "sign_cert"), "sign_pri",
	    json_object_get(pair, "sign_pri"));
	json_object_set_new(params, "number", number);
	return run_job(a, q, "check.start", params, on_checked);
}

/* ---- another password ---- */

static void
on_replaced(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct link *k = link_get(a, ctx->link);

	if (r->error != NULL) {
		refuse(a, ctx->link, ctx->request, media_error(r->error));
		return;
	}
	/* what was read before the change is out of date */
	if (k != NULL) {
		json_decref(k->visit.pairs);
		k->visit.pairs = NULL;
	}
	answer(a, ctx->link, ctx->request, json_object());
}

static void
on_changed(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct link *k = link_get(a, ctx->link);
	const json_t *pair, *pri = json_object_get(r->result, "sign_pri");

	worker_end(a, ctx->live);
	if (k == NULL)
		return;
	pair = json_array_get(k->visit.pairs, (size_t)ctx->n);
	if (r->error != NULL || pair == NULL || !json_is_string(pri)) {
		refuse(a, ctx->link, ctx->request,
		    r->error == NULL ? "media.gone" : media_error(r->error));
		return;
	}
	call_peer(a, link_of_role(a, ROLE_MEDIA), "media.replace",
	    json_pack("{s:s,s:s,s:s,s:O}", "organisation",
		rpc_str(pair, "organisation"), "leaf", rpc_str(pair, "leaf"),
		"name", "signPri.key", "data", pri),
	    -1, JOB_TIMEOUT_MS, on_replaced, ctx);
}

const char *
ask_media_passwd(struct agent *a, struct ask *q)
{
	json_t *pair = chosen(q);

	if (pair == NULL)
		return "rpc.params";
	return run_job(a, q, "passwd.start",
	    json_pack("{s:O,s:O}", "sign_cert",
		json_object_get(pair, "sign_cert"), "sign_pri",
		json_object_get(pair, "sign_pri")),
	    on_changed);
}
