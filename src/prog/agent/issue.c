/*
 * agent/issue.c - one attempt to issue: key, enrolment, request, outcome.
 *
 * The customer's case.issue begins it; from there the worker leads (see
 * transfer.c) until the certificate is here.  An attempt whose worker is gone
 * is over: the CA withdraws what nobody confirms, the next case.issue begins
 * afresh and costs nothing.
 */
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"
#include "npki/cert.h"
#include "prog/agent/core.h"

enum {
	PREPARE_TIMEOUT_MS = 60000,
	ENROLL_TIMEOUT_MS = 20000,
	OUTCOME_MARGIN_MS = 10000,
	CONFIRM_MARGIN_MS = 20000,
	BUSY_MS = 1000,
	ENROLL_KEY = WORD * 2
};

/* ---- the worker ---- */

static void issue_start(struct agent *a, struct live *l);

static void
drop_enrolment(struct live *l)
{
	if (l->issue.password_fd >= 0)
		close(l->issue.password_fd);
	l->issue.password_fd = -1;
	secret_wipe(l->issue.refnum_secret, sizeof l->issue.refnum_secret);
	secret_wipe(l->issue.authcode_secret, sizeof l->issue.authcode_secret);
	l->issue.wanted = false;
}

void
issue_drop(struct agent *a, struct live *l)
{
	struct ref key = l->issue.key;

	drop_enrolment(l);
	transfer_clear(&l->issue_transfer);
	l->issue = (struct issue_work){ .key = NO_REF, .password_fd = -1 };
	worker_end(a, key);
}

/* The attempt has come to nothing; `key` says why. */
static void
failed(struct agent *a, struct live *l, const char *problem)
{
	enum stage at = l->stage;

	issue_drop(a, l);
	live_problem(a, l, problem);
	if (at != STAGE_NONE)
		live_progress(a, l, at, "failed", -1);
	l->stage = STAGE_NONE;
	live_changed(a, l);
}

static void
key_failed(struct agent *a, struct live *l, const char *problem)
{
	if (l->c.state == CASE_PAID &&
	    err_is(live_step(a, l, CASE_EV_KEY_FAILED, NULL, 0, NULL, 0)))
		log_line(LOG_ERROR, "failed attempt not noted");
	failed(a, l, problem);
}

void
issue_key_lost(struct agent *a, struct live *l)
{
	bool asked = l->issue.password_fd >= 0;

	log_line(LOG_WARNING, "key worker lost before its job");
	if (asked)
		key_failed(a, l, "agent.internal");
	else
		issue_drop(a, l);
}

static void
on_prepared(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct live *l = live_get(a, ctx->live);

	if (l == NULL || link_get(a, ctx->link) == NULL ||
	    l->issue.key.slot != ctx->link.slot ||
	    l->issue.key.gen != ctx->link.gen)
		return;
	if (r->error != NULL) {
		log_line(LOG_ERROR, "key pair: %s", r->error);
		issue_key_lost(a, l);
		return;
	}
	l->issue.ready = true;
	if (l->issue.wanted)
		issue_start(a, l);
}

void
issue_warm(struct agent *a, struct live *l)
{
	struct context ctx = { .live = live_ref(a, l) };
	struct link *key;

	if (link_get(a, l->issue.key) != NULL ||
	    (key = worker_start(a, live_ref(a, l))) == NULL)
		return;
	l->issue.key = ctx.link = link_ref(a, key);
	call_peer(a, key, "issue.prepare",
	    json_pack("{s:i}", "bits", a->issuer.conf->key_bits), -1,
	    PREPARE_TIMEOUT_MS, on_prepared, &ctx);
}

/* ---- the outcome ---- */

/* Back to PAID by `event`; a customer who is leaving is let go at once. */
static void
back_to_paid(
    struct agent *a, struct live *l, enum case_event event, const char *problem)
{
	bool leaving = l->issue.leaving;

	l->c.new_serial[0] = l->c.new_status[0] = '\0';
	l->c.new_not_after = 0;
	if (err_is(live_step(a, l, event, NULL, 0, NULL, 0)))
		log_line(LOG_ERROR, "end of an attempt not noted");
	if (leaving && l->c.state == CASE_PAID &&
	    err_is(live_step(a, l, CASE_EV_CANCEL, NULL, 0, NULL, 0)))
		log_line(LOG_ERROR, "cancellation not noted");
	failed(a, l, problem);
}

static void
confirmed(struct agent *a, struct live *l)
{
	struct store_row row = { ROW_INTENT, "revoke", l->c.serial, NULL,
		{ NULL, 0 } };

	l->c.problem[0] = '\0';
	if (err_is(live_step(a, l, CASE_EV_CONFIRMED, &row, 1, NULL, 0))) {
		l->settle_ms = mono_ms(a) + BUSY_MS;
		return;
	}
	live_progress(a, l, STAGE_CONFIRM, "done", -1);
	issue_drop(a, l);
	live_changed(a, l);
	live_next(a, l);
}

static void
rejected(struct agent *a, struct live *l)
{
	char problem[WORD];

	if (l->c.state == CASE_PREPARED &&
	    err_is(live_step(a, l, CASE_EV_CERT_BAD, NULL, 0, NULL, 0)))
		return;
	str_copy(problem, sizeof problem,
	    l->c.problem[0] == '\0' ? "peer.ca_answer" : l->c.problem);
	if (l->c.state == CASE_WITHDRAWING)
		back_to_paid(
		    a, l, CASE_EV_WITHDRAWN, l->issue.leaving ? "" : problem);
}

/* What a worker failed with, in the words the customer's screen knows. */
static const char *
problem_of(const char *error)
{
	if (strncmp(error, "peer.", 5) == 0 ||
	    strncmp(error, "password.", 9) == 0)
		return error;
	return strncmp(error, "rpc.", 4) == 0 ? "problem.key_lost"
					      : "agent.internal";
}

/* The worker gave up; where the case stands decides what that means. */
static void
gave_up(struct agent *a, struct live *l, const char *error)
{
	const char *problem = problem_of(error);

	log_line(
	    LOG_WARNING, "issue in %s: %s", case_state_name(l->c.state), error);
	if (l->issue.rejected && l->c.state == CASE_WITHDRAWING) {
		rejected(a, l);
	} else if (l->c.state == CASE_PAID) {
		key_failed(a, l, problem);
	} else if (l->c.state == CASE_PREPARED &&
		   strcmp(error, "peer.ca_refused") == 0) {
		back_to_paid(a, l, CASE_EV_ISSUE_REFUSED, problem);
	} else if (l->c.state == CASE_PREPARED &&
		   strcmp(error, "peer.ca_answer") == 0) {
		if (err_is(live_step(a, l, CASE_EV_CERT_BAD, NULL, 0, NULL, 0)))
			log_line(LOG_ERROR, "bad certificate not noted");
		failed(a, l, problem);
	} else if (l->c.state == CASE_DELIVERED) {
		issue_drop(a, l);
		live_problem(a, l, "problem.confirm_open");
		live_changed(a, l);
		live_next(a, l);
	} else {
		failed(a, l, problem);
	}
}

static void
on_outcome(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct live *l = live_get(a, ctx->live);
	const char *status = rpc_str(r->result, "status");

	if (l == NULL || l->issue.key.slot != ctx->link.slot ||
	    l->issue.key.gen != ctx->link.gen)
		return;
	if (r->error != NULL)
		gave_up(a, l, r->error);
	else if (strcmp(status, "confirmed") == 0 &&
		 l->c.state == CASE_DELIVERED)
		confirmed(a, l);
	else if (strcmp(status, "rejected") == 0)
		rejected(a, l);
	else
		gave_up(a, l, "key.internal");
}

/* ---- the start ---- */

static json_t *
subject_der(const uint8_t *der, size_t n)
{
	const unsigned char *p = der;
	unsigned char *name = NULL;
	X509 *cert = d2i_X509(NULL, &p, (long)n);
	int len = cert == NULL
		      ? 0
		      : i2d_X509_NAME(X509_get_subject_name(cert), &name);
	json_t *v = len > 0 ? rpc_bytes(span_make(name, (size_t)len)) : NULL;

	OPENSSL_free(name);
	X509_free(cert);
	return v;
}

static json_t *
start_params(struct agent *a, struct live *l, const struct visit *v)
{
	static uint8_t room[NPKI_CERT_MAX];
	struct buf der = buf_make(room, sizeof room);
	json_t *subject;

	if (err_is(store_blob_get(a->store, &der, &l->c, BLOB_OLD_CERT)) ||
	    (subject = subject_der(room, der.n)) == NULL)
		return NULL;
	secret_wipe(room, der.n);
	return json_pack("{s:s,s:s,s:s,s:{s:o,s:I,s:s,s:s},s:O,s:b,s:i,s:n}",
	    "refnum", l->issue.refnum_secret, "authcode",
	    l->issue.authcode_secret, "number", v->number_secret, "expect",
	    "subject_der", subject, "not_after", (json_int_t)l->c.not_after,
	    "policy", l->c.policy, "old_serial", l->c.serial, "issuer",
	    a->issuer.params, "p12", l->c.p12 != 0, "timeout_s",
	    a->conf->issue_timeout_s, "resume");
}

/* Time is left for a rejection to reach the CA before the worker ends. */
static int64_t
decide_by(const struct agent *a)
{
	int64_t whole = a->conf->issue_timeout_s * (int64_t)1000;
	int64_t margin = whole / 5 < CONFIRM_MARGIN_MS ? whole / 5
						       : CONFIRM_MARGIN_MS;

	return mono_ms(a) + whole - margin;
}

static void
issue_start(struct agent *a, struct live *l)
{
	struct link *owner = link_get(a, l->owner);
	struct link *key = link_get(a, l->issue.key);
	struct context ctx = { .link = l->issue.key, .live = live_ref(a, l) };
	json_t *params;

	/* The number is in the visit alone: without the visitor no request. */
	if (owner == NULL || owner->visit.standing < STANDING_FACTOR ||
	    key == NULL) {
		key_failed(a, l, "problem.left");
		return;
	}
	if ((params = start_params(a, l, &owner->visit)) == NULL) {
		key_failed(a, l, "agent.internal");
		return;
	}
	l->issue.started = true;
	l->issue.deadline_ms = decide_by(a);
	call_peer(a, key, "issue.start", params, l->issue.password_fd,
	    a->conf->issue_timeout_s * 1000 + OUTCOME_MARGIN_MS, on_outcome,
	    &ctx);
	drop_enrolment(l);
}

/* One per attempt: what the registry gave for it is used once. */
static void
enroll_key(char out[static ENROLL_KEY], const struct live *l)
{
	snprintf(
	    out, ENROLL_KEY, "%s#%lld", l->c.case_no, (long long)l->c.attempt);
}

static void
note_enrolled(struct agent *a, struct live *l, const char *outcome)
{
	char idem[ENROLL_KEY];
	struct store_row row = { ROW_RESULT, "enroll", idem, outcome,
		{ NULL, 0 } };

	enroll_key(idem, l);
	if (err_is(live_note(a, l, &row, 1)))
		log_line(LOG_ERROR, "enrolment not noted");
}

static void
on_enrolled(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct live *l = live_get(a, ctx->live);

	if (l == NULL || l->issue.turn != ctx->n || l->issue.password_fd < 0 ||
	    l->c.state != CASE_PAID)
		return;
	note_enrolled(a, l, r->error == NULL ? "ok" : r->error);
	if (r->error != NULL ||
	    !str_copy(l->issue.refnum_secret, sizeof l->issue.refnum_secret,
		rpc_str(r->result, "refnum")) ||
	    !str_copy(l->issue.authcode_secret, sizeof l->issue.authcode_secret,
		rpc_str(r->result, "authcode"))) {
		log_line(LOG_WARNING, "enrolment: %s",
		    r->error == NULL ? "answer" : r->error);
		failed(a, l, "peer.registry_down");
		return;
	}
	l->issue.wanted = true;
	if (l->issue.ready)
		issue_start(a, l);
}

/* An attempt left behind by a lost worker or a restart is over. */
static bool
restart(struct agent *a, struct live *l)
{
	bool running = l->issue.started && link_get(a, l->issue.key) != NULL;

	if (l->c.state == CASE_PAID)
		return l->issue.password_fd < 0 && !l->issue.started;
	if (running || l->issue.writing ||
	    (l->c.state != CASE_PREPARED && l->c.state != CASE_ISSUED &&
		l->c.state != CASE_WITHDRAWING))
		return false;
	issue_drop(a, l);
	l->c.new_serial[0] = l->c.new_status[0] = '\0';
	l->c.new_not_after = 0;
	return !err_is(live_step(a, l, CASE_EV_LAPSED, NULL, 0, NULL, 0));
}

const char *
ask_case_issue(struct agent *a, struct ask *q)
{
	struct live *l = live_of(a, q->link);
	struct context ctx = ask_context(a, q);
	char idem[ENROLL_KEY];
	struct store_row row = { ROW_INTENT, "enroll", idem, NULL,
		{ NULL, 0 } };
	struct err e;

	if (l == NULL)
		return "case.none";
	if (!restart(a, l))
		return "case.state";
	if (l->c.attempt >= CASE_ATTEMPTS_MAX) {
		live_problem(a, l, "problem.attempts");
		live_changed(a, l);
		return "case.state";
	}
	enroll_key(idem, l);
	l->c.problem[0] = '\0';
	if (json_is_boolean(json_object_get(q->params, "p12")))
		l->c.p12 = rpc_bool(q->params, "p12");
	e = live_step(a, l, CASE_EV_BEGIN, &row, 1, NULL, 0);
	if (err_is(e))
		return store_refusal(e);
	l->issue.password_fd = q->fd;
	q->fd = -1;
	ctx.live = live_ref(a, l);
	ctx.n = l->issue.turn = ++a->next_id;
	issue_warm(a, l);
	answer(a, ctx.link, q->id, view_case(a, l));
	if (link_get(a, l->issue.key) == NULL) {
		key_failed(a, l, "agent.internal");
		return NULL;
	}
	live_progress(a, l, STAGE_KEY, "doing", -1);
	if (link_get(a, ctx.link) == NULL)
		return NULL;
	call_peer(a, link_of_role(a, ROLE_NET), "registry.enroll",
	    json_pack("{s:s,s:s,s:s}", "person", q->link->visit.person,
		"serial", l->c.serial, "application", l->c.case_no),
	    -1, ENROLL_TIMEOUT_MS, on_enrolled, &ctx);
	return NULL;
}

/* ---- the certificate is here ---- */

static struct err
take_issued(struct agent *a, struct live *l, const json_t *p)
{
	static uint8_t cert[NPKI_CERT_MAX], p12[STORE_BLOB];
	struct buf c = buf_make(cert, sizeof cert),
		   f = buf_make(p12, sizeof p12);
	struct npki_cert_info *info = calloc(1, sizeof *info);
	struct store_blob blobs[2];
	struct err e = rpc_get_bytes(&c, p, "certificate");

	if (!err_is(e) && json_is_string(json_object_get(p, "p12")))
		e = rpc_get_bytes(&f, p, "p12");
	if (!err_is(e) && info == NULL)
		e = err_make(E_NOMEM, 0, "issue: certificate");
	if (!err_is(e))
		e = npki_cert_info_der(info, buf_span(&c));
	if (!err_is(e)) {
		str_copy(l->c.new_serial, sizeof l->c.new_serial, info->serial);
		str_copy(l->c.new_status, sizeof l->c.new_status, "unknown");
		l->c.new_not_after = info->not_after;
		blobs[0] = (struct store_blob){ BLOB_NEW_CERT, buf_span(&c) };
		blobs[1] = (struct store_blob){ BLOB_P12, buf_span(&f) };
		e = live_step(a, l, CASE_EV_CERT_GOOD, NULL, 0, blobs, 2);
	}
	secret_wipe(cert, c.n);
	secret_wipe(p12, f.n);
	free(info);
	return e;
}

const char *
ask_issue_issued(struct agent *a, struct ask *q)
{
	struct live *l = live_get(a, q->link->live);
	struct ref key = link_ref(a, q->link);
	struct err e;

	if (l == NULL || l->issue.key.slot != key.slot ||
	    l->c.state != CASE_PREPARED)
		return "rpc.state";
	e = take_issued(a, l, q->params);
	if (err_is(e))
		return store_refusal(e);
	l->issue.waits = true;
	answer(a, key, q->id, json_object());
	live_progress(a, l, STAGE_CHECK, "done", -1);
	live_changed(a, l);
	if (l->issue.leaving)
		deliver_confirm(a, l, false);
	else
		deliver_begin(a, l);
	return NULL;
}

void
issue_tick(struct agent *a, struct live *l)
{
	if (l->issue.deadline_ms == 0 || l->issue.deadline_ms > mono_ms(a))
		return;
	if (l->issue.writing) {
		l->issue.deadline_ms = mono_ms(a) + BUSY_MS;
		return;
	}
	l->issue.deadline_ms = 0;
	if (l->c.state != CASE_ISSUED || !l->issue.waits)
		return; /* the worker's own limit ends it */
	str_copy(l->c.problem, sizeof l->c.problem, "problem.confirm_expired");
	deliver_confirm(a, l, false);
	live_changed(a, l);
}
