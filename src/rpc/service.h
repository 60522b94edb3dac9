/*
 * rpc/service.h - a program that does one thing for the agent (prints, writes
 * to sticks): its connection, made again when lost; SIGTERM and SIGINT, which
 * end it; systemd's watchdog.
 *
 * It works on one request at a time: others wait in the socket meanwhile.
 */
#ifndef RPC_SERVICE_H
#define RPC_SERVICE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

enum { SERVICE_FDS = 2 };

struct service {
	const char *role, *path;
	struct clock clock;
	int sock;     /* -1: not connected */
	int signals;  /* signalfd of SIGTERM, SIGINT */
	bool greeted; /* the agent answered hello */
	bool ending;  /* a signal came */
	int backoff_ms;
	int64_t retry_ms; /* next connect, monotonic */
	int64_t beat_ms;  /* next watchdog ping; 0: none */
	int beat_every_ms;
};

enum service_got {
	SERVICE_NOTHING, /* time, one of the descriptors, or a signal */
	SERVICE_READY,	 /* connected, maybe again: tell how things stand */
	SERVICE_REQUEST
};

/*
 * Take the signals (SIGPIPE is ignored from now on) and tell systemd that we
 * are ready.  `role` is what hello says, `path` the agent's socket; both are
 * borrowed.  Connects only in service_wait().  E_SYS.
 */
MUST_USE struct err service_open(
    struct service *s, const char *role, const char *path);
void service_close(struct service *s);

/*
 * Wait until the agent says something, one of `fds` (NULL: none; -1 in a place
 * not used) can be read, `until_ms` (monotonic; 0: for ever) or a signal; the
 * watchdog is pinged and the agent sought meanwhile.  May return early with
 * SERVICE_NOTHING.  *request is the caller's on SERVICE_REQUEST, else NULL.
 * E_SYS.
 */
MUST_USE struct err service_wait(struct service *s, const int *fds,
    int64_t until_ms, enum service_got *got, json_t **request);

/*
 * Send a frame, when there is a connection: an error is logged and closes it.
 * Takes `body` (NULL: none) and closes `fd` (-1: none).  Blocks 10 s at most.
 */
void service_send(struct service *s, json_t *body, int fd);
/* An event, unless the agent does not listen; takes `params`. */
void service_event(struct service *s, const char *event, json_t *params);

/* Tell the watchdog that work goes on: in long work, more often than it asks.
 */
void service_beat(struct service *s);
/* Milliseconds that never step back. */
int64_t service_now_ms(const struct service *s);

#endif
