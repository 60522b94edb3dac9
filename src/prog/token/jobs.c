/*
 * token/jobs.c - the table of jobs, and failures in the contract's words.
 */
#include "prog/token/jobs.h"

#include <string.h>

static struct err
list(struct module *m, struct port *port, struct request *r)
{
	struct failure f = { 0 };
	json_int_t id = r->id;
	struct err e = module_look(m);

	request_free(r);
	if (!err_is(e))
		return port_answer(port, id, module_view(m));
	jobs_failure(&f, e, NULL);
	return failure_send(&f, port, id);
}

/* clang-format off */
static const struct {
	const char	*method;
	struct err	 (*run)(struct module *, struct port *,
			    struct request *);
} jobs[] = {
	{ "token.list",		list },
	{ "token.start",	issue_start },
	{ "token.check",	check_start },
	{ "token.pin",		pin_start },
};
/* clang-format on */

struct err
jobs_run(struct module *m, struct port *port, struct request *r)
{
	json_int_t id = r->id;

	for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++) {
		if (strcmp(r->method, jobs[i].method) == 0)
			return jobs[i].run(m, port, r);
	}
	request_free(r);
	return port_refuse(port, id, "rpc.method", NULL);
}

void
jobs_failure(struct failure *f, struct err e, const struct token *t)
{
	const char *pin;

	if (!err_is(e) || failure_is(f))
		return;
	failure_set(f, token_word(e), e.where);
	if (e.code != E_PASSWORD || t == NULL || t->seen == NULL)
		return;
	pin = seen_pin(t->seen);
	if (strcmp(pin, "locked") == 0)
		(void)str_copy(f->code, sizeof f->code, "token.locked");
	else if (strcmp(pin, "ok") != 0)
		f->left = pin;
}
