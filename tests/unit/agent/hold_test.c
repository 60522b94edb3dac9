/*
 * A reported loss: the hold is tried until the CA has answered.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "rpc/rpc.h"
#include "world.h"

TestSuite(hold, .init = world_open, .fini = world_close);

Test(hold, a_hold_is_tried_again_until_the_ca_answers)
{
	net_fails("cmp.send", "peer.ca_down", -1);
	begin(0, "reissue");
	identify(0);
	open_case(0);
	cr_expect_str_eq(text(report(0, "lost"), "hold"), "pending");
	run();
	cr_expect_str_eq(row().problem, "peer.ca_down");
	cr_expect_eq((int)row().state, CASE_REPORTED);
	int before = w.spawned;
	pass_ms(600000);
	cr_expect_geq(w.spawned - before, 9, "1 2 4 .. 60 s");
	cr_expect_leq(w.spawned - before, 20, "but not more often");
	cr_expect_eq((int)row().state, CASE_REPORTED);
	w.net_times = 0;
	pass_ms(61000);
	cr_expect_eq((int)row().state, CASE_HELD);
	cr_expect_str_eq(row().problem, "");
}

Test(hold, a_hold_goes_on_without_the_customer_and_over_a_restart)
{
	net_fails("cmp.send", "peer.ca_down", -1);
	begin(0, "report");
	identify(0);
	open_case(0);
	report(0, "lost");
	ask("visit.end", "{}");
	world_restart();
	run();
	cr_expect_eq((int)row().state, CASE_REPORTED);
	world_restart();
	w.net_times = 0;
	pass_ms(61000);
	cr_expect_eq((int)row().state, CASE_HELD);
	cr_expect_eq((int)row().hold, HOLD_CONFIRMED);
}

Test(hold, without_dasi_key_or_dasi_net_the_hold_waits)
{
	w.key_missing = true;
	begin(0, "report");
	identify(0);
	open_case(0);
	cr_expect_str_eq(text(report(0, "lost"), "hold"), "pending");
	pass_ms(5000);
	w.key_missing = false;
	close(w.net);
	w.net = -1;
	pass_ms(10000);
	cr_expect_eq((int)row().state, CASE_REPORTED);
	w.net = connect_as("net", "", 1u << ROLE_NET);
	pass_ms(61000);
	cr_expect_eq((int)row().state, CASE_HELD);
}

Test(hold, a_silent_ca_is_a_ca_that_is_down)
{
	w.net_mute = true;
	begin(0, "report");
	identify(0);
	open_case(0);
	report(0, "lost");
	pass_ms(30000);
	cr_expect_str_eq(row().problem, "peer.ca_down");
	w.net_mute = false;
	pass_ms(120000);
	cr_expect_eq((int)row().state, CASE_HELD);
}
