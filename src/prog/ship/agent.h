/*
 * ship/agent.h - the source: dasi-agent's socket (src/rpc/README.md, role
 * `ship`).
 */
#ifndef SHIP_AGENT_H
#define SHIP_AGENT_H

#include <jansson.h>

#include "prog/ship/ports.h"
#include "prog/ship/wait.h"

enum { AGENT_ANSWER_MS = 10000 };

struct agent {
	struct waiter *wait;
	const char *path;
	int sock; /* -1: not connected */
	json_int_t id;
};

/* `wait` and `path` are borrowed.  Does not connect. */
struct ship_source agent_source(
    struct agent *a, struct waiter *wait, const char *path);
void agent_close(struct agent *a);

#endif
