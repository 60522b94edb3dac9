/*
 * bench/start.c - from starting a program to its first answer.
 */
#define _GNU_SOURCE
#include "bench.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "rpc/rpc.h"

enum { LIMIT_MS = 20000, KEY_FD = 3 };

/* A program with its output thrown away; fd 3 is `fd` when that is not -1. */
static pid_t
spawn(char *const argv[], int fd)
{
	pid_t pid = fork();
	int null;

	if (pid != 0)
		return pid;
	null = open("/dev/null", O_RDWR);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	if (fd == KEY_FD)
		fcntl(fd, F_SETFD, 0);
	else if (fd >= 0)
		dup2(fd, KEY_FD);
	execvp(argv[0], argv);
	_exit(127);
}

static bool
finish(pid_t pid)
{
	int status;

	kill(pid, SIGTERM);
	return waitpid(pid, &status, 0) == pid;
}

/* Ask and wait for the result. */
static bool
asked(int sock, const char *method, json_t *params)
{
	struct pollfd p = { sock, POLLIN, 0 };
	json_t *request = rpc_request(1, method, params), *answer = NULL;
	bool good = !err_is(rpc_send(sock, request, -1)) &&
		    poll(&p, 1, LIMIT_MS) == 1 &&
		    !err_is(rpc_recv(sock, &answer, NULL)) &&
		    json_object_get(answer, "result") != NULL;

	json_decref(request);
	json_decref(answer);
	return good;
}

/* Try until somebody listens. */
static int
connect_soon(const char *path)
{
	double until = bench_now_us() + LIMIT_MS * 1e3;
	int sock = -1;

	while (err_is(rpc_connect(&sock, path))) {
		struct timespec nap = { 0, 100000 };
		if (bench_now_us() > until)
			return -1;
		nanosleep(&nap, NULL);
	}
	return sock;
}

/* VmRSS of a process. */
static long
rss_of(pid_t pid)
{
	char path[64], line[256];
	long kib = -1;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	f = fopen(path, "re");
	while (f != NULL && kib < 0 && fgets(line, sizeof line, f) != NULL)
		if (sscanf(line, "VmRSS: %ld", &kib) != 1)
			kib = -1;
	if (f != NULL)
		fclose(f);
	return kib;
}

bool
agent_bench_make(
    struct agent_bench *b, const char *bin, const char *dir, const char *name)
{
	snprintf(b->program, sizeof b->program, "%s/dasi-agent", bin);
	snprintf(b->conf, sizeof b->conf, "%s/%s.conf", dir, name);
	return (size_t)snprintf(b->socket, sizeof b->socket, "%s/%s.sock", dir,
		   name) < sizeof b->socket;
}

bool
agent_bench_run(struct agent_bench *b)
{
	static char option[] = "--config";
	char *const argv[] = { b->program, option, b->conf, NULL };
	double from = bench_now_us();
	pid_t pid = spawn(argv, -1);
	int sock = connect_soon(b->socket);
	bool good = sock >= 0 && asked(sock, "hello",
				     json_pack("{s:s, s:s}", "role", "kiosk",
					 "terminal", "K-01"));

	b->took_us = bench_now_us() - from;
	b->rss_kib = rss_of(pid);
	if (sock >= 0)
		close(sock);
	return finish(pid) && good;
}

/* A shell tool that opens a database of the same kind and answers. */
static bool
start_sqlite(void *ctx)
{
	static char program[] = "sqlite3",
		    sql[] = "PRAGMA locking_mode=EXCLUSIVE;"
			    "PRAGMA journal_mode=WAL;"
			    "CREATE TABLE IF NOT EXISTS t(x);"
			    "SELECT count(*) FROM t";
	char *const argv[] = { program, ctx, sql, NULL };
	pid_t pid = spawn(argv, -1);
	int status;

	return waitpid(pid, &status, 0) == pid && status == 0;
}

static bool
agent(const char *bin, const char *dir)
{
	static struct agent_bench b;
	char file[4096];
	double took[BENCH_RUNS], theirs;

	if (!agent_bench_make(&b, bin, dir, "agent"))
		return false;
	snprintf(file, sizeof file, "%s/other.db", dir);
	for (int i = 0; i < BENCH_RUNS; i++) {
		if (!agent_bench_run(&b))
			return false;
		took[i] = b.took_us;
	}
	theirs = bench_time(BENCH_RUNS, start_sqlite, file);
	bench_row("agent start to answer", bench_median(took, BENCH_RUNS) / 1e3,
	    "ms", "sqlite3 opening such a file", theirs / 1e3);
	return theirs > 0;
}

/* A jailed dasi-key up to its key pair. */
static bool
make_jailed_pair(void *ctx)
{
	char *const argv[] = { ctx, NULL };
	int ends[2];
	pid_t pid;
	bool good;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return false;
	pid = spawn(argv, ends[1]);
	close(ends[1]);
	good = asked(
	    ends[0], "issue.prepare", json_pack("{s:i}", "bits", 2048));
	close(ends[0]);
	return finish(pid) && good;
}

bool
bench_start(const char *bin, const char *dir)
{
	char program[4096];
	double ours, bare;
	bool good = agent(bin, dir);

	snprintf(program, sizeof program, "%s/dasi-key", bin);
	ours = bench_time(BENCH_PAIRS, make_jailed_pair, program);
	bare = bench_bare_pair_us();
	bench_row("jailed key pair, from start", ours / 1e3, "ms",
	    "bare RSA-2048 pair", bare / 1e3);
	return good && ours > 0 && bare > 0;
}
