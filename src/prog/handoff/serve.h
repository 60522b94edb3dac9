/*
 * handoff/serve.h - the loop.
 */
#ifndef PROG_HANDOFF_SERVE_H
#define PROG_HANDOFF_SERVE_H

#include "base/err.h"
#include "conf/conf.h"

/*
 * Serve phones at handoff.listen for the agent of this machine until SIGTERM
 * or SIGINT.  Says its port as JSON in the first line of stdout.  E_CONFIG,
 * E_SYS, E_NOMEM.
 */
MUST_USE struct err serve_local(const struct conf *conf);

#endif
