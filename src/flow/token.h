/*
 * flow/token.h - the security tokens that are plugged in, as the kiosk knows
 * them: what the agent lists, what a refused PIN tells of one, what is asked.
 */
#ifndef FLOW_TOKEN_H
#define FLOW_TOKEN_H

#include <jansson.h>
#include <stdbool.h>

#include "flow/session.h"

/* The result of token.list; at most TOKEN_LIST of them. */
void token_take_list(struct session *s, const json_t *result);

/*
 * What the refusal `error` of `r` says of the chosen token: tries left are
 * remembered with it.  session.error then has the word for the customer; a PIN
 * that may or may not have been changed has one of its own ("token.unsure"),
 * and where a stick would do as well, no token to be seen is no error.
 */
void token_take_refusal(struct session *s, enum request r, const json_t *error);

/* `r` was answered: when it took its PIN, earlier mistakes are forgotten. */
void token_take_yes(struct session *s, enum request r);

/* An issue that goes onto the chosen token: its PIN is the password. */
bool token_is_place(const struct session *s);

/* {token: index} of the chosen one.  The caller owns it. */
json_t *token_params(const struct session *s);

#endif
