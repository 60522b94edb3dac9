/*
 * pay_support.c - see the header.
 */
#include "pay_support.h"

#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "store/audit_rows.h"

void
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

struct store_case
approved_case(const char *serial)
{
	struct store_case c = new_case(serial);

	move(&c, CASE_EV_REPORT_LOSS);
	move(&c, CASE_EV_HOLD_CONFIRMED);
	move(&c, CASE_EV_SUBMIT);
	move(&c, CASE_EV_CLEAR);
	return c;
}

struct err
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

struct err
step(struct store_pay *p, enum pay_event event)
{
	struct store_pay_change ch = { .event = event, .mono_ms = now_ms };
	struct pay_step did;

	return store_pay_step(store, p, &did, &ch);
}

void
steps(struct store_pay *p, const enum pay_event *events, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct err e = step(p, events[i]);
		cr_assert_not(err_is(e), "%s in %s: %s",
		    pay_event_name(events[i]), pay_state_name(p->p.state),
		    e.where);
	}
}

int
sql(const char *text, int64_t *n)
{
	sqlite3_stmt *q = NULL;
	sqlite3 *db;
	int rc;

	rig_close();
	cr_assert_eq(sqlite3_open(path_of("dasi.db"), &db), SQLITE_OK);
	cr_assert_eq(sqlite3_prepare_v2(db, text, -1, &q, NULL), SQLITE_OK,
	    "%s", sqlite3_errmsg(db));
	rc = sqlite3_step(q);
	if (n != NULL)
		*n = rc == SQLITE_ROW ? sqlite3_column_int64(q, 0) : -1;
	sqlite3_finalize(q);
	sqlite3_close(db);
	cr_assert_not(err_is(rig_open(true)));
	return rc;
}

int64_t
number(const char *text)
{
	int64_t n;

	sql(text, &n);
	return n;
}

uint64_t
audit_rows(void)
{
	return audit_log_size(store_audit_log(store));
}

bool
audit_says(int back, const char *kind)
{
	char text[256];

	snprintf(text, sizeof text,
	    "SELECT instr(row, CAST('%s' AS BLOB)) > 0 FROM audit_row"
	    " ORDER BY seq DESC LIMIT 1 OFFSET %d",
	    kind, back);
	return number(text) == 1;
}
