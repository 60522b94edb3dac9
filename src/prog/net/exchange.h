/*
 * net/exchange.h - what dasi-net does for the agent: one method, one exchange
 * with one peer, one answer.  Runs in a child of its own.
 */
#ifndef PROG_NET_EXCHANGE_H
#define PROG_NET_EXCHANGE_H

#include <jansson.h>
#include <stdbool.h>

#include "conf/conf.h"

enum { EXCHANGE_PROBE_MS = 2000 };

/* True for a method of the contract (rpc/README.md, "agent -> net"). */
bool exchange_known(const char *method);

/*
 * Carry out a request frame and build the whole answer frame, result or error;
 * the caller's.  NULL only when memory is short.  Events go to `sock`.  Blocks
 * up to exchange_limit_ms().
 */
json_t *exchange_run(const struct conf *conf, int sock, const json_t *request);

/* How long a request may take, milliseconds. */
int exchange_limit_ms(const struct conf *conf, const json_t *request);

/* The answer of a child that died or ran out of time. */
json_t *exchange_lost(json_int_t id, const char *method, bool late);

#endif
