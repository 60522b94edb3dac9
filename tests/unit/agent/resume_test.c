/*
 * An agent that died between two arrows that need nobody, or whose disk did not
 * do there: the customer who comes back, or asks again, goes on from there.
 */
#include <criterion/criterion.h>

#include "rpc/rpc.h"
#include "store/internal.h"
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

/* ---- a disk that does not do ---- */

/* So many commits are done, so many then are not. */
static int commits_good, commits_bad;

static int
undo_later(void *arg)
{
	return commits_good-- <= 0 && commits_bad-- > 0;
}

static void
fail_after(int good, int bad)
{
	commits_good = good;
	commits_bad = bad;
	sqlite3_commit_hook(w.agent->store->db, undo_later, NULL);
}

static void
works_again(void)
{
	sqlite3_commit_hook(w.agent->store->db, NULL, NULL);
}

/* How many commits it takes from HELD to PAID, each of them may fail. */
static void
stuck_at(int commits, int bad)
{
	const char *state, *problem;
	json_t *c;

	world_close();
	world_open();
	begin(0, "reissue");
	identify(0);
	cr_assert_str_eq(code(open_case(0)), "");
	cr_assert_str_eq(code(report(0, "lost")), "");
	run();
	fail_after(commits, bad);
	c = apply(0);
	works_again();
	state = text(c, "state");
	problem = text(c, "problem") != NULL ? text(c, "problem") : "";
	/* refused, there already, or the customer hears that it failed */
	cr_expect(*code(c) != '\0' || strcmp(state, "PAID") == 0 ||
		      strcmp(problem, "agent.internal") == 0,
	    "%d commits: \"%s\" %s %s", commits, code(c), state, problem);
}

enum { COMMITS = 6 };

Test(resume, a_case_the_disk_failed_goes_on_when_the_customer_asks_again)
{
	int stuck = 0;

	for (int i = 0; i < COMMITS; i++) {
		stuck_at(i, COMMITS);
		stuck += row().state == CASE_APPLIED ||
			 row().state == CASE_APPROVED;
		if (row().state != CASE_PAID)
			cr_expect_str_eq(code(apply(0)), "");
		cr_expect_eq((int)row().state, CASE_PAID, "%d commits: %s", i,
		    case_state_name(row().state));
		cr_expect_str_eq(row().problem, "");
	}
	cr_expect_geq(stuck, 2);
}

Test(resume, and_when_the_customer_comes_another_day)
{
	/* what went wrong is kept, or not even that */
	for (int i = 0; i < 2 * COMMITS; i++) {
		stuck_at(i / 2, i % 2 == 0 ? 1 : COMMITS);
		if (row().state == CASE_HELD)
			continue;
		ask("visit.end", "{}");
		begin(0, "reissue");
		identify(0);
		cr_assert_str_eq(code(open_case(0)), "");
		run();
		cr_expect_eq((int)row().state, CASE_PAID, "%d commits: %s", i,
		    case_state_name(row().state));
	}
}
