/*
 * fault/power.c - the power goes at every write, sync, truncate, unlink and
 * rename of a whole case, and again during recovery.
 *
 * A sweep is one seed: points 1, 2, 3 .. until a run ends by itself.  After
 * each point the judge looks at a copy of what the disk kept; then a second
 * child takes the case up, dies at a point of its own, is judged; and every
 * fourth time a third brings it to the end, and opening once more changes
 * nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fault.h"

typedef enum work_end (*work_fn)(struct work *w);

struct sweep {
	work_fn work;
	int cases;
	char disk[PATH], copy[PATH];
	struct crash_plan plan;
	uint64_t last_ops; /* of a run that was not cut */
	long runs, *violations;
};

enum { EXIT_STOPPED = 78 };

static void
child(void *arg)
{
	const struct sweep *sw = arg;
	struct work w = {
		.folder = sw->disk, .cases = sw->cases, .jump_at = -1
	};

	crash_install(&sw->plan, &shared->ops);
	if (sw->work(&w) != WORK_DONE) {
		if (shared->says[0] == '\0')
			snprintf(shared->says, sizeof shared->says,
			    "the work stopped: %s at %s",
			    err_name(w.stopped.code), w.stopped.where);
		_exit(EXIT_STOPPED);
	}
	if (sw->plan.kind != CRASH_NONE || sw->plan.at != 0)
		_exit(0);
	crash_now();
}

static void
judge(struct sweep *sw, bool whole, uint64_t at, uint64_t again)
{
	const char *bad;

	folder_copy(sw->copy, sw->disk);
	bad = judge_folder(sw->copy, whole);
	if (bad != NULL)
		violation(sw->violations, bad, sw->plan.seed, at, again);
}

/* One child; false when it ended otherwise than by the cut or at the end. */
static bool
run_child(struct sweep *sw, enum crash_kind kind, uint64_t at)
{
	int status;

	sw->plan.kind = kind;
	sw->plan.at = at;
	status = in_child(child, sw);
	sw->runs++;
	if (status == CRASH_EXIT || status == 0 || status == EXIT_STOPPED)
		return status == CRASH_EXIT && kind == CRASH_CUT;
	if (shared->says[0] == '\0')
		snprintf(shared->says, sizeof shared->says,
		    "the child died: %d", status);
	return false;
}

/* Bring it to the end, and look whether a second start changes anything. */
static void
finish(struct sweep *sw, uint64_t at, uint64_t again)
{
	uint64_t digest;

	run_child(sw, CRASH_NONE, 0);
	sw->runs--;
	judge(sw, true, at, again);
	digest = judge_digest(sw->copy);
	run_child(sw, CRASH_NONE, 0);
	sw->runs--;
	judge(sw, true, at, again);
	if (shared->says[0] == '\0' && digest != judge_digest(sw->copy))
		violation(sw->violations, "a second recovery differs",
		    sw->plan.seed, at, again);
}

/* False when point `at` lies behind the end of the work. */
static bool
point(struct sweep *sw, uint64_t at, uint64_t again)
{
	bool cut;

	memset(shared, 0, sizeof *shared);
	folder_empty(sw->disk);
	cut = run_child(sw, CRASH_CUT, at);
	judge(sw, !cut, at, 0);
	if (!cut)
		return false;
	/* The same disk, and the power goes again while it is taken up. */
	if (run_child(sw, CRASH_CUT, again))
		judge(sw, false, at, again);
	if ((at + sw->plan.seed) % 4 == 0)
		finish(sw, at, again);
	return true;
}

static uint64_t
number_of(const char *variable)
{
	const char *text = getenv(variable);

	return text == NULL ? 0 : strtoull(text, NULL, 10);
}

/* Seeds until `want` crash points are done; never less than one sweep. */
static long
sweep(work_fn work, int cases, long want, uint64_t stride, long *violations)
{
	struct sweep sw = {
		.work = work, .cases = cases, .violations = violations
	};
	uint64_t seed = seed_first();

	folder_make(sw.disk, "disk");
	folder_make(sw.copy, "copy");
	if (getenv("POINT") != NULL) {
		sw.plan.seed = seed;
		sw.plan.stubborn = seed % 2 == 1;
		point(&sw, number_of("POINT"), number_of("AGAIN"));
		return sw.runs;
	}
	for (bool more = true; more; seed++, more = sw.runs < want) {
		sw.plan.seed = seed;
		sw.plan.stubborn = seed % 2 == 1;
		/* the recovery dies early, late, anywhere, in turn */
		for (uint64_t at = 1 + seed % stride;
		     point(&sw, at, 1 + (at * 7 + seed * 13) % 60);
		     at += stride)
			;
	}
	return sw.runs;
}

long
crash_store(bool full, long *violations, const char **skipped)
{
	return sweep(work_run, 2, full ? 16000 : 300, full ? 1 : 4, violations);
}

long
crash_agent(bool full, long *violations, const char **skipped)
{
	agent_prepare();
	return sweep(agent_run, 1, full ? 8000 : 200, full ? 1 : 5, violations);
}

static long
crash_small(bool full, long *violations, const char **skipped)
{
	return sweep(work_run, 1, full ? 400 : 30, full ? 3 : 14, violations);
}

/* Close enough to meet every transaction of a pruning. */
static long
crash_prune(bool full, long *violations, const char **skipped)
{
	return sweep(work_run, 1, 30, 5, violations);
}

/* Each fault put in, and the family that must find it. */
static const struct {
	enum plant plant;
	const char *name;
	long (*run)(bool full, long *violations, const char **skipped);
} plants[] = {
	{ PLANT_SYNC_OFF, "synchronous off", crash_small },
	{ PLANT_NORMAL, "synchronous normal", crash_small },
	{ PLANT_NO_JOURNAL, "arrow without journal row", crash_small },
	{ PLANT_HALF_ARROW, "half an arrow", crash_small },
	{ PLANT_CLEAR, "records in the clear", crash_small },
	{ PLANT_NO_INTENT, "effect without intent", crash_small },
	{ PLANT_DEAF, "failed arrow taken for good (disk-errors)", fail_disk },
	{ PLANT_DEAF, "failed arrow taken for good (disk-full)", fail_full },
	{ PLANT_DEAF, "failed arrow taken for good (memory)", fail_memory },
	{ PLANT_CLOCK, "hold forgotten after a year (clock)", clock_jumps },
	{ PLANT_NO_SIGNED, "dasi.signed lost (rollback)", rollback },
	{ PLANT_ANCHOR, "rows gone without their anchor", crash_prune },
	{ PLANT_NO_LOOK, "file not checked (damage)", damage },
};

long
crash_plants(bool full, long *violations, const char **skipped)
{
	long runs = 0;

	for (size_t i = 0; i < sizeof plants / sizeof *plants; i++) {
		const char *why = NULL;
		long found = 0;
		memset(shared, 0, sizeof *shared);
		plant = plants[i].plant;
		runs += plants[i].run(false, &found, &why);
		plant = PLANT_NONE;
		printf("  planted: %s: %s\n", plants[i].name,
		    why != NULL ? why
		    : found > 0 ? "found"
				: "NOT FOUND");
		if (found == 0 && why == NULL)
			++*violations;
	}
	memset(shared, 0, sizeof *shared);
	return runs;
}
