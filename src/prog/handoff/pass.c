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

static bool
one_of(const char *word, const char *const *words)
{
	while (*words != NULL && strcmp(word, *words) != 0)
		words++;
	return *words != NULL;
}

bool
pass_up(const json_t *body)
{
	static const char *const methods[] = { "handoff.open",
		"handoff.deliver", "handoff.close", NULL };

	return pass_answer(body) || one_of(rpc_str(body, "method"), methods);
}

bool
pass_down(const json_t *body)
{
	static const char *const methods[] = { "handoff.claim", "handoff.ack",
		NULL };

	return pass_answer(body) || one_of(rpc_str(body, "method"), methods) ||
	       strcmp(rpc_str(body, "event"), "handoff.changed") == 0;
}
