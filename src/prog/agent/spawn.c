/*
 * agent/spawn.c - one dasi-key child.
 */
#define _GNU_SOURCE
#include "prog/agent/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHILD_FD = 3 };

/* Ours are close-on-exec, inherited ones may not be; 0 and 1 lead nowhere. */
static int
set_files(posix_spawn_file_actions_t *files, int theirs)
{
	int rc = posix_spawn_file_actions_addopen(
	    files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);

	if (rc == 0)
		rc = posix_spawn_file_actions_addopen(
		    files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(files, theirs, CHILD_FD);
	if (rc == 0)
		rc = posix_spawn_file_actions_addclosefrom_np(
		    files, CHILD_FD + 1);
	return rc;
}

static int
set_signals(posix_spawnattr_t *attr)
{
	sigset_t none, all;
	int rc;

	sigemptyset(&none);
	sigfillset(&all);
	rc = posix_spawnattr_setsigmask(attr, &none);
	if (rc == 0)
		rc = posix_spawnattr_setsigdefault(attr, &all);
	if (rc == 0)
		rc = posix_spawnattr_setflags(
		    attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	return rc;
}

static int
run(const char *program, int theirs, pid_t *pid)
{
	char name[] = "dasi-key", path[] = "PATH=/usr/bin:/bin";
	char *argv[] = { name, NULL }, *env[] = { path, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int rc;

	if ((rc = posix_spawn_file_actions_init(&files)) != 0)
		return rc;
	if ((rc = posix_spawnattr_init(&attr)) != 0) {
		posix_spawn_file_actions_destroy(&files);
		return rc;
	}
	rc = set_files(&files, theirs);
	if (rc == 0)
		rc = set_signals(&attr);
	if (rc == 0)
		rc = posix_spawn(pid, program, &files, &attr, argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return rc;
}

struct err
spawn_key(const char *program, int *sock, pid_t *pid)
{
	int ends[2], rc;

	*sock = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return err_sys("spawn: socketpair");
	rc = fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0
		 ? errno
		 : run(program, ends[1], pid);
	close(ends[1]);
	if (rc != 0) {
		close(ends[0]);
		return err_make(E_SYS, rc, "spawn: dasi-key");
	}
	*sock = ends[0];
	return err_none();
}
