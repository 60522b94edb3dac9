/*
 * agent/live.c - cases at work: their slots, their steps, what comes next.
 *
 * What to do follows from the state of the row alone, so a restart of the
 * agent is nothing special: live_next() starts what the state asks for.
 */
#include <string.h>
#include <unistd.h>

#include "audit/cms.h"
#include "base/log.h"
#include "base/secret.h"
#include "prog/agent/core.h"
#include "prog/agent/deliver.h"
#include "prog/agent/pay.h"
#include "prog/agent/desk.h"

enum {
	BACKOFF_FIRST_MS = 1000,
	BACKOFF_MAX_MS = 60000,
	SCAN_MS = 30000,
	SCAN_PAGE = 8
};

int64_t
backoff_ms(int tries)
{
	int64_t ms = BACKOFF_FIRST_MS;

	while (tries-- > 1 && ms < BACKOFF_MAX_MS)
		ms *= 2;
	return ms < BACKOFF_MAX_MS ? ms : BACKOFF_MAX_MS;
}

struct live *
live_get(struct agent *a, struct ref r)
{
	struct live *l;

	if (r.slot < 0)
		return NULL;
	l = &a->lives[r.slot];
	return l->used && l->gen == r.gen ? l : NULL;
}

struct ref
live_ref(const struct agent *a, const struct live *l)
{
	return (struct ref){ (int)(l - a->lives), l->gen };
}

static struct live *
find_live(struct agent *a, int64_t id)
{
	for (int i = 0; i < LIVES_MAX; i++) {
		if (a->lives[i].used && a->lives[i].c.id == id)
			return &a->lives[i];
	}
	return NULL;
}

struct live *
live_take(struct agent *a, const struct store_case *c)
{
	struct live *l = find_live(a, c->id);

	for (int i = 0; l == NULL && i < LIVES_MAX; i++) {
		uint32_t gen = a->lives[i].gen + 1;
		if (a->lives[i].used)
			continue;
		l = &a->lives[i];
		memset(l, 0, sizeof *l);
		l->used = true;
		l->gen = gen;
		l->c = *c;
		l->owner = l->clerk = l->rr.key = l->issue.key = NO_REF;
		l->rr_transfer.key = l->issue_transfer.key = NO_REF;
		l->issue.password_fd = -1;
		deliver_load(a, l);
	}
	return l;
}

/* Whether the case goes on without a customer. */
static bool
wants_work(const struct store_case *c)
{
	return c->state == CASE_REPORTED || c->state == CASE_DELIVERED ||
	       c->state == CASE_CONFIRMED || c->state == CASE_RELEASING ||
	       c->state == CASE_REVOKING;
}

void
live_release(struct agent *a, struct live *l)
{
	if (link_get(a, l->owner) != NULL)
		return;
	if (link_get(a, l->issue.key) != NULL &&
	    (!l->issue.started || token_waits(a, l)))
		issue_drop(a, l);
	if (wants_work(&l->c) || link_get(a, l->rr.key) != NULL ||
	    link_get(a, l->issue.key) != NULL || l->issue.writing ||
	    l->ocsp.open > 0)
		return;
	issue_drop(a, l);
	transfer_clear(&l->rr_transfer);
	transfer_clear(&l->issue_transfer);
	l->used = false;
}

struct live *
live_of(struct agent *a, const struct link *l)
{
	return live_get(a, l->visit.live);
}

/* ---- steps ---- */

static struct err
change(struct agent *a, struct live *l, const struct store_change *ch)
{
	const struct link *who = link_get(a, l->clerk);
	struct store_change by = *ch;
	struct err e;

	if (who == NULL)
		who = link_get(a, l->owner);
	if (who != NULL) {
		by.actor = link_actor(who);
		by.role = rpc_role_name(who->role);
	}
	e = store_case_step(a->store, &l->c, &by);
	if (err_is(e))
		log_err(LOG_ERROR, "case step", e);
	else
		desk_case_changed(a, &l->c);
	return e;
}

/* The hold column follows the arrows: it cannot be forgotten beside one. */
static void
follow(struct agent *a, struct store_case *c, enum case_event event)
{
	if (event == CASE_EV_REPORT_LOSS) {
		c->hold = HOLD_PENDING;
		c->reported_at = wall_s(a);
	} else if (event == CASE_EV_HOLD_CONFIRMED) {
		c->hold = HOLD_CONFIRMED;
		c->held_at = wall_s(a);
		if (strcmp(c->old_status, "revoked") != 0)
			str_copy(
			    c->old_status, sizeof c->old_status, "suspended");
	} else if (event == CASE_EV_RELEASE_REFUSED) {
		/* whether it is on hold is never assumed: hold it again */
		c->hold = HOLD_PENDING;
		c->held_at = 0;
		if (c->reported_at == 0)
			c->reported_at = wall_s(a);
	} else if (event == CASE_EV_RELEASED) {
		str_copy(c->old_status, sizeof c->old_status, "valid");
	}
}

struct err
live_change(struct agent *a, struct live *l, struct store_change *ch)
{
	static uint8_t room[CMS_DATA];
	struct buf kept = buf_make(room, sizeof room);
	struct store_case before = l->c;
	struct case_step step;
	struct err e;

	if (!ch->moves)
		return change(a, l, ch);
	e = case_step(&step, l->c.state, ch->event);
	/* nobody knows yet whether the card was charged: wait for that */
	if (!err_is(e) && l->c.state == CASE_APPROVED && pay_is_busy(a, &l->c))
		e = err_make(E_STATE, 0, "case: payment is open");
	if (err_is(e)) {
		log_line(LOG_ERROR, "case in %s has no %s",
		    case_state_name(l->c.state), case_event_name(ch->event));
		return e;
	}
	/* Payments are not under the case's key: a refund is a wipe here. */
	ch->forget = step.effect == EFFECT_WIPE || step.effect == EFFECT_REFUND;
	if (ch->forget)
		e = retain_person(a, &kept, &l->c);
	ch->kept = buf_span(&kept);
	follow(a, &l->c, ch->event);
	if (!err_is(e))
		e = change(a, l, ch);
	if (ch->forget)
		secret_wipe(room, sizeof room);
	if (err_is(e)) {
		l->c = before;
		return e;
	}
	log_line(LOG_INFO, "case %s: %s", case_event_name(ch->event),
	    case_state_name(l->c.state));
	if (case_is_over(l->c.state))
		pay_case_ended(a);
	return e;
}

struct err
live_step(struct agent *a, struct live *l, enum case_event event,
    const struct store_row *rows, size_t row_count,
    const struct store_blob *blobs, size_t blob_count)
{
	struct store_change ch = { .moves = true,
		.event = event,
		.rows = rows,
		.row_count = row_count,
		.blobs = blobs,
		.blob_count = blob_count };

	return live_change(a, l, &ch);
}

struct err
live_note(struct agent *a, struct live *l, const struct store_row *rows,
    size_t row_count)
{
	struct store_change ch = { .rows = rows, .row_count = row_count };

	return change(a, l, &ch);
}

struct err
live_keep(struct agent *a, struct live *l, const struct store_row *row,
    const struct store_blob *blob)
{
	struct store_change ch = {
		.rows = row, .row_count = 1, .blobs = blob, .blob_count = 1
	};

	return change(a, l, &ch);
}

void
live_problem(struct agent *a, struct live *l, const char *key)
{
	struct store_case before = l->c;

	if (strcmp(l->c.problem, key) == 0 || case_is_over(l->c.state))
		return;
	str_copy(l->c.problem, sizeof l->c.problem, key);
	if (!err_is(live_note(a, l, NULL, 0)))
		return;
	/* what is wrong is told even when it cannot be kept */
	l->c = before;
	str_copy(l->c.problem, sizeof l->c.problem, key);
}

void
live_changed(struct agent *a, struct live *l)
{
	struct link *owner = link_get(a, l->owner);

	if (owner != NULL)
		link_event(a, owner, "case.changed", view_case(a, l));
}

void
live_progress(struct agent *a, struct live *l, enum stage stage,
    const char *status, int percent)
{
	struct link *owner = link_get(a, l->owner);
	bool over = strcmp(status, "done") == 0;

	if (!over || l->stage == stage)
		l->stage = stage;
	if (owner == NULL)
		return;
	link_event(a, owner, "case.progress",
	    json_pack("{s:s,s:s,s:s,s:o}", "case_no", l->c.case_no, "step",
		stage_name(stage), "status", status, "percent",
		percent < 0 ? json_null() : json_integer(percent)));
}

/* ---- what comes next ---- */

/* With its worker gone an attempt is over; the customer's next case.issue
 * begins another (see issue.c). */
static void
attempt_lost(struct agent *a, struct live *l)
{
	bool under_way = l->c.state == CASE_PREPARED ||
			 l->c.state == CASE_ISSUED ||
			 l->c.state == CASE_WITHDRAWING;

	/* ISSUED needs the password again, whatever was wrong before */
	if (under_way && link_get(a, l->issue.key) == NULL &&
	    (l->c.state == CASE_ISSUED || l->c.problem[0] == '\0'))
		live_problem(a, l, "problem.key_lost");
}

void
live_next(struct agent *a, struct live *l)
{
	const struct link *owner = link_get(a, l->owner);

	if (a->stopping)
		return;
	switch (case_recover(l->c.state)) {
	case EFFECT_HOLD:
	case EFFECT_REVOKE_OLD:
	case EFFECT_RELEASE_HOLD:
		rr_next(a, l);
		return;
	case EFFECT_CONFIRM:
		if (link_get(a, l->issue.key) == NULL)
			finish_settle(a, l);
		return;
	case EFFECT_NONE:
		attempt_lost(a, l);
		/* The key pair is made while the customer fills in the form. */
		if ((l->c.state == CASE_HELD || l->c.state == CASE_PAID) &&
		    owner != NULL &&
		    strcmp(owner->visit.purpose, "reissue") == 0)
			issue_warm(a, l);
		return;
	case EFFECT_SEND_IR:
	case EFFECT_REJECT_CERT:
		attempt_lost(a, l);
		return;
	case EFFECT_ASSESS:
	case EFFECT_SETTLE_FEE:
		/*
		 * Cut short by a restart, or by a disk or memory that did not
		 * do; what is against it is in the visit.
		 */
		if (owner != NULL &&
		    (l->c.problem[0] == '\0' ||
			strcmp(l->c.problem, "agent.internal") == 0))
			application_assess(a, l, &owner->visit);
		return;
	case EFFECT_TELL_STAFF:
	case EFFECT_TELL_CUSTOMER:
	case EFFECT_PREPARE:
	case EFFECT_DELIVER:
	case EFFECT_DROP_KEY:
	case EFFECT_REFUND:
	case EFFECT_WIPE:
	case EFFECT_COUNT:
		return;
	}
}

void
live_scan(struct agent *a)
{
	struct store_case page[SCAN_PAGE];
	int64_t after = 0;
	size_t n = 0;

	do {
		if (err_is(
			store_cases_live(a->store, page, SCAN_PAGE, &n, after)))
			break;
		for (size_t i = 0; i < n; i++) {
			struct live *l;
			after = page[i].id;
			if (!wants_work(&page[i]) ||
			    find_live(a, page[i].id) != NULL)
				continue;
			if ((l = live_take(a, &page[i])) == NULL)
				return;
			log_line(LOG_INFO, "case taken up again in %s",
			    case_state_name(l->c.state));
			live_next(a, l);
		}
	} while (n == SCAN_PAGE);
	a->scan_ms = mono_ms(a) + SCAN_MS;
}

void
live_tick(struct agent *a)
{
	for (int i = 0; i < LIVES_MAX; i++) {
		struct live *l = &a->lives[i];
		if (!l->used)
			continue;
		transfer_tick(a, l, &l->rr_transfer);
		transfer_tick(a, l, &l->issue_transfer);
		if (l->rr.waits && l->rr.next_ms <= mono_ms(a)) {
			l->rr.waits = false;
			live_next(a, l);
		}
		if (l->ocsp.waits && l->ocsp.next_ms <= mono_ms(a)) {
			l->ocsp.waits = false;
			finish_begin(a, l);
		}
		if (l->settle_ms != 0 && l->settle_ms <= mono_ms(a)) {
			l->settle_ms = 0;
			live_next(a, l);
		}
		phone_tick(a, l);
		if (l->used)
			issue_tick(a, l);
		if (l->used)
			live_release(a, l);
	}
}

static void
sooner(int64_t *first, bool counts, int64_t at)
{
	if (counts && at < *first)
		*first = at;
}

int64_t
live_deadline(const struct agent *a)
{
	int64_t first = INT64_MAX;

	for (int i = 0; i < LIVES_MAX; i++) {
		const struct live *l = &a->lives[i];
		if (!l->used)
			continue;
		sooner(&first, l->rr.waits, l->rr.next_ms);
		sooner(&first, l->ocsp.waits, l->ocsp.next_ms);
		sooner(&first, l->rr_transfer.waits, l->rr_transfer.next_ms);
		sooner(
		    &first, l->issue_transfer.waits, l->issue_transfer.next_ms);
		sooner(&first, l->settle_ms != 0, l->settle_ms);
		sooner(&first, l->issue.deadline_ms != 0, l->issue.deadline_ms);
		sooner(&first, true, phone_deadline(l));
	}
	return first;
}
