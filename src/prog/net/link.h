/*
 * net/link.h - the connection to the agent: found, lost, found again.
 */
#ifndef PROG_NET_LINK_H
#define PROG_NET_LINK_H

#include "base/err.h"
#include "conf/conf.h"

enum { LINK_WAIT_MIN_MS = 100, LINK_WAIT_MAX_MS = 5000 };

/*
 * Serve the agent until SIGTERM or SIGINT: connect (again and again, waiting
 * 0.1 to 5 s), say hello, fork a child per request.  E_SYS when the process
 * cannot go on.  Blocks.
 */
MUST_USE struct err link_serve(const struct conf *conf);

#endif
