/*
 * unit/agent/ship_test.c - what the agent knows of its log's way to head
 * office.
 */
#include "prog/agent/ship.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "rpc/roles.h"
#include "rpc/rpc.h"
#include "world.h"

TestSuite(agent_ship, .init = world_open, .fini = world_close);

static struct ship_status
status(void)
{
	struct ship_status s;

	agent_ship_status(w.agent, &s);
	return s;
}

/* One word of dasi-ship. */
static void
say(int sock, const char *method, json_t *params)
{
	json_t *request = rpc_request(2, method, params);

	cr_assert_not(err_is(rpc_send(sock, request, -1)));
	json_decref(request);
	run();
}

Test(agent_ship, the_figures_follow_what_dasi_ship_says)
{
	int sock = connect_as("ship", "ship", 1u << ROLE_SHIP);
	struct ship_status s;

	run();
	s = status();
	cr_expect_not(s.configured);
	cr_expect_gt(s.rows, 1);
	cr_expect_eq(s.queued, s.rows, "nothing has been heard yet");
	cr_expect_eq(s.ack_at, 0);
	cr_expect_str_eq(s.trouble, "");
	say(sock, "ship.acked", json_pack("{s:i,s:s}", "size", 1, "note", ""));
	s = status();
	cr_expect_eq(s.acked, 1);
	cr_expect_eq(s.queued, s.rows - 1);
	cr_expect_eq(s.ack_at, w.wall_ms / 1000);
	say(sock, "ship.acked",
	    json_pack("{s:I,s:s}", "size", (json_int_t)s.rows, "note", ""));
	cr_expect_eq(status().queued, 0);
	cr_expect_eq(status().oldest_s, 0);
	say(sock, "ship.trouble",
	    json_pack("{s:s,s:i}", "kind", "fork", "size", 1));
	cr_expect_str_eq(status().trouble, "fork");
	close(sock);
}

Test(agent_ship, the_oldest_row_that_waits_grows_old)
{
	int64_t before = status().oldest_s;

	pass_ms(90 * 1000);
	cr_expect_geq(status().oldest_s, before + 90);
	w.wall_ms -= (int64_t)1000 * 1000 * 1000;
	cr_expect_eq(status().oldest_s, 0, "a clock set back ages nothing");
}
