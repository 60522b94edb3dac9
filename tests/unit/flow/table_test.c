/*
 * table_test.c - what must hold of the kiosk's flow, whatever its rows say.
 */
#include <criterion/criterion.h>
#include <stdbool.h>
#include <string.h>

#include "flow/flow.h"

static bool
is_real(enum screen_id id)
{
	return (unsigned)id < SCR_COUNT || id == SCR_BELOW;
}

Test(flow, answers_every_screen_and_intent)
{
	for (int at = 0; at < SCR_COUNT; at++) {
		for (int on = 0; on < INTENT_COUNT; on++) {
			struct step s = flow_next(at, on);
			cr_expect(is_real(s.screen), "%s %d",
			    flow_screen_name(at), on);
			cr_expect_lt((unsigned)s.request, REQ_COUNT);
			cr_expect(s.screen != SCR_BELOW || flow_is_overlay(at));
		}
	}
}

Test(flow, staying_changes_nothing)
{
	for (int at = 0; at < SCR_COUNT; at++) {
		struct step s = flow_next(at, INTENT_STAY);
		cr_expect_eq(s.screen, at);
		cr_expect_eq(s.request, REQ_NONE);
	}
}

Test(flow, a_warning_nobody_answers_ends_the_visit_but_while_issuing)
{
	for (int at = 0; at < SCR_COUNT; at++) {
		struct step warned = flow_next(at, INTENT_IDLE);
		if (at == SCR_ISSUING || at == SCR_WELCOME ||
		    at == SCR_CLOSED) {
			cr_expect_eq(warned.screen, at);
			continue;
		}
		cr_expect_eq(
		    warned.screen, SCR_IDLE, "%s", flow_screen_name(at));
		cr_expect_eq(warned.request, REQ_NONE);
	}
	cr_expect_eq(flow_next(SCR_IDLE, INTENT_EXPIRE).screen, SCR_WELCOME);
	cr_expect_eq(
	    flow_next(SCR_IDLE, INTENT_EXPIRE).request, REQ_END_SESSION);
}

Test(flow, nobody_walks_out_while_a_certificate_is_written)
{
	static const enum intent outs[] = { INTENT_HOME, INTENT_BACK,
		INTENT_IDLE, INTENT_CANCEL };

	for (size_t i = 0; i < sizeof outs / sizeof *outs; i++) {
		struct step s = flow_next(SCR_ISSUING, outs[i]);
		cr_expect_eq(s.screen, SCR_ISSUING);
		cr_expect_eq(s.request, REQ_NONE);
	}
}

/* Coming to the attract screen from a visit always wipes it. */
Test(flow, the_way_home_ends_the_session)
{
	for (int at = 0; at < SCR_COUNT; at++) {
		for (int on = 0; on < INTENT_COUNT; on++) {
			struct step s = flow_next(at, on);
			if (s.screen != SCR_WELCOME || at == SCR_WELCOME ||
			    at == SCR_CLOSED)
				continue;
			cr_expect_eq(s.request, REQ_END_SESSION,
			    "%s by %d keeps the visit", flow_screen_name(at),
			    on);
		}
	}
}

Test(flow, a_lost_agent_closes_every_screen)
{
	for (int at = 0; at < SCR_COUNT; at++)
		cr_expect_eq(
		    flow_next(at, INTENT_AGENT_LOST).screen, SCR_CLOSED);
}

/* Marks what can be reached from `from` without entering `avoided`. */
static void
reach(bool seen[static SCR_COUNT], enum screen_id from, enum screen_id avoided)
{
	if ((unsigned)from >= SCR_COUNT || seen[from] || from == avoided)
		return;
	seen[from] = true;
	for (int on = 0; on < INTENT_COUNT; on++)
		reach(seen, flow_next(from, on).screen, avoided);
}

Test(flow, every_screen_is_reached_from_the_first)
{
	bool seen[SCR_COUNT] = { false };

	reach(seen, SCR_WELCOME, SCR_COUNT);
	for (int i = 0; i < SCR_COUNT; i++)
		cr_expect(seen[i], "%s", flow_screen_name(i));
}

Test(flow, every_screen_has_a_way_home)
{
	for (int at = 0; at < SCR_COUNT; at++) {
		bool seen[SCR_COUNT] = { false };
		reach(seen, at, SCR_COUNT);
		cr_expect(seen[SCR_WELCOME], "%s", flow_screen_name(at));
	}
}

/*
 * By what the customer does, without the agent's word that the case stands
 * further on, the stick is only reached through the confirmed hold.
 */
static void
walk(bool seen[static SCR_COUNT], enum screen_id from)
{
	static const enum intent own[] = { INTENT_NEXT, INTENT_BACK,
		INTENT_OTHER, INTENT_RETRY, INTENT_REISSUE, INTENT_REPORT,
		INTENT_STATUS, INTENT_CHECK, INTENT_RESEND, INTENT_DONE,
		INTENT_ROUTE, INTENT_STAFF_ONLY, INTENT_AT_LOSS,
		INTENT_AT_HOLD };

	if ((unsigned)from >= SCR_COUNT || seen[from])
		return;
	seen[from] = true;
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		walk(seen, flow_next(from, own[i]).screen);
}

Test(flow, nothing_is_issued_before_the_hold_is_confirmed)
{
	bool seen[SCR_COUNT] = { false };

	walk(seen, SCR_WELCOME);
	cr_expect(seen[SCR_HOLDING]);
	for (int at = 0; at < SCR_COUNT; at++) {
		if (!seen[at])
			continue;
		for (int on = 0; on < INTENT_COUNT; on++)
			cr_expect_neq(flow_next(at, on).request, REQ_ISSUE,
			    "%s", flow_screen_name(at));
	}
	cr_expect_not(seen[SCR_HELD]);
	cr_expect_not(seen[SCR_STICK]);
}

/* Where the place is chosen, or chosen again. */
Test(flow, only_screens_about_the_place_issue_and_deliver)
{
	for (int at = 0; at < SCR_COUNT; at++) {
		for (int on = 0; on < INTENT_COUNT; on++) {
			enum request r = flow_next(at, on).request;
			if (r == REQ_ISSUE)
				cr_expect(at == SCR_STICK ||
					      at == SCR_PASSWORD ||
					      at == SCR_TOKEN_PIN,
				    "%s", flow_screen_name(at));
			if (r == REQ_DELIVER)
				cr_expect(at == SCR_STICK || at == SCR_PHONE ||
					      at == SCR_TOKEN_PIN ||
					      at == SCR_PROBLEM,
				    "%s", flow_screen_name(at));
		}
	}
}

/* The branch could not keep the next step: asked again, it may. */
Test(flow, an_application_that_failed_is_sent_again_and_goes_on)
{
	static const struct {
		enum intent now;
		enum screen_id to;
	} ends[] = {
		{ INTENT_AT_PAID, SCR_FEE },
		{ INTENT_AT_FEE, SCR_FEE },
		{ INTENT_AT_COUNTER, SCR_PARKED },
	};
	struct step again = flow_next(SCR_PROBLEM, INTENT_APPLY);

	cr_expect_eq((int)again.screen, SCR_PROBLEM);
	cr_expect_eq((int)again.request, REQ_APPLY);
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		cr_expect_eq((int)flow_next(SCR_PROBLEM, ends[i].now).screen,
		    (int)ends[i].to);
}

Test(flow, help_and_staff_come_back_to_where_they_were_called)
{
	cr_expect_eq(flow_next(SCR_IDENTITY, INTENT_HELP).screen, SCR_HELP);
	cr_expect_eq(flow_next(SCR_HELP, INTENT_BACK).screen, SCR_BELOW);
	cr_expect_eq(flow_next(SCR_ISSUING, INTENT_STAFF).screen, SCR_STAFF);
	cr_expect_eq(flow_next(SCR_ISSUING, INTENT_STAFF).request, REQ_STAFF);
	cr_expect_eq(flow_next(SCR_STAFF, INTENT_BACK).screen, SCR_BELOW);
	cr_expect_eq(flow_next(SCR_IDLE, INTENT_NEXT).screen, SCR_BELOW);
}

Test(flow, names_and_methods_are_there_and_different)
{
	for (int i = 0; i < SCR_COUNT; i++) {
		cr_expect_str_not_empty(flow_screen_name(i));
		for (int j = 0; j < i; j++)
			cr_expect_str_neq(
			    flow_screen_name(i), flow_screen_name(j));
	}
	for (int i = REQ_NONE + 1; i < REQ_COUNT; i++)
		cr_expect_str_not_empty(flow_request_method(i));
	cr_expect_str_empty(flow_screen_name(SCR_COUNT));
	cr_expect_str_empty(flow_request_method(REQ_COUNT));
}
