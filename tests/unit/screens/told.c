/*
 * told.c - see told.h.
 */
#include "told.h"

#include <string.h>

#include "base/span.h"
#include "visits.h"

static void
fault(struct session *s, const char *code, int left)
{
	PUT(s->error, code);
	s->error_left = left;
}

void
told_mismatch(struct session *s)
{
	fault(s, "identity.mismatch", 4);
}

void
told_wrong_code(struct session *s)
{
	fault(s, "factor.wrong", 2);
}

void
told_unheard_of(struct session *s)
{
	fault(s, "future.thing", -1);
}

void
told_not_mine(struct session *s)
{
	fault(s, "case.none", -1);
}

void
told_password_wrong(struct session *s)
{
	fault(s, "password.wrong", -1);
}

void
told_wait_short(struct session *s)
{
	s->pending = REQ_IDENTITY;
	s->pending_ms = s->now_ms - 500;
}

void
told_wait_long(struct session *s)
{
	s->pending = REQ_IDENTITY;
	s->pending_ms = s->now_ms - 2500;
}

void
told_wait_certs(struct session *s)
{
	s->pending = REQ_CERTS;
	s->pending_ms = s->now_ms - 2500;
}

void
told_wait_apply(struct session *s)
{
	s->pending = REQ_APPLY;
	s->pending_ms = s->now_ms - 2500;
}

void
told_out_of_paper(struct session *s)
{
	PUT(visit_branch.print, "out");
}

void
told_unfit(struct session *s)
{
	fault(s, "pay.unfit", -1);
}

static void
pay_stands(struct session *s, const char *state, const char *text)
{
	PUT(s->pay.state, state);
	PUT(s->pay.text, text);
}

void
told_pay_card(struct session *s)
{
	pay_stands(s, "card", "카드를 넣어 주십시오");
}

void
told_pay_checking(struct session *s)
{
	pay_stands(s, "checking", "");
}

void
told_pay_checking_long(struct session *s)
{
	pay_stands(s, "checking", "");
	s->now_ms += 30000;
}

void
told_pay_declined(struct session *s)
{
	pay_stands(s, "declined", "한도 초과");
}

void
told_pay_reversed(struct session *s)
{
	pay_stands(s, "reversed", "");
}

void
told_called(struct session *s)
{
	s->staff_called = true;
}

void
told_coming(struct session *s)
{
	s->staff_called = s->staff_coming = true;
}

void
told_strange_answer(struct session *s)
{
	(void)str_copy(
	    s->kase.problem_key, sizeof s->kase.problem_key, "peer.ca_answer");
}

void
told_old_revoked(struct session *s)
{
	(void)str_copy(
	    s->kase.old_status, sizeof s->kase.old_status, "revoked");
}

void
told_call_failed(struct session *s)
{
	s->staff_failed = true;
}

void
told_practice(struct session *s)
{
	visit_branch.practice = true;
}

void
told_shut(struct session *s)
{
	visit_branch.open_now = false;
	visit_branch.ca_ok = false;
}

void
told_no_registry(struct session *s)
{
	visit_branch.registry_ok = false;
}

void
told_fee_row(struct session *s)
{
	visit_reissue(s);
	visit_branch.fee_won = 4400;
}
