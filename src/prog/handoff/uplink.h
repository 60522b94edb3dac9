/*
 * handoff/uplink.h - the branch's end of the relay: the agent's socket on one
 * side, mutual TLS to head office on the other, frames passed between.
 *
 * It keeps no handoff.  The two connections end together, so that each side
 * learns by its own means that what was begun is gone.
 */
#ifndef PROG_HANDOFF_UPLINK_H
#define PROG_HANDOFF_UPLINK_H

#include <poll.h>

#include "conf/conf.h"
#include "prog/handoff/place.h"
#include "prog/handoff/stream.h"
#include "rpc/client.h"

enum {
	UPLINK_FDS = 2,
	UPLINK_RETRY_MS = 500, /* doubled each time, and half of it chance */
	UPLINK_RETRY_MAX_MS = 30000,
	UPLINK_GIVE_UP_MS = 600000 /* then the name is looked up anew */
};

struct uplink {
	struct rpc_client agent;
	const char *socket;
	json_int_t hello_id; /* 0: said and answered */
	bool known;	     /* the agent has heard of the relay */
	struct stream *relay;
	struct stream_trust trust;
	char host[PLACE_HOST];
	struct addrinfo *places, *next;
	char base[CONF_PATH]; /* "": the relay is not ready */
	const char *own_base; /* "": what the relay says */
	int64_t retry_ms, wait_ms;
	int64_t heard_ms; /* when the relay was ready last */
};

/*
 * Know the relay "host:port" and whom to trust; `u` is zeroed.  Looks up the
 * name: blocks.  uplink_stop() frees it also after an error.  E_CONFIG,
 * E_UNREACHABLE, E_NOMEM.
 */
MUST_USE struct err uplink_start(struct uplink *u, const struct conf *conf,
    struct span cert, struct span key, struct span ca, int64_t now_ms);
void uplink_stop(struct uplink *u);

/* Connect when it is time; what to poll and how long, ms. */
int uplink_watch(
    struct uplink *u, struct pollfd fds[static UPLINK_FDS], int64_t now_ms);
void uplink_run(struct uplink *u, const struct pollfd fds[static UPLINK_FDS],
    int64_t now_ms);
/* Whether to end: the relay has not been there for UPLINK_GIVE_UP_MS. */
bool uplink_tired(const struct uplink *u, int64_t now_ms);

#endif
