/*
 * fault/agent_work.c - the same case through the agent's core, with the fake
 * peers of tests/unit/agent.
 *
 * The CA's memory (what it was sent) is kept in shared memory, as the real
 * one's survives the branch's crash.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "fault.h"
#include "people.h"
#include "prog/agent/agent.h"
#include "world.h"

enum { VISITS = 6 };

static bool ready;

void
agent_prepare(void)
{
	if (ready)
		return;
	world_open(); /* the CA's files; its keys are slow to make */
	world_stop();
	ready = true;
}

void
agent_finish(void)
{
	if (ready)
		world_close();
}

/* What may have been numbered by a process that died is not used again. */
static void
skip_numbers(void)
{
	w.transfers = shared->transfers += 100;
}

static void
carry_on(const struct work *k)
{
	for (int i = 0; i < EFFECTS; i++)
		w.sent[i] = shared->sent[i];
	w.old_revoked = shared->old_revoked;
	skip_numbers();
	snprintf(w.conf.state, sizeof w.conf.state, "%s", k->folder);
}

/* The peers' memory outlives us: called before and after each turn. */
static void
remember(void)
{
	for (int i = 0; i < EFFECTS; i++)
		shared->sent[i] = w.sent[i];
	shared->old_revoked = w.old_revoked;
}

/* One visit of the customer, as far as it goes. */
static bool
visit(const struct work *k, int nth)
{
	json_t *c;
	const char *state;

	begin(0, "reissue");
	identify(0);
	c = open_case(0);
	state = text(c, "state");
	if (state == NULL)
		return false;
	if (strcmp(state, "OPEN") == 0)
		report(0, "lost");
	run();
	remember();
	if (nth == k->jump_at)
		w.wall_ms += k->jump_ms;
	apply(0);
	remember();
	pass_ms(61000); /* a checkpoint, a hold tried again */
	c = ask_fd(0, "case.deliver", PLANTED_PASSWORD);
	if (code(c)[0] != '\0')
		c = ask_fd(0, "case.issue", PLANTED_PASSWORD);
	run();
	remember();
	pass_ms(61000);
	ask("visit.end", "{}");
	return true;
}

static bool
is_done(void)
{
	struct store_case c;

	return shared->cases[0].version != 0 &&
	       !err_is(store_case_by_no(
		   w.agent->store, &c, shared->cases[0].case_no)) &&
	       c.state == CASE_DONE;
}

enum work_end
agent_run(struct work *k)
{
	carry_on(k);
	world_start();
	remember();
	pass_ms(1000);
	for (int i = 0; i < VISITS && !is_done(); i++) {
		visit(k, i);
		/* what nobody took lapses, and may be asked for again */
		if (i > 0)
			pass_ms(700000);
	}
	remember();
	k->stopped = err_none();
	if (!is_done())
		k->stopped = err_make(E_STATE, 0, "the case has no end");
	world_stop();
	return err_is(k->stopped) ? WORK_STOPPED : WORK_DONE;
}

/* An assertion of the fake world. */
_Noreturn void plain_fails(const char *file, int line, const char *what);
_Noreturn void
plain_fails(const char *file, int line, const char *what)
{
	const char *name = strrchr(file, '/');

	snprintf(shared->says, sizeof shared->says, "%s:%d: %s",
	    name == NULL ? file : name + 1, line, what);
	_exit(CRASH_EXIT + 2);
}
