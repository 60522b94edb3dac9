/*
 * Payments over a real file: nothing is rewritten afterwards, money goes back
 * after the end, rows go with their case, a day is counted.
 */
#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "pay_support.h"
#include "store/report.h"

TestSuite(pay_keep, .init = rig_begin_audited, .fini = rig_end);

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

Test(pay_keep, the_file_refuses_to_be_rewritten)
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

Test(pay_keep, a_stale_copy_changes_nothing)
{
	struct store_case c = approved_case("01");
	struct store_pay p, stale;

	cr_assert_not(err_is(begin(&p, &c, PAY_BY_CARD)));
	stale = p;
	STEPS(&p, PAY_EV_SEND);
	cr_expect_eq(step(&stale, PAY_EV_CANCEL).code, E_STATE);
	STEPS(&p, PAY_EV_APPROVED);
}

Test(pay_keep, a_step_the_machine_does_not_know_changes_nothing)
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

Test(pay_keep, a_fee_is_given_back_after_its_case_has_ended)
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

Test(pay_keep, payments_go_with_their_case_but_not_while_money_is_owed)
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

Test(pay_keep, a_days_money_is_counted_by_how_it_came_and_went)
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
