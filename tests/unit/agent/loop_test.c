/*
 * The real loop in a child: listens, serves, refuses a second, ends cleanly.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "prog/agent/loop.h"
#include "prog/agent/spawn.h"
#include "rpc/rpc.h"
#include "world.h"

enum { PATIENCE_MS = 10000 };

static const uint8_t key[SEAL_KEY] = { 1, 2, 3 };

static void
open_branch(void)
{
	world_open();
	world_stop();
	snprintf(w.conf.socket, sizeof w.conf.socket, "%s/s", w.folder);
	strcpy(w.conf.roles[0].name, "kiosk");
	strcpy(w.conf.roles[0].users[0], "@self");
	w.conf.roles[0].user_count = 1;
	w.conf.role_count = 1;
}

TestSuite(loop, .init = open_branch, .fini = world_close);

static pid_t
start(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit((int)loop_run(&w.conf, key).code);
	return pid;
}

static int
connect_patiently(void)
{
	int sock = -1;

	for (int i = 0; i < PATIENCE_MS / 10; i++) {
		if (!err_is(rpc_connect(&sock, w.conf.socket)))
			return sock;
		poll(NULL, 0, 10);
	}
	cr_assert_fail("nobody listens");
	return -1;
}

static json_t *
receive(int sock)
{
	struct pollfd p = { .fd = sock, .events = POLLIN };
	json_t *body = NULL;

	cr_assert_eq(poll(&p, 1, PATIENCE_MS), 1);
	cr_assert_not(err_is(rpc_recv(sock, &body, NULL)));
	return body;
}

static int
end(pid_t pid, int sig)
{
	int status;

	kill(pid, sig);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return status;
}

Test(loop, serves_until_sigterm_and_leaves_a_closed_database)
{
	char path[CONF_PATH + 32];
	struct stat st;
	pid_t pid = start();
	int sock = connect_patiently();
	json_t *hello = rpc_request(1, "hello",
	    json_pack("{s:s,s:s}", "role", "kiosk", "terminal", "K-01"));
	json_t *body;

	cr_assert_eq(stat(w.conf.socket, &st), 0);
	cr_expect_eq(st.st_mode & 0777, 0666);
	cr_assert_not(err_is(rpc_send(sock, hello, -1)));
	json_decref(hello);
	body = receive(sock);
	cr_expect_not_null(json_object_get(body, "result"));
	json_decref(body);
	cr_expect_eq(end(pid, SIGTERM), 0, "a clean end is status 0");
	cr_expect_neq(stat(w.conf.socket, &st), 0, "the socket is gone");
	snprintf(path, sizeof path, "%s/dasi.db-wal", w.conf.state);
	cr_expect_neq(stat(path, &st), 0, "no -wal is left");
	snprintf(path, sizeof path, "%s/dasi.db", w.conf.state);
	cr_expect_eq(stat(path, &st), 0);
	close(sock);
}

/* Not even a slot of the table, which others need. */
Test(loop, who_has_no_role_is_told_so_and_let_go)
{
	json_t *body, *hello;
	pid_t pid;
	int sock;

	strcpy(w.conf.roles[0].users[0], "dasi-nobody-of-that-name");
	pid = start();
	sock = connect_patiently();
	hello = rpc_request(1, "hello", NULL);
	(void)rpc_send(sock, hello, -1).code; /* heard or not */
	json_decref(hello);
	body = receive(sock);
	cr_expect_eq(rpc_int(body, "id", -1), 0);
	cr_expect_str_eq(
	    rpc_str(json_object_get(body, "error"), "code"), "rpc.role");
	json_decref(body);
	cr_expect_eq((int)rpc_recv(sock, &body, NULL).code, E_GONE);
	close(sock);
	cr_expect_eq(end(pid, SIGTERM), 0);
}

Test(loop, a_second_agent_refuses_and_a_killed_one_is_no_obstacle)
{
	pid_t first = start(), second;
	int status;

	close(connect_patiently());
	second = start();
	cr_assert_eq(waitpid(second, &status, 0), second);
	cr_expect_eq(WEXITSTATUS(status), E_EXISTS);
	close(connect_patiently());
	cr_expect(WIFSIGNALED(end(first, SIGKILL)));
	first = start();
	close(connect_patiently());
	cr_expect_eq(end(first, SIGTERM), 0);
}

Test(loop, a_damaged_database_is_refused_and_left_alone)
{
	char path[CONF_PATH + 32], got[8];
	int fd, status;
	pid_t pid;

	snprintf(path, sizeof path, "%s/dasi.db", w.conf.state);
	fd = open(path, O_WRONLY | O_TRUNC);
	cr_assert_eq(write(fd, "ruined!", 8), 8);
	close(fd);
	pid = start();
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_expect_eq(WEXITSTATUS(status), E_CORRUPT);
	fd = open(path, O_RDONLY);
	cr_expect_eq(read(fd, got, sizeof got), 8);
	cr_expect_str_eq(got, "ruined!");
	close(fd);
}

/* The child shows what it was given: its descriptors and its environment. */
Test(loop, a_worker_gets_one_socket_and_an_empty_environment)
{
	static const char script[] = "#!/bin/sh\n"
				     "[ -S /proc/self/fd/3 ] || exit 1\n"
				     "[ ! -e /proc/self/fd/20 ] || exit 2\n"
				     "[ -z \"$DASI_TEST_LEAK\" ] || exit 4\n"
				     "exit 0\n";
	char path[CONF_PATH + 32];
	int sock, status, fd;
	pid_t pid;

	setenv("DASI_TEST_LEAK", "1", 1);
	cr_assert_eq(dup2(STDERR_FILENO, 20), 20);
	snprintf(path, sizeof path, "%s/worker", w.folder);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
	cr_assert_eq(
	    write(fd, script, sizeof script - 1), (ssize_t)sizeof script - 1);
	close(fd);
	struct err e = spawn_key(path, &sock, &pid);
	cr_assert_not(err_is(e));
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_expect_eq(status, 0, "status %d", WEXITSTATUS(status));
	cr_expect(fcntl(sock, F_GETFL) & O_NONBLOCK);
	cr_expect(fcntl(sock, F_GETFD) & FD_CLOEXEC);
	close(sock);
	e = spawn_key("/nonexistent/dasi-key", &sock, &pid);
	cr_expect_eq(e.code, E_SYS);
}
