/*
 * agent/deliver.c - onto the stick, read back, proven; then the CA is told.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "npki/cert.h"
#include "prog/agent/core.h"

enum {
	WRITE_TIMEOUT_MS = 120000,
	PROVE_TIMEOUT_MS = 30000,
	CONFIRM_TIMEOUT_MS = 30000
};

static const char KEY_LOST[] = "problem.key_lost";
static const char CERT_FILE[] = "signCert.der", KEY_FILE[] = "signPri.key";

/* A sealed record of the case as base64; NULL when there is none. */
static json_t *
record(struct agent *a, const struct live *l, enum store_blob_kind kind)
{
	static uint8_t room[STORE_BLOB];
	struct buf b = buf_make(room, sizeof room);
	json_t *v = NULL;

	if (!err_is(store_blob_get(a->store, &b, &l->c, kind)) && b.n > 0)
		v = rpc_bytes(buf_span(&b));
	secret_wipe(room, sizeof room);
	return v;
}

static struct err
new_cert_info(struct agent *a, const struct live *l, struct npki_cert_info *i)
{
	static uint8_t room[NPKI_CERT_MAX];
	struct buf b = buf_make(room, sizeof room);
	struct err e = store_blob_get(a->store, &b, &l->c, BLOB_NEW_CERT);

	if (!err_is(e))
		e = npki_cert_info_der(i, buf_span(&b));
	secret_wipe(room, b.n);
	return e;
}

static json_t *
beside(struct agent *a, const struct live *l, const struct npki_cert_info *i)
{
	char name[sizeof i->serial + 8];
	json_t *p12 = record(a, l, BLOB_P12), *list = json_array();

	/* The leaf above it names the person; ASCII travels further. */
	snprintf(name, sizeof name, "%s.p12", i->serial);
	if (p12 != NULL)
		json_array_append_new(
		    list, json_pack("{s:s,s:o}", "name", name, "data", p12));
	return list;
}

static json_t *
write_params(struct agent *a, const struct live *l)
{
	struct npki_cert_info *i = calloc(1, sizeof *i);
	json_t *cert = record(a, l, BLOB_NEW_CERT), *p = NULL;
	json_t *pri = record(a, l, BLOB_SIGN_PRI);

	if (i != NULL && cert != NULL && pri != NULL &&
	    !err_is(new_cert_info(a, l, i)))
		p = json_pack("{s:s,s:s,s:[{s:s,s:O},{s:s,s:O}],s:o}",
		    "organisation", i->org, "leaf", i->leaf, "files", "name",
		    CERT_FILE, "data", cert, "name", KEY_FILE, "data", pri,
		    "beside", beside(a, l, i));
	json_decref(cert);
	json_decref(pri);
	secret_wipe(i, i == NULL ? 0 : sizeof *i);
	free(i);
	return p;
}

/* The customer may try another stick: the case stays ISSUED. */
static void
not_delivered(struct agent *a, struct live *l, const char *error)
{
	struct store_row row = { ROW_RESULT, "media.write", l->c.new_serial,
		error, { NULL, 0 } };
	enum stage at = l->stage;

	l->issue.writing = false;
	log_line(LOG_WARNING, "delivery: %s", error);
	str_copy(l->c.problem, sizeof l->c.problem,
	    strncmp(error, "media.", 6) == 0 || strcmp(error, KEY_LOST) == 0
		? error
	    : strncmp(error, "rpc.", 4) == 0 ? "media.gone"
					     : "media.io");
	if (err_is(live_step(a, l, CASE_EV_DELIVERY_FAILED, &row, 1, NULL, 0)))
		log_line(LOG_ERROR, "failed delivery not noted");
	live_progress(a, l, at, "failed", -1);
	live_changed(a, l);
	if (l->issue.leaving)
		deliver_confirm(a, l, false);
}

/* ---- the CA is told ---- */

static void
on_decided(struct agent *a, const struct context *ctx, const struct reply *r)
{
	/* What came of it is the answer to issue.start. */
	if (r->error != NULL)
		log_line(LOG_WARNING, "issue.confirm: %s", r->error);
}

void
deliver_confirm(struct agent *a, struct live *l, bool accept)
{
	struct context ctx = { .link = NO_REF, .live = live_ref(a, l) };

	if (!accept && err_is(live_step(
			   a, l, CASE_EV_DELIVERY_GIVEN_UP, NULL, 0, NULL, 0)))
		return;
	l->issue.waits = false;
	if (accept)
		live_progress(a, l, STAGE_CONFIRM, "doing", -1);
	call_peer(a, link_get(a, l->issue.key), "issue.confirm",
	    json_pack("{s:b}", "accept", accept), -1, CONFIRM_TIMEOUT_MS,
	    on_decided, &ctx);
}

/* ---- the proof ---- */

static const json_t *
named(const json_t *list, const char *name)
{
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one) {
		if (strcmp(rpc_str(one, "name"), name) == 0)
			return one;
	}
	return NULL;
}

static void
on_proven(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct live *l = live_get(a, ctx->live);
	struct store_row row = { ROW_RESULT, "media.write", ctx->word, "ok",
		{ NULL, 0 } };

	if (l == NULL || l->c.state != CASE_ISSUED)
		return;
	if (r->error != NULL) {
		not_delivered(a, l,
		    strncmp(r->error, "rpc.", 4) == 0 ? KEY_LOST : "media.io");
		return;
	}
	l->issue.writing = false;
	l->c.problem[0] = '\0';
	if (err_is(
		live_step(a, l, CASE_EV_DELIVERY_PROVEN, &row, 1, NULL, 0))) {
		not_delivered(a, l, "agent.internal");
		return;
	}
	live_progress(a, l, STAGE_PROVE, "done", -1);
	live_changed(a, l);
	deliver_confirm(a, l, true);
}

/* What the stick was left with, by the bytes that were read back from it. */
static void
note_files(struct agent *a, struct live *l, const json_t *readback)
{
	static uint8_t room[STORE_BLOB];
	uint8_t digest[SEAL_DIGEST];
	char hex[HEX_TEXT(SEAL_DIGEST)];
	json_t *list = json_array(), *one;
	size_t i;

	json_array_foreach(readback, i, one) {
		struct buf b = buf_make(room, sizeof room);

		if (err_is(rpc_get_bytes(&b, one, "data")) ||
		    err_is(seal_digest(digest, buf_span(&b))))
			continue;
		hex_encode(hex, sizeof hex, span_make(digest, sizeof digest));
		json_array_append_new(list,
		    json_pack("{s:s,s:s,s:I}", "name", rpc_str(one, "name"),
			"sha256", hex, "size", (json_int_t)b.n));
	}
	secret_wipe(room, sizeof room);
	char *text = json_dumps(list, JSON_COMPACT);
	struct store_row row = { ROW_EVENT, "media.files", NULL, NULL,
		span_str(text) };

	if (text != NULL && err_is(live_note(a, l, &row, 1)))
		log_line(LOG_ERROR, "file hashes not noted");
	free(text);
	json_decref(list);
}

static void
on_written(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct live *l = live_get(a, ctx->live);
	const json_t *list = json_object_get(r->result, "readback");
	const json_t *cert = named(list, CERT_FILE),
		     *pri = named(list, KEY_FILE);
	struct link *key;

	if (l == NULL || l->c.state != CASE_ISSUED)
		return;
	key = link_get(a, l->issue.key);
	if (r->error != NULL || cert == NULL || pri == NULL || key == NULL) {
		not_delivered(a, l,
		    r->error != NULL ? r->error
		    : key == NULL    ? KEY_LOST
				     : "media.io");
		return;
	}
	note_files(a, l, list);
	live_progress(a, l, STAGE_WRITE, "done", 100);
	live_progress(a, l, STAGE_PROVE, "doing", -1);
	call_peer(a, key, "issue.prove",
	    json_pack("{s:O,s:O}", "sign_cert", json_object_get(cert, "data"),
		"sign_pri", json_object_get(pri, "data")),
	    -1, PROVE_TIMEOUT_MS, on_proven, ctx);
}

void
deliver_begin(struct agent *a, struct live *l)
{
	struct context ctx = { .link = NO_REF, .live = live_ref(a, l) };
	struct store_row row = { ROW_INTENT, "media.write", l->c.new_serial,
		NULL, { NULL, 0 } };
	json_t *params = write_params(a, l);

	str_copy(ctx.word, sizeof ctx.word, l->c.new_serial);
	l->c.problem[0] = '\0';
	if (params == NULL ||
	    err_is(live_step(a, l, CASE_EV_DELIVER, &row, 1, NULL, 0))) {
		json_decref(params);
		live_problem(a, l, "agent.internal");
		live_changed(a, l);
		return;
	}
	l->issue.writing = true;
	live_progress(a, l, STAGE_WRITE, "doing", 0);
	call_peer(a, link_of_role(a, ROLE_MEDIA), "media.write", params, -1,
	    WRITE_TIMEOUT_MS, on_written, &ctx);
}

void
deliver_progress(struct agent *a, int percent)
{
	for (int i = 0; i < LIVES_MAX; i++) {
		struct live *l = &a->lives[i];
		if (l->used && l->issue.writing && l->stage == STAGE_WRITE)
			live_progress(a, l, STAGE_WRITE, "doing",
			    percent > 100 ? 100 : percent);
	}
}

const char *
ask_case_deliver(struct agent *a, struct ask *q)
{
	struct live *l = live_of(a, q->link);
	struct ref asker = link_ref(a, q->link);

	if (l == NULL)
		return "case.none";
	if (l->c.state != CASE_ISSUED || l->issue.writing)
		return "case.state";
	if (link_get(a, l->issue.key) == NULL) {
		/* the same certificate again, with the same password */
		if (q->fd < 0 || !issue_resume(a, l, q->fd)) {
			live_problem(a, l, KEY_LOST);
			live_changed(a, l);
			return "case.state";
		}
		live_problem(a, l, "");
	} else if (l->issue.waits) {
		deliver_begin(a, l);
	} else {
		return "case.state";
	}
	answer(a, asker, q->id, view_case(a, l));
	return NULL;
}
