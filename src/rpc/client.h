/*
 * rpc/client.h - a terminal's connection to the agent: made again when lost,
 * requests out, frames in.
 *
 * What the answers mean is the program's business: it keeps the ids it waits
 * for.  Nothing here blocks for long.
 */
#ifndef RPC_CLIENT_H
#define RPC_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum { CLIENT_RETRY_MS = 1000 };

struct rpc_client {
	int sock; /* -1: not connected */
	json_int_t last_id;
	int64_t retry_ms; /* when to connect again, monotonic */
};

enum client_got {
	CLIENT_NOTHING, /* no whole frame, or one that was no message */
	CLIENT_FRAME,
	CLIENT_LOST /* the agent is gone; the client is dropped */
};

void client_init(struct rpc_client *c);

/*
 * Connect to the socket at `path` when there is no connection and it is time
 * to try.  True when one was made now: then say hello.
 */
bool client_connect(struct rpc_client *c, const char *path, int64_t now_ms);

/*
 * Send a request; takes `params` (NULL is {}), borrows `fd` (-1: none).  Its
 * id, never used before on this client; 0 when it could not be sent.
 */
json_int_t client_send(
    struct rpc_client *c, const char *method, json_t *params, int fd);

/*
 * One frame.  On CLIENT_FRAME *body is the caller's, and so is *fd when `fd`
 * is not NULL (-1: none came).  With `fd` NULL descriptors are refused.
 */
enum client_got client_read(
    struct rpc_client *c, json_t **body, int *fd, int64_t now_ms);

/* Close; connecting is tried again CLIENT_RETRY_MS after now_ms. */
void client_drop(struct rpc_client *c, int64_t now_ms);

#endif
