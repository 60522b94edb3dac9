/*
 * net/children.c - fork, watch, reap.
 */
#include "prog/net/children.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "prog/net/exchange.h"
#include "rpc/rpc.h"

enum { CHILD_ANSWERED = 0, CHILD_FAILED = 1 };

static int64_t
now_ms(void)
{
	struct clock c = clock_system();

	return c.mono_ms(c.ctx);
}

/* The child's whole life.  Its answer leaves before it ends. */
static int
child_main(const struct conf *conf, int sock, const json_t *request)
{
	json_t *frame = exchange_run(conf, sock, request);
	struct err e;

	if (frame == NULL)
		return CHILD_FAILED;
	e = rpc_send(sock, frame, -1);
	json_decref(frame);
	/* too large for a frame: the parent says so in its place */
	return err_is(e) ? CHILD_FAILED : CHILD_ANSWERED;
}

static struct child *
free_place(struct children *c)
{
	for (size_t i = 0; i < CHILDREN_MAX; i++)
		if (c->list[i].pid == 0)
			return &c->list[i];
	return NULL;
}

struct err
children_start(struct children *c, const struct conf *conf, int sock,
    const json_t *request, const sigset_t *mask)
{
	struct child *place = free_place(c);
	pid_t parent = getpid(), pid;

	if (place == NULL)
		return err_make(E_FULL, 0, "net: children");
	if ((pid = fork()) < 0)
		return err_sys("net: fork");
	if (pid == 0) {
		(void)sigprocmask(SIG_UNBLOCK, mask, NULL);
		/* never outlive the parent, which answers for us */
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
		    getppid() != parent)
			_exit(CHILD_FAILED);
		_exit(child_main(conf, sock, request));
	}
	*place = (struct child){ .pid = pid,
		.id = rpc_int(request, "id", 0),
		.deadline_ms = now_ms() + exchange_limit_ms(conf, request) +
			       CHILDREN_GRACE_MS };
	(void)str_copy(
	    place->method, sizeof place->method, rpc_str(request, "method"));
	c->count++;
	return err_none();
}

static void
answer_for(const struct child *k, int sock)
{
	json_t *frame = exchange_lost(k->id, k->method, k->late);
	struct err e;

	log_line(LOG_WARNING, "%s: the child %s", k->method,
	    k->late ? "ran out of time" : "died");
	if (frame == NULL || sock < 0)
		return;
	e = rpc_send(sock, frame, -1);
	if (err_is(e))
		log_err(LOG_WARNING, "answer", e);
	json_decref(frame);
}

static struct child *
find(struct children *c, pid_t pid)
{
	for (size_t i = 0; i < CHILDREN_MAX; i++)
		if (c->list[i].pid == pid)
			return &c->list[i];
	return NULL;
}

void
children_reap(struct children *c, int sock)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		struct child *k = find(c, pid);

		if (k == NULL)
			continue;
		if (!WIFEXITED(status) || WEXITSTATUS(status) != CHILD_ANSWERED)
			answer_for(k, sock);
		memset(k, 0, sizeof *k);
		c->count--;
	}
}

int
children_expire(struct children *c)
{
	int64_t now = now_ms(), next = INT64_MAX;

	for (size_t i = 0; i < CHILDREN_MAX; i++) {
		struct child *k = &c->list[i];

		if (k->pid == 0 || k->late)
			continue;
		if (k->deadline_ms <= now) {
			k->late = true;
			kill(k->pid, SIGKILL);
		} else if (k->deadline_ms < next) {
			next = k->deadline_ms;
		}
	}
	if (next == INT64_MAX)
		return -1;
	return next - now > INT_MAX ? INT_MAX : (int)(next - now);
}

void
children_end(struct children *c)
{
	for (size_t i = 0; i < CHILDREN_MAX; i++)
		if (c->list[i].pid != 0)
			kill(c->list[i].pid, SIGKILL);
	for (size_t i = 0; i < CHILDREN_MAX; i++)
		if (c->list[i].pid != 0)
			while (waitpid(c->list[i].pid, NULL, 0) < 0 &&
			       errno == EINTR)
				;
	memset(c, 0, sizeof *c);
}
