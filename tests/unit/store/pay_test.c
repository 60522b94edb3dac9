/*
 * Payments over a real file with an audit log: one at a time, each step whole,
 * nothing rewritten afterwards.
 */
#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/audit_rows.h"
#include "store/pay.h"
#include "store/report.h"

static char folder[64];
static uint8_t device_key[SEAL_KEY];
static int64_t now_ms;
static struct store *store;

static int64_t
fake_clock(void *ctx)
{
	return now_ms;
}

static void
open_again(void)
{
	struct store_params p = { .folder = folder,
		.bank_code = "004",
		.branch_code = "0123",
		.device_key = device_key,
		.clock = { fake_clock, fake_clock, NULL } };
	char escrow[128];
	struct store_audit_params ap = { .branch = "004-0123",
		.origin = "audit.dasi/004/0123",
		.device_key = device_key,
		.escrow = escrow };

	store_close(store);
	store = NULL;
	snprintf(escrow, sizeof escrow, "%s/audit.escrow", folder);
	cr_assert_not(err_is(store_open(&store, &p)));
	cr_assert_not(err_is(store_audit_open(store, &ap)));
}

static void
set_up(void)
{
	strcpy(folder, "/tmp/dasi-pay-XXXXXX");
	cr_assert_not_null(mkdtemp(folder));
	memset(device_key, 7, sizeof device_key);
	now_ms = 1795330800000; /* 2026-11-22 16:20 in Korea */
	open_again();
}

static void
tear_down(void)
{
	static const char *const names[] = { "dasi.db", "dasi.db-wal",
		"dasi.ballast", "dasi.signed", "audit.escrow" };
	char path[128];

	store_close(store);
	store = NULL;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

TestSuite(pay, .init = set_up, .fini = tear_down);

/* ---- helpers ---- */

static struct store_case
new_case(const char *serial)
{
	struct store_case c = { .fee_won = -1 };
	struct store_blob blob = { BLOB_PERSON, span_str("{\"name\":\"a\"}") };
	struct store_change ch = { .blobs = &blob, .blob_count = 1 };

	strcpy(c.serial, serial);
	strcpy(c.issuer, "cn=yessignCA-Test,o=yessign,c=kr");
	cr_assert_not(err_is(store_case_create(store, &c, &ch)));
	return c;
}

static void
move(struct store_case *c, enum case_event event)
{
	struct store_change ch = { .moves = true, .event = event };

	if (event == CASE_EV_REPORT_LOSS) {
		c->hold = HOLD_PENDING;
		c->reported_at = now_ms / 1000;
	} else if (event == CASE_EV_HOLD_CONFIRMED) {
		c->hold = HOLD_CONFIRMED;
		c->held_at = now_ms / 1000;
	}
	ch.forget = event == CASE_EV_CANCEL;
	cr_assert_not(err_is(store_case_step(store, c, &ch)));
}

static struct store_case
approved_case(const char *serial)
{
	struct store_case c = new_case(serial);

	move(&c, CASE_EV_REPORT_LOSS);
	move(&c, CASE_EV_HOLD_CONFIRMED);
	move(&c, CASE_EV_SUBMIT);
	move(&c, CASE_EV_CLEAR);
	return c;
}

static struct err
begin(struct store_pay *p, const struct store_case *c, enum pay_method method)
{
	struct store_pay_change ch = { .actor = "K-01", .role = "kiosk" };

	*p = (struct store_pay){ .case_id = c->id,
		.method = method,
		.won = 4400,
		.timeout_ms = 60000 };
	strcpy(p->case_no, c->case_no);
	strcpy(p->driver, method == PAY_BY_CARD ? "nexo" : "");
	strcpy(p->receipt_no, method == PAY_BY_CASH ? "B-77" : "");
	return store_pay_begin(store, p, &ch);
}

static struct err
step(struct store_pay *p, enum pay_event event)
{
	struct store_pay_change ch = { .event = event, .mono_ms = now_ms };
	struct pay_step did;

	return store_pay_step(store, p, &did, &ch);
}

static void
steps(struct store_pay *p, const enum pay_event *events, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct err e = step(p, events[i]);
		cr_assert_not(err_is(e), "%s in %s: %s",
		    pay_event_name(events[i]), pay_state_name(p->p.state),
		    e.where);
	}
}

#define STEPS(p, ...)                                                          \
	steps(p, (const enum pay_event[]){ __VA_ARGS__ },                      \
	    sizeof((const enum pay_event[]){ __VA_ARGS__ }) /                  \
		sizeof(enum pay_event))

/* On the closed file: how the statement ends, and its first number. */
static int
sql(const char *text, int64_t *n)
{
	char path[128];
	sqlite3_stmt *q = NULL;
	sqlite3 *db;
	int rc;

	store_close(store);
	store = NULL;
	snprintf(path, sizeof path, "%s/dasi.db", folder);
	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_prepare_v2(db, text, -1, &q, NULL), SQLITE_OK,
	    "%s", sqlite3_errmsg(db));
	rc = sqlite3_step(q);
	if (n != NULL)
		*n = rc == SQLITE_ROW ? sqlite3_column_int64(q, 0) : -1;
	sqlite3_finalize(q);
	sqlite3_close(db);
	open_again();
	return rc;
}

static int64_t
number(const char *text)
{
	int64_t n;

	sql(text, &n);
	return n;
}

static uint64_t
audit_rows(void)
{
	return audit_log_size(store_audit_log(store));
}

/* The kind of the newest audit row but `back`. */
static bool
audit_says(int back, const char *kind)
{
	char text[256];

	snprintf(text, sizeof text,
	    "SELECT instr(row, CAST('%s' AS BLOB)) > 0 FROM audit_row"
	    " ORDER BY seq DESC LIMIT 1 OFFSET %d",
	    kind, back);
	return number(text) == 1;
}

/* ---- one at a time ---- */

Test(pay, a_case_has_one_payment_that_is_open_or_settled)
{
	struct store_case c = approved_case("01"), other = approved_case("02");
	struct store_pay p, q, r;

	cr_assert_not(err_is(begin(&p, &c, PAY_BY_CARD)));
	cr_expect_eq(begin(&q, &c, PAY_BY_CARD).code, E_EXISTS);
	cr_expect_eq(begin(&q, &c, PAY_BY_CASH).code, E_EXISTS);
	cr_expect_not(err_is(begin(&r, &other, PAY_BY_CARD)));
	STEPS(&p, PAY_EV_SEND, PAY_EV_APPROVED);
	cr_expect_eq(begin(&q, &c, PAY_BY_CARD).code, E_EXISTS);
	STEPS(&p, PAY_EV_REVERSE, PAY_EV_REVERSED);
	cr_expect_not(err_is(begin(&q, &c, PAY_BY_CASH)));
	cr_expect_str_neq(p.service_id, r.service_id);
	cr_expect_str_eq(q.service_id, "");
}

Test(pay, the_sql_and_the_machine_agree_on_every_state)
{
	struct store_case c = approved_case("01");
	struct store_pay p, rows[4];
	size_t n;
	char text[128];

	cr_assert_not(err_is(begin(&p, &c, PAY_BY_CARD)));
	for (int i = 0; i < PAY_STATE_COUNT; i++) {
		enum pay_state s = (enum pay_state)i;
		number("DROP TRIGGER IF EXISTS pay_keeps");
		snprintf(text, sizeof text,
		    "UPDATE pay SET state = %d RETURNING 1", i);
		cr_assert_eq(number(text), 1);
		cr_assert_not(err_is(
		    store_pays_wanting(store, rows, 4, &n, STORE_PAY_OPEN, 0)));
		cr_expect_eq(
		    n, pay_is_open(s) ? 1 : 0, "%s open", pay_state_name(s));
		struct err e = store_pay_live(store, &p, c.id);
		cr_expect_eq(e.code, pay_is_void(s) ? E_NOTFOUND : E_NONE,
		    "%s live", pay_state_name(s));
		cr_assert_not(err_is(store_pays_wanting(
		    store, rows, 4, &n, STORE_PAY_STAFF, 0)));
		cr_expect_eq(n, s == PAY_STATE_REFUND_DUE ? 1 : 0);
	}
	struct store_pay fresh;
	cr_assert_not(err_is(begin(&fresh, &c, PAY_BY_CARD)));
	struct store_case ended = c;
	move(&ended, CASE_EV_CANCEL);
	for (int i = 0; i < PAY_STATE_COUNT; i++) {
		enum pay_state s = (enum pay_state)i;
		snprintf(text, sizeof text,
		    "UPDATE pay SET state = %d WHERE id = 2 RETURNING 1", i);
		cr_assert_eq(number(text), 1);
		cr_assert_not(err_is(
		    store_pays_wanting(store, rows, 4, &n, STORE_PAY_OWED, 0)));
		cr_expect_eq(
		    n, pay_is_charged(s) ? 1 : 0, "%s owed", pay_state_name(s));
	}
}

Test(pay, service_ids_only_grow_also_when_an_old_copy_is_put_back)
{
	char last[STORE_SERVICE_ID] = "0000000000";
	struct store_pay p;

	for (int i = 0; i < 6; i++) {
		char serial[8];
		snprintf(serial, sizeof serial, "%02d", i);
		struct store_case c = approved_case(serial);
		cr_assert_not(err_is(begin(&p, &c, PAY_BY_CARD)));
		cr_expect_eq(strlen(p.service_id), 10);
		cr_expect_gt(strcmp(p.service_id, last), 0);
		strcpy(last, p.service_id);
		if (i == 3) /* the backup is older; time has passed */
			number("DELETE FROM number WHERE kind = 16");
		now_ms += i == 3 ? 3600000 : 1;
	}
}

Test(pay, every_message_about_a_payment_has_a_service_id_of_its_own)
{
	struct store_case c = approved_case("01");
	struct store_pay p;
	char before[STORE_SERVICE_ID];

	cr_assert_not(err_is(begin(&p, &c, PAY_BY_CARD)));
	STEPS(&p, PAY_EV_SEND, PAY_EV_LOST);
	cr_expect_gt(strcmp(p.ask_id, p.service_id), 0, "abort");
	strcpy(before, p.ask_id);
	STEPS(&p, PAY_EV_ABORTED);
	cr_expect_gt(strcmp(p.ask_id, before), 0, "status");
	STEPS(&p, PAY_EV_APPROVED, PAY_EV_REVERSE);
	strcpy(before, p.ask_id);
	STEPS(&p, PAY_EV_REVERSE_LOST, PAY_EV_REVERSE_LOST);
	cr_expect_str_eq(p.ask_id, before, "a reversal is said again");
	cr_expect_eq(number("SELECT count(*) FROM pay_event"), 8);
}

/* ---- whole steps ---- */

Test(pay, the_fee_and_its_case_move_together)
{
	struct store_case c = approved_case("01"), found;
	struct store_change arrow = { .moves = true,
		.event = CASE_EV_FEE_PAID };
	struct store_pay p;
	struct store_pay_change ch = {
		.event = PAY_EV_APPROVED, .c = &c, .arrow = &arrow
	};
	struct pay_step did;

	cr_assert_not(err_is(begin(&p, &c, PAY_BY_CARD)));
	STEPS(&p, PAY_EV_SEND);
	strcpy(p.approval, "30012345");
	cr_assert_not(err_is(store_pay_step(store, &p, &did, &ch)));
	cr_expect_eq((int)did.effect, PAY_DO_SETTLE);
	cr_expect_eq((int)c.state, CASE_PAID);
	cr_expect_eq(p.paid_at, now_ms / 1000);
	open_again();
	cr_assert_not(err_is(store_case_by_no(store, &found, c.case_no)));
	cr_expect_eq((int)found.state, CASE_PAID);
	struct store_pay kept;
	cr_assert_not(err_is(store_pay_live(store, &kept, c.id)));
	cr_expect_eq((int)kept.p.state, PAY_STATE_APPROVED);
	cr_expect_str_eq(kept.approval, "30012345");
	cr_expect_str_eq(kept.case_no, c.case_no);
	cr_expect(audit_says(1, "pay.approved"));
	cr_expect(audit_says(1, "won"));
	cr_expect(audit_says(0, "fee_paid"));
}

/* With a case that cannot take the step, the payment does not take it. */
Test(pay, neither_moves_when_the_case_cannot)
{
	struct store_case c = new_case("01");
	struct store_change arrow = { .moves = true,
		.event = CASE_EV_FEE_PAID };
	struct store_pay p, kept;
	struct store_pay_change ch = {
		.event = PAY_EV_APPROVED, .c = &c, .arrow = &arrow
	};
	struct pay_step did;
	uint64_t rows;

	cr_assert_not(err_is(begin(&p, &c, PAY_BY_CARD)));
	STEPS(&p, PAY_EV_SEND);
	rows = audit_rows();
	cr_expect_eq(store_pay_step(store, &p, &did, &ch).code, E_STATE);
	cr_assert_not(err_is(store_pay_live(store, &kept, c.id)));
	cr_expect_eq((int)kept.p.state, PAY_STATE_SENT);
	cr_expect_eq((int)p.p.state, PAY_STATE_SENT);
	cr_expect_eq(audit_rows(), rows);
}

static struct err
fails(struct store *s, const struct store_case *c, void *arg)
{
	return err_make(E_FORMAT, 0, "test: also");
}

Test(pay, what_joins_the_transaction_can_still_stop_it)
{
	struct store_case c = approved_case("01");
	struct store_change arrow = {
		.moves = true, .event = CASE_EV_FEE_PAID, .also = fails
	};
	struct store_pay p = {
		.case_id = c.id, .method = PAY_BY_CASH, .won = 4400
	};
	struct store_pay_change ch = { .c = &c, .arrow = &arrow };
	struct store_pay_change alone = { .also = fails };
	uint64_t rows = audit_rows();

	strcpy(p.case_no, c.case_no);
	cr_expect_eq(store_pay_begin(store, &p, &ch).code, E_FORMAT);
	cr_expect_eq(store_pay_begin(store, &p, &alone).code, E_FORMAT);
	cr_expect_eq((int)c.state, CASE_APPROVED);
	cr_expect_eq(audit_rows(), rows);
	cr_expect_eq(number("SELECT count(*) FROM pay"), 0);
	cr_expect_eq(number("SELECT count(*) FROM pay_event"), 0);
}

static const struct {
	enum pay_method method;
	enum pay_event events[6];
	int n;
	const char *kind;
} kinds[] = {
	{ PAY_BY_CARD, { 0 }, 0, "pay.started" },
	{ PAY_BY_CARD, { PAY_EV_SEND }, 1, "pay.sent" },
	{ PAY_BY_CARD, { PAY_EV_SEND, PAY_EV_DECLINED }, 2, "pay.declined" },
	{ PAY_BY_CARD, { PAY_EV_SEND, PAY_EV_FAILED }, 2, "pay.failed" },
	{ PAY_BY_CARD, { PAY_EV_SEND, PAY_EV_APPROVED }, 2, "pay.approved" },
	{ PAY_BY_CARD,
	    { PAY_EV_SEND, PAY_EV_APPROVED, PAY_EV_REVERSE, PAY_EV_REVERSED },
	    4, "pay.reversed" },
	{ PAY_BY_CASH, { 0 }, 0, "pay.cash" },
	{ PAY_BY_CASH, { PAY_EV_OWE, PAY_EV_REFUNDED }, 2, "pay.refunded" },
	{ PAY_BY_WAIVER, { 0 }, 0, "pay.waived" },
};

Test(pay, each_state_has_its_audit_row_with_amount_and_method)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		char serial[8];
		snprintf(serial, sizeof serial, "%02zu", i);
		struct store_case c = approved_case(serial);
		struct store_pay p;
		cr_assert_not(err_is(begin(&p, &c, kinds[i].method)));
		for (int k = 0; k < kinds[i].n; k++)
			STEPS(&p, kinds[i].events[k]);
		cr_expect(audit_says(0, kinds[i].kind), "%s", kinds[i].kind);
		cr_expect(audit_says(0, "won"));
		cr_expect(audit_says(0, pay_method_name(kinds[i].method)));
	}
}

Test(pay, asking_again_leaves_the_audit_log_alone)
{
	struct store_case c = approved_case("01");
	struct store_pay p;
	uint64_t rows;

	cr_assert_not(err_is(begin(&p, &c, PAY_BY_CARD)));
	STEPS(&p, PAY_EV_SEND, PAY_EV_LOST, PAY_EV_ABORTED);
	rows = audit_rows();
	for (int i = 0; i < 10; i++)
		STEPS(&p, PAY_EV_IN_PROGRESS);
	cr_expect_eq(audit_rows(), rows);
	cr_expect_eq(p.p.tries, 10);
}

Test(pay, an_open_payment_is_an_open_intent_of_the_journal)
{
	struct store_case c = approved_case("01");
	struct store_summary sum;
	struct store_pay p;

	cr_assert_not(err_is(begin(&p, &c, PAY_BY_CARD)));
	STEPS(&p, PAY_EV_SEND);
	cr_assert_not(err_is(store_report_summary(store, &sum)));
	cr_expect_eq(sum.intents, 1);
	cr_expect_str_eq(sum.intent_effect, "pay");
	STEPS(&p, PAY_EV_APPROVED);
	cr_assert_not(err_is(store_report_summary(store, &sum)));
	cr_expect_eq(sum.intents, 0);
	STEPS(&p, PAY_EV_REVERSE);
	cr_assert_not(err_is(store_report_summary(store, &sum)));
	cr_expect_str_eq(sum.intent_effect, "pay.reverse");
	STEPS(&p, PAY_EV_REVERSED);
	cr_assert_not(err_is(store_report_summary(store, &sum)));
	cr_expect_eq(sum.intents, 0);
}

/* ---- nothing is rewritten ---- */

static const char *const forbidden[] = {
	"UPDATE pay SET won = 1, version = version + 1",
	"UPDATE pay SET state = 9",
	"UPDATE pay SET service_id = '1', version = version + 1",
	"UPDATE pay SET case_id = 2, version = version + 1",
	"DELETE FROM pay_event",
	"DELETE FROM pay",
	"UPDATE pay_event SET state = 1",
	"INSERT INTO pay SELECT 9, version, case_id, method, state, remedy,"
	" tries, not_found, driver, service_id, ask_id, won, charged, at_ms, "
	"timeout_ms,"
	" terminal, condition, poi_txn, poi_at, approval, brand, pan,"
	" receipt_no, back_no, reason, note, begun_at, changed_at, paid_at, "
	"back_at"
	" FROM pay",
};

Test(pay, the_file_refuses_to_be_rewritten)
{
	struct store_case c = approved_case("01"), d = approved_case("02");
	struct store_pay p;

	(void)d;
	cr_assert_not(err_is(begin(&p, &c, PAY_BY_CARD)));
	STEPS(&p, PAY_EV_SEND, PAY_EV_APPROVED);
	for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
		cr_expect_eq(sql(forbidden[i], NULL), SQLITE_CONSTRAINT, "%s",
		    forbidden[i]);
	STEPS(&p, PAY_EV_REVERSE, PAY_EV_REVERSED);
	cr_expect_eq(
	    sql("UPDATE pay SET state = 5, version = version + 1", NULL),
	    SQLITE_CONSTRAINT, "what is over stays over");
}

Test(pay, a_stale_copy_changes_nothing)
{
	struct store_case c = approved_case("01");
	struct store_pay p, stale;

	cr_assert_not(err_is(begin(&p, &c, PAY_BY_CARD)));
	stale = p;
	STEPS(&p, PAY_EV_SEND);
	cr_expect_eq(step(&stale, PAY_EV_CANCEL).code, E_STATE);
	STEPS(&p, PAY_EV_APPROVED);
}

Test(pay, a_step_the_machine_does_not_know_changes_nothing)
{
	struct store_case c = approved_case("01");
	struct store_pay p;
	uint64_t rows;

	cr_assert_not(err_is(begin(&p, &c, PAY_BY_CARD)));
	rows = audit_rows();
	cr_expect_eq(step(&p, PAY_EV_REVERSED).code, E_STATE);
	cr_expect_eq(audit_rows(), rows);
}

/* ---- after the end, and away ---- */

Test(pay, a_fee_is_given_back_after_its_case_has_ended)
{
	struct store_case c = approved_case("01");
	struct store_change arrow = { .moves = true,
		.event = CASE_EV_FEE_PAID };
	struct store_pay_change ch = {
		.event = PAY_EV_APPROVED, .c = &c, .arrow = &arrow
	};
	struct store_pay p, rows[2];
	struct pay_step did;
	size_t n;

	cr_assert_not(err_is(begin(&p, &c, PAY_BY_CARD)));
	STEPS(&p, PAY_EV_SEND);
	cr_assert_not(err_is(store_pay_step(store, &p, &did, &ch)));
	cr_assert_not(
	    err_is(store_pays_wanting(store, rows, 2, &n, STORE_PAY_OWED, 0)));
	cr_expect_eq(n, 0);
	move(&c, CASE_EV_CANCEL);
	cr_assert_not(
	    err_is(store_pays_wanting(store, rows, 2, &n, STORE_PAY_OWED, 0)));
	cr_assert_eq(n, 1);
	STEPS(&rows[0], PAY_EV_REVERSE, PAY_EV_REVERSED);
	cr_expect(audit_says(0, "pay.reversed"));
	cr_expect_gt(rows[0].back_at, 0);
}

Test(pay, payments_go_with_their_case_but_not_while_money_is_owed)
{
	struct store_case c = approved_case("01");
	struct store_pay p;
	int64_t n, later = now_ms / 1000 + 1;

	cr_assert_not(err_is(begin(&p, &c, PAY_BY_CASH)));
	STEPS(&p, PAY_EV_OWE);
	move(&c, CASE_EV_CANCEL);
	cr_assert_not(err_is(store_purge(store, &n, later)));
	cr_expect_eq(n, 0);
	STEPS(&p, PAY_EV_REFUNDED);
	struct err e = store_purge(store, &n, later);
	cr_assert_not(err_is(e), "%s", e.where);
	cr_expect_eq(n, 1);
	cr_expect_eq(number("SELECT count(*) FROM pay"), 0);
	cr_expect_eq(number("SELECT count(*) FROM pay_event"), 0);
}

Test(pay, a_days_money_is_counted_by_how_it_came_and_went)
{
	struct store_pay_totals t;
	struct store_pay p;
	int64_t day = now_ms / 1000;

	for (int i = 0; i < 6; i++) {
		char serial[8];
		snprintf(serial, sizeof serial, "%02d", i);
		struct store_case c = approved_case(serial);
		cr_assert_not(err_is(begin(&p, &c,
		    i < 3    ? PAY_BY_CARD
		    : i == 5 ? PAY_BY_WAIVER
			     : PAY_BY_CASH)));
		if (i < 3)
			STEPS(&p, PAY_EV_SEND,
			    i == 2 ? PAY_EV_DECLINED : PAY_EV_APPROVED);
		if (i == 1)
			STEPS(&p, PAY_EV_REVERSE, PAY_EV_REVERSED);
		if (i == 4)
			STEPS(&p, PAY_EV_OWE, PAY_EV_REFUNDED);
	}
	cr_assert_not(err_is(store_pay_day(store, &t, day, day + 86400)));
	cr_expect_eq(t.fees[PAY_BY_CARD].count, 2);
	cr_expect_eq(t.fees[PAY_BY_CARD].won, 8800);
	cr_expect_eq(t.fees[PAY_BY_CASH].count, 2);
	cr_expect_eq(t.fees[PAY_BY_WAIVER].count, 1);
	cr_expect_eq(t.reversals.count, 1);
	cr_expect_eq(t.reversals.won, 4400);
	cr_expect_eq(t.refunds.count, 1);
	cr_assert_not(err_is(store_pay_day(store, &t, day + 1, day + 86400)));
	cr_expect_eq(t.fees[PAY_BY_CARD].count, 0);
}
