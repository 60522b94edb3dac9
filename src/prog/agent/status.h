/*
 * agent/status.h - what the agent tells `dasi doctor` of itself.
 */
#ifndef PROG_AGENT_STATUS_H
#define PROG_AGENT_STATUS_H

#include <jansson.h>

struct agent;

/*
 * The answer to status.get, as src/rpc/README.md lists it; the caller's.
 * Nothing personal is in it.  What cannot be read is null.
 */
json_t *agent_status(struct agent *a);

#endif
