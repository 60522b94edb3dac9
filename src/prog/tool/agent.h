/*
 * prog/tool/agent.h - asking the running agent, role `tool`.
 */
#ifndef TOOL_AGENT_H
#define TOOL_AGENT_H

#include <jansson.h>

#include "base/err.h"

struct tool_agent {
	int fd; /* -1: not connected */
	json_int_t id;
	char refusal[64]; /* what the agent refused the last request with */
};

/*
 * Connect to `socket` and say hello.  E_UNREACHABLE: nobody listens there;
 * E_ROLE: this user may not (role tool of dasi.conf); E_REFUSED: with the word
 * in ->refusal; E_TIMEOUT: no answer within 5 seconds; E_GONE, E_FORMAT,
 * E_SYS.  Blocks.  To be closed in any case.
 */
MUST_USE struct err tool_agent_open(struct tool_agent *a, const char *socket);
void tool_agent_close(struct tool_agent *a);

/* One question; takes `params` (NULL is {}).  *result is the caller's. */
MUST_USE struct err tool_agent_ask(
    struct tool_agent *a, const char *method, json_t *params, json_t **result);

#endif
