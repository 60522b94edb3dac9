/*
 * agent/guide_used.c - a certificate that the customer made with an issue
 * guide, at a client of their own.
 *
 * Nobody tells the branch: the registry's list shows it.  The CA never has two
 * of a use valid, so a valid one beside the held one is the new one; the old
 * one is then revoked and the case ends as if it had been made here.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "npki/cert.h"
#include "prog/agent/desk.h"
#include "prog/agent/queue_find.h"

enum { LOOK_MS = 600000, SOON_MS = 5000, ASK_MS = 20000, ASK_MOST = 16 };

/* Valid, of the same use, and not the one that was lost. */
static bool
is_new(const struct agent *a, const struct store_case *c, const json_t *one,
    struct buf *der, struct npki_cert_info *i)
{
	return strcmp(rpc_str(one, "status"), "valid") == 0 &&
	       !err_is(rpc_get_bytes(der, one, "certificate")) &&
	       !err_is(npki_cert_info_der(i, buf_span(der))) &&
	       strcmp(i->issuer, c->issuer) == 0 &&
	       strcmp(i->policy_oid, c->policy) == 0 &&
	       strcmp(i->serial, c->serial) != 0 && i->not_after > wall_s(a);
}

static void
take(struct agent *a, struct live *l, const struct npki_cert_info *i,
    struct span der)
{
	struct store_row row = { ROW_INTENT, "revoke", l->c.serial, NULL,
		{ NULL, 0 } };
	struct store_blob blob = { BLOB_NEW_CERT, der };

	str_copy(l->c.new_serial, sizeof l->c.new_serial, i->serial);
	str_copy(l->c.new_status, sizeof l->c.new_status, "valid");
	l->c.new_not_after = i->not_after;
	l->c.problem[0] = '\0';
	issue_drop(a, l);
	if (err_is(live_step(a, l, CASE_EV_MADE_ELSEWHERE, &row, 1, &blob, 1)))
		return; /* the next look finds it again */
	log_line(LOG_NOTICE, "an issue guide was used");
	live_changed(a, l);
	live_next(a, l);
}

static void
find(struct agent *a, struct live *l, const json_t *list)
{
	static uint8_t room[NPKI_CERT_MAX];
	struct npki_cert_info *i = calloc(1, sizeof *i);
	const json_t *one;
	size_t at;

	json_array_foreach(list, at, one) {
		struct buf der = buf_make(room, sizeof room);
		if (i == NULL || !is_new(a, &l->c, one, &der, i))
			continue;
		take(a, l, i, buf_span(&der));
		break;
	}
	secret_wipe(room, sizeof room);
	secret_wipe(i, i == NULL ? 0 : sizeof *i);
	free(i);
}

static void
on_certificates(
    struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct live *l, shown;

	if (r->error != NULL || desk_load(a, &l, &shown, ctx->word) != NULL)
		return;
	if (l->c.state == CASE_PAID && !l->issue.started)
		find(a, l, json_object_get(r->result, "certificates"));
	desk_unload(a, l);
}

static bool
ask(struct agent *a, const struct store_case *c)
{
	struct context ctx = { .link = NO_REF, .live = NO_REF };
	struct desk_guide g;
	json_t *person;
	bool sent = !err_is(desk_guide_get(a->store, &g, c)) && g.sent_at != 0;

	secret_wipe(&g, sizeof g);
	if (!sent)
		return false;
	person = desk_person(a, c);
	str_copy(ctx.word, sizeof ctx.word, c->case_no);
	call_peer(a, link_of_role(a, ROLE_NET), "registry.certificates",
	    json_pack("{s:s}", "person", rpc_str(person, "person")), -1, ASK_MS,
	    on_certificates, &ctx);
	json_decref(person);
	return true;
}

void
guide_tick(struct agent *a)
{
	static struct queue_row rows[QUEUE_MAX];
	size_t n = 0;
	int asked = 0;

	if (a->counter.guide_ms > mono_ms(a))
		return;
	if (link_of_role(a, ROLE_NET) == NULL) {
		a->counter.guide_ms = mono_ms(a) + SOON_MS;
		return;
	}
	a->counter.guide_ms = mono_ms(a) + LOOK_MS;
	if (err_is(store_queue(a->store, rows, QUEUE_MAX, &n, false)))
		return;
	for (size_t i = 0; i < n && asked < ASK_MOST; i++) {
		struct store_case c = queue_case(&rows[i]);
		if (rows[i].state == CASE_PAID)
			asked += ask(a, &c);
	}
}

int64_t
guide_deadline(const struct agent *a)
{
	return a->counter.guide_ms;
}
