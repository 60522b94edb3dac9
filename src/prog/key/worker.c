/*
 * key/worker.c - the table of jobs.
 */
#include "prog/key/worker.h"

#include <string.h>

#include "base/secret.h"
#include "prog/key/check.h"
#include "prog/key/issue.h"
#include "enrol/port.h"
#include "prog/key/rr.h"
#include "rpc/rpc.h"

struct worker {
	struct port port;
	struct issue *issue; /* made by the first issue.* request */
	bool ended;
};

static struct err
with_issue(struct worker *w, struct request *r,
    struct err (*f)(struct issue *, struct request *))
{
	if (w->issue == NULL && (w->issue = issue_new(&w->port)) == NULL)
		return err_make(E_NOMEM, 0, "worker: job");
	return f(w->issue, r);
}

static struct err
on_prepare(struct worker *w, struct request *r)
{
	return with_issue(w, r, issue_prepare);
}

static struct err
on_start(struct worker *w, struct request *r)
{
	w->ended = true;
	return with_issue(w, r, issue_start);
}

static struct err
on_rr(struct worker *w, struct request *r)
{
	w->ended = true;
	return rr_start(&w->port, r);
}

static struct err
on_check(struct worker *w, struct request *r)
{
	w->ended = true;
	return check_start(&w->port, r);
}

static struct err
on_passwd(struct worker *w, struct request *r)
{
	w->ended = true;
	return passwd_start(&w->port, r);
}

/* clang-format off */
static const struct {
	const char	*method;
	bool		 during_issue;
	struct err	 (*run)(struct worker *, struct request *);
} jobs[] = {
	{ "issue.prepare",	true,	on_prepare },
	{ "issue.start",	true,	on_start },
	{ "rr.start",		false,	on_rr },
	{ "check.start",	false,	on_check },
	{ "passwd.start",	false,	on_passwd },
};
/* clang-format on */

static struct err
dispatch(struct worker *w, struct request *r)
{
	for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++) {
		if (strcmp(r->method, jobs[i].method) != 0)
			continue;
		if (w->issue != NULL && !jobs[i].during_issue)
			return port_refuse(&w->port, r->id, "rpc.state", NULL);
		return jobs[i].run(w, r);
	}
	return port_refuse(&w->port, r->id, "rpc.method", NULL);
}

struct err
worker_run(int sock)
{
	struct worker w = { .port = { .sock = sock } };
	struct err e = err_none();

	while (!w.ended && !err_is(e)) {
		struct request r;

		e = port_next(&w.port, &r, PORT_NO_LIMIT);
		if (err_is(e))
			break;
		e = dispatch(&w, &r);
		request_free(&r);
	}
	issue_free(w.issue);
	/* the agent may end a job at any time by closing its end */
	return e.code == E_GONE ? err_none() : e;
}

void
worker_give_up(int sock, const char *code)
{
	json_t *event = rpc_event(
	    "key.failed", json_pack("{s:s}", "code", code));

	if (event != NULL && err_is(rpc_send(sock, event, -1)))
		secret_wipe_stack(); /* the agent sees the end anyway */
	json_decref(event);
}
