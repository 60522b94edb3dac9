/*
 * handoffs.h - visits on their way to a phone.
 */
#ifndef HANDOFFS_H
#define HANDOFFS_H

#include "flow/session.h"

/* An event of the agent, as JSON; what follows. */
int handoffs_event(struct session *s, const char *text);
/* phone.changed of this visit's case. */
int handoffs_changed(struct session *s, const char *state, int left_s);

/* The branch has a dasi-handoff; the password is typed. */
void handoffs_where(struct session *s);
/* ISSUED, the phone's turn; a QR is shown. */
void handoffs_issued(struct session *s);
void handoffs_code(struct session *s);
void handoffs_last(struct session *s);
void handoffs_last_soon(struct session *s);
void handoffs_last_elsewhere(struct session *s);
void handoffs_code_after_stick(struct session *s);
void handoffs_wifi(struct session *s);
void handoffs_opening(struct session *s);
void handoffs_elsewhere(struct session *s);
void handoffs_soon(struct session *s);
void handoffs_making(struct session *s);
void handoffs_claimed(struct session *s);
void handoffs_sending(struct session *s);
void handoffs_done(struct session *s);
void handoffs_expired(struct session *s);
void handoffs_wrong(struct session *s);
void handoffs_broken(struct session *s);
void handoffs_none(struct session *s);
/* After enter(): six digits typed, or refused by the agent. */
void handoffs_typed(struct session *s);
void handoffs_refused(struct session *s);
void handoffs_short(struct session *s);
/* A stick that failed, where a phone would do. */
void handoffs_stick_gone(struct session *s);
void handoffs_stick_again(struct session *s);
void handoffs_issuing(struct session *s);
void handoffs_saved(struct session *s);
void handoffs_saved_both(struct session *s);

/* 84 bytes, as long as they get; invented. */
extern const char handoffs_url[];

#endif
