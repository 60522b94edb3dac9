/*
 * rpc/rpc.h - one JSON object per SOCK_SEQPACKET datagram, maybe with one
 * file descriptor.  The catalogue of messages is in rpc/README.md.
 *
 * Frames may carry personal data: they are wiped from the buffers here, and
 * the programs that use this link a heap that wipes what it frees.
 */
#ifndef RPC_RPC_H
#define RPC_RPC_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/span.h"

enum { RPC_MAX = 64 * 1024 };

/*
 * Whether memory ran out under JSON that this thread made since it asked last.
 * What was made then may have gaps, for nobody looks at every
 * json_object_set_new: it must not be kept or believed.
 */
bool rpc_json_gap(void);

/*
 * Send `body` (borrowed) and, when `fd` >= 0, that descriptor (stays open
 * here).  E_LIMIT above RPC_MAX, E_NOMEM also when `body` may have gaps,
 * E_GONE when the peer has closed, E_FULL when the socket is non-blocking and
 * its queue is full, E_SYS.
 */
MUST_USE struct err rpc_send(int sock, const json_t *body, int fd);

/*
 * Receive one frame.  *body is the caller's (json_decref); *fd is a received
 * descriptor (close-on-exec) or -1, also the caller's.  Pass fd NULL to refuse
 * descriptors (they are closed).  E_GONE at end of stream, E_TIMEOUT when the
 * socket is non-blocking and nothing waits, E_LIMIT / E_FORMAT for a frame
 * that is too large or no JSON object (the frame is consumed), E_SYS.
 */
MUST_USE struct err rpc_recv(int sock, json_t **body, int *fd);

/* Connect to the agent.  E_UNREACHABLE when nobody listens.  Close-on-exec. */
MUST_USE struct err rpc_connect(int *sock, const char *path);

/*
 * Listen at `path` with `mode`; a stale socket file is replaced, a live one is
 * E_EXISTS.
 */
MUST_USE struct err rpc_listen(int *sock, const char *path, mode_t mode);

/* New objects, the caller's.  `params` and `result` are stolen; NULL is {}. */
json_t *rpc_request(json_int_t id, const char *method, json_t *params);
json_t *rpc_result(json_int_t id, json_t *result);
json_t *rpc_error(json_int_t id, const char *code);
json_t *rpc_event(const char *event, json_t *params);

/* Reading, all borrowed and forgiving: "" / `otherwise` when absent or of
 * another type. */
const char *rpc_str(const json_t *o, const char *key);
json_int_t rpc_int(const json_t *o, const char *key, json_int_t otherwise);
bool rpc_bool(const json_t *o, const char *key);

/* Bytes as base64 members. */
json_t *rpc_bytes(struct span data); /* a JSON string, the caller's */
/* E_ARG when absent or no string, E_FORMAT, E_LIMIT. */
MUST_USE struct err rpc_get_bytes(
    struct buf *out, const json_t *o, const char *key);

#endif
