/*
 * flow/request.h - a session's wishes as messages (rpc/README.md).
 */
#ifndef FLOW_REQUEST_H
#define FLOW_REQUEST_H

#include <jansson.h>
#include <stddef.h>

#include "flow/session.h"

enum { REQUEST_SECRET = 2 * FIELD_SECRET_CAP + 2 };

/* The params of `r`, the caller's; never with a password in them. */
json_t *request_params(const struct session *s, enum request r);

/*
 * The bytes that go through the request's descriptor: the password, or for
 * REQ_MEDIA_PASSWD "old\nnew".  0 when the request has no descriptor.  The
 * caller wipes `out`.
 */
size_t request_secret(
    char out[static REQUEST_SECRET], const struct session *s, enum request r);

/* Words of the protocol, also used to read it back. */
const char *word_purpose(enum purpose p);
const char *word_id_kind(enum id_document k);
const char *word_factor(enum factor_kind k);
const char *word_loss(enum loss_kind k);
const char *word_medium(enum medium_kind m);
const char *word_step(enum progress_step s);
const char *word_media(enum media_state m);
const char *word_way(enum target w);

#endif
