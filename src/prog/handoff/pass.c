/*
 * handoff/pass.c - the short lists.
 */
#include "prog/handoff/pass.h"

#include <string.h>

#include "rpc/rpc.h"

bool
pass_answer(const json_t *body)
{
	return !json_is_string(json_object_get(body, "method")) &&
	       !json_is_string(json_object_get(body, "event")) &&
	       rpc_int(body, "id", 0) > 0 &&
	       (json_is_object(json_object_get(body, "result")) ||
		   json_is_object(json_object_get(body, "error")));
}

/* A whole request for one of `methods`. */
static bool
is_request(const json_t *body, const char *const *methods)
{
	const char *method = rpc_str(body, "method");

	while (*methods != NULL && strcmp(method, *methods) != 0)
		methods++;
	return *methods != NULL && rpc_int(body, "id", 0) > 0;
}

bool
pass_up(const json_t *body)
{
	static const char *const methods[] = { "handoff.open",
		"handoff.deliver", "handoff.close", NULL };

	return pass_answer(body) || is_request(body, methods);
}

bool
pass_down(const json_t *body)
{
	static const char *const methods[] = { "handoff.claim", "handoff.ack",
		NULL };

	return pass_answer(body) || is_request(body, methods) ||
	       (json_object_get(body, "method") == NULL &&
		   strcmp(rpc_str(body, "event"), "handoff.changed") == 0);
}
