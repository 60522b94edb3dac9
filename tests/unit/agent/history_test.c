/*
 * unit/agent/history_test.c - the past of a branch is read in the background,
 * and what does not hold stops new cases.
 */
#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "prog/agent/ship.h"
#include "prog/agent/status.h"
#include "rpc/rpc.h"
#include "store/audit_rows.h"
#include "store/internal.h"
#include "world.h"

TestSuite(agent_history, .init = world_open, .fini = world_close);

static const char *
history(void)
{
	struct ship_status s;

	agent_ship_status(w.agent, &s);
	return s.history;
}

/* A number of status.get, -1 when it is null. */
static json_int_t
status_of(const char *key)
{
	json_t *status = agent_status(w.agent);
	json_int_t n = rpc_int(json_object_get(status, "audit"), key, -1);

	json_decref(status);
	return n;
}

/* As many rows as several slices take. */
static void
many_rows(void)
{
	struct audit_event event = {
		.actor = "kiosk-1", .role = "kiosk", .kind = "test"
	};

	cr_assert_not(err_is(store_begin(w.agent->store)));
	for (int i = 0; i < 3000; i++)
		cr_assert_not(
		    err_is(store_audit_append(w.agent->store, NULL, &event)));
	cr_assert_not(err_is(store_end(w.agent->store, err_none())));
	cr_assert_not(err_is(store_audit_tick(w.agent->store)));
}

static void
tamper(void)
{
	char path[128];
	sqlite3 *db;

	world_stop();
	snprintf(path, sizeof path, "%s/state/dasi.db", w.folder);
	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db,
			 "DROP TRIGGER audit_row_no_update;"
			 "UPDATE audit_row SET row = CAST(replace("
			 "CAST(row AS TEXT), 'kiosk-1', 'kiosk-2') AS BLOB)"
			 " WHERE seq = 2000",
			 NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	world_start();
}

Test(agent_history, it_is_read_in_slices_and_found_good)
{
	many_rows();
	world_restart();
	cr_expect_str_eq(history(), "checking");
	pass_ms(1000);
	cr_expect_str_eq(history(), "checking", "a slice is not the whole");
	cr_expect_eq(status_of("history_read"), 4 * AUDIT_EPOCH_ROWS);
	for (int i = 0; i < 10; i++)
		pass_ms(10);
	cr_expect_str_eq(history(), "good");
	cr_expect_geq(status_of("history_read"), 3000);
	cr_expect_eq(status_of("history_row"), -1, "nothing was found");
}

Test(agent_history, a_row_changed_long_ago_stops_new_cases)
{
	many_rows();
	tamper();
	begin(0, "reissue");
	identify(0);
	for (int i = 0; i < 110; i++)
		pass_ms(10);
	cr_expect_str_eq(history(), "bad");
	cr_expect_str_eq(code(open_case(0)), "agent.history");
	cr_expect_eq(status_of("history_row"), 2000, "the row is told");
	world_restart();
	for (int i = 0; i < 110; i++)
		pass_ms(10);
	cr_expect_str_eq(history(), "bad", "nor is it forgotten");
}
