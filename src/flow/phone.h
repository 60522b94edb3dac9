/*
 * flow/phone.h - the ways of delivery and a handoff, between the agent's words
 * and the session.
 */
#ifndef FLOW_PHONE_H
#define FLOW_PHONE_H

#include <jansson.h>

#include "flow/session.h"

/* `to` of a case. */
void phone_take_ways(struct case_view *c, const json_t *to);

/* Whether this way was chosen, and whether it is proven. */
bool phone_is_chosen(const struct case_view *c, enum target way);
bool phone_is_done(const struct case_view *c, enum target way);

/* ISSUED, nothing is wrong, and it is the phone's turn. */
bool phone_is_next(const struct case_view *c);

/* The answer to phone.begin: codes to scan. */
void phone_take_codes(struct session *s, const json_t *result);

/* phone.changed; what follows from it. */
enum intent phone_take_event(struct session *s, const json_t *params);

/* The handoff is over, or there was none: nothing can be scanned. */
bool phone_is_over(const struct session *s);

/* Forget the codes, for new ones are asked for. */
void phone_forget(struct session *s);

/* What the customer chose, for `to`; NULL: nothing was, the agent knows. */
json_t *phone_chosen(const struct session *s);

#endif
