/*
 * media/server.h - the loop: the agent's requests in, events out.
 */
#ifndef MEDIA_SERVER_H
#define MEDIA_SERVER_H

#include <jansson.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "prog/media/watch.h"

struct server {
	const struct conf *conf;
	struct watch *watch;
	struct clock clock;
	int sock;     /* -1: not connected */
	int signals;  /* signalfd of SIGTERM, SIGINT */
	bool greeted; /* the agent answered hello */
	bool ending;
	int64_t retry_ms; /* next connect, monotonic */
	int backoff_ms;
	int64_t look_ms; /* next look; 0: nothing new */
	int64_t beat_ms; /* next watchdog ping; 0: none */
	int beat_every_ms;
	struct stick_status status; /* as last told */
};

/*
 * Serve until SIGTERM or SIGINT; reconnects to the agent by itself.  `watch`
 * is borrowed.  E_SYS when the loop cannot go on.
 */
MUST_USE struct err server_run(const struct conf *conf, struct watch *watch);

/* Tell the agent, when it listens; errors close the connection. */
void server_event(struct server *s, const char *event, json_t *params);
/* Look at the sticks and tell what changed; `always` even when nothing did. */
void server_look(struct server *s, bool always);
/* Tell the watchdog that work goes on. */
void server_beat(struct server *s);

/* methods.c: answer one request of the agent; the caller's object. */
json_t *method_answer(struct server *s, const json_t *request);

#endif
