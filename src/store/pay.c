/*
 * store/pay.c - payments begun and brought on, each step with its rows in the
 * journal and the audit log, and with the step of its case, in one go.
 */
#include "store/pay.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/internal.h"
#include "store/pay_row.h"

/* What one transaction writes. */
struct work {
	struct store_pay next;
	const struct store_pay *was; /* NULL: a new row */
	const char *event;
	bool asks; /* a message with a ServiceID of its own follows */
	const struct store_pay_change *ch;
};

static int64_t
now_s(const struct store *s)
{
	return s->clock.wall_ms(s->clock.ctx) / 1000;
}

/*
 * The next ServiceID.  Never below the clock's seconds: with an older copy of
 * the database put back, none is used twice all the same.
 */
static struct err
next_number(struct store *s, char out[static STORE_SERVICE_ID])
{
	sqlite3_stmt *q = s->q[Q_PAY_NUMBER];
	int64_t last = 0;
	int rc;

	sqlite3_bind_int64(q, 1, now_s(s));
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW) {
		last = sqlite3_column_int64(q, 0);
		rc = sqlite3_step(q);
	}
	sqlite3_reset(q);
	if (rc != SQLITE_DONE)
		return store_err(s, rc, "pay: number");
	if (last < 0 || last > 9999999999)
		return err_make(E_LIMIT, 0, "pay: number");
	snprintf(out, STORE_SERVICE_ID, "%010lld", (long long)last);
	return err_none();
}

/* ---- the rows beside it ---- */

/* Nobody knows yet whether the card was charged. */
static bool
is_asked(enum pay_state state)
{
	return pay_is_open(state) && state != PAY_STATE_REVERSING;
}

static struct err
add_event(struct store *s, const struct work *w)
{
	sqlite3_stmt *q = s->q[Q_PAY_EVENT];
	const struct store_pay *p = &w->next;
	const char *actor = w->ch->actor != NULL ? w->ch->actor : "agent";

	sqlite3_bind_int64(q, 1, p->id);
	sqlite3_bind_text(q, 2, w->event, -1, SQLITE_STATIC);
	sqlite3_bind_int(q, 3, (int)p->p.state);
	sqlite3_bind_text(q, 4, p->ask_id, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(q, 5, p->condition, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(q, 6, actor, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int64(q, 7, s->clock.wall_ms(s->clock.ctx));
	sqlite3_bind_int64(q, 8, s->clock.mono_ms(s->clock.ctx));
	sqlite3_bind_text(q, 9, s->boot_id, -1, SQLITE_STATIC);
	return store_run(s, Q_PAY_EVENT, "pay: event");
}

/* "pay.approved"; a payment by card starts. */
static void
kind_of(char out[static ROW_NAME], const struct store_pay *p)
{
	const char *word = p->p.state == PAY_STATE_INTENT
			       ? "started"
			       : pay_state_name(p->p.state);

	snprintf(out, ROW_NAME, "pay.%s", word);
}

/* Intents and results, so that what is open in the journal is open here. */
static size_t
journal_rows(struct store_row rows[static 3], const struct work *w)
{
	const struct store_pay *p = &w->next;
	const char *state = pay_state_name(p->p.state);
	bool was_asked = w->was != NULL && is_asked(w->was->p.state);
	bool was_reversing = w->was != NULL &&
			     w->was->p.state == PAY_STATE_REVERSING;
	size_t n = 0;

	if (p->p.state == PAY_STATE_INTENT)
		rows[n++] = (struct store_row){ .kind = ROW_INTENT,
			.effect = "pay",
			.key = p->service_id };
	if (was_asked && !is_asked(p->p.state))
		rows[n++] = (struct store_row){ .kind = ROW_RESULT,
			.effect = "pay",
			.key = p->service_id,
			.outcome = pay_is_settled(p->p.state) ? "ok" : state };
	if (p->p.state == PAY_STATE_REVERSING)
		rows[n++] = (struct store_row){ .kind = ROW_INTENT,
			.effect = "pay.reverse",
			.key = p->ask_id };
	if (was_reversing)
		rows[n++] = (struct store_row){ .kind = ROW_RESULT,
			.effect = "pay.reverse",
			.key = w->was->ask_id,
			.outcome = p->p.state == PAY_STATE_REVERSED ? "ok"
								    : state };
	return n;
}

static struct err
add_audit(struct store *s, const struct store_case *c, const struct work *w,
    const char *kind)
{
	const struct store_pay *p = &w->next;
	struct row_field fields[7] = { row_int("won", p->won),
		row_text("method", pay_method_name(p->method)),
		row_text("event", w->event) };
	struct audit_event event = { .actor = w->ch->actor,
		.role = w->ch->role,
		.case_no = c->case_no,
		.kind = kind,
		.fields = fields,
		.field_count = 3 };

	if (s->audit == NULL)
		return err_none();
	if (event.actor == NULL) {
		event.actor = "agent";
		event.role = "system";
	}
	if (p->service_id[0] != '\0')
		fields[event.field_count++] = row_text(
		    "service_id", p->service_id);
	if (p->approval[0] != '\0')
		fields[event.field_count++] = row_text("approval", p->approval);
	if (p->receipt_no[0] != '\0')
		fields[event.field_count++] = row_text(
		    "receipt_no", p->receipt_no);
	if (p->back_no[0] != '\0')
		fields[event.field_count++] = row_text("back_no", p->back_no);
	return audit_log_append(s->audit, NULL, &event);
}

/* A change of state, told to journal and audit log. */
static struct err
tell(struct store *s, const struct store_case *c, const struct work *w)
{
	struct store_row rows[3];
	struct store_change ch = { .rows = rows };
	char kind[ROW_NAME];
	struct err e;

	if (w->was != NULL && w->was->p.state == w->next.p.state)
		return err_none();
	kind_of(kind, &w->next);
	ch.row_count = journal_rows(rows, w);
	e = secret_apply(s, c, &ch, kind);
	return err_is(e) ? e : add_audit(s, c, w, kind);
}

/* ---- the row itself ---- */

static struct err
put(struct store *s, struct work *w)
{
	enum query which = w->was == NULL ? Q_PAY_INSERT : Q_PAY_UPDATE;
	struct err e = pay_row_bind(s->q[which], &w->next);

	if (!err_is(e))
		e = store_run(s, which, "pay: row");
	if (err_is(e))
		return e;
	if (w->was == NULL)
		w->next.id = sqlite3_last_insert_rowid(s->db);
	else if (sqlite3_changes(s->db) != 1)
		return err_make(E_STATE, 0, "pay: row has moved on");
	return err_none();
}

/* Everything about the payment, in the open transaction. */
static struct err
apply(struct store *s, const struct store_case *c, void *arg)
{
	const struct work *plan = arg;
	struct work w = *plan;
	const struct store_change *arrow = w.ch->arrow;
	struct err e = err_none();

	if (w.was == NULL && w.next.method == PAY_BY_CARD)
		e = next_number(s, w.next.service_id);
	if (!err_is(e) && w.asks)
		e = next_number(s, w.next.ask_id);
	if (!err_is(e))
		e = put(s, &w);
	if (!err_is(e))
		e = add_event(s, &w);
	if (!err_is(e))
		e = tell(s, c, &w);
	if (!err_is(e) && arrow != NULL && arrow->also != NULL)
		e = arrow->also(s, c, arrow->also_arg);
	else if (!err_is(e) && arrow == NULL && w.ch->also != NULL)
		e = w.ch->also(s, c, w.ch->also_arg);
	if (!err_is(e))
		((struct work *)arg)->next = w.next;
	return e;
}

static struct err
write_alone(struct store *s, struct work *w)
{
	struct store_case c;
	struct work plan = *w;
	struct err e = store_case_by_no(s, &c, w->next.case_no);

	for (int i = 0; i < 2 && !err_is(e); i++) {
		*w = plan;
		e = store_begin(s);
		if (!err_is(e))
			e = store_end(s, apply(s, &c, w));
		/* What was begun may always be ended: the ballast's use. */
		if (e.code != E_FULL || unlink(s->ballast) != 0)
			return e;
		e = err_none();
	}
	return err_is(e) ? e : err_make(E_FULL, 0, "pay: row");
}

static struct err
write_step(struct store *s, struct work *w)
{
	struct store_change arrow;

	w->next.version++;
	w->next.changed_at = now_s(s);
	if (w->ch->arrow == NULL)
		return write_alone(s, w);
	arrow = *w->ch->arrow;
	arrow.also = apply;
	arrow.also_arg = w;
	return store_case_step(s, w->ch->c, &arrow);
}

struct err
store_pay_begin(
    struct store *s, struct store_pay *p, const struct store_pay_change *ch)
{
	static const enum pay_state first[PAY_METHOD_COUNT] = {
		[PAY_BY_CARD] = PAY_STATE_INTENT,
		[PAY_BY_CASH] = PAY_STATE_CASH,
		[PAY_BY_WAIVER] = PAY_STATE_WAIVED,
	};
	struct work w = { .next = *p, .event = "begun", .ch = ch };
	struct store_pay *n = &w.next;
	struct err e;

	if ((unsigned)p->method >= PAY_METHOD_COUNT)
		return err_make(E_ARG, 0, "pay: method");
	n->p = (struct pay){ .state = first[p->method], .remedy = p->p.remedy };
	n->version = n->id = 0;
	n->begun_at = now_s(s);
	n->at_ms = s->clock.wall_ms(s->clock.ctx);
	if (n->p.state == PAY_STATE_CASH || n->p.state == PAY_STATE_WAIVED)
		n->paid_at = n->begun_at;
	e = write_step(s, &w);
	if (!err_is(e))
		*p = w.next;
	return e;
}

/* The moments at which money changed hands. */
static void
stamp(struct store *s, struct store_pay *p)
{
	if ((pay_is_charged(p->p.state) || p->p.state == PAY_STATE_REVERSING) &&
	    p->paid_at == 0)
		p->paid_at = now_s(s);
	if (p->p.state == PAY_STATE_REVERSED ||
	    p->p.state == PAY_STATE_REFUNDED)
		p->back_at = now_s(s);
	if (pay_is_void(p->p.state) || pay_is_settled(p->p.state))
		p->note[0] = '\0';
}

struct err
store_pay_step(struct store *s, struct store_pay *p, struct pay_step *step,
    const struct store_pay_change *ch)
{
	struct work w = { .next = *p,
		.was = p,
		.event = pay_event_name(ch->event),
		.ch = ch };
	struct err e = pay_step(step, &p->p, ch->event, ch->mono_ms);

	if (err_is(e))
		return e;
	w.next.p = step->next;
	/* A reversal is one message, however often it is said. */
	w.asks = step->effect == PAY_DO_ABORT ||
		 step->effect == PAY_DO_STATUS ||
		 (step->effect == PAY_DO_REVERSE &&
		     p->p.state != step->next.state);
	stamp(s, &w.next);
	e = write_step(s, &w);
	if (!err_is(e))
		*p = w.next;
	return e;
}
