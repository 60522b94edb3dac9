/*
 * visits.h - what a visit has collected by the time it stands somewhere.
 *
 * Each sets a session that state_begin() made; they build on each other.
 */
#ifndef VISITS_H
#define VISITS_H

#include "flow/session.h"

/* snprintf("%s") into a field of the session. */
void visit_put(char *dst, size_t cap, const char *text);
#define PUT(field, text) visit_put(field, sizeof field, text)

/* The branch all visits stand in; state_begin() opens it anew. */
extern struct branch visit_branch;

void visit_reissue(struct session *s);
void visit_report(struct session *s);
void visit_status(struct session *s);
void visit_checking(struct session *s);
void visit_person(struct session *s);
void visit_factors(struct session *s);
void visit_question(struct session *s);
void visit_account(struct session *s);
void visit_certs(struct session *s);
void visit_route_renew(struct session *s);
void visit_route_new(struct session *s);
void visit_route_other_issuer(struct session *s);
void visit_route_restore(struct session *s);
void visit_lost(struct session *s);
void visit_opened(struct session *s);
void visit_held(struct session *s);
void visit_held_report(struct session *s);
void visit_contact(struct session *s);
void visit_paid(struct session *s);
void visit_fee_due(struct session *s);
void visit_fee_card(struct session *s);
void visit_fee_paid(struct session *s);
void visit_returned(struct session *s);
void visit_in_review(struct session *s);
void visit_minor(struct session *s);
void visit_stick_ready(struct session *s);
void visit_stick_again(struct session *s);
void visit_issuing(struct session *s);
void visit_stick_gone(struct session *s);
void visit_hold_ca_down(struct session *s);
void visit_hold_refused(struct session *s);
void visit_attempts(struct session *s);
void visit_not_kept(struct session *s);
void visit_delivered(struct session *s);
void visit_ca_down(struct session *s);
void visit_ca_wrong(struct session *s);
void visit_done(struct session *s);
void visit_looked_up(struct session *s);
void visit_looked_up_done(struct session *s);
void visit_found(struct session *s);
void visit_found_two(struct session *s);
void visit_found_none(struct session *s);
void visit_found_entered(struct session *s);
void visit_check_good(struct session *s);
void visit_check_bad(struct session *s);
void visit_check_listed(struct session *s);
void visit_check_unknown(struct session *s);
void visit_stick_none(struct session *s);
void visit_stick_several(struct session *s);
void visit_stick_readonly(struct session *s);
void visit_stick_full(struct session *s);
void visit_stick_wrong_fs(struct session *s);
void visit_stick_busy(struct session *s);

#endif
