/*
 * token/server.h - the connection to the agent, made again when it is lost.
 */
#ifndef PROG_TOKEN_SERVER_H
#define PROG_TOKEN_SERVER_H

#include "conf/conf.h"

/* Serve the module of `conf` until SIGTERM or SIGINT.  E_CONFIG when the
 * module cannot be used. */
MUST_USE struct err server_run(const struct conf *conf);

#endif
