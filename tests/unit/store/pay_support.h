/*
 * A store with an audit log in a folder of its own, cases that wait for their
 * fee, and payments brought on.
 */
#ifndef TESTS_STORE_PAY_SUPPORT_H
#define TESTS_STORE_PAY_SUPPORT_H

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

static inline int64_t
fake_clock(void *ctx)
{
	return now_ms;
}

static inline void
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

static inline void
set_up(void)
{
	strcpy(folder, "/tmp/dasi-pay-XXXXXX");
	cr_assert_not_null(mkdtemp(folder));
	memset(device_key, 7, sizeof device_key);
	now_ms = 1795330800000; /* 2026-11-22 16:20 in Korea */
	open_again();
}

static inline void
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

static inline struct store_case
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

static inline void
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

static inline struct store_case
approved_case(const char *serial)
{
	struct store_case c = new_case(serial);

	move(&c, CASE_EV_REPORT_LOSS);
	move(&c, CASE_EV_HOLD_CONFIRMED);
	move(&c, CASE_EV_SUBMIT);
	move(&c, CASE_EV_CLEAR);
	return c;
}

static inline struct err
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

static inline struct err
step(struct store_pay *p, enum pay_event event)
{
	struct store_pay_change ch = { .event = event, .mono_ms = now_ms };
	struct pay_step did;

	return store_pay_step(store, p, &did, &ch);
}

static inline void
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
static inline int
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

static inline int64_t
number(const char *text)
{
	int64_t n;

	sql(text, &n);
	return n;
}

static inline uint64_t
audit_rows(void)
{
	return audit_log_size(store_audit_log(store));
}

/* The kind of the newest audit row but `back`. */
static inline bool
audit_says(int back, const char *kind)
{
	char text[256];

	snprintf(text, sizeof text,
	    "SELECT instr(row, CAST('%s' AS BLOB)) > 0 FROM audit_row"
	    " ORDER BY seq DESC LIMIT 1 OFFSET %d",
	    kind, back);
	return number(text) == 1;
}

#endif
