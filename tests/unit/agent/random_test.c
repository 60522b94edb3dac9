/*
 * Whatever happens in whatever order, the invariants hold, and once the
 * faults stop the case goes on to an end.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rpc/rpc.h"
#include "world.h"

enum { SEEDS = 40, ACTIONS = 30 };

static uint32_t state;

/* Park and Miller's generator: the same seed, the same story. */
static int
pick(int n)
{
	state = (uint32_t)((uint64_t)state * 48271 % 2147483647);
	return (int)(state % (uint32_t)n);
}

static void
fault(void)
{
	static const char *const methods[] = { "cmp.send", "ocsp.query",
		"registry.enroll", "registry.verify" };
	static const char *const errors[] = { "peer.ca_down", "peer.ca_timeout",
		"peer.ca_http" };
	static const char *const sticks[] = { "media.none", "media.full",
		"media.gone" };

	strcpy(w.net_method, methods[pick(4)]);
	strcpy(w.net_error, errors[pick(3)]);
	w.net_times = pick(5);
	strcpy(w.media_error, sticks[pick(3)]);
	w.media_times = pick(3);
	w.key_mode = pick(KEY_PASSWORD + 1);
	w.key_missing = pick(8) == 0;
}

static void
heal(void)
{
	w.net_times = w.media_times = 0;
	w.key_mode = KEY_GOOD;
	w.key_missing = false;
}

/* A visit as far as it goes today. */
static void
visit(void)
{
	begin(0, pick(4) == 0 ? "report" : "reissue");
	if (w.net_times != 0 && strcmp(w.net_method, "registry.verify") == 0)
		w.net_times = 0;
	identify(0);
	open_case(0);
}

static void
act(void)
{
	switch (pick(12)) {
	case 0:
	case 1:
		visit();
		break;
	case 2:
		report(0, "lost");
		break;
	case 3:
		apply(0);
		break;
	case 4:
	case 5:
		ask_fd(0, "case.issue", "New!2026pw");
		break;
	case 6:
		ask("case.deliver", "{}");
		break;
	case 7:
		if (pick(6) == 0)
			ask("case.cancel", "{}");
		break;
	case 8:
		world_restart();
		break;
	case 9:
		pass_ms(pick(400000));
		break;
	case 10:
		fault();
		break;
	default:
		heal();
	}
	run();
}

/* I3: what was reported stays reported, and a confirmed hold confirmed.
 * I2: the old one is revoked only when the new one was confirmed. */
static void
check(const struct store_case *before, const struct store_case *now)
{
	cr_assert_geq((int)now->hold, (int)before->hold);
	cr_assert_geq(now->version, before->version);
	cr_assert_geq(now->attempt, before->attempt);
	if (w.old_revoked)
		cr_assert(
		    now->state == CASE_CONFIRMED || now->state == CASE_DONE,
		    "old revoked in %s", case_state_name(now->state));
	cr_assert_eq(case_is_over(now->state), now->ended_at != 0);
}

/* Nothing stands in the way any more: where does it end? */
static void
bring_to_an_end(void)
{
	heal();
	pass_ms(700000);
	visit();
	if (row().state == CASE_OPEN)
		cr_assert_str_eq(code(report(0, "lost")), "");
	pass_ms(120000);
	if (row().state == CASE_HELD)
		cr_assert_str_eq(code(apply(0)), "");
	if (!case_is_over(row().state) && row().attempt < CASE_ATTEMPTS_MAX) {
		ask_fd(0, "case.issue", "New!2026pw");
		pass_ms(1000);
		ask("case.deliver", "{}");
		pass_ms(120000);
	}
	struct store_case c = row();
	cr_assert(case_is_over(c.state) || c.attempt >= CASE_ATTEMPTS_MAX,
	    "stuck in %s, %s", case_state_name(c.state), c.problem);
}

Test(random, stories_keep_the_invariants_and_end)
{
	int ends[CASE_STATE_COUNT] = { 0 };

	for (int seed = 1; seed <= SEEDS; seed++) {
		world_open();
		state = (uint32_t)seed * 7919;
		visit();
		struct store_case before = row();
		for (int i = 0; i < ACTIONS; i++) {
			act();
			struct store_case now = row();
			check(&before, &now);
			before = now;
			if (case_is_over(now.state))
				break;
		}
		if (!case_is_over(row().state))
			bring_to_an_end();
		ends[row().state]++;
		world_close();
	}
	cr_expect_gt(ends[CASE_DONE], SEEDS / 2, "most stories end well: %d",
	    ends[CASE_DONE]);
}
