/*
 * prog/tool/agent.c - see the header.
 */
#include "prog/tool/agent.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/span.h"
#include "rpc/rpc.h"

enum { PATIENCE_S = 5 };

void
tool_agent_close(struct tool_agent *a)
{
	if (a->fd >= 0)
		close(a->fd);
	a->fd = -1;
}

/*
 * The answer to request a->id; events in between are not for us.  A refusal
 * of nobody's request (id 0) is for the connection as a whole.
 */
static struct err
wait_answer(struct tool_agent *a, json_t **body)
{
	for (;;) {
		struct err e = rpc_recv(a->fd, body, NULL);

		if (err_is(e))
			return e;
		if (rpc_int(*body, "id", -1) == a->id ||
		    rpc_int(*body, "id", -1) == 0)
			return e;
		json_decref(*body);
		*body = NULL;
	}
}

struct err
tool_agent_ask(
    struct tool_agent *a, const char *method, json_t *params, json_t **result)
{
	json_t *request = rpc_request(++a->id, method, params), *body = NULL;
	struct err e = rpc_send(a->fd, request, -1);
	const char *code;

	*result = NULL;
	a->refusal[0] = '\0';
	json_decref(request);
	/* gone already: what it said before is still to be read */
	if (!err_is(e) || e.code == E_GONE)
		e = wait_answer(a, &body);
	if (err_is(e))
		return e;
	*result = json_incref(json_object_get(body, "result"));
	code = rpc_str(json_object_get(body, "error"), "code");
	(void)str_copy(a->refusal, sizeof a->refusal, code);
	if (*result == NULL)
		e = strcmp(code, "rpc.role") == 0
			? err_make(E_ROLE, 0, "tool: role")
			: err_make(E_REFUSED, 0, "tool: refused");
	json_decref(body);
	return e;
}

struct err
tool_agent_open(struct tool_agent *a, const char *socket)
{
	struct timeval patience = { .tv_sec = PATIENCE_S };
	json_t *welcome = NULL;
	struct err e;

	*a = (struct tool_agent){ .fd = -1 };
	e = rpc_connect(&a->fd, socket);
	if (e.sys == EACCES || e.sys == EPERM)
		return err_make(E_ROLE, e.sys, "tool: socket");
	if (err_is(e))
		return e;
	if (setsockopt(a->fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		sizeof patience) != 0 ||
	    setsockopt(a->fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
		sizeof patience) != 0)
		return err_sys("tool: patience");
	e = tool_agent_ask(a, "hello",
	    json_pack("{s:s,s:s}", "role", "tool", "terminal", "dasi"),
	    &welcome);
	json_decref(welcome);
	return e;
}
