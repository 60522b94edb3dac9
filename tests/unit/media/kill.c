/*
 * Killed at any system call, a write leaves the leaf absent or whole, and the
 * next write clears up.  The writer runs under ptrace and is stopped at its
 * n-th call, for every n until it gets through.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "help.h"

enum { MOST_CALLS = 2000 };

static void
work(const char *stick, struct write_job *job)
{
	int root = open(stick, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		_exit(3);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	raise(SIGSTOP);
	_exit(err_is(write_pair(root, job)) ? 1 : 0);
}

/* 1: killed at the n-th stop; 0: got through; -1: no tracing here. */
static int
run_and_kill(const char *stick, struct write_job *job, int n)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		work(stick, job);
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		return -1;
	for (int i = 0; i < n; i++) {
		ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
		waitpid(pid, &status, 0);
		if (WIFEXITED(status)) {
			cr_assert_eq(WEXITSTATUS(status), 0);
			return 0;
		}
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return 1;
}

Test(kill, at_every_system_call_the_leaf_is_absent_or_whole)
{
	const char *stick = help_folder();
	bool was_absent = false, was_there = false;
	int n, r = 1;

	for (n = 0; r == 1 && n < MOST_CALLS; n++) {
		struct write_job *job = help_job(n, true);
		help_remove(stick);
		mkdir(stick, 0700);
		r = run_and_kill(stick, job, n);
		if (r < 0)
			cr_skip_test(
			    "skipped: processes cannot be traced here");
		cr_assert(help_leaf_is_whole(stick, job), "stop %d", n);
		if (help_exists(stick, USER LEAF))
			was_there = true;
		else
			was_absent = true;
		cr_assert_eq(help_write(stick, job).code, E_NONE, "stop %d", n);
		cr_assert(help_exists(stick, USER LEAF));
		cr_assert(help_leaf_is_whole(stick, job), "stop %d", n);
		cr_assert_eq(
		    help_count(stick, USER), 1, "leftover, stop %d", n);
	}
	cr_expect_eq(r, 0, "the writer never got through");
	cr_expect(was_absent && was_there && n > 50, "%d stops", n);
	help_remove(stick);
}

Test(kill, an_older_leaf_survives_whole_at_one_of_its_two_places)
{
	static const char aside[] = "NPKI/yessign/OLD/20261122-140509/" LEAF;
	const char *stick = help_folder();
	struct write_job *job;
	int r = 1;

	for (int n = 0; r == 1 && n < MOST_CALLS; n++) {
		help_remove(stick);
		mkdir(stick, 0700);
		cr_assert_eq(help_write(stick, help_job(1, true)).code, E_NONE);
		r = run_and_kill(stick, help_job(2, true), n);
		if (r < 0)
			cr_skip_test(
			    "skipped: processes cannot be traced here");
		bool moved = help_exists(stick, aside);
		job = help_job(moved ? 2 : 1, true);
		cr_assert(help_leaf_is_whole(stick, job), "stop %d", n);
		if (moved) {
			job = help_job(1, true);
			for (size_t i = 0; i < job->file_count; i++)
				cr_assert(
				    help_holds(help_path(stick, aside),
					job->files[i].name, job->files[i].data),
				    "stop %d", n);
		} else {
			cr_assert(help_exists(stick, USER LEAF), "stop %d", n);
		}
	}
	cr_expect_eq(r, 0);
	help_remove(stick);
}
