/*
 * print/lp.c - one child process.
 */
#define _GNU_SOURCE
#include "prog/print/lp.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum { LP_MS = 20000, LOOK_MS = 20 };

extern char **environ;

/* Its own standard input; what it says is not ours to keep. */
static struct err
spawn(pid_t *pid, const char *queue, const char *title, int fd)
{
	char *const argv[] = { (char *)(uintptr_t) "lp",
		(char *)(uintptr_t) "-d", (char *)(uintptr_t)queue,
		(char *)(uintptr_t) "-t", (char *)(uintptr_t)title,
		(char *)(uintptr_t) "-s", NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, pipe;
	int failure;

	sigemptyset(&none);
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	if (posix_spawn_file_actions_init(&actions) != 0)
		return err_make(E_NOMEM, 0, "lp: spawn");
	if (posix_spawnattr_init(&attr) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return err_make(E_NOMEM, 0, "lp: spawn");
	}
	failure = posix_spawn_file_actions_adddup2(&actions, fd, 0);
	if (failure == 0)
		failure = posix_spawn_file_actions_addopen(
		    &actions, 1, "/dev/null", O_WRONLY, 0);
	/* what the loop blocks and ignores must not be the child's */
	if (failure == 0)
		failure = posix_spawnattr_setsigmask(&attr, &none);
	if (failure == 0)
		failure = posix_spawnattr_setsigdefault(&attr, &pipe);
	if (failure == 0)
		failure = posix_spawnattr_setflags(
		    &attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	if (failure == 0)
		failure = posix_spawnp(
		    pid, "lp", &actions, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return failure == 0 ? err_none()
			    : err_make(E_SYS, failure, "lp: spawn");
}

struct err
lp_print(const char *queue, const char *title, int fd)
{
	const struct timespec pause = { 0, LOOK_MS * 1000000L };
	struct clock clock = clock_system();
	int64_t until = clock.mono_ms(clock.ctx) + LP_MS;
	int status = 0;
	pid_t pid = -1, got;
	struct err e;

	if (lseek(fd, 0, SEEK_SET) != 0)
		return err_sys("lp: rewind");
	e = spawn(&pid, queue, title, fd);
	if (err_is(e))
		return e;
	while ((got = waitpid(pid, &status, WNOHANG)) == 0 &&
	       clock.mono_ms(clock.ctx) < until)
		(void)nanosleep(&pause, NULL);
	if (got == 0) {
		(void)kill(pid, SIGKILL);
		(void)waitpid(pid, &status, 0);
		return err_make(E_TIMEOUT, 0, "lp: wait");
	}
	if (got < 0)
		return err_sys("lp: wait");
	return WIFEXITED(status) && WEXITSTATUS(status) == 0
		   ? err_none()
		   : err_make(E_REFUSED, 0, "lp: refused");
}
