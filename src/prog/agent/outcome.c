/*
 * agent/outcome.c - what came of an issue job.
 */
#include <string.h>

#include "base/log.h"
#include "prog/agent/core.h"

enum { BUSY_MS = 1000 };

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
	issue_failed(a, l, problem);
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
	    strncmp(error, "password.", 9) == 0 ||
	    strncmp(error, "token.", 6) == 0)
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
		issue_key_failed(a, l, problem);
	} else if (l->c.state == CASE_PREPARED &&
		   strcmp(error, "peer.ca_refused") == 0) {
		back_to_paid(a, l, CASE_EV_ISSUE_REFUSED, problem);
	} else if (l->c.state == CASE_PREPARED &&
		   strcmp(error, "peer.ca_answer") == 0) {
		if (err_is(live_step(a, l, CASE_EV_CERT_BAD, NULL, 0, NULL, 0)))
			log_line(LOG_ERROR, "bad certificate not noted");
		issue_failed(a, l, problem);
	} else if (l->c.state == CASE_DELIVERED) {
		issue_drop(a, l);
		live_problem(a, l, "problem.confirm_open");
		live_changed(a, l);
		live_next(a, l);
	} else {
		issue_failed(a, l, problem);
	}
}

void
issue_outcome(struct agent *a, const struct context *ctx, const struct reply *r)
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
