/*
 * key/worker.h - one job, from the first request to its answer.
 */
#ifndef PROG_KEY_WORKER_H
#define PROG_KEY_WORKER_H

#include "base/err.h"

/*
 * Touch everything that OpenSSL, jansson and the C library load, open or seed
 * on first use, so that nothing has to be opened later.  E_CRYPTO.
 */
MUST_USE struct err worker_warm_up(void);

/*
 * Serve one job on the socketpair `sock`; returns when it is answered or the
 * agent has gone (no error).  Blocks.
 */
MUST_USE struct err worker_run(int sock);

/* Tell the agent that there will be no job here: event `key.failed` {code}. */
void worker_give_up(int sock, const char *code);

#endif
