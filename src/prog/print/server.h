/*
 * print/server.h - the loop: the agent's requests in, the printer's state out.
 */
#ifndef PRINT_SERVER_H
#define PRINT_SERVER_H

#include "base/clock.h"
#include "prog/print/job.h"

enum { SERVER_LOOK_MS = 3000 };

struct server {
	struct printer printer;
	struct clock clock;
	int sock;     /* -1: not connected */
	int signals;  /* signalfd of SIGTERM, SIGINT */
	bool greeted; /* the agent answered hello */
	bool ending;
	int backoff_ms;
	int64_t retry_ms; /* next connect, monotonic */
	int64_t look_ms;  /* next look at the printer */
	int64_t beat_ms;  /* next watchdog ping; 0: none */
	int beat_every_ms;
	const char *state; /* as last told; "" before */
};

/*
 * Serve until SIGTERM or SIGINT; reconnects to the agent by itself.  One job
 * at a time: the printer has one roll of paper.  E_CONFIG, E_SYS.
 */
MUST_USE struct err server_run(const struct conf *conf);

#endif
