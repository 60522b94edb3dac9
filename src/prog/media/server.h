/*
 * media/server.h - the loop: the agent's requests in, events out.
 */
#ifndef MEDIA_SERVER_H
#define MEDIA_SERVER_H

#include "conf/conf.h"
#include "prog/media/watch.h"
#include "rpc/service.h"

struct server {
	struct service agent;
	struct watch *watch;
	int64_t look_ms;	    /* next look; 0: nothing new */
	struct stick_status status; /* as last told */
};

/*
 * Serve until SIGTERM or SIGINT; reconnects to the agent by itself.  `watch`
 * is borrowed.  E_SYS when the loop cannot go on.
 */
MUST_USE struct err server_run(const struct conf *conf, struct watch *watch);

/* Look at the sticks and tell what changed; `always` even when nothing did. */
void server_look(struct server *s, bool always);

/* methods.c: answer one request of the agent; the caller's object. */
json_t *method_answer(struct server *s, const json_t *request);

#endif
