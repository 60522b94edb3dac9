/*
 * agent/phone_send.c - after the right digits: the files are proven by
 * dasi-key, sealed for the one phone that claimed them, and only then leave.
 *
 * They are PKCS#12 under the customer's password already; sealed once more,
 * dasi-handoff and the relay cannot even try passwords.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "prog/agent/deliver.h"

enum { FILES = 2, PROVE_TIMEOUT_MS = 30000, SEND_TIMEOUT_MS = 10000 };

static const struct {
	enum store_blob_kind kind;
	const char *profile, *suffix;
} kinds[FILES] = {
	{ BLOB_PHONE, "compatible", "" },
	{ BLOB_PHONE_STRONG, "strong", "-strong" },
};

/* What leaves, opened and sealed; one handoff at a time. */
struct parcel {
	size_t count;
	struct {
		char name[HANDOFF_NAME_MAX];
		const char *profile;
		struct span data; /* in `room` */
	} files[FILES];
	size_t n;
	uint8_t room[FILES * STORE_BLOB];
	uint8_t sealed[STORE_BLOB + SEAL_OVERHEAD];
};

static struct parcel parcel;

/* The live handoff the continuation is about; NULL when it is another now. */
static struct live *
sending(struct agent *a, const struct context *ctx)
{
	struct live *l = live_get(a, ctx->live);

	return l != NULL && l->delivery.phone.state == HANDOFF_SENDING &&
		       strcmp(l->delivery.phone.id, ctx->word) == 0
		   ? l
		   : NULL;
}

/* "npki-20261130.p12": ASCII, nobody's name. */
static void
name_file(char out[static HANDOFF_NAME_MAX], const struct live *l, int i)
{
	struct civil c = civil_from_unix(l->c.new_not_after);

	snprintf(out, HANDOFF_NAME_MAX, "npki-%04d%02d%02d%s.p12", c.year,
	    c.month, c.day, kinds[i].suffix);
}

/* E_NOTFOUND when there is no file for phones at all. */
static struct err
load(struct parcel *p, struct agent *a, const struct live *l)
{
	struct buf all = buf_make(p->room, sizeof p->room);
	struct err e = err_none();

	secret_wipe(p, sizeof *p);
	for (int i = 0; i < FILES && !err_is(e); i++) {
		size_t from = all.n;
		e = store_blob_get(a->store, &all, &l->c, kinds[i].kind);
		if (e.code == E_NOTFOUND)
			e = err_none();
		if (err_is(e) || all.n == from)
			continue;
		name_file(p->files[p->count].name, l, i);
		p->files[p->count].profile = kinds[i].profile;
		p->files[p->count++].data = span_make(
		    p->room + from, all.n - from);
	}
	p->n = all.n;
	return err_is(e) || p->count > 0
		   ? e
		   : err_make(E_NOTFOUND, 0, "phone: no files");
}

/* ---- sealed and sent ---- */

/* The files of handoff.deliver; NULL when one could not be sealed. */
static json_t *
seal_files(struct parcel *p, const struct handoff *h,
    const uint8_t key_secret[static SEAL_KEY])
{
	char about[HANDOFF_NAME_MAX + 64];
	json_t *list = json_array();
	struct err e = err_none();
	size_t n;

	for (size_t i = 0; i < p->count && !err_is(e); i++) {
		struct buf b = buf_make(about, sizeof about);
		e = handoff_about(&b, h->id, h->expiry, p->files[i].name);
		if (!err_is(e))
			e = seal(p->sealed, sizeof p->sealed, &n, key_secret,
			    buf_span(&b), p->files[i].data);
		if (!err_is(e))
			json_array_append_new(list,
			    json_pack("{s:s,s:s,s:o}", "name", p->files[i].name,
				"profile", p->files[i].profile, "data",
				rpc_bytes(span_make(p->sealed, n))));
	}
	if (!err_is(e))
		return list;
	log_err(LOG_ERROR, "phone", e);
	json_decref(list);
	return NULL;
}

/* Name, size and digest of each file, for the journal. */
static char *
digests(const struct parcel *p)
{
	uint8_t digest[SEAL_DIGEST];
	char hex[HEX_TEXT(SEAL_DIGEST)], *text;
	json_t *list = json_array();

	for (size_t i = 0; i < p->count; i++) {
		if (err_is(seal_digest(digest, p->files[i].data)))
			continue;
		hex_encode(hex, sizeof hex, span_make(digest, sizeof digest));
		json_array_append_new(list,
		    json_pack("{s:s,s:s,s:I}", "name", p->files[i].name,
			"sha256", hex, "size", (json_int_t)p->files[i].data.n));
	}
	text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	return text;
}

/* From here on the files may be on the phone, whatever is heard of it. */
static struct err
note_intent(struct agent *a, struct live *l, const struct parcel *p)
{
	char *text = digests(p);
	struct store_row rows[2] = {
		{ ROW_EVENT, "phone.files", NULL, NULL, span_str(text) },
		{ ROW_INTENT, way_phone.effect, l->c.new_serial, NULL,
		    { NULL, 0 } },
	};
	struct err e = text == NULL
			   ? err_make(E_NOMEM, 0, "phone: digests")
			   : live_step(a, l, CASE_EV_DELIVER, rows, 2, NULL, 0);

	free(text);
	return e;
}

static void
on_sent(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct live *l = sending(a, ctx);

	if (r->error == NULL || l == NULL)
		return;
	log_line(LOG_WARNING, "handoff.deliver: %s", r->error);
	phone_end(a, l, HANDOFF_GONE);
}

static json_t *
deliver_params(struct agent *a, const struct live *l, struct parcel *p,
    const uint8_t ours[static HANDOFF_POINT], json_t *files)
{
	const struct handoff *h = &l->delivery.phone;
	json_t *kase = view_case(a, l), *v;

	v = json_pack("{s:s,s:o,s:I,s:I,s:s,s:o}", "id", h->id, "key",
	    rpc_bytes(span_make(ours, HANDOFF_POINT)), "expiry",
	    (json_int_t)h->expiry, "not_after", (json_int_t)l->c.new_not_after,
	    "holder", rpc_str(kase, "holder"), "files", files);
	json_decref(kase);
	return v;
}

static struct err
send_files(struct agent *a, struct live *l, struct parcel *p,
    const struct context *ctx)
{
	struct handoff *h = &l->delivery.phone;
	uint8_t key_secret[SEAL_KEY], ours[HANDOFF_POINT];
	json_t *files = NULL, *params;
	struct err e = load(p, a, l);

	if (!err_is(e))
		e = seal_digest(h->files, span_make(p->room, p->n));
	if (!err_is(e))
		e = handoff_wrap(key_secret, ours, h->secret, h->id, h->phone);
	if (!err_is(e) && (files = seal_files(p, h, key_secret)) == NULL)
		e = err_make(E_CRYPTO, 0, "phone: seal");
	secret_wipe(key_secret, sizeof key_secret);
	if (!err_is(e))
		e = note_intent(a, l, p);
	if (err_is(e)) {
		json_decref(files);
		return e;
	}
	l->delivery.phone_sent = true;
	l->delivery.failed &= (uint8_t) ~(1u << WAY_PHONE);
	params = deliver_params(a, l, p, ours, files);
	call_peer(a, link_of_role(a, ROLE_HANDOFF), "handoff.deliver", params,
	    -1, SEND_TIMEOUT_MS, on_sent, ctx);
	return e;
}

/* ---- proven ---- */

static void
on_proven(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct live *l = sending(a, ctx);
	struct err e;

	if (l == NULL)
		return;
	if (r->error != NULL || l->c.state != CASE_ISSUED) {
		log_line(LOG_WARNING, "files for a phone: %s",
		    r->error == NULL ? "state" : r->error);
		phone_end(a, l, HANDOFF_GONE);
		return;
	}
	e = send_files(a, l, &parcel, ctx);
	secret_wipe(&parcel, sizeof parcel);
	if (err_is(e)) {
		log_err(LOG_ERROR, "files for a phone", e);
		phone_end(a, l, HANDOFF_GONE);
	}
}

void
phone_send(struct agent *a, struct live *l)
{
	struct context ctx = { .link = NO_REF, .live = live_ref(a, l) };
	struct link *key = link_get(a, l->issue.key);
	json_t *files = json_array();
	struct err e = load(&parcel, a, l);

	str_copy(ctx.word, sizeof ctx.word, l->delivery.phone.id);
	for (size_t i = 0; i < parcel.count && !err_is(e); i++)
		json_array_append_new(files,
		    json_pack("{s:s,s:o}", "profile", parcel.files[i].profile,
			"data", rpc_bytes(parcel.files[i].data)));
	secret_wipe(&parcel, sizeof parcel);
	if (err_is(e) || key == NULL) {
		log_err(LOG_ERROR, "files for a phone", e);
		json_decref(files);
		phone_end(a, l, HANDOFF_GONE);
		return;
	}
	live_progress(a, l, STAGE_WRITE, "doing", -1);
	call_peer(a, key, "issue.prove", json_pack("{s:o}", "phone", files), -1,
	    PROVE_TIMEOUT_MS, on_proven, &ctx);
}
