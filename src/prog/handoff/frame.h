/*
 * handoff/frame.h - JSON objects on a stream of bytes, between the relay and
 * the branches: four bytes of length, most significant first, then so many
 * bytes of one object.
 */
#ifndef PROG_HANDOFF_FRAME_H
#define PROG_HANDOFF_FRAME_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rpc/rpc.h"

enum { FRAME_HEAD = 4, FRAME_MAX = RPC_MAX, FRAME_ROOM = FRAME_HEAD + RPC_MAX };

/* What has come and was not taken yet; all zero at the start. */
struct frame_in {
	size_t n;
	uint8_t bytes[FRAME_ROOM];
};

enum frame_got { FRAME_NONE, FRAME_BODY, FRAME_BAD };

/* Append `body` (borrowed) to out[*n..cap); false when it does not fit. */
bool frame_put(uint8_t *out, size_t cap, size_t *n, const json_t *body);

/* Where the next bytes go, *room of them: at least one after FRAME_NONE. */
uint8_t *frame_space(struct frame_in *f, size_t *room);

/*
 * The first whole frame: FRAME_BODY and *body is the caller's.  FRAME_BAD: an
 * empty one, one above FRAME_MAX or no object; the stream is lost then.
 */
enum frame_got frame_take(struct frame_in *f, json_t **body);

/* Whether frame_take() would give something. */
bool frame_waits(const struct frame_in *f);

#endif
