/*
 * agent/rr.c - the old certificate: on hold at once, revoked at the end.
 *
 * Tried again until the CA has answered, also after a restart: the state of
 * the row (REPORTED, CONFIRMED) is what drives it.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"
#include "case/reason.h"
#include "prog/agent/core.h"

enum { RR_TIMEOUT_S = 60, RR_MARGIN_MS = 10000 };

static bool
is_hold(const struct live *l)
{
	return l->c.state == CASE_REPORTED;
}

static void
try_later(struct agent *a, struct live *l)
{
	l->rr.tries++;
	l->rr.waits = true;
	l->rr.next_ms = mono_ms(a) + backoff_ms(l->rr.tries);
}

/* The final reason follows the circumstances the customer gave. */
static int
final_reason(struct agent *a, const struct live *l)
{
	static uint8_t room[STORE_BLOB];
	struct buf b = buf_make(room, sizeof room);
	struct circumstances c = { .loss = CASE_LOSS_LOST };
	json_t *person = NULL;

	if (err_is(case_loss_from_name(&c.loss, l->c.loss_kind)))
		c.loss = CASE_LOSS_LOST;
	if (!err_is(store_blob_get(a->store, &b, &l->c, BLOB_PERSON)))
		person = json_loadb((const char *)room, b.n, 0, NULL);
	c.leaving = l->c.state == CASE_REVOKING;
	c.misuse_suspected = rpc_bool(
	    json_object_get(person, "loss"), "misuse");
	json_decref(person);
	secret_wipe(room, b.n);
	return (int)reason_final(&c);
}

static void
hold_answered(struct agent *a, struct live *l, const char *error)
{
	char idem[WORD * 2] = "hold:";
	struct store_row row = { ROW_RESULT, "hold", idem,
		error == NULL ? "ok" : error, { NULL, 0 } };
	enum case_event event = error == NULL ? CASE_EV_HOLD_CONFIRMED
				: strcmp(error, "peer.ca_refused") == 0
				    ? CASE_EV_HOLD_REFUSED
				    : CASE_EV_HOLD_LOST;

	str_copy(idem + 5, sizeof idem - 5, l->c.case_no);
	str_copy(l->c.problem, sizeof l->c.problem, error == NULL ? "" : error);
	if (err_is(live_step(a, l, event, &row, 1, NULL, 0)) || error != NULL)
		try_later(a, l);
	else
		l->rr.tries = 0;
	live_changed(a, l);
	if (error == NULL)
		live_next(a, l);
}

static void
revoke_answered(struct agent *a, struct live *l, const char *error)
{
	if (error == NULL) {
		l->rr.tries = 0;
		finish_begin(a, l);
		return;
	}
	str_copy(l->c.problem, sizeof l->c.problem, error);
	if (err_is(live_step(a, l,
		strcmp(error, "peer.ca_refused") == 0 ? CASE_EV_REVOKE_REFUSED
						      : CASE_EV_REVOKE_LOST,
		NULL, 0, NULL, 0)))
		log_line(LOG_WARNING, "revocation to be tried again");
	try_later(a, l);
	live_changed(a, l);
}

/* Found again: good at the CA, or held once more when it says no. */
static void
release_answered(struct agent *a, struct live *l, const char *error)
{
	struct store_row row = { ROW_RESULT, "release", l->c.serial,
		error == NULL ? "ok" : error, { NULL, 0 } };
	enum case_event event = error == NULL ? CASE_EV_RELEASED
				: strcmp(error, "peer.ca_refused") == 0
				    ? CASE_EV_RELEASE_REFUSED
				    : CASE_EV_RELEASE_LOST;

	str_copy(l->c.problem, sizeof l->c.problem, error == NULL ? "" : error);
	if (err_is(live_step(a, l, event, &row, 1, NULL, 0)) ||
	    event == CASE_EV_RELEASE_LOST)
		try_later(a, l);
	else
		l->rr.tries = 0;
	live_changed(a, l);
	if (event == CASE_EV_RELEASE_REFUSED)
		live_next(a, l);
}

/* No new certificate was wanted: with the old one's end the case ends. */
static void
ending_answered(struct agent *a, struct live *l, const char *error)
{
	struct store_row row = { ROW_RESULT, "revoke", l->c.serial,
		error == NULL ? "ok" : error, { NULL, 0 } };
	enum case_event event = error == NULL ? CASE_EV_OLD_REVOKED
				: strcmp(error, "peer.ca_refused") == 0
				    ? CASE_EV_REVOKE_REFUSED
				    : CASE_EV_REVOKE_LOST;

	str_copy(l->c.problem, sizeof l->c.problem, error == NULL ? "" : error);
	if (error == NULL)
		str_copy(l->c.old_status, sizeof l->c.old_status, "revoked");
	if (err_is(live_step(a, l, event, &row, 1, NULL, 0)) || error != NULL)
		try_later(a, l);
	live_changed(a, l);
}

/* What a worker failed with, in the words the customer's screen knows. */
static const char *
peer_error(const char *error)
{
	if (error == NULL || strcmp(error, "peer.ca_refused") == 0 ||
	    strcmp(error, "peer.ca_answer") == 0)
		return error;
	if (strncmp(error, "peer.", 5) == 0 ||
	    strcmp(error, "rpc.timeout") == 0)
		return "peer.ca_down";
	return "agent.internal";
}

static void
on_rr_done(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct live *l = live_get(a, ctx->live);
	const char *error = peer_error(r->error);

	if (l == NULL)
		return;
	worker_end(a, l->rr.key);
	l->rr.key = NO_REF;
	transfer_clear(&l->rr_transfer);
	if (error != NULL)
		log_line(LOG_WARNING, "rr: %s", r->error);
	/* revoked behind the registry's back: say so instead of "on hold" */
	if (error == NULL &&
	    strcmp(rpc_str(r->result, "status"), "already") == 0)
		str_copy(l->c.old_status, sizeof l->c.old_status, "revoked");
	if (is_hold(l))
		hold_answered(a, l, error);
	else if (l->c.state == CASE_CONFIRMED)
		revoke_answered(a, l, error);
	else if (l->c.state == CASE_RELEASING)
		release_answered(a, l, error);
	else if (l->c.state == CASE_REVOKING)
		ending_answered(a, l, error);
}

static json_t *
rr_params(struct agent *a, const struct live *l)
{
	uint8_t der[NPKI_CERT_MAX];
	struct buf b = buf_make(der, sizeof der);
	int reason = is_hold(l)			    ? CRL_HOLD
		     : l->c.state == CASE_RELEASING ? CRL_REMOVE
						    : final_reason(a, l);
	json_t *p;

	if (err_is(store_blob_get(a->store, &b, &l->c, BLOB_OLD_CERT)))
		return NULL;
	p = json_pack("{s:o,s:i,s:O,s:O,s:i}", "certificate",
	    rpc_bytes(buf_span(&b)), "reason", reason, "issuer",
	    a->issuer.params, "ra_cert", a->issuer.ra_cert, "timeout_s",
	    RR_TIMEOUT_S);
	secret_wipe(der, sizeof der);
	return p;
}

void
rr_next(struct agent *a, struct live *l)
{
	struct context ctx = { .link = NO_REF, .live = live_ref(a, l) };
	struct link *key;
	json_t *params;
	int fd;

	if (l->rr.waits || link_get(a, l->rr.key) != NULL || l->ocsp.open > 0 ||
	    l->ocsp.waits)
		return;
	fd = open(a->issuer.conf->ra_key, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	params = rr_params(a, l);
	key = fd < 0 || params == NULL ? NULL : worker_start(a, live_ref(a, l));
	if (key == NULL) {
		log_line(LOG_ERROR, "no revocation request can be made now");
		json_decref(params);
		try_later(a, l);
	} else {
		l->rr.key = link_ref(a, key);
		if (l->c.state == CASE_CONFIRMED)
			live_progress(a, l, STAGE_REVOKE, "doing", -1);
		call_peer(a, key, "rr.start", params, fd,
		    RR_TIMEOUT_S * 1000 + RR_MARGIN_MS, on_rr_done, &ctx);
	}
	if (fd >= 0)
		close(fd);
}
