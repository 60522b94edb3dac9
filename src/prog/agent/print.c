/*
 * agent/print.c - slips and forms on their way to dasi-print.
 */
#include "prog/agent/print.h"

#include <string.h>

#include "base/log.h"
#include "store/audit_rows.h"

enum { SLIP_MS = 60000, FORM_MS = 60000 };

/* ---- the printer's state ---- */

const char *
print_health(const struct agent *a)
{
	return a->print.state == NULL ? "none" : a->print.state;
}

static void
become(struct agent *a, const char *state)
{
	json_t *view;

	if (strcmp(print_health(a), state) == 0)
		return;
	a->print.state = state;
	if (a->stopping)
		return;
	log_line(LOG_NOTICE, "printer: %s", state);
	view = view_health(a);
	link_event_all(a, ROLE_KIOSK, "health.changed", view);
	json_decref(view);
}

void
print_heard(struct agent *a, const json_t *params)
{
	/* the words of the wire, and those of health */
	static const char *const words[][2] = { { "none", "none" },
		{ "ok", "ok" }, { "low", "low" }, { "out", "out" },
		{ "offline", "down" } };
	const char *said = rpc_str(params, "state");

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(words[i][0], said) == 0)
			become(a, words[i][1]);
	}
}

void
print_lost(struct agent *a)
{
	if (strcmp(print_health(a), "none") != 0)
		become(a, "down");
}

void
print_end(struct agent *a)
{
	for (int i = 0; i < PRINT_JOBS; i++) {
		json_decref(a->print.jobs[i].document);
		a->print.jobs[i].document = NULL;
	}
}

/* ---- slips ---- */

/* What went wrong, in the words of `print.slip`. */
static const char *
print_error(const char *error)
{
	if (strcmp(error, "rpc.gone") == 0)
		return "print.offline";
	return strcmp(error, "rpc.timeout") == 0 ? "print.io" : error;
}

void
print_slip(struct agent *a, json_t *document, call_done *done,
    const struct context *ctx)
{
	call_peer(a, link_of_role(a, ROLE_PRINT), "print.slip", document, -1,
	    SLIP_MS, done, ctx);
}

static void
slip_printed(struct agent *a, const struct context *ctx, const struct reply *r)
{
	if (r->error == NULL)
		answer(a, ctx->link, ctx->request, json_object());
	else
		refuse(a, ctx->link, ctx->request, print_error(r->error));
}

/* What a customer may print without a clerk. */
static bool
is_customers(const char *kind)
{
	static const char *const kinds[] = { "receipt", "loss", "fee",
		"checklist" };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kinds[i], kind) == 0)
			return true;
	}
	return false;
}

const char *
ask_slip_print(struct agent *a, struct ask *q)
{
	const char *kind = rpc_str(q->params, "kind");
	const struct visit *v = &q->link->visit;
	struct context ctx = ask_context(a, q);
	struct live *l = live_of(a, q->link);
	json_t *view, *document;

	if (!is_customers(kind))
		return "rpc.params";
	if (l == NULL)
		return "case.none";
	if (strcmp(print_health(a), "none") == 0)
		return "print.none";
	view = view_case(a, l);
	document = print_document(
	    a, view, kind, v->english ? "en" : "ko", false);
	json_decref(view);
	if (document == NULL)
		return "case.state";
	print_slip(a, document, slip_printed, &ctx);
	return NULL;
}

/* ---- forms ---- */

static void form_made(
    struct agent *a, const struct context *ctx, const struct reply *r);

static void
ask_form(struct agent *a, struct print_job *job, bool paper)
{
	struct context ctx = { .link = NO_REF, .live = NO_REF };

	ctx.n = job - a->print.jobs;
	call_peer(a, link_of_role(a, ROLE_PRINT), "print.form",
	    json_pack("{s:O,s:b}", "document", job->document, "paper", paper),
	    -1, FORM_MS, form_made, &ctx);
}

void
print_form(struct agent *a, json_t *document, bool paper,
    const struct link *who, const char *case_no, call_done *done,
    const struct context *ctx)
{
	struct print_job *job = NULL;

	for (int i = 0; i < PRINT_JOBS && job == NULL; i++) {
		if (a->print.jobs[i].document == NULL)
			job = &a->print.jobs[i];
	}
	if (job == NULL || document == NULL) {
		/* a call that fails at the next tick, as the contract says */
		json_decref(document);
		call_peer(a, NULL, "print.form", NULL, -1, FORM_MS, done, ctx);
		return;
	}
	*job = (struct print_job){ .document = document,
		.paper = paper,
		.done = done,
		.ctx = *ctx,
		.role = who == NULL ? ROLE_NONE : who->role };
	if (who != NULL)
		str_copy(job->actor, sizeof job->actor, link_actor(who));
	str_copy(job->case_no, sizeof job->case_no, case_no);
	ask_form(a, job, false);
}

/* The row about the form, before anybody has it. */
static struct err
record_form(struct agent *a, const struct print_job *job, const json_t *made)
{
	struct row_field fields[] = {
		row_text("kind", rpc_str(job->document, "kind")),
		row_text("sha256", rpc_str(made, "sha256")),
		row_text("content", rpc_str(made, "content")),
		row_bool("paper", job->paper),
	};
	const char *role = job->role == ROLE_NONE ? "system"
						  : rpc_role_name(job->role);
	struct audit_event event = {
		.actor = job->role == ROLE_NONE	 ? "agent"
			 : job->actor[0] != '\0' ? job->actor
						 : role,
		.role = role,
		.case_no = job->case_no[0] == '\0' ? NULL : job->case_no,
		.kind = "form.printed",
		.fields = fields,
		.field_count = sizeof fields / sizeof *fields,
	};

	return store_audit_append(a->store, NULL, &event);
}

/* Free the place first: the continuation may print again. */
static void
form_over(struct agent *a, struct print_job *job, const struct reply *r)
{
	struct print_job was = *job;
	struct reply told = *r;

	*job = (struct print_job){ .document = NULL };
	if (told.error != NULL) {
		told.result = NULL;
		told.error = print_error(told.error);
	}
	was.done(a, &was.ctx, &told);
	json_decref(was.document);
}

/*
 * Twice when it goes to paper: the first time only its hash is wanted.  The
 * same document is the same file to the last byte.
 */
static void
form_made(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct print_job *job = &a->print.jobs[ctx->n];
	const char *sha256 = rpc_str(r->result, "sha256");
	struct reply failed = { .error = "print.io" };
	struct err e = err_none();

	if (job->document == NULL)
		return;
	if (r->error != NULL) {
		form_over(a, job, r);
		return;
	}
	if (strlen(sha256) != sizeof job->sha256 - 1 || r->fd == NULL ||
	    *r->fd < 0)
		e = err_make(E_PROTOCOL, 0, "agent: form");
	else if (job->sha256[0] != '\0' && strcmp(job->sha256, sha256) != 0)
		e = err_make(E_MISMATCH, 0, "agent: form");
	else if (job->sha256[0] == '\0')
		e = record_form(a, job, r->result);
	if (err_is(e)) {
		log_err(LOG_ERROR, "form", e);
		form_over(a, job, &failed);
	} else if (job->paper && job->sha256[0] == '\0') {
		str_copy(job->sha256, sizeof job->sha256, sha256);
		ask_form(a, job, true);
	} else {
		form_over(a, job, r);
	}
}
