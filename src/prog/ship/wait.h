/*
 * ship/wait.h - waiting for a descriptor, for time, or for the end.
 *
 * SIGTERM and SIGINT arrive here and nowhere else, so that every wait of the
 * program is over at once when it is asked to end.
 */
#ifndef SHIP_WAIT_H
#define SHIP_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

struct waiter {
	struct clock clock;
	int signals; /* signalfd */
	bool ended;
};

/* E_SYS.  The caller closes. */
MUST_USE struct err waiter_open(struct waiter *w);
void waiter_close(struct waiter *w);

/*
 * Wait until `fd` is ready for `events` of poll(2); fd -1: for time alone.
 * E_TIMEOUT at `until_ms` of the clock, E_CANCELLED when the end is asked for.
 */
MUST_USE struct err waiter_wait(
    struct waiter *w, int fd, short events, int64_t until_ms);

/* The time `ms` from now. */
int64_t waiter_after(const struct waiter *w, int64_t ms);

#endif
