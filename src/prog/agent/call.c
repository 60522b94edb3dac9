/*
 * agent/call.c - requests we sent and what to do with their answers.
 */
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "prog/agent/core.h"

static struct call *
free_call(struct agent *a)
{
	for (int i = 0; i < CALLS_MAX; i++) {
		if (a->calls[i].id == 0)
			return &a->calls[i];
	}
	return NULL;
}

/* Free the slot first: the continuation may make calls of its own. */
static void
complete(struct agent *a, struct call *c, const struct reply *r)
{
	struct call was = *c;

	memset(c, 0, sizeof *c);
	was.done(a, &was.ctx, r);
}

void
call_peer(struct agent *a, struct link *to, const char *method, json_t *params,
    int fd, int timeout_ms, call_done *done, const struct context *ctx)
{
	struct call *c = free_call(a);
	json_int_t id = ++a->next_id;

	if (c == NULL) {
		/* Bounded by lives and links; full means a leak of ours. */
		struct reply none = { .error = "rpc.gone" };
		log_line(LOG_ERROR, "no room for the call %s", method);
		json_decref(params);
		done(a, ctx, &none);
		return;
	}
	*c = (struct call){ .id = id,
		.done = done,
		.ctx = *ctx,
		.deadline_ms = mono_ms(a) + timeout_ms,
		.to = to == NULL ? NO_REF : link_ref(a, to) };
	if (to == NULL) {
		json_decref(params);
		c->lost = true;
	} else if (!link_send(a, to, rpc_request(id, method, params), fd)) {
		/* dropping the link has marked it already, an E_LIMIT has not
		 */
		c->lost = true;
	}
}

void
call_answered(struct agent *a, struct link *from, const json_t *body, int *fd)
{
	json_int_t id = rpc_int(body, "id", 0);
	struct ref r = link_ref(a, from);
	const json_t *error = json_object_get(body, "error");
	struct reply reply = { json_object_get(body, "result"), NULL, error,
		fd };

	if (error != NULL) {
		reply.result = NULL;
		reply.error = rpc_str(error, "code");
		if (reply.error[0] == '\0')
			reply.error = "rpc.params";
	}
	for (int i = 0; i < CALLS_MAX; i++) {
		struct call *c = &a->calls[i];
		if (c->id != 0 && c->id == id && c->to.slot == r.slot &&
		    c->to.gen == r.gen && !c->lost) {
			complete(a, c, &reply);
			return;
		}
	}
	log_line(LOG_NOTICE, "late answer from %s dropped",
	    rpc_role_name(from->role));
}

void
call_link_lost(struct agent *a, struct ref link)
{
	for (int i = 0; i < CALLS_MAX; i++) {
		struct call *c = &a->calls[i];
		if (c->id != 0 && c->to.slot == link.slot &&
		    c->to.gen == link.gen)
			c->lost = true;
	}
}

bool
call_waits(const struct agent *a, struct ref link)
{
	for (int i = 0; i < CALLS_MAX; i++) {
		const struct call *c = &a->calls[i];
		if (c->id != 0 && c->to.slot == link.slot &&
		    c->to.gen == link.gen)
			return true;
	}
	return false;
}

void
call_tick(struct agent *a)
{
	struct reply gone = { .error = "rpc.gone" };
	struct reply silent = { .error = "rpc.timeout" };

	for (int i = 0; i < CALLS_MAX; i++) {
		struct call *c = &a->calls[i];
		if (c->id == 0)
			continue;
		if (c->lost)
			complete(a, c, &gone);
		else if (c->deadline_ms <= mono_ms(a))
			complete(a, c, &silent);
	}
}

int64_t
call_deadline(const struct agent *a)
{
	int64_t first = INT64_MAX;

	for (int i = 0; i < CALLS_MAX; i++) {
		const struct call *c = &a->calls[i];
		int64_t at = c->lost ? 0 : c->deadline_ms;
		if (c->id != 0 && at < first)
			first = at;
	}
	return first;
}
