/*
 * peer/pay_inside.h - what the drivers share; nobody else includes it.
 */
#ifndef PEER_PAY_INSIDE_H
#define PEER_PAY_INSIDE_H

#include <jansson.h>

#include "peer/pay.h"

extern const struct pay_driver pay_nexo, pay_van;

/* An object in `text` without doubled members, or NULL. */
json_t *pay_parse(struct span text);

/* The member at a path such as "PaymentResponse.Response.Result"; may be
 * NULL. */
const json_t *pay_at(const json_t *o, const char *path);

/* True when the member at `path` is exactly this text. */
bool pay_is(const json_t *o, const char *path, const char *text);

/*
 * Copy the text at `path` as NFC without control characters; false, and "",
 * when it is absent, empty, another type or too long for the room.
 */
bool pay_text(char *out, size_t cap, const json_t *o, const char *path);

/* A number of won: an integer, or a real that is one.  -1 for all else. */
int64_t pay_won(const json_t *v);

/* Mask what a terminal forgot to mask. */
void pay_mask(char *pan);

/* Append `o` as compact text and give it up.  NULL is E_NOMEM. */
MUST_USE struct err pay_dump(struct buf *out, json_t *o);

/* Whether `s` is 1 to cap - 1 printable ASCII characters. */
bool pay_word(const char *s, size_t cap);

#endif
