/*
 * agent/desk_act.c - what a clerk may do with a case, and when a second
 * person must agree first (four eyes, facts/domain.md 4).
 *
 * Each action names the version it saw.  One that needs two people becomes a
 * proposal, kept with the case; whoever agrees does the deed, with the
 * proposer's words.
 */
#include <string.h>

#include "base/log.h"
#include "prog/agent/desk.h"
#include "prog/agent/pay.h"

const char DEED_LATER[] = "";

enum { REASON_MIN = 2, REASON_MAX = 100, SENTENCE_MAX = 200 };

/* ---- the table ---- */

enum reason { REASON_NO, REASON_MAY, REASON_MUST };

struct rule {
	const char *word;
	bool (*fits)(struct agent *a, const struct store_case *c);
	bool two;	 /* always two people */
	bool supervisor; /* one of the two is one */
	enum reason reason;
};

static bool
in_review(struct agent *a, const struct store_case *c)
{
	return c->state == CASE_REVIEW;
}

static bool
in_returned(struct agent *a, const struct store_case *c)
{
	return c->state == CASE_RETURNED;
}

/* On hold, whichever case put it there. */
static bool
on_hold(struct agent *a, const struct store_case *c)
{
	return case_allows(c->state, CASE_EV_RELEASE) &&
	       (c->hold == HOLD_CONFIRMED ||
		   strcmp(c->old_status, "suspended") == 0);
}

static bool
can_revoke(struct agent *a, const struct store_case *c)
{
	return case_allows(c->state, CASE_EV_REVOKE_ONLY) &&
	       !guide_is_open(a, c);
}

static bool
in_approved(struct agent *a, const struct store_case *c)
{
	return c->state == CASE_APPROVED;
}

static bool
can_refund(struct agent *a, const struct store_case *c)
{
	return c->fee_won > 0 &&
	       (c->state == CASE_PAID || case_is_over(c->state));
}

/* A card payment whose outcome is not known yet. */
static bool
in_doubt(struct agent *a, const struct store_case *c)
{
	return c->state == CASE_APPROVED && pay_is_busy(a, c);
}

static bool
wants_ticket(struct agent *a, const struct store_case *c)
{
	return c->state == CASE_ISSUED ||
	       (c->state == CASE_PAID && c->problem[0] != '\0');
}

static bool
in_paid(struct agent *a, const struct store_case *c)
{
	return c->state == CASE_PAID;
}

static bool
can_cancel(struct agent *a, const struct store_case *c)
{
	return case_allows(c->state, CASE_EV_CANCEL) && !guide_is_open(a, c);
}

static bool
always(struct agent *a, const struct store_case *c)
{
	return true;
}

/* clang-format off */
static const struct rule rules[] = {
	/* word		 when		two	superv.	reason */
	{ "approve",	 in_review,	false,	false,	REASON_MAY },
	{ "return",	 in_review,	false,	false,	REASON_MAY },
	{ "resubmit",	 in_returned,	false,	false,	REASON_MAY },
	{ "reject",	 in_review,	false,	false,	REASON_MUST },
	{ "release",	 on_hold,	true,	true,	REASON_MUST },
	{ "revoke_only", can_revoke,	false,	false,	REASON_MUST },
	{ "cash",	 in_approved,	false,	false,	REASON_MAY },
	{ "waive",	 in_approved,	true,	true,	REASON_MAY },
	{ "refund",	 can_refund,	true,	true,	REASON_MUST },
	{ "seen",	 in_doubt,	true,	true,	REASON_MUST },
	{ "guide",	 in_paid,	false,	false,	REASON_MAY },
	{ "ticket",	 wants_ticket,	false,	false,	REASON_MAY },
	{ "reprint",	 always,	false,	false,	REASON_MAY },
	{ "note",	 always,	false,	false,	REASON_MUST },
	{ "cancel",	 can_cancel,	false,	false,	REASON_MUST },
};
/* clang-format on */

static const struct rule *
find_rule(const char *word)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (strcmp(rules[i].word, word) == 0)
			return &rules[i];
	return NULL;
}

/* Whether a second person is asked for, and whether one is a supervisor. */
static bool
needs_two(struct agent *a, const struct store_case *c, const struct rule *r,
    bool *supervisor)
{
	char applicant[DESK_WORD];
	bool name = strcmp(c->review, "review.name") == 0;

	*supervisor = r->supervisor;
	if (r->two || strcmp(r->word, "approve") != 0)
		return r->two;
	desk_applicant(a, c, applicant);
	*supervisor = name;
	return name || strcmp(c->review, "review.minor") == 0 ||
	       strcmp(applicant, "minor") == 0 || desk_proxy(applicant);
}

json_t *
desk_actions(struct agent *a, const struct store_case *c, enum rpc_role role)
{
	json_t *list = json_array();

	if (role != ROLE_COUNTER && role != ROLE_SUPERVISOR)
		return list;
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (rules[i].fits(a, c))
			json_array_append_new(list, json_string(rules[i].word));
	return list;
}

/* ---- opening ---- */

const char *
desk_open(
    struct agent *a, const struct ask *q, struct live **l, struct live *shown)
{
	const char *refused = desk_load(
	    a, l, shown, rpc_str(q->params, "case_no"));
	json_int_t version = rpc_int(q->params, "version", 0);
	struct link *owner;

	if (refused != NULL)
		return refused;
	owner = desk_owner(a, (*l)->c.id);
	if (owner != NULL && owner != q->link) {
		desk_unload(a, *l);
		desk_refuse(
		    a, q, "case.taken", json_pack("{s:s}", "by", owner->staff));
		return DEED_LATER;
	}
	if (version != (*l)->c.version) {
		version = (*l)->c.version;
		desk_unload(a, *l);
		desk_refuse(
		    a, q, "case.stale", json_pack("{s:I}", "version", version));
		return DEED_LATER;
	}
	return NULL;
}

/* The rule, the reason and the details hold for the case as it stands. */
static const char *
admit(
    struct agent *a, const struct live *l, const struct rule *r, struct deed *d)
{
	if (r == NULL)
		return "rpc.params";
	if (!r->fits(a, &l->c))
		return "case.state";
	if (!desk_typed(d->reason, 0,
		strcmp(r->word, "return") == 0 ? SENTENCE_MAX : REASON_MAX))
		return "rpc.params";
	if (r->reason == REASON_MUST &&
	    !desk_typed(d->reason, REASON_MIN, REASON_MAX))
		return "reason.needed";
	return desk_check(a, l, d);
}

/* ---- proposals ---- */

static json_t *
view_proposal(const struct desk_proposal *p)
{
	json_t *said = json_loads(p->text, 0, NULL), *v;

	v = json_pack("{s:I,s:s,s:s,s:I,s:s,s:s}", "proposal",
	    (json_int_t)p->id, "action", p->action, "by", p->staff, "at",
	    (json_int_t)p->at, "reason", rpc_str(said, "reason"), "level",
	    p->level);
	json_object_set(v, "details", json_object_get(said, "details"));
	json_decref(said);
	return v;
}

json_t *
desk_proposals_view(struct agent *a, const struct store_case *c)
{
	static struct desk_proposal open[DESK_PAGE];
	json_t *list = json_array();
	size_t n = 0;

	if (err_is(desk_proposals(a->store, open, DESK_PAGE, &n, c)))
		n = 0;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, view_proposal(&open[i]));
	return list;
}

struct proposing {
	struct desk_proposal p;
	struct deed note;
};

static struct err
keep_proposal(struct store *s, const struct store_case *c, void *arg)
{
	struct proposing *w = arg;
	struct err e = desk_propose(s, c, &w->p);

	return err_is(e) ? e
			 : desk_note_deed(s, c, &w->note, "", false,
			       case_is_over(c->state));
}

/* A change of the case without an arrow; an ended one is not touched. */
static struct err
write_beside(struct agent *a, struct live *l, struct link *by,
    struct err (*also)(struct store *s, const struct store_case *c, void *arg),
    void *arg)
{
	struct store_change ch = { .also = also, .also_arg = arg };
	struct err e;

	if (case_is_over(l->c.state)) {
		e = desk_together(a->store, &l->c, also, arg);
		if (!err_is(e))
			desk_case_changed(a, &l->c);
		return e;
	}
	l->clerk = link_ref(a, by);
	e = live_change(a, l, &ch);
	l->clerk = NO_REF;
	return e;
}

static const char *
propose(struct agent *a, struct live *l, const struct deed *d, bool supervisor,
    const struct ask *q)
{
	static struct proposing w;
	json_t *said = json_pack(
	    "{s:s,s:O?}", "reason", d->reason, "details", d->details);
	size_t n;
	struct err e;

	w = (struct proposing){ .p = { .state = l->c.state, .uid = d->by->uid },
		.note = { .action = "propose",
		    .reason = d->reason,
		    .detail = d->action,
		    .by = d->by } };
	n = json_dumpb(said, w.p.text, sizeof w.p.text - 1, JSON_COMPACT);
	json_decref(said);
	if (n == 0 || n >= sizeof w.p.text)
		return "rpc.params";
	w.p.text[n] = '\0';
	str_copy(w.p.staff, sizeof w.p.staff, d->by->staff);
	str_copy(w.p.action, sizeof w.p.action, d->action);
	str_copy(w.p.level, sizeof w.p.level,
	    supervisor && d->by->role != ROLE_SUPERVISOR ? "supervisor"
							 : "counter");
	e = write_beside(a, l, d->by, keep_proposal, &w);
	if (err_is(e)) {
		log_err(LOG_ERROR, "proposal", e);
		return store_refusal(e);
	}
	answer(a, link_ref(a, q->link), q->id,
	    json_pack("{s:I,s:s,s:I}", "proposal", (json_int_t)w.p.id, "level",
		w.p.level, "version", (json_int_t)l->c.version));
	return DEED_LATER;
}

/* ---- desk.act, desk.confirm ---- */

/* Whatever came of it: the answer, the kiosk, the slot. */
static void
conclude(struct agent *a, struct live *l, const struct ask *q,
    const char *refused, struct deed *d)
{
	struct ref asker = link_ref(a, q->link);

	if (refused == NULL) {
		live_changed(a, l);
		if (!case_is_over(l->c.state))
			live_next(a, l);
	}
	if (link_get(a, asker) == NULL || refused == DEED_LATER) {
		json_decref(d->extra);
	} else if (refused != NULL) {
		desk_refuse(a, q, refused, d->extra);
	} else {
		json_decref(d->extra);
		answer(a, asker, q->id, desk_view(a, l, q->link));
	}
	desk_unload(a, l);
}

const char *
ask_desk_act(struct agent *a, struct ask *q)
{
	struct deed d = { .action = rpc_str(q->params, "action"),
		.reason = rpc_str(q->params, "reason"),
		.details = json_object_get(q->params, "details"),
		.by = q->link };
	const struct rule *rule = find_rule(d.action);
	struct live *l, shown;
	const char *refused = desk_open(a, q, &l, &shown);
	bool supervisor;

	if (refused == DEED_LATER)
		return NULL;
	if (refused != NULL)
		return refused;
	refused = admit(a, l, rule, &d);
	if (refused == NULL && needs_two(a, &l->c, rule, &supervisor))
		refused = propose(a, l, &d, supervisor, q);
	else if (refused == NULL)
		refused = desk_do(a, l, &d, q);
	conclude(a, l, q, refused, &d);
	return NULL;
}

static bool
same_person(const struct link *l, const struct desk_proposal *p)
{
	return strcmp(l->staff, p->staff) == 0 ||
	       (p->uid >= 0 && l->uid == p->uid);
}

static bool
find_proposal(struct agent *a, const struct store_case *c, json_int_t id,
    struct desk_proposal *out)
{
	static struct desk_proposal open[DESK_PAGE];
	size_t n = 0;

	if (err_is(desk_proposals(a->store, open, DESK_PAGE, &n, c)))
		return false;
	for (size_t i = 0; i < n; i++)
		if (open[i].id == id) {
			*out = open[i];
			return true;
		}
	return false;
}

static struct err
keep_refusal(struct store *s, const struct store_case *c, void *arg)
{
	return desk_note_deed(s, c, arg, "", false, case_is_over(c->state));
}

static const char *
decide(struct agent *a, struct live *l, const struct desk_proposal *p,
    const struct ask *q, struct deed *d)
{
	const char *refused;

	if (!rpc_bool(q->params, "agree")) {
		*d = (struct deed){ .action = "disagree",
			.reason = rpc_str(q->params, "reason"),
			.detail = p->action,
			.proposed_by = p->staff,
			.proposal = p->id,
			.by = q->link };
		if (!desk_typed(d->reason, 0, REASON_MAX))
			return "rpc.params";
		return err_is(write_beside(a, l, q->link, keep_refusal, d))
			   ? "agent.internal"
			   : NULL;
	}
	if (same_person(q->link, p))
		return "staff.same";
	if (strcmp(p->level, "supervisor") == 0 &&
	    q->link->role != ROLE_SUPERVISOR)
		return "staff.level";
	refused = admit(a, l, find_rule(d->action), d);
	return refused != NULL ? refused : desk_do(a, l, d, q);
}

/* The second person may agree while the first has the case on the desk. */
static const char *
open_to_confirm(struct agent *a, const struct ask *q, struct live **l,
    struct live *shown, struct desk_proposal *p)
{
	const char *refused = desk_load(
	    a, l, shown, rpc_str(q->params, "case_no"));
	json_int_t version = rpc_int(q->params, "version", 0);

	if (refused != NULL)
		return refused;
	if (version != (*l)->c.version) {
		version = (*l)->c.version;
		desk_unload(a, *l);
		desk_refuse(
		    a, q, "case.stale", json_pack("{s:I}", "version", version));
		return DEED_LATER;
	}
	if (!find_proposal(a, &(*l)->c, rpc_int(q->params, "proposal", 0), p)) {
		desk_unload(a, *l);
		return "case.state";
	}
	return NULL;
}

const char *
ask_desk_confirm(struct agent *a, struct ask *q)
{
	static struct desk_proposal p;
	struct live *l, shown;
	struct deed d = { .by = q->link };
	const char *refused = open_to_confirm(a, q, &l, &shown, &p);
	json_t *said;

	if (refused == DEED_LATER)
		return NULL;
	if (refused != NULL)
		return refused;
	said = json_loads(p.text, 0, NULL);
	d.action = p.action;
	d.reason = rpc_str(said, "reason");
	d.details = json_object_get(said, "details");
	d.proposed_by = p.staff;
	d.proposal = p.id;
	refused = decide(a, l, &p, q, &d);
	conclude(a, l, q, refused, &d);
	json_decref(said);
	return NULL;
}
