/*
 * agent/spawn.h - starting dasi-key.
 */
#ifndef PROG_AGENT_SPAWN_H
#define PROG_AGENT_SPAWN_H

#include <sys/types.h>

#include "base/err.h"

/*
 * Run `program` with nothing but the other end of *sock as descriptor 3, an
 * empty environment, default signals, and stderr for its log.  *sock is ours:
 * non-blocking, close-on-exec.  The caller reaps *pid.  E_SYS.
 */
MUST_USE struct err spawn_key(const char *program, int *sock, pid_t *pid);

#endif
