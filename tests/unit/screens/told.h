/*
 * told.h - what the agent, the card terminal and the branch tell a visit that
 * stands on a screen: refusals, waits, payments, staff, the branch's state.
 */
#ifndef TOLD_H
#define TOLD_H

#include "flow/session.h"

void told_mismatch(struct session *s);
void told_wrong_code(struct session *s);
void told_unheard_of(struct session *s);
void told_not_mine(struct session *s);
void told_password_wrong(struct session *s);
void told_wait_short(struct session *s);
void told_wait_long(struct session *s);
void told_wait_certs(struct session *s);
void told_wait_apply(struct session *s);
void told_out_of_paper(struct session *s);
void told_unfit(struct session *s);
void told_pay_card(struct session *s);
void told_pay_checking(struct session *s);
void told_pay_checking_long(struct session *s);
void told_pay_declined(struct session *s);
void told_pay_reversed(struct session *s);
void told_called(struct session *s);
void told_coming(struct session *s);
void told_strange_answer(struct session *s);
void told_old_revoked(struct session *s);
void told_call_failed(struct session *s);
void told_practice(struct session *s);
void told_shut(struct session *s);
void told_no_registry(struct session *s);
void told_fee_row(struct session *s);

#endif
