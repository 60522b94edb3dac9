/*
 * An agent that died between two arrows that need nobody: the customer who
 * comes back goes on from there.
 */
#include <criterion/criterion.h>

#include "rpc/rpc.h"
#include "world.h"

TestSuite(resume, .init = world_open, .fini = world_close);

/* Up to HELD; then what the agent made durable before it died. */
static void
die_after(const enum case_event *events, size_t n)
{
	static const uint8_t device_key[SEAL_KEY] = { 1, 2, 3 };
	struct clock clock = w.agent->ports.clock;
	struct store_params p = { .folder = w.conf.state,
		.bank_code = w.conf.bank_code,
		.branch_code = w.conf.branch_code,
		.device_key = device_key,
		.clock = clock };
	struct store_case c;
	struct store *s;

	begin(0, "reissue");
	identify(0);
	cr_assert_str_eq(code(open_case(0)), "");
	cr_assert_str_eq(code(report(0, "lost")), "");
	run();
	c = row();
	cr_assert_eq((int)c.state, CASE_HELD);
	world_stop();
	cr_assert_not(err_is(store_open(&s, &p)));
	for (size_t i = 0; i < n; i++) {
		struct store_change ch = { .moves = true, .event = events[i] };
		cr_assert_not(err_is(store_case_step(s, &c, &ch)));
	}
	store_close(s);
	world_start();
	cr_assert_eq(row().state, c.state);
}

static const enum case_event submitted[] = { CASE_EV_SUBMIT, CASE_EV_CLEAR };

static const struct {
	size_t events;
	enum case_state state;
} deaths[] = { { 1, CASE_APPLIED }, { 2, CASE_APPROVED } };

Test(resume, a_case_left_between_applied_and_paid_goes_on_when_it_is_opened)
{
	for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++) {
		if (i > 0) {
			world_close();
			world_open();
		}
		die_after(submitted, deaths[i].events);
		cr_assert_eq(row().state, deaths[i].state);
		begin(0, "reissue");
		identify(0);
		cr_assert_str_eq(code(open_case(0)), "");
		run();
		cr_expect_eq((int)row().state, CASE_PAID, "from %s: %s",
		    case_state_name(deaths[i].state),
		    case_state_name(row().state));
		ask_fd(0, "case.issue", "New!2026pw");
		run();
		cr_expect_eq((int)row().state, CASE_DONE);
	}
}

Test(resume, and_when_its_state_is_asked_for)
{
	for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++) {
		json_t *c;

		if (i > 0) {
			world_close();
			world_open();
		}
		die_after(submitted, deaths[i].events);
		begin(0, "status");
		identify(0);
		c = ask("case.status", "{'case_no':'%s'}", row().case_no);
		cr_expect_str_eq(code(c), "");
		cr_expect_str_eq(text(c, "state"), "PAID");
		cr_expect_eq((int)row().state, CASE_PAID);
	}
}

/* What is against it is known from the visit again. */
Test(resume, a_case_left_applied_still_meets_its_exception)
{
	die_after(submitted, 1);
	w.phone_days = 3;
	begin(0, "reissue");
	identify(0);
	cr_assert_str_eq(code(open_case(0)), "");
	run();
	cr_expect_eq(
	    (int)row().state, CASE_REVIEW, "%s", case_state_name(row().state));
	cr_expect_str_eq(row().review, "review.phone_changed");
}
