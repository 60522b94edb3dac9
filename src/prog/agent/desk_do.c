/*
 * agent/desk_do.c - what each action of a clerk does to the case.
 *
 * By now it is allowed, agreed to, and about the version that was seen.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "prog/agent/desk.h"
#include "prog/agent/pay.h"
#include "prog/agent/print.h"

enum { SENTENCE_MIN = 2, SENTENCE_MAX = 200 };

/* ---- whether the details are in order ---- */

static const char *
check_papers(struct agent *a, const struct live *l, struct deed *d)
{
	char applicant[DESK_WORD];
	int missing = 0;

	desk_applicant(a, &l->c, applicant);
	if (desk_refused(applicant))
		return "docs.refused";
	json_decref(desk_docs_view(a, &l->c, applicant, &missing));
	if (missing == 0)
		return NULL;
	d->extra = json_pack("{s:i}", "left", missing);
	return "docs.missing";
}

static const char *
sentence_of(const struct deed *d)
{
	const char *s = rpc_str(d->details, "sentence");

	return s[0] != '\0' ? s : d->reason;
}

static bool
is_form(const char *kind)
{
	return strcmp(kind, "application") == 0 ||
	       strcmp(kind, "loss_report") == 0;
}

static bool
known_paper(const char *kind)
{
	static const char *const slips[] = { "receipt", "loss", "fee",
		"checklist", "ticket", "refund" };

	for (size_t i = 0; i < sizeof slips / sizeof *slips; i++)
		if (strcmp(slips[i], kind) == 0)
			return true;
	return is_form(kind);
}

const char *
desk_check(struct agent *a, const struct live *l, struct deed *d)
{
	const char *channel = rpc_str(d->details, "channel");

	if (strcmp(d->action, "approve") == 0)
		return check_papers(a, l, d);
	if (strcmp(d->action, "return") == 0)
		return desk_typed(sentence_of(d), SENTENCE_MIN, SENTENCE_MAX)
			   ? NULL
			   : "reason.needed";
	if (strcmp(d->action, "reprint") == 0)
		return known_paper(rpc_str(d->details, "kind")) ? NULL
								: "rpc.params";
	if (strcmp(d->action, "guide") == 0)
		return strcmp(channel, "sms") == 0 ||
			       strcmp(channel, "mail") == 0
			   ? NULL
			   : "rpc.params";
	if (strcmp(d->action, "cash") == 0 || strcmp(d->action, "waive") == 0 ||
	    strcmp(d->action, "refund") == 0 || strcmp(d->action, "seen") == 0)
		return desk_pay_check(a, l, d);
	return NULL;
}

/* ---- arrows ---- */

struct moving {
	const struct deed *d;
	const char *text;
	bool moves, kept;
	const char *message; /* to the customer: its kind, or NULL */
};

static struct err
beside_arrow(struct store *s, const struct store_case *c, void *arg)
{
	const struct moving *m = arg;
	char key[STORE_TEXT];
	struct err e = desk_note_deed(s, c, m->d, m->text, m->moves, m->kept);

	if (err_is(e) || m->message == NULL)
		return e;
	snprintf(key, sizeof key, "%s:%.40s:%lld", m->message, c->case_no,
	    (long long)c->version);
	e = desk_message_put(s, c, key, m->message);
	return e.code == E_EXISTS ? err_none() : e;
}

static const char *
write(
    struct agent *a, struct live *l, struct store_change *ch, struct moving *m)
{
	struct err e;

	ch->also = beside_arrow;
	ch->also_arg = m;
	if (case_is_over(l->c.state)) {
		e = desk_together(a->store, &l->c, beside_arrow, m);
		if (!err_is(e))
			desk_case_changed(a, &l->c);
	} else {
		l->clerk = link_ref(a, m->d->by);
		e = live_change(a, l, ch);
		l->clerk = NO_REF;
	}
	if (err_is(e))
		log_err(LOG_ERROR, "desk", e);
	return err_is(e) ? store_refusal(e) : NULL;
}

static const char *
move(struct agent *a, struct live *l, struct deed *d, enum case_event event)
{
	struct store_change ch = { .moves = true, .event = event };
	struct moving m = { .d = d, .text = "", .moves = true };

	/* the customer is told why, also after the end */
	if (event == CASE_EV_REJECT) {
		m.text = d->reason;
		m.kept = true;
	} else if (event == CASE_EV_RETURN) {
		m.text = sentence_of(d);
		m.message = "returned";
	}
	return write(a, l, &ch, &m);
}

static const char *
approve(struct agent *a, struct live *l, struct deed *d)
{
	const char *refused = move(a, l, d, CASE_EV_APPROVE);

	if (refused == NULL)
		application_settle(a, l);
	return refused;
}

static const char *
give_back(struct agent *a, struct live *l, struct deed *d)
{
	const char *refused = move(a, l, d, CASE_EV_RETURN);

	if (refused == NULL)
		message_wake(a);
	return refused;
}

static const char *
resubmit(struct agent *a, struct live *l, struct deed *d)
{
	return move(a, l, d, CASE_EV_RESUBMIT);
}

static const char *
reject(struct agent *a, struct live *l, struct deed *d)
{
	return move(a, l, d, CASE_EV_REJECT);
}

/* No attempt may go on: its key pair is of no use any more. */
static const char *
end_attempt(
    struct agent *a, struct live *l, struct deed *d, enum case_event event)
{
	const char *refused;

	if (pay_is_busy(a, &l->c))
		return "pay.open";
	if (l->issue.started || l->issue.password_fd >= 0)
		return "case.state";
	refused = move(a, l, d, event);
	if (refused == NULL)
		issue_drop(a, l);
	return refused;
}

static const char *
release(struct agent *a, struct live *l, struct deed *d)
{
	return end_attempt(a, l, d, CASE_EV_RELEASE);
}

static const char *
revoke_only(struct agent *a, struct live *l, struct deed *d)
{
	return end_attempt(a, l, d, CASE_EV_REVOKE_ONLY);
}

static const char *
cancel(struct agent *a, struct live *l, struct deed *d)
{
	return end_attempt(a, l, d, CASE_EV_CANCEL);
}

static const char *
note(struct agent *a, struct live *l, struct deed *d)
{
	struct store_change ch = { .moves = false };
	struct moving m = {
		.d = d, .text = d->reason, .kept = case_is_over(l->c.state)
	};

	return write(a, l, &ch, &m);
}

/* ---- paper ---- */

/* Printed, or not: then nothing is written. */
static void
on_printed(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct link *by = link_get(a, ctx->link);
	char kind[WORD];
	struct deed d = { .action = ctx->n != 0 ? "ticket" : "reprint",
		.reason = "",
		.detail = kind,
		.by = by };
	struct store_change ch = { .moves = false };
	struct moving m = { .d = &d, .text = "" };
	const char *space = strchr(ctx->word, ' '), *refused;
	struct live *l, shown;
	char case_no[WORD];

	if (by == NULL || space == NULL)
		return;
	str_copy(kind, sizeof kind, space + 1);
	str_copy(case_no, (size_t)(space - ctx->word) + 1, ctx->word);
	if (r->error != NULL) {
		refuse(a, ctx->link, ctx->request, r->error);
		return;
	}
	refused = desk_load(a, &l, &shown, case_no);
	if (refused == NULL) {
		m.kept = case_is_over(l->c.state);
		refused = write(a, l, &ch, &m);
	}
	if (refused != NULL) {
		refuse(a, ctx->link, ctx->request, refused);
		return;
	}
	answer(a, ctx->link, ctx->request, desk_view(a, l, by));
	desk_unload(a, l);
}

static const char *
print(struct agent *a, struct live *l, struct deed *d, const struct ask *q,
    const char *kind)
{
	struct context ctx = ask_context(a, q);
	bool ticket = strcmp(d->action, "ticket") == 0;
	json_t *view, *document;

	if (is_form(kind)) {
		document = desk_form(a, l, kind, d->by);
	} else {
		json_t *person = desk_person(a, &l->c);

		view = desk_case_view(a, l);
		document = print_document(
		    a, view, kind, message_lang(person), !ticket);
		json_decref(view);
		json_decref(person);
	}
	if (document == NULL)
		return "case.state";
	ctx.n = ticket;
	snprintf(ctx.word, sizeof ctx.word, "%.40s %.40s", l->c.case_no, kind);
	if (is_form(kind))
		print_form(
		    a, document, true, d->by, l->c.case_no, on_printed, &ctx);
	else
		print_slip(a, document, on_printed, &ctx);
	return DEED_LATER;
}

/* ---- the table ---- */

static const struct {
	const char *word;
	const char *(*act)(struct agent *a, struct live *l, struct deed *d);
} acts[] = {
	{ "approve", approve },
	{ "return", give_back },
	{ "resubmit", resubmit },
	{ "reject", reject },
	{ "release", release },
	{ "revoke_only", revoke_only },
	{ "cancel", cancel },
	{ "note", note },
	{ "cash", desk_cash },
	{ "waive", desk_waive },
	{ "refund", desk_refund },
	{ "seen", desk_seen },
};

const char *
desk_do(struct agent *a, struct live *l, struct deed *d, const struct ask *q)
{
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		if (strcmp(acts[i].word, d->action) == 0)
			return acts[i].act(a, l, d);
	if (strcmp(d->action, "ticket") == 0)
		return print(a, l, d, q, "ticket");
	if (strcmp(d->action, "reprint") == 0)
		return print(a, l, d, q, rpc_str(d->details, "kind"));
	return strcmp(d->action, "guide") == 0 ? guide_send(a, l, d, q)
					       : "rpc.method";
}
