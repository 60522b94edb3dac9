/*
 * flow/counter_answer.h - what the agent says, into the clerk's session; and
 * what follows.
 *
 * As flow/answer.h: everything is copied into fixed fields, too long text is
 * cut, wrong types read as absent.  The result is an intent.
 */
#ifndef FLOW_COUNTER_ANSWER_H
#define FLOW_COUNTER_ANSWER_H

#include <jansson.h>

#include "flow/answer.h"
#include "flow/counter_session.h"

/* The answer to hello: CI_ADMITTED, or CI_STAY with s->refused. */
enum counter_intent counter_admit(
    struct counter_session *s, const json_t *body);

/*
 * The answer (`result` or `error`) to `ask`; clears s->pending when it waited
 * for it.  An answer about a case that is not open any more changes nothing.
 */
enum counter_intent counter_answer(
    struct counter_session *s, enum counter_ask ask, const json_t *body);

/* A pushed event. */
enum counter_intent counter_event(
    struct counter_session *s, const json_t *body);

/* counter_desk.c: a desk object (rpc/README.md) into s->desk. */
void counter_take_desk(struct counter_session *s, const json_t *result);
/* counter_reports.c: the answers of screens that only show. */
void counter_take_status(struct counter_session *s, const json_t *result);
void counter_take_day(struct counter_session *s, const json_t *result);
void counter_take_audit(struct counter_session *s, const json_t *result);
void counter_take_verify(struct counter_session *s, const json_t *result);
void counter_take_proof(struct counter_session *s, const json_t *result);

#define COUNTER_TEXT(field, o, key) answer_text(field, sizeof field, o, key)

#endif
