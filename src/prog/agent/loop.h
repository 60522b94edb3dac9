/*
 * agent/loop.h - the agent on sd-event: sockets, one timer, signals, children.
 */
#ifndef PROG_AGENT_LOOP_H
#define PROG_AGENT_LOOP_H

#include "audit/seal.h"
#include "base/err.h"
#include "conf/conf.h"

/*
 * Serve until SIGTERM or SIGINT, then close everything.  Says READY to the
 * service manager and keeps its watchdog quiet.  A sentence on stderr says
 * what to do about E_EXISTS, E_CORRUPT, E_MISMATCH and the like.
 */
MUST_USE struct err loop_run(
    const struct conf *conf, const uint8_t device_key[static SEAL_KEY]);

#endif
