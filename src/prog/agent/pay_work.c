/*
 * agent/pay_work.c - payments on their way: slots, durable steps, when what is
 * due, what a start of the agent finds open.
 */
#include "prog/agent/pay_work.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "prog/agent/desk.h"

enum { SCAN_MS = 30000, PROBE_MS = 15000, WATCH_MS = 1000, PAGE = 8 };

/* ---- slots ---- */

struct pay_work *
pay_find(struct agent *a, int64_t id)
{
	for (int i = 0; i < PAY_WORKS; i++) {
		struct pay_work *w = &a->pays->list[i];
		if (w->used && w->row.id == id)
			return w;
	}
	return NULL;
}

struct pay_work *
pay_find_case(struct agent *a, int64_t case_id)
{
	for (int i = 0; i < PAY_WORKS; i++) {
		struct pay_work *w = &a->pays->list[i];
		if (w->used && w->row.case_id == case_id)
			return w;
	}
	return NULL;
}

struct pay_work *
pay_take(struct agent *a, const struct store_pay *row)
{
	struct pay_work *w = pay_find(a, row->id);

	for (int i = 0; w == NULL && i < PAY_WORKS; i++) {
		if (a->pays->list[i].used)
			continue;
		w = &a->pays->list[i];
		*w = (struct pay_work){ .used = true, .row = *row };
	}
	return w;
}

bool
pay_is_asked(enum pay_state state)
{
	return pay_is_open(state) && state != PAY_STATE_REVERSING;
}

struct store_case *
pay_case(struct agent *a, const struct store_pay *row, struct store_case *room,
    struct live **l)
{
	*l = NULL;
	for (int i = 0; i < LIVES_MAX; i++) {
		if (a->lives[i].used && a->lives[i].c.id == row->case_id) {
			*l = &a->lives[i];
			return &a->lives[i].c;
		}
	}
	return err_is(store_case_by_no(a->store, room, row->case_no)) ? NULL
								      : room;
}

/* ---- what is told ---- */

/* In the kiosk's words (src/rpc/README.md). */
/* clang-format off */
static const char *const words[PAY_STATE_COUNT] = {
	[PAY_STATE_INTENT]	 = "starting",
	[PAY_STATE_SENT]	 = "card",
	[PAY_STATE_ABORTING]	 = "checking",
	[PAY_STATE_UNKNOWN]	 = "checking",
	[PAY_STATE_NETCANCEL]	 = "checking",
	[PAY_STATE_APPROVED]	 = "approved",
	[PAY_STATE_DECLINED]	 = "declined",
	[PAY_STATE_CANCELLED]	 = "cancelled",
	[PAY_STATE_NOTFOUND]	 = "failed",
	[PAY_STATE_FAILED]	 = "failed",
	[PAY_STATE_NETCANCELLED] = "failed",
	[PAY_STATE_REVERSING]	 = "reversing",
	[PAY_STATE_REVERSED]	 = "reversed",
	[PAY_STATE_CASH]	 = "approved",
	[PAY_STATE_WAIVED]	 = "approved",
	[PAY_STATE_REFUND_DUE]	 = "reversing",
	[PAY_STATE_REFUNDED]	 = "reversed",
};
/* clang-format on */

void
pay_tell(struct agent *a, const struct store_pay *row, const char *text)
{
	struct store_case room;
	struct live *l;
	struct link *kiosk = NULL;

	if (pay_case(a, row, &room, &l) != NULL && l != NULL)
		kiosk = link_get(a, l->owner);
	if (kiosk == NULL || kiosk->role != ROLE_KIOSK)
		return;
	link_event(a, kiosk, "pay.changed",
	    json_pack("{s:s,s:s,s:I,s:s,s:s,s:s,s:s}", "case_no", row->case_no,
		"state", words[row->p.state], "won", (json_int_t)row->won,
		"text", text, "approval", row->approval, "brand", row->brand,
		"pan", row->pan));
}

/* The text key while a person must look at it. */
static const char *
note_of(const struct store_pay *row, const struct pay_step *s)
{
	if (s->next.state == PAY_STATE_REFUND_DUE)
		return row->method == PAY_BY_CARD ? "pay.note.refused"
						  : "pay.note.cash_back";
	if (!s->tell)
		return NULL;
	return s->next.state == PAY_STATE_REVERSING ? "pay.note.reversing"
						    : "pay.note.unknown";
}

/* The case waits for its fee: what stands in its way, in the queue. */
static void
mark_case(struct agent *a, const struct store_pay *row, bool noted)
{
	struct store_case room;
	struct live *l;
	struct store_case *c = pay_case(a, row, &room, &l);

	if (c == NULL || l == NULL || c->state != CASE_APPROVED)
		return;
	if (noted)
		live_problem(a, l, "problem.pay_unknown");
	else if (strcmp(c->problem, "problem.pay_unknown") == 0 &&
		 !pay_is_open(row->p.state))
		live_problem(a, l, "");
	else
		return;
	live_changed(a, l);
}

/* ---- steps ---- */

static struct err
store_step(struct agent *a, struct pay_work *w, struct pay_step *step,
    struct store_pay_change *ch)
{
	struct store_change arrow = { .moves = true,
		.event = CASE_EV_FEE_PAID,
		.actor = ch->actor,
		.role = ch->role,
		.also = ch->also,
		.also_arg = ch->also_arg };
	struct store_case room, before;
	struct live *l = NULL;
	struct store_case *c;
	struct err e;

	if (step->effect != PAY_DO_SETTLE ||
	    (c = pay_case(a, &w->row, &room, &l)) == NULL ||
	    c->state != CASE_APPROVED)
		return store_pay_step(a->store, &w->row, step, ch);
	before = *c;
	c->problem[0] = '\0';
	ch->c = c;
	ch->arrow = &arrow;
	e = store_pay_step(a->store, &w->row, step, ch);
	if (err_is(e)) {
		*c = before;
		return e;
	}
	log_line(LOG_INFO, "case %s: %s", case_event_name(arrow.event),
	    case_state_name(c->state));
	desk_case_changed(a, c);
	if (l != NULL) {
		live_changed(a, l);
		live_next(a, l);
	}
	return e;
}

/* What is not durable did not happen: it is found out again. */
static void
not_kept(struct agent *a, struct pay_work *w)
{
	w->unstored = w->row.p.state == PAY_STATE_INTENT ||
		      w->row.p.state == PAY_STATE_SENT;
	w->next_ms = mono_ms(a) + PAY_ASK_MS;
}

static void
release(struct pay_work *w)
{
	if (!pay_is_open(w->row.p.state))
		secret_wipe(w, sizeof *w);
}

static void
now_due(struct agent *a, struct pay_work *w, enum pay_effect effect)
{
	w->unstored = false;
	if (effect == PAY_DO_NOTHING || effect == PAY_DO_SETTLE ||
	    effect == PAY_DO_STAFF)
		return;
	w->todo = effect;
	w->next_ms = mono_ms(a) + pay_wait_ms(&w->row.p, effect);
}

struct err
pay_event(struct agent *a, struct pay_work *w, enum pay_event event,
    const struct pay_by *by)
{
	struct store_pay_change ch = { .event = event, .mono_ms = mono_ms(a) };
	enum pay_state was = w->row.p.state;
	struct pay_step step;
	struct store_pay row;
	const char *note;
	struct err e = pay_step(&step, &w->row.p, event, ch.mono_ms);

	if (by != NULL) {
		ch.actor = by->actor;
		ch.role = by->role;
		ch.also = by->also;
		ch.also_arg = by->also_arg;
	}
	if (!err_is(e)) {
		if ((note = note_of(&w->row, &step)) != NULL)
			str_copy(w->row.note, sizeof w->row.note, note);
		e = store_step(a, w, &step, &ch);
	}
	if (err_is(e)) {
		log_err(LOG_ERROR, pay_event_name(event), e);
		not_kept(a, w);
		return e;
	}
	row = w->row;
	now_due(a, w, step.effect);
	if (row.p.state != was)
		log_line(LOG_INFO, "payment %s: %s", pay_event_name(event),
		    pay_state_name(row.p.state));
	release(w);
	if (row.p.state != was) {
		pay_tell(a, &row, "");
		pay_slip(a, &row);
	}
	if (step.tell || !pay_is_open(row.p.state))
		mark_case(a, &row, step.tell);
	return e;
}

struct err
pay_stop(struct agent *a, struct pay_work *w, const struct pay_by *by)
{
	struct err e = pay_event(a, w, PAY_EV_CANCEL, by);

	w->stopping = w->used && !err_is(e);
	return e;
}

/* ---- what is open, what is owed ---- */

/* Charged for a case that ended without a certificate. */
static void
give_back(struct agent *a, const struct store_pay *row)
{
	struct pay_work *w = pay_take(a, row);

	if (w == NULL)
		return;
	log_line(LOG_NOTICE, "a fee is given back: %s",
	    pay_method_name(row->method));
	if (err_is(pay_event(a, w,
		row->method == PAY_BY_CARD ? PAY_EV_REVERSE : PAY_EV_OWE,
		NULL)))
		w->used = false; /* the next look finds it again */
}

static void
take_up(struct agent *a, const struct store_pay *row)
{
	struct pay_work *w;

	if (pay_find(a, row->id) != NULL || (w = pay_take(a, row)) == NULL)
		return;
	log_line(LOG_NOTICE, "payment taken up again in %s",
	    pay_state_name(row->p.state));
	if (err_is(pay_event(a, w, PAY_EV_RESTART, NULL)))
		w->used = false;
}

static bool
each(struct agent *a, enum store_pay_want want,
    void (*act)(struct agent *a, const struct store_pay *row))
{
	static struct store_pay page[PAGE];
	int64_t after = 0;
	size_t n = 0;

	do {
		if (err_is(store_pays_wanting(
			a->store, page, PAGE, &n, want, after)))
			return false;
		for (size_t i = 0; i < n; i++) {
			after = page[i].id;
			act(a, &page[i]);
		}
	} while (n == PAGE);
	return true;
}

static void
scan(struct agent *a)
{
	struct pay_works *p = a->pays;

	p->scanned = each(a, STORE_PAY_OPEN, take_up) || p->scanned;
	(void)each(a, STORE_PAY_OWED, give_back);
	p->scan_ms = mono_ms(a) + SCAN_MS;
}

void
pay_case_ended(struct agent *a)
{
	a->pays->scan_ms = mono_ms(a);
}

/* ---- time ---- */

/* The customer has walked away from the terminal: their payment with them,
 * unless the card is charged already. */
static void
watch_customer(struct agent *a, struct pay_work *w)
{
	struct store_case room;
	struct live *l;

	if (w->row.p.state != PAY_STATE_SENT || w->stopping)
		return;
	if (pay_case(a, &w->row, &room, &l) == NULL ||
	    (l != NULL && link_get(a, l->owner) != NULL))
		return;
	log_line(LOG_NOTICE, "the customer left while paying");
	if (err_is(pay_stop(a, w, NULL)))
		log_line(LOG_ERROR, "which could not be stopped");
}

static void
work_tick(struct agent *a, struct pay_work *w)
{
	watch_customer(a, w);
	if (!w->used || w->next_ms > mono_ms(a))
		return;
	if (w->unstored) {
		bool intent = w->row.p.state == PAY_STATE_INTENT;
		if (err_is(pay_event(
			a, w, intent ? PAY_EV_UNSENT : PAY_EV_LOST, NULL)))
			log_line(LOG_ERROR, "a payment cannot be kept");
		return;
	}
	/* an Abort that overtook its payment was for nothing */
	if (w->stopping && w->row.p.state == PAY_STATE_SENT &&
	    w->todo == PAY_DO_NOTHING && err_is(pay_stop(a, w, NULL)))
		return;
	if (w->todo != PAY_DO_NOTHING && !w->calling)
		pay_send(a, w);
}

void
pay_tick(struct agent *a)
{
	struct pay_works *p = a->pays;

	if (p->scan_ms <= mono_ms(a))
		scan(a);
	if (p->probe_ms <= mono_ms(a)) {
		p->probe_ms = mono_ms(a) + PROBE_MS;
		pay_probe(a);
	}
	for (int i = 0; i < PAY_WORKS; i++) {
		if (p->list[i].used)
			work_tick(a, &p->list[i]);
	}
}

int64_t
pay_deadline(const struct agent *a)
{
	const struct pay_works *p = a->pays;
	int64_t first = p->scan_ms < p->probe_ms ? p->scan_ms : p->probe_ms;

	for (int i = 0; i < PAY_WORKS; i++) {
		const struct pay_work *w = &p->list[i];
		bool sent = w->row.p.state == PAY_STATE_SENT;
		bool due = w->unstored || (w->stopping && sent) ||
			   (w->todo != PAY_DO_NOTHING && !w->calling);
		if (!w->used)
			continue;
		if (due && w->next_ms < first)
			first = w->next_ms;
		if (sent && !w->stopping && mono_ms(a) + WATCH_MS < first)
			first = mono_ms(a) + WATCH_MS;
	}
	return first;
}

/* ---- the whole ---- */

struct err
pay_open(struct agent *a)
{
	a->pays = calloc(1, sizeof *a->pays);
	if (a->pays == NULL)
		return err_make(E_NOMEM, 0, "pay: open");
	a->pays->scan_ms = a->pays->probe_ms = mono_ms(a);
	return err_none();
}

void
pay_close(struct agent *a)
{
	if (a->pays != NULL)
		secret_wipe(a->pays, sizeof *a->pays);
	free(a->pays);
	a->pays = NULL;
}
