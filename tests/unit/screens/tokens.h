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
void tokens_issuing(struct session *s);
void tokens_saved(struct session *s);
/* Nothing was asked of the CA: the PIN was wrong. */
void tokens_wrong_pin(struct session *s);

/* ---- the working check ---- */

/* At a branch that takes tokens; then what it sees. */
void tokens_check(struct session *s);
void tokens_seen(struct session *s);
void tokens_seen_with_stick(struct session *s);
void tokens_pick_locked(struct session *s);
/* Chosen there; and what was found. */
void tokens_check_one(struct session *s);
void tokens_check_last(struct session *s);
void tokens_check_good(struct session *s);
void tokens_check_held(struct session *s);
void tokens_check_unknown(struct session *s);
void tokens_check_empty(struct session *s);
void tokens_check_changed(struct session *s);
/* What dasi-token refuses, told as the agent tells it. */
void tokens_refuse_pin(struct session *s);
void tokens_refuse_locked(struct session *s);
void tokens_refuse_gone(struct session *s);
void tokens_refuse_none(struct session *s);
void tokens_refuse_mechanism(struct session *s);
void tokens_refuse_rule(struct session *s);
void tokens_refuse_readonly(struct session *s);
void tokens_refuse_change_gone(struct session *s);
void tokens_wait(struct session *s);
void tokens_new_differs(struct session *s);

#endif
