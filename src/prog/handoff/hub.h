/*
 * handoff/hub.h - the branches at the relay: owners of handoffs over mutual
 * TLS.  A branch is the CN of its certificate and has one connection; a new
 * one replaces the old.
 */
#ifndef PROG_HANDOFF_HUB_H
#define PROG_HANDOFF_HUB_H

#include <poll.h>

#include "prog/handoff/desk.h"
#include "prog/handoff/revoked.h"
#include "prog/handoff/stream.h"

enum {
	HUB_GREETING = 16, /* connections whose handshake is under way */
	HUB_SLOTS = DESK_OWNERS + HUB_GREETING,
	HUB_FDS = HUB_SLOTS + 1,
	HUB_CODE = 33,	/* a branch's code and a NUL */
	HUB_AT_ONCE = 8 /* frames of one branch before the next has its turn */
};

/* Its place in the table, from 1, is the desk's owner. */
struct hub_slot {
	struct stream *stream; /* NULL: free */
	char branch[HUB_CODE]; /* "": in its handshake */
};

struct hub {
	int listener;
	struct stream_trust trust;
	struct revoked revoked;
	struct desk *desk;
	const char *base; /* what phones open */
	json_int_t last_id;
	struct hub_slot slots[HUB_SLOTS];
};

/*
 * Listen at `at` ("0.0.0.0:9443").  The hub is zeroed, with desk and base set;
 * hub_stop() frees it also after an error.  E_CONFIG, E_SYS, E_NOMEM.
 */
MUST_USE struct err hub_start(struct hub *h, const char *at, struct span cert,
    struct span key, struct span ca);
void hub_stop(struct hub *h);
int hub_port(const struct hub *h);

/* What to poll; the ms that this may take at most, `most` or 0. */
int hub_watch(const struct hub *h, struct pollfd fds[static HUB_FDS], int most);
void hub_run(
    struct hub *h, const struct pollfd fds[static HUB_FDS], int64_t now_ms);

/* Who is here and may not be any more, by what is known now, goes. */
void hub_recheck(struct hub *h, int64_t now_ms);

/* desk_port's ask and tell. */
json_int_t hub_ask(
    struct hub *h, int owner, const char *method, json_t *params);
void hub_tell(struct hub *h, int owner, const char *event, json_t *params);

#endif
