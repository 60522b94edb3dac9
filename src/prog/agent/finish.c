/*
 * agent/finish.c - the end of a reissue, judged by the CA's own records.
 */
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "prog/agent/core.h"

enum { OCSP_OLD, OCSP_NEW };
enum {
	OCSP_TRIES = 3,
	OCSP_MARGIN_MS = 5000,
	REASON_HOLD = 6,
	SETTLE_MS = 30000
};

static const char *
status_word(const json_t *result)
{
	const char *s = rpc_str(result, "status");

	if (strcmp(s, "good") == 0)
		return "valid";
	if (strcmp(s, "revoked") == 0)
		return rpc_int(result, "reason", -1) == REASON_HOLD
			   ? "suspended"
			   : "revoked";
	return "unknown";
}

static void
ask_status(struct agent *a, struct live *l, enum store_blob_kind kind,
    call_done *done, int64_t which)
{
	static uint8_t room[NPKI_CERT_MAX];
	struct buf b = buf_make(room, sizeof room);
	struct context ctx = {
		.link = NO_REF, .live = live_ref(a, l), .n = which
	};
	struct reply none = { .error = "agent.internal" };

	if (err_is(store_blob_get(a->store, &b, &l->c, kind))) {
		done(a, &ctx, &none);
		return;
	}
	call_peer(a, link_of_role(a, ROLE_NET), "ocsp.query",
	    json_pack("{s:o,s:o}", "certificate", rpc_bytes(buf_span(&b)),
		"issuer", rpc_bytes(span_make(a->issuer.ca, a->issuer.ca_n))),
	    -1, a->conf->peer_timeout_ms + OCSP_MARGIN_MS, done, &ctx);
	secret_wipe(room, b.n);
}

/* The CA acknowledged the revocation: the case is done, what is not known
 * is shown as unknown. */
static void
done(struct agent *a, struct live *l)
{
	struct store_row row = { ROW_RESULT, "revoke", l->c.serial, "ok",
		{ NULL, 0 } };

	l->c.problem[0] = '\0';
	if (err_is(live_step(a, l, CASE_EV_OLD_REVOKED, &row, 1, NULL, 0))) {
		l->ocsp.waits = true;
		l->ocsp.next_ms = mono_ms(a) + backoff_ms(++l->ocsp.tries);
		return;
	}
	live_progress(a, l, STAGE_REVOKE, "done", -1);
	l->stage = STAGE_NONE;
	live_changed(a, l);
}

static void
on_status(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct live *l = live_get(a, ctx->live);
	bool agreed;

	if (l == NULL || l->ocsp.open == 0)
		return;
	if (r->error == NULL && ctx->n == OCSP_OLD)
		str_copy(l->c.old_status, sizeof l->c.old_status,
		    status_word(r->result));
	else if (r->error == NULL)
		str_copy(l->c.new_status, sizeof l->c.new_status,
		    status_word(r->result));
	if (--l->ocsp.open > 0 || l->c.state != CASE_CONFIRMED)
		return;
	agreed = strcmp(l->c.old_status, "revoked") == 0 &&
		 strcmp(l->c.new_status, "valid") == 0;
	if (agreed || ++l->ocsp.tries >= OCSP_TRIES) {
		if (!agreed)
			log_line(LOG_WARNING, "done; status old %s, new %s",
			    l->c.old_status, l->c.new_status);
		done(a, l);
		return;
	}
	l->ocsp.waits = true;
	l->ocsp.next_ms = mono_ms(a) + backoff_ms(l->ocsp.tries);
}

void
finish_begin(struct agent *a, struct live *l)
{
	if (l->ocsp.open > 0 || l->c.state != CASE_CONFIRMED)
		return;
	l->ocsp.open = 2;
	ask_status(a, l, BLOB_OLD_CERT, on_status, OCSP_OLD);
	ask_status(a, l, BLOB_NEW_CERT, on_status, OCSP_NEW);
}

/* ---- delivered, but the worker is gone ---- */

static void
on_settled(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct live *l = live_get(a, ctx->live);
	struct store_row row = { ROW_INTENT, "revoke", NULL, NULL,
		{ NULL, 0 } };
	const char *status;
	struct err e;

	if (l == NULL || l->c.state != CASE_DELIVERED || r->error != NULL)
		return;
	status = status_word(r->result);
	row.key = l->c.serial;
	if (strcmp(status, "valid") != 0 && strcmp(status, "revoked") != 0)
		return; /* not decided: the problem stands as it was told */
	l->c.problem[0] = '\0';
	if (strcmp(status, "valid") == 0) {
		e = live_step(a, l, CASE_EV_CONFIRMED, &row, 1, NULL, 0);
	} else {
		str_copy(
		    l->c.problem, sizeof l->c.problem, "problem.withdrawn");
		e = live_step(a, l, CASE_EV_LAPSED, NULL, 0, NULL, 0);
	}
	if (err_is(e))
		log_line(LOG_ERROR, "settlement not noted");
	live_changed(a, l);
	live_next(a, l);
}

void
finish_settle(struct agent *a, struct live *l)
{
	/* Delivery is proven, so a new worker may confirm without a password.
	 * After twice the transaction's limit the CA may have dropped what it
	 * did not see confirmed: then its status is asked too, in turns, for
	 * a CA that dropped it may also just say unknown. */
	int64_t lapse = l->c.changed_at + 2 * (int64_t)a->conf->issue_timeout_s;

	if (l->settle_ms != 0)
		return;
	l->settle_ms = mono_ms(a) + SETTLE_MS;
	l->settle_asks = !l->settle_asks && wall_s(a) >= lapse;
	if (l->settle_asks)
		ask_status(a, l, BLOB_NEW_CERT, on_settled, OCSP_NEW);
	else if (!issue_resume(a, l, -1))
		log_line(LOG_WARNING, "confirmation waits for the CA's word");
}
