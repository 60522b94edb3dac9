/*
 * tokens.h - visits on their way to a security token.
 */
#ifndef TOKENS_H
#define TOKENS_H

#include "flow/session.h"

void tokens_where(struct session *s);
void tokens_none(struct session *s);
/* One that can be used, one that is full, one that is locked. */
void tokens_three(struct session *s);
void tokens_last_try(struct session *s);
/* The certificate waits, the token was pulled. */
void tokens_gone(struct session *s);
/* Nothing was asked of the CA: the PIN was wrong. */
void tokens_wrong_pin(struct session *s);

#endif
