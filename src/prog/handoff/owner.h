/*
 * handoff/owner.h - the agent as the owner of handoffs, over its socket.
 */
#ifndef PROG_HANDOFF_OWNER_H
#define PROG_HANDOFF_OWNER_H

#include "prog/handoff/desk.h"
#include "rpc/client.h"

struct owner {
	struct rpc_client client;
	const char *socket, *base, *placement;
	json_int_t hello_id;
	struct desk *desk;
};

enum { OWNER_AGENT = 1 };

void owner_init(struct owner *o, const char *socket, const char *base,
    const char *placement, struct desk *desk);
/* Connect when it is time; -1 or the socket to watch. */
int owner_fd(struct owner *o, int64_t now_ms);
/* Read and serve one frame. */
void owner_read(struct owner *o, int64_t now_ms);
/* desk_port's ask and tell. */
json_int_t owner_ask(struct owner *o, const char *method, json_t *params);
void owner_tell(struct owner *o, const char *event, json_t *params);

#endif
