/*
 * fault/clock.c - the wall clock jumps by ten years, in both directions, at
 * every step: nothing is lost, nothing released, and no deadline moves.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"
#include "prog/agent/agent.h"
#include "world.h"

static const int64_t ten_years_ms = 3653LL * 86400000;

struct jump {
	struct work work;
	bool agent;
};

static void
complain(const char *what)
{
	if (shared->says[0] == '\0')
		snprintf(shared->says, sizeof shared->says, "%s", what);
}

static void
jump_child(void *arg)
{
	struct jump *j = arg;

	if (j->agent ? agent_run(&j->work) != WORK_DONE
		     : work_run(&j->work) != WORK_DONE)
		complain(j->work.stopped.where);
}

/* While the CA is silent: the next try and the case stay as they are. */
static void
deadline_child(void *arg)
{
	const struct jump *j = arg;
	struct store_case before, after;
	int64_t due;

	snprintf(w.conf.state, sizeof w.conf.state, "%s", j->work.folder);
	world_start();
	net_fails("cmp.send", "peer.ca_down", -1);
	begin(0, "reissue");
	identify(0);
	open_case(0);
	report(0, "lost");
	run();
	pass_ms(5000);
	if (err_is(store_case_by_no(
		w.agent->store, &before, shared->cases[0].case_no)) ||
	    before.state != CASE_REPORTED) {
		complain("the hold does not wait for the CA");
		return;
	}
	due = agent_deadline(w.agent);
	w.wall_ms += j->work.jump_ms;
	if (agent_deadline(w.agent) != due)
		complain("a deadline follows the wall clock");
	run();
	if (err_is(store_case_by_no(w.agent->store, &after, before.case_no)) ||
	    after.state != before.state || after.hold != before.hold)
		complain("the jump alone changed the case");
	net_fails("", "", 0);
	pass_ms(70000);
	if (err_is(store_case_by_no(w.agent->store, &after, before.case_no)) ||
	    after.state != CASE_HELD)
		complain("the hold is not tried again after the jump");
	world_stop();
}

static long
one(struct jump *j, void (*body)(void *), bool whole, long *violations)
{
	char folder[PATH];
	const char *bad;
	int status;

	memset(shared, 0, sizeof *shared);
	folder_make(folder, "clock");
	j->work.folder = folder;
	status = in_child(body, j);
	if (status != 0)
		complain("the child died of the jump");
	bad = judge_folder(folder, whole);
	if (bad != NULL)
		violation(violations, bad, j->work.jump_ms > 0,
		    (uint64_t)j->work.jump_at, j->agent);
	return 1;
}

long
clock_jumps(bool full, long *violations, const char **skipped)
{
	long runs = 0;

	agent_prepare();
	for (int sign = -1; sign <= 1; sign += 2) {
		struct jump j = { .work = { .cases = 1,
				      .jump_ms = sign * ten_years_ms } };
		for (j.work.jump_at = 0; j.work.jump_at < 13; j.work.jump_at++)
			runs += one(&j, jump_child, true, violations);
		j.agent = true;
		j.work.jump_at = 0;
		runs += one(&j, jump_child, true, violations);
		runs += one(&j, deadline_child, false, violations);
	}
	return runs;
}
