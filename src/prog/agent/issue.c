/*
 * agent/issue.c - one attempt to issue: its worker, its enrolment, its limits.
 *
 * The customer's case.issue begins it; start.c hands it to the worker, which
 * leads from there (transfer.c) to the outcome (outcome.c).  The next
 * case.issue after an attempt that was lost begins afresh and costs nothing:
 * the CA withdraws what nobody confirms.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"
#include "prog/agent/core.h"
#include "prog/agent/deliver.h"
#include "prog/agent/desk.h"

enum {
	PREPARE_TIMEOUT_MS = 60000,
	ENROLL_TIMEOUT_MS = 20000,
	BUSY_MS = 1000,
	ENROLL_KEY = WORD * 2
};

void
issue_forget_enrolment(struct live *l)
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

	phone_end(a, l, HANDOFF_GONE); /* nobody could confirm it */
	issue_forget_enrolment(l);
	transfer_clear(&l->issue_transfer);
	l->issue = (struct issue_work){ .key = NO_REF, .password_fd = -1 };
	worker_end(a, key);
}

/* The attempt has come to nothing; `key` says why. */
void
issue_failed(struct agent *a, struct live *l, const char *problem)
{
	enum stage at = l->stage;

	issue_drop(a, l);
	live_problem(a, l, problem);
	if (at != STAGE_NONE)
		live_progress(a, l, at, "failed", -1);
	l->stage = STAGE_NONE;
	live_changed(a, l);
}

void
issue_key_failed(struct agent *a, struct live *l, const char *problem)
{
	/* what a token refuses is between it and its holder */
	enum case_event event = strncmp(problem, "token.", 6) == 0
				    ? CASE_EV_KEY_REFUSED
				    : CASE_EV_KEY_FAILED;

	if (l->c.state == CASE_PAID &&
	    err_is(live_step(a, l, event, NULL, 0, NULL, 0)))
		log_line(LOG_ERROR, "failed attempt not noted");
	issue_failed(a, l, problem);
}

void
issue_key_lost(struct agent *a, struct live *l)
{
	bool asked = l->issue.password_fd >= 0;

	log_line(LOG_WARNING, "key worker lost before its job");
	if (asked)
		issue_key_failed(a, l, "agent.internal");
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

/* One per attempt: what the registry gave for it is used once. */
static void
enroll_key(char out[static ENROLL_KEY], const struct live *l)
{
	snprintf(
	    out, ENROLL_KEY, "%s#%lld", l->c.case_no, (long long)l->c.attempt);
}

/* What the registry gave is kept: a job taken up again needs it. */
static struct err
note_enrolled(struct agent *a, struct live *l, const struct reply *r)
{
	char idem[ENROLL_KEY], room[WORD * 4];
	struct store_row row = { ROW_RESULT, "enroll", idem,
		r->error == NULL ? "ok" : r->error, { NULL, 0 } };
	struct store_blob blob = { BLOB_ENROL, { NULL, 0 } };
	size_t n;
	struct err e;

	enroll_key(idem, l);
	if (r->error != NULL)
		return live_note(a, l, &row, 1);
	n = json_dumpb(r->result, room, sizeof room, JSON_COMPACT);
	if (n == 0 || n > sizeof room)
		return err_make(E_LIMIT, 0, "issue: enrolment");
	blob.data = span_make(room, n);
	e = live_keep(a, l, &row, &blob);
	secret_wipe(room, sizeof room);
	return e;
}

static void
on_enrolled(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct live *l = live_get(a, ctx->live);
	struct err e;

	if (l == NULL || l->issue.turn != ctx->n || l->issue.password_fd < 0 ||
	    l->c.state != CASE_PAID)
		return;
	e = note_enrolled(a, l, r);
	if (err_is(e)) {
		issue_failed(a, l, store_refusal(e));
		return;
	}
	if (r->error != NULL ||
	    !str_copy(l->issue.refnum_secret, sizeof l->issue.refnum_secret,
		rpc_str(r->result, "refnum")) ||
	    !str_copy(l->issue.authcode_secret, sizeof l->issue.authcode_secret,
		rpc_str(r->result, "authcode"))) {
		log_line(LOG_WARNING, "enrolment: %s",
		    r->error == NULL ? "answer" : r->error);
		issue_failed(a, l,
		    r->error != NULL && strcmp(r->error, "peer.ca_refused") == 0
			? "peer.ca_refused"
			: "peer.registry_down");
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
	uint8_t chosen, room[DELIVER_RECORD];
	struct store_blob blob;
	const char *refused;
	bool on_token;
	struct err e;

	if (l == NULL)
		return "case.none";
	if ((refused = deliver_read(a, &chosen, q->params)) != NULL)
		return refused;
	if ((chosen & 1u << WAY_TOKEN) != 0 && !token_read(l, q->params))
		return "rpc.params";
	/* one certificate, here or by the guide: never both */
	if (guide_is_open(a, &l->c) || !restart(a, l))
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
	blob = deliver_record(room, chosen, 0);
	e = live_step(a, l, CASE_EV_BEGIN, &row, 1, &blob, 1);
	if (err_is(e))
		return store_refusal(e);
	l->delivery.chosen = chosen;
	l->delivery.proven = l->delivery.failed = 0;
	l->issue.password_fd = q->fd;
	q->fd = -1;
	ctx.live = live_ref(a, l);
	ctx.n = l->issue.turn = ++a->next_id;
	on_token = deliver_wants(l, WAY_TOKEN);
	if (on_token)
		(void)token_take(a, l);
	else
		issue_warm(a, l);
	answer(a, ctx.link, q->id, view_case(a, l));
	if (link_get(a, l->issue.key) == NULL) {
		issue_key_failed(
		    a, l, on_token ? "token.none" : "agent.internal");
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
	phone_end(a, l, HANDOFF_EXPIRED);
	if (deliver_settle(a, l))
		return;
	str_copy(l->c.problem, sizeof l->c.problem, "problem.confirm_expired");
	deliver_confirm(a, l, false);
	live_changed(a, l);
}
