/*
 * flow/answer.h - what the agent says, into the session; and what follows.
 *
 * Everything is copied into fixed fields: too long text is cut, wrong types
 * read as absent.  The result is an intent for flow_next().
 */
#ifndef FLOW_ANSWER_H
#define FLOW_ANSWER_H

#include <jansson.h>

#include "flow/session.h"

/* The result of hello. */
void answer_hello(struct branch *b, const json_t *result);

/* A case object (rpc/README.md, "case"). */
void answer_case(struct case_view *c, const json_t *o);

/* o[key] into dst, cut at a whole character when it does not fit. */
void answer_text(char *dst, size_t cap, const json_t *o, const char *key);

/* The answer (`result` or `error`) to `r`; clears s->pending. */
enum intent answer_apply(struct session *s, enum request r, const json_t *body);

/* A pushed event.  INTENT_STAY when it only changes what is shown. */
enum intent answer_event(
    struct session *s, struct branch *b, const json_t *body);

/* Where a case stands, as an intent. */
enum intent answer_case_intent(const struct case_view *c);

#endif
