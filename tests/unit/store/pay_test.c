/*
 * Payments over a real file with an audit log: one at a time, each step whole.
 */
#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "pay_support.h"
#include "store/report.h"

TestSuite(pay, .init = rig_begin_audited, .fini = rig_end);

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
	cr_assert_not(err_is(rig_open(true)));
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
