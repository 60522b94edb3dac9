/*
 * agent/stick.c - delivery to the customer's stick: written, read back past
 * the cache by dasi-media, opened and proven by dasi-key.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "prog/agent/deliver.h"

enum { WRITE_TIMEOUT_MS = 120000, PROVE_TIMEOUT_MS = 30000 };

static const char KEY_LOST[] = "problem.key_lost";
static const char CERT_FILE[] = "signCert.der", KEY_FILE[] = "signPri.key";

static json_t *
beside(struct agent *a, const struct live *l, const struct npki_cert_info *i)
{
	char name[sizeof i->serial + 8];
	json_t *p12 = deliver_blob(a, l, BLOB_P12), *list = json_array();

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
	json_t *cert = deliver_blob(a, l, BLOB_NEW_CERT), *p = NULL;
	json_t *pri = deliver_blob(a, l, BLOB_SIGN_PRI);

	if (i != NULL && cert != NULL && pri != NULL &&
	    !err_is(deliver_cert(a, l, i)))
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

/* The customer may try another stick. */
static void
failed(struct agent *a, struct live *l, const char *error)
{
	l->issue.writing = false;
	deliver_failed(a, l, WAY_STICK, error,
	    strncmp(error, "media.", 6) == 0 || strcmp(error, KEY_LOST) == 0
		? error
	    : strncmp(error, "rpc.", 4) == 0 ? "media.gone"
					     : "media.io");
}

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

static struct live *
writing(struct agent *a, const struct context *ctx)
{
	struct live *l = live_get(a, ctx->live);

	return l != NULL && l->c.state == CASE_ISSUED && l->issue.writing
		   ? l
		   : NULL;
}

static void
on_proven(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct live *l = writing(a, ctx);

	if (l == NULL)
		return;
	if (r->error != NULL) {
		failed(a, l,
		    strncmp(r->error, "rpc.", 4) == 0 ? KEY_LOST : "media.io");
		return;
	}
	l->issue.writing = false;
	if (err_is(deliver_proven(a, l, WAY_STICK)))
		failed(a, l, "agent.internal");
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
	struct live *l = writing(a, ctx);
	const json_t *list = json_object_get(r->result, "readback");
	const json_t *cert = named(list, CERT_FILE),
		     *pri = named(list, KEY_FILE);
	struct link *key;

	if (l == NULL)
		return;
	key = link_get(a, l->issue.key);
	if (r->error != NULL || cert == NULL || pri == NULL || key == NULL) {
		failed(a, l,
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

static void
begin(struct agent *a, struct live *l)
{
	struct context ctx = { .link = NO_REF, .live = live_ref(a, l) };
	struct store_row row = { ROW_INTENT, way_stick.effect, l->c.new_serial,
		NULL, { NULL, 0 } };
	json_t *params = write_params(a, l);

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
stick_progress(struct agent *a, int percent)
{
	for (int i = 0; i < LIVES_MAX; i++) {
		struct live *l = &a->lives[i];
		if (l->used && l->issue.writing && l->stage == STAGE_WRITE)
			live_progress(a, l, STAGE_WRITE, "doing",
			    percent > 100 ? 100 : percent);
	}
}

/* One can be plugged in at any time. */
static bool
ready(struct agent *a)
{
	return true;
}

static bool
busy(const struct live *l)
{
	return l->issue.writing;
}

const struct way way_stick = { .name = "stick",
	.effect = "media.write",
	.ready = ready,
	.begin = begin,
	.busy = busy };
