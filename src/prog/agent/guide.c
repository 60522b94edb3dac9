/*
 * agent/guide.c - the issue guide: a certificate made elsewhere, by any client
 * of RFC 4210 (facts/domain.md 2.3).
 *
 * The reference number goes on paper, the authorisation code by a message:
 * never both in one place, and no clerk sees either whole.  The pair is of
 * the same application as an issue at the kiosk, so that the registry never
 * has two out; while it is out the kiosk issues nothing.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "identity/mask.h"
#include "prog/agent/desk.h"
#include "prog/agent/print.h"

enum {
	SENDINGS = 3,
	ENROLL_MS = 20000,
	SEND_MS = 30000,
	DAY_S = 24 * 3600,
	GUIDE_TEXT = 1024
};

bool
guide_is_open(struct agent *a, const struct store_case *c)
{
	struct desk_guide g;
	bool open = !err_is(desk_guide_get(a->store, &g, c)) &&
		    g.sent_at != 0 && g.expires_at > wall_s(a);

	secret_wipe(&g, sizeof g);
	return open;
}

json_t *
guide_view(struct agent *a, const struct store_case *c)
{
	struct desk_guide g;
	json_t *v = json_null();

	if (!err_is(desk_guide_get(a->store, &g, c)) && g.sent_at != 0)
		v = json_pack("{s:I,s:I,s:I,s:s,s:b}", "sent_at",
		    (json_int_t)g.sent_at, "expires_at",
		    (json_int_t)g.expires_at, "attempts_left",
		    (json_int_t)g.attempts_left, "channel", g.channel, "open",
		    g.expires_at > wall_s(a));
	secret_wipe(&g, sizeof g);
	return v;
}

/* ---- one sending: enrol, print, send, note ---- */

/* The case again, and the clerk who still waits; NULL: refused or nobody. */
static struct link *
again(struct agent *a, const struct context *ctx, struct live **l,
    struct live *shown, struct desk_guide *g)
{
	struct link *by = link_get(a, ctx->link);
	const char *refused = by == NULL ? ""
					 : desk_load(a, l, shown, ctx->word);

	if (refused == NULL &&
	    ((*l)->c.state != CASE_PAID ||
		err_is(desk_guide_get(a->store, g, &(*l)->c)))) {
		desk_unload(a, *l);
		refused = "case.state";
	}
	if (refused == NULL)
		return by;
	if (refused[0] != '\0')
		refuse(a, ctx->link, ctx->request, refused);
	return NULL;
}

struct keeping {
	struct desk_guide g;
	const struct deed *d; /* or NULL */
};

static struct err
keep_guide(struct store *s, const struct store_case *c, void *arg)
{
	const struct keeping *k = arg;
	struct err e = desk_guide_put(s, c, &k->g);

	return err_is(e) || k->d == NULL
		   ? e
		   : desk_note_deed(s, c, k->d, "", false, false);
}

static struct err
keep(struct agent *a, struct live *l, struct link *by,
    const struct store_row *r, struct keeping *k)
{
	struct store_change ch = { .rows = r,
		.row_count = r == NULL ? 0 : 1,
		.also = keep_guide,
		.also_arg = k };
	struct err e;

	l->clerk = link_ref(a, by);
	e = live_change(a, l, &ch);
	l->clerk = NO_REF;
	if (err_is(e))
		log_err(LOG_ERROR, "guide", e);
	return e;
}

static void
on_sent(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct keeping k;
	struct deed d = { .action = "guide", .reason = "" };
	struct live *l = NULL, shown;
	struct link *by;

	if (r->error != NULL) {
		log_line(LOG_WARNING, "guide not sent: %s", r->error);
		refuse(a, ctx->link, ctx->request,
		    strncmp(r->error, "message.", 8) == 0
			? r->error
			: "peer.message_down");
		return;
	}
	by = again(a, ctx, &l, &shown, &k.g);
	if (by == NULL)
		return;
	d.by = by;
	d.detail = k.g.channel;
	k.d = &d;
	k.g.sent_at = wall_s(a);
	k.g.attempts_left--;
	if (err_is(keep(a, l, by, NULL, &k))) {
		refuse(a, ctx->link, ctx->request, "agent.internal");
	} else {
		answer(a, ctx->link, ctx->request, desk_view(a, l, by));
		live_changed(a, l);
	}
	secret_wipe(&k.g, sizeof k.g);
	desk_unload(a, l);
}

static json_t *
message(struct agent *a, const struct live *l, const struct desk_guide *g,
    const json_t *person)
{
	char text_secret[GUIDE_TEXT], day[CLOCK_TEXT], key[WORD];
	bool sms = strcmp(g->channel, "sms") == 0;
	bool english = message_is_english(person);
	const char *to = rpc_str(person, sms ? "phone" : "email");
	json_t *p = NULL;

	civil_date_text(day, g->expires_at);
	snprintf(text_secret, sizeof text_secret,
	    english ? "[%s %s] Your authorisation code for the certificate is "
		      "%s. Use it once with the reference number on paper, "
		      "until %s. Do not tell it to anybody."
		    : "[%s %s] 인증서 발급 인가코드는 %s입니다. 종이에 적힌 "
		      "참조번호와 함께 %s까지 한 번만 쓰실 수 있습니다. 다른 "
		      "사람에게 알려 주지 마십시오.",
	    a->conf->bank, a->conf->branch, g->authcode_secret, day);
	snprintf(key, sizeof key, "guide:%.40s:%lld", l->c.case_no,
	    (long long)l->c.version);
	if (to[0] != '\0')
		p = json_pack(
		    "{s:s,s:s,s:s}", "to", to, "text", text_secret, "key", key);
	if (p != NULL && !sms)
		json_object_set_new(p, "subject",
		    json_string(english
				    ? "Authorisation code of your certificate"
				    : "공동인증서 발급 인가코드"));
	secret_wipe(text_secret, sizeof text_secret);
	return p;
}

static void
on_paper(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct live *l = NULL, shown;
	struct desk_guide g;
	json_t *person, *params;
	bool sms;

	if (r->error != NULL) {
		refuse(a, ctx->link, ctx->request, r->error);
		return;
	}
	if (again(a, ctx, &l, &shown, &g) == NULL)
		return;
	person = desk_person(a, &l->c);
	params = message(a, l, &g, person);
	json_decref(person);
	sms = strcmp(g.channel, "sms") == 0;
	secret_wipe(&g, sizeof g);
	desk_unload(a, l);
	if (params == NULL)
		refuse(a, ctx->link, ctx->request, "case.none");
	else
		call_peer(a, link_of_role(a, ROLE_NET),
		    sms ? "sms.send" : "mail.send", params, -1, SEND_MS,
		    on_sent, ctx);
}

/* Where the other half goes, masked. */
static void
put_way(json_t *document, const json_t *person, bool sms)
{
	char masked[MASK_TEXT];

	if (sms)
		mask_phone(masked, rpc_str(person, "phone"));
	else
		mask_email(masked, rpc_str(person, "email"));
	json_object_set_new(
	    document, "channel", json_string(sms ? "sms" : "mail"));
	json_object_set_new(document, "sent_to", json_string(masked));
}

static void
print_it(struct agent *a, const struct live *l, const struct desk_guide *g,
    const struct context *ctx)
{
	json_t *view = desk_case_view(a, l), *person = desk_person(a, &l->c);
	json_t *document = print_document(
	    a, view, "guide", message_lang(person), false);

	json_decref(view);
	json_object_set_new(document, "refnum", json_string(g->refnum_secret));
	json_object_set_new(
	    document, "expires_at", json_integer(g->expires_at));
	if (a->issuer.conf->site[0] != '\0')
		json_object_set_new(
		    document, "site", json_string(a->issuer.conf->site));
	put_way(document, person, ctx->n != 0);
	json_decref(person);
	print_slip(a, document, on_paper, ctx);
}

static void
enrolled(struct agent *a, const struct context *ctx, const json_t *result,
    struct live *l, struct link *by)
{
	struct store_row row = { ROW_RESULT, "guide", l->c.case_no, "ok",
		{ NULL, 0 } };
	int64_t life = wall_s(a) + (int64_t)a->conf->guide_days * DAY_S;
	int64_t until = rpc_int(result, "expires_at", 0);
	struct keeping k = {
		.g = { .expires_at = until > wall_s(a) && until < life ? until
								       : life,
		    .attempts_left = SENDINGS }
	};

	str_copy(k.g.channel, sizeof k.g.channel, ctx->n != 0 ? "sms" : "mail");
	if (!str_copy(k.g.refnum_secret, sizeof k.g.refnum_secret,
		rpc_str(result, "refnum")) ||
	    !str_copy(k.g.authcode_secret, sizeof k.g.authcode_secret,
		rpc_str(result, "authcode")) ||
	    k.g.refnum_secret[0] == '\0' || k.g.authcode_secret[0] == '\0')
		refuse(a, ctx->link, ctx->request, "peer.registry_down");
	else if (err_is(keep(a, l, by, &row, &k)))
		refuse(a, ctx->link, ctx->request, "agent.internal");
	else
		print_it(a, l, &k.g, ctx);
	secret_wipe(&k.g, sizeof k.g);
}

static void
on_enrolled(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct link *by = link_get(a, ctx->link);
	struct live *l, shown;
	const char *refused;

	if (by == NULL)
		return;
	if (r->error != NULL) {
		log_line(LOG_WARNING, "guide: %s", r->error);
		refuse(a, ctx->link, ctx->request,
		    strcmp(r->error, "peer.ca_refused") == 0
			? "peer.ca_refused"
			: "peer.registry_down");
		return;
	}
	refused = desk_load(a, &l, &shown, ctx->word);
	if (refused == NULL && l->c.state != CASE_PAID) {
		desk_unload(a, l);
		refused = "case.state";
	}
	if (refused != NULL) {
		refuse(a, ctx->link, ctx->request, refused);
		return;
	}
	enrolled(a, ctx, r->result, l, by);
	desk_unload(a, l);
}

/* A way to the customer that this branch has. */
static bool
reaches(struct agent *a, const struct store_case *c, bool sms)
{
	const char *url = sms ? a->conf->sms_url : a->conf->smtp_url;
	json_t *person = desk_person(a, c);
	bool known = rpc_str(person, sms ? "phone" : "email")[0] != '\0';

	json_decref(person);
	return known && url[0] != '\0';
}

const char *
guide_send(struct agent *a, struct live *l, struct deed *d, const struct ask *q)
{
	bool sms = strcmp(rpc_str(d->details, "channel"), "sms") == 0;
	struct store_row row = { ROW_INTENT, "guide", l->c.case_no, NULL,
		{ NULL, 0 } };
	struct context ctx = ask_context(a, q);
	struct keeping k = { .d = NULL };
	json_t *person;
	bool there;

	if (l->issue.started || l->issue.password_fd >= 0 || l->issue.writing)
		return "case.state";
	if (!reaches(a, &l->c, sms))
		return "case.none";
	ctx.n = sms;
	str_copy(ctx.word, sizeof ctx.word, l->c.case_no);
	there = !err_is(desk_guide_get(a->store, &k.g, &l->c)) &&
		k.g.expires_at > wall_s(a) && k.g.authcode_secret[0] != '\0';
	if (there && k.g.attempts_left <= 0) {
		secret_wipe(&k.g, sizeof k.g);
		return "guide.spent";
	}
	if (there) {
		str_copy(k.g.channel, sizeof k.g.channel, sms ? "sms" : "mail");
		if (!err_is(keep(a, l, d->by, NULL, &k)))
			print_it(a, l, &k.g, &ctx);
		else
			there = false;
		secret_wipe(&k.g, sizeof k.g);
		return there ? DEED_LATER : "agent.internal";
	}
	if (err_is(live_note(a, l, &row, 1)))
		return "agent.internal";
	person = desk_person(a, &l->c);
	call_peer(a, link_of_role(a, ROLE_NET), "registry.enroll",
	    json_pack("{s:s,s:s,s:s}", "person", rpc_str(person, "person"),
		"serial", l->c.serial, "application", l->c.case_no),
	    -1, ENROLL_MS, on_enrolled, &ctx);
	json_decref(person);
	return DEED_LATER;
}
