/*
 * print/server.h - the loop: the agent's requests in, the printer's state out.
 */
#ifndef PRINT_SERVER_H
#define PRINT_SERVER_H

#include "conf/conf.h"

enum { SERVER_LOOK_MS = 3000 };

/*
 * Serve until SIGTERM or SIGINT; reconnects to the agent by itself.  One job
 * at a time: the printer has one roll of paper.  E_CONFIG, E_SYS.
 */
MUST_USE struct err server_run(const struct conf *conf);

#endif
