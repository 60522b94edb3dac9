/*
 * handoff/serve.h - the loops of the three placements, until SIGTERM or
 * SIGINT: one poll(2) each.
 */
#ifndef PROG_HANDOFF_SERVE_H
#define PROG_HANDOFF_SERVE_H

#include "base/err.h"
#include "conf/conf.h"

/*
 * Phones at handoff.listen, for the agent of this machine.  Says port and base
 * as JSON in the first line of stdout.  E_CONFIG, E_SYS, E_NOMEM.
 */
MUST_USE struct err serve_local(const struct conf *conf);

/*
 * Phones at relay.listen, for the branches at relay.branches; `conf` is from
 * conf_load_relay().  Says both ports.  E_CONFIG, E_SYS, E_NOMEM.
 */
MUST_USE struct err serve_relay(const struct conf *conf);

/*
 * Nobody here: the agent's messages to the relay at handoff.relay and back.
 * Listens nowhere.  E_CONFIG, E_UNREACHABLE (also when the relay was away for
 * ten minutes: to be started again), E_SYS, E_NOMEM.
 */
MUST_USE struct err serve_branch(const struct conf *conf);

#endif
