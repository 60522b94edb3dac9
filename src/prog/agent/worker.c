/*
 * agent/worker.c - dasi-key children: started for one job, gone with it.
 */
#include <signal.h>
#include <unistd.h>

#include "base/log.h"
#include "prog/agent/core.h"

struct link *
worker_start(struct agent *a, struct ref live)
{
	struct link *l;
	pid_t pid = 0;
	int sock = -1;
	struct err e = a->ports.spawn(a->ports.ctx, &sock, &pid);

	if (err_is(e)) {
		log_err(LOG_ERROR, "key worker", e);
		return NULL;
	}
	if ((l = link_add(a, sock, ROLE_KEY)) == NULL) {
		log_line(LOG_WARNING, "all key workers are busy");
		close(sock);
		return NULL;
	}
	l->pid = pid;
	l->live = live;
	e = a->ports.watch(a->ports.ctx, l);
	if (err_is(e)) {
		l->live = NO_REF;
		link_drop(a, l);
		return NULL;
	}
	return l;
}

void
worker_end(struct agent *a, struct ref key)
{
	struct link *l = link_get(a, key);

	if (l == NULL)
		return;
	l->live = NO_REF; /* expected: nobody is to be told */
	if (l->role == ROLE_TOKEN && !call_waits(a, key))
		return;
	link_drop(a, l); /* its end of file ends the child */
}

static bool
same(struct ref x, struct ref y)
{
	return x.slot == y.slot && x.gen == y.gen;
}

void
worker_lost(struct agent *a, struct live *l, struct ref key)
{
	/* An open rr.start ends by its call; only the issue job may be idle. */
	if (same(l->rr_transfer.key, key))
		transfer_clear(&l->rr_transfer);
	if (same(l->issue_transfer.key, key))
		transfer_clear(&l->issue_transfer);
	if (same(l->issue.key, key) && !l->issue.started)
		issue_key_lost(a, l);
}
