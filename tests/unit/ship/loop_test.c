/*
 * When dasi-ship ships: a clock of the test's own, days in no time.
 */
#include <criterion/criterion.h>

#include "fake.h"
#include "prog/ship/loop.h"

static struct fake f;
static struct ship_loop l;
static int64_t now_ms;

static int64_t
mono(void *ctx)
{
	return now_ms;
}

static uint64_t
most(void *ctx)
{
	/* a multiple of every ceiling + 1 is not wanted: take the ceiling */
	unsigned n = ((struct ship_loop *)ctx)->ship->failed == SIDE_SINK
			 ? l.sink.failures
			 : l.agent.failures;
	int64_t c = l.ship->failed == SIDE_SINK ? 1000 : 100;
	int64_t top = l.ship->failed == SIDE_SINK ? 600000 : 5000;

	while (n-- > 0 && c < top)
		c *= 2;
	return (uint64_t)(c < top ? c : top);
}

static void
begin(uint64_t rows)
{
	fake_open(&f, rows);
	now_ms = 5000000;
	l = (struct ship_loop){ .ship = &f.ship,
		.clock = { .mono_ms = mono },
		.random = most,
		.random_ctx = &l };
	ship_loop_begin(&l);
}

static enum err_code
turn(void)
{
	int64_t wait_ms = -1;
	struct err e = ship_loop_turn(&l, &wait_ms);

	cr_assert_geq(wait_ms, 0);
	now_ms += wait_ms;
	return e.code;
}

static void
cosigned_all(struct fake *k, struct ship_answer *a)
{
	fake_note(a->note, k->held, 9);
}

Test(loop, with_nothing_new_head_office_hears_a_word_a_minute)
{
	begin(100);
	f.held = 100;
	f.twist = cosigned_all;
	for (int i = 0; i < 12 * 60; i++)
		cr_assert_eq(turn(), E_NONE);
	cr_expect_eq(f.checkpoints, 60);
	cr_expect_eq(f.batches, 0);
}

Test(loop, new_rows_go_within_one_look)
{
	int64_t since;

	begin(100);
	f.held = 100;
	f.twist = cosigned_all;
	cr_assert_eq(turn(), E_NONE);
	f.size = 150;
	fake_note(f.note, 150, 0);
	since = now_ms;
	while (f.held < 150 && now_ms - since < 60000)
		cr_assert_eq(turn(), E_NONE);
	cr_expect_leq(now_ms - since, SHIP_LOOK_MS);
}

Test(loop, a_cosignature_that_is_due_is_asked_for_at_each_look)
{
	begin(100);
	f.held = 100;
	for (int i = 0; i < 10; i++)
		cr_assert_eq(turn(), E_NONE);
	cr_expect_eq(f.checkpoints, 10);
	f.twist = cosigned_all;
	cr_assert_eq(turn(), E_NONE);
	cr_assert_eq(turn(), E_NONE);
	cr_expect_eq(f.checkpoints, 11);
}

Test(loop, seven_days_without_head_office_are_a_thousand_tries_and_then_all)
{
	int64_t until;

	begin(1000);
	f.sink_error = err_make(E_UNREACHABLE, 0, "fake");
	until = now_ms + 7 * 86400 * 1000LL;
	while (now_ms < until)
		cr_assert_eq(turn(), E_UNREACHABLE);
	cr_expect(f.checkpoints >= 1008 && f.checkpoints < 1030,
	    "every ten minutes: %zu", (size_t)f.checkpoints);
	f.sink_error = err_none();
	cr_assert_eq(turn(), E_NONE);
	cr_expect_eq(f.held, 1000);
	f.sink_error = err_make(E_UNREACHABLE, 0, "fake");
	now_ms += SHIP_WORD_MS;
	until = now_ms;
	cr_assert_eq(turn(), E_UNREACHABLE);
	cr_expect_leq(now_ms - until, SHIP_RETRY_MS, "from the start again");
}

Test(loop, an_agent_that_restarts_is_found_within_seconds)
{
	begin(1000);
	f.source_error = err_make(E_UNREACHABLE, 0, "fake");
	for (int i = 0; i < 50; i++) {
		int64_t before = now_ms;

		cr_assert_eq(turn(), E_UNREACHABLE);
		cr_expect_leq(now_ms - before, SHIP_AGENT_MAX_MS);
	}
	f.source_error = err_none();
	cr_assert_eq(turn(), E_NONE);
	cr_expect_eq(f.held, 1000);
}
