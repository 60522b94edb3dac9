/*
 * visits.c - invented people, certificates and cases.
 */
#include "visits.h"

#include <stdio.h>

#include "base/clock.h"
#include "states.h"

struct branch visit_branch;

void
visit_put(char *dst, size_t cap, const char *text)
{
	snprintf(dst, cap, "%s", text);
}

static int64_t
at(int year, int month, int day, int hour, int minute, int second)
{
	struct civil c = { year, month, day, hour, minute, second, 0 };

	return civil_to_unix(&c);
}

void
visit_reissue(struct session *s)
{
	s->purpose = PURPOSE_REISSUE;
}

void
visit_report(struct session *s)
{
	s->purpose = PURPOSE_REPORT;
}

void
visit_status(struct session *s)
{
	s->purpose = PURPOSE_STATUS;
}

void
visit_checking(struct session *s)
{
	s->purpose = PURPOSE_CHECK;
}

void
visit_person(struct session *s)
{
	visit_reissue(s);
	field_set(&s->name, "홍길동");
	field_set(&s->number, state_number);
	field_set(&s->issue_date, "20190305");
	PUT(s->holder, "홍*동");
}

void
visit_factors(struct session *s)
{
	visit_person(s);
	s->factor_count = 3;
	s->factors[0].kind = FACTOR_PHONE;
	PUT(s->factors[0].hint, "010-1234-****");
	s->factors[1].kind = FACTOR_QUESTION;
	PUT(s->factors[1].hint, "어릴 때 살던 동네는?");
	s->factors[2].kind = FACTOR_ACCOUNT;
	PUT(s->factors[2].hint, "110-***-****78");
	s->factor_until_ms = s->now_ms + 161000;
}

void
visit_question(struct session *s)
{
	visit_factors(s);
	s->factor = 1;
}

void
visit_account(struct session *s)
{
	visit_factors(s);
	s->factor = 2;
}

static void
certificate(struct session *s, const char *product, const char *route,
    const char *state, int days)
{
	struct held_certificate *c = &s->certs[s->cert_count];

	c->index = s->cert_count++;
	PUT(c->holder, "홍*동");
	PUT(c->product_key, product);
	PUT(c->issuer_name, "금융결제원");
	PUT(c->bank_name, "한빛은행");
	PUT(c->status, state);
	PUT(c->route, route);
	c->days_left = days;
	c->not_after = at(2026, 11, 22, 23, 59, 59) + days * 86400LL;
}

void
visit_certs(struct session *s)
{
	visit_factors(s);
	certificate(s, "product.bank_personal", "reissue", "valid", 112);
	certificate(
	    s, "product.universal_personal", "reissue_then_renew", "valid", 12);
	certificate(s, "product.card_personal", "new", "expired", -40);
}

static void
route(struct session *s, const char *word, const char *state, int days)
{
	visit_factors(s);
	certificate(s, "product.bank_personal", word, state, days);
}

void
visit_route_renew(struct session *s)
{
	route(s, "renew", "valid", 20);
}

void
visit_route_new(struct session *s)
{
	route(s, "new", "expired", -40);
}

void
visit_route_other_issuer(struct session *s)
{
	route(s, "other_issuer", "valid", 200);
	PUT(s->certs[0].issuer_name, "코스콤");
	s->certs[0].bank_name[0] = '\0';
}

void
visit_route_restore(struct session *s)
{
	route(s, "restore", "suspended", 88);
}

void
visit_lost(struct session *s)
{
	visit_certs(s);
	s->loss = LOSS_LOST;
	s->medium = MEDIUM_USB;
	s->misuse = 0;
	field_set(&s->loss_when, "어제 오후");
	field_set(&s->loss_place, "지하철 2호선");
}

void
visit_opened(struct session *s)
{
	struct case_view *c = &s->kase;

	visit_lost(s);
	PUT(c->case_no, "R-20261122-0031");
	PUT(c->state, "REPORTED");
	PUT(c->hold, "pending");
	PUT(c->loss_no, "L-20261122-0031");
	PUT(c->holder, "홍*동");
	PUT(c->product_key, "product.bank_personal");
	PUT(c->issuer_name, "금융결제원");
	PUT(c->old_serial, "0a3f77");
	PUT(c->old_status, "valid");
	PUT(c->promise, "2026-11-23");
	c->reported_at = at(2026, 11, 22, 14, 5, 2);
	c->old_not_after = at(2027, 3, 14, 23, 59, 59);
	c->old_days_left = 112;
}

void
visit_held(struct session *s)
{
	visit_opened(s);
	PUT(s->kase.state, "HELD");
	PUT(s->kase.hold, "confirmed");
	PUT(s->kase.old_status, "suspended");
	s->kase.held_at = at(2026, 11, 22, 14, 5, 9);
}

void
visit_held_report(struct session *s)
{
	visit_held(s);
	visit_report(s);
}

void
visit_contact(struct session *s)
{
	visit_held(s);
	field_set(&s->phone, "01012345678");
	field_set(&s->email, "gildong@example.com");
	field_set(&s->email_again, "gildong@example.com");
}

void
visit_paid(struct session *s)
{
	visit_contact(s);
	PUT(s->kase.state, "PAID");
	s->kase.has_fee = true;
	PUT(s->kase.waiver_key, "fee.waiver.reissue");
}

void
visit_fee_due(struct session *s)
{
	visit_paid(s);
	PUT(s->kase.state, "APPROVED");
	s->kase.fee_won = 4400;
	s->kase.fee_vat = 400;
}

void
visit_fee_card(struct session *s)
{
	visit_fee_due(s);
	s->kase.fee_card = true;
	s->kase.ahead = -1;
}

void
visit_fee_paid(struct session *s)
{
	visit_fee_card(s);
	PUT(s->kase.state, "PAID");
	PUT(s->kase.paid, "card");
	PUT(s->kase.approval, "30012345");
	PUT(s->kase.brand, "한빛카드");
	PUT(s->kase.pan, "9410-****-****-1234");
	PUT(visit_branch.print, "ok");
}

void
visit_returned(struct session *s)
{
	visit_in_review(s);
	PUT(s->kase.state, "RETURNED");
	s->kase.ahead = 2;
	PUT(s->kase.sentence, "가족관계증명서를 가져와 주십시오. 발급일이 "
			      "3개월 이내여야 합니다.");
}

void
visit_in_review(struct session *s)
{
	visit_paid(s);
	PUT(s->kase.state, "REVIEW");
	PUT(s->kase.review_key, "review.phone_changed");
}

void
visit_minor(struct session *s)
{
	visit_person(s);
	PUT(s->staff_only, "minor");
}

static void
chosen(struct session *s)
{
	visit_paid(s);
	field_set(&s->password, state_password);
	field_set(&s->again, state_password);
}

void
visit_stick_ready(struct session *s)
{
	chosen(s);
	s->media = MEDIA_READY;
	PUT(s->media_label, "SANDISK");
	s->media_free_kb = 15204352;
}

#define MEDIA(name, state)                                                     \
	void visit_##name(struct session *s)                                   \
	{                                                                      \
		chosen(s);                                                     \
		s->media = state;                                              \
	}
MEDIA(stick_none, MEDIA_NONE)
MEDIA(stick_several, MEDIA_SEVERAL)
MEDIA(stick_readonly, MEDIA_READONLY)
MEDIA(stick_full, MEDIA_FULL)
MEDIA(stick_wrong_fs, MEDIA_WRONG_FS)
MEDIA(stick_busy, MEDIA_BUSY)

void
visit_stick_again(struct session *s)
{
	visit_stick_ready(s);
	field_wipe(&s->password);
	field_wipe(&s->again);
	PUT(s->kase.state, "ISSUED");
}

static void
progress(struct session *s, int done, int percent)
{
	for (int i = 0; i < STEP_COUNT; i++) {
		PUT(s->progress[i].status, i < done    ? "done"
					   : i == done ? "doing"
						       : "todo");
		s->progress[i].percent = i == done ? percent : -1;
	}
}

void
visit_issuing(struct session *s)
{
	visit_stick_ready(s);
	progress(s, STEP_WRITE, 41);
}

void
visit_stick_gone(struct session *s)
{
	visit_stick_again(s);
	PUT(s->kase.problem_key, "media.gone");
}

void
visit_hold_ca_down(struct session *s)
{
	visit_opened(s);
	PUT(s->kase.state, "REPORTED");
	PUT(s->kase.problem_key, "peer.ca_down");
}

void
visit_hold_refused(struct session *s)
{
	visit_hold_ca_down(s);
	PUT(s->kase.problem_key, "peer.ca_refused");
}

void
visit_attempts(struct session *s)
{
	visit_paid(s);
	PUT(s->kase.problem_key, "problem.attempts");
}

void
visit_not_kept(struct session *s)
{
	visit_paid(s);
	PUT(s->kase.state, "APPROVED");
	PUT(s->kase.problem_key, "agent.internal");
}

void
visit_delivered(struct session *s)
{
	visit_paid(s);
	PUT(s->kase.state, "DELIVERED");
	PUT(s->kase.problem_key, "problem.confirm_open");
}

void
visit_ca_down(struct session *s)
{
	chosen(s);
	PUT(s->kase.problem_key, "peer.ca_down");
}

void
visit_ca_wrong(struct session *s)
{
	chosen(s);
	field_wipe(&s->password);
	PUT(s->kase.problem_key, "peer.ca_answer");
}

void
visit_done(struct session *s)
{
	struct case_view *c = &s->kase;

	visit_stick_ready(s);
	s->p12 = true;
	PUT(c->state, "DONE");
	PUT(c->old_status, "revoked");
	c->has_new = true;
	PUT(c->new_serial, "0b1c42");
	PUT(c->new_status, "valid");
	c->new_not_after = c->old_not_after;
}

void
visit_looked_up(struct session *s)
{
	visit_held(s);
	visit_status(s);
}

void
visit_looked_up_done(struct session *s)
{
	visit_done(s);
	visit_status(s);
}

void
visit_found(struct session *s)
{
	visit_checking(s);
	s->media = MEDIA_READY;
}

void
visit_found_two(struct session *s)
{
	s->found_asked = true;
	s->found_count = 2;
	for (int i = 0; i < 2; i++) {
		s->found[i].index = i;
		PUT(s->found[i].holder, "홍*동");
		PUT(s->found[i].product_key,
		    i == 0 ? "product.bank_personal"
			   : "product.universal_personal");
		PUT(s->found[i].status, i == 0 ? "valid" : "revoked");
		s->found[i].not_after = at(2027, 3, 14, 23, 59, 59);
	}
}

void
visit_found_none(struct session *s)
{
	s->found_asked = true;
}

void
visit_found_entered(struct session *s)
{
	visit_found(s);
	visit_found_two(s);
}

void
visit_check_good(struct session *s)
{
	visit_found_entered(s);
	s->check.known = s->check.opens = s->check.pair = s->check
							      .signature = true;
	s->check.vid = -1;
	PUT(s->check.status, "valid");
	PUT(s->check.by, "ocsp");
	s->check.as_of = s->now_unix;
	s->check.not_after = at(2027, 3, 14, 23, 59, 59);
}

void
visit_check_bad(struct session *s)
{
	visit_check_good(s);
	s->check.vid = 0;
	PUT(s->check.status, "revoked");
}

void
visit_check_listed(struct session *s)
{
	visit_check_good(s);
	s->check.vid = 1;
	PUT(s->check.by, "crl");
	s->check.as_of = s->now_unix - 7200;
}

void
visit_check_unknown(struct session *s)
{
	visit_check_good(s);
	PUT(s->check.status, "unknown");
	PUT(s->check.by, "");
	s->check.as_of = 0;
}
