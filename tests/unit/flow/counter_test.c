/*
 * counter_test.c - the clerk's flow table, and what the agent's answers do to
 * the session.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/counter_answer.h"
#include "flow/counter_request.h"
#include "rpc/roles.h"
#include "rpc/rpc.h"

static struct branch branch;
static struct counter_session s;

static void
begin(void)
{
	branch = (struct branch){ 0 };
	counter_init(&s, &branch, NULL);
	s.now_ms = 1000;
	s.screen = CS_QUEUE;
}

TestSuite(counter_flow, .init = begin);

/* JSON with ' for ". */
static json_t *
json(const char *text)
{
	char quoted[4096];
	json_t *o;

	snprintf(quoted, sizeof quoted, "%s", text);
	for (char *c = quoted; *c != '\0'; c++)
		if (*c == '\'')
			*c = '"';
	o = json_loads(quoted, 0, NULL);
	cr_assert_not_null(o, "%s", text);
	return o;
}

static enum counter_intent
told(enum counter_ask ask, const char *text)
{
	json_t *o = json(text);
	enum counter_intent intent;

	if (counter_waits(ask))
		s.pending = ask;
	intent = counter_answer(&s, ask, o);
	json_decref(o);
	return intent;
}

static enum counter_intent
event(const char *text)
{
	json_t *o = json(text);
	enum counter_intent intent = counter_event(&s, o);

	json_decref(o);
	return intent;
}

static const char kase[] =
    "{'result':{'case':{'case_no':'R-20261122-0031','state':'REVIEW'},"
    "'version':14,'owner':'kim','mine':true,'actions':['approve','note'],"
    "'facts':[{'field':'phone','value':'010-****-5678'}]}}";

static void
open_case(void)
{
	snprintf(s.want, sizeof s.want, "%s", "R-20261122-0031");
	cr_assert_eq(told(CQ_TAKE, kase), CI_CASE);
	cr_assert(s.desk.held);
	s.screen = CS_CASE;
}

/* ---- the table ------------------------------------------------------------
 */

Test(counter_flow, every_screen_and_intent_has_an_answer)
{
	for (int at = 0; at < CS_COUNT; at++)
		for (int on = 0; on < CI_COUNT; on++) {
			struct counter_step step = counter_next(
			    (enum counter_screen)at, (enum counter_intent)on);

			cr_expect(step.screen < CS_COUNT ||
				  step.screen == CS_BELOW ||
				  step.screen == CS_TARGET);
			cr_expect_lt((int)step.ask, CQ_COUNT);
		}
}

Test(counter_flow, every_number_is_one_screen)
{
	for (int i = 0; i < CS_COUNT; i++) {
		int number = counter_number((enum counter_screen)i);

		if (number != 0)
			cr_expect_eq(counter_numbered(number), i);
		else
			cr_expect_eq(i, CS_CLOSED);
	}
	cr_expect_eq(counter_numbered(0), CS_COUNT);
	cr_expect_eq(counter_numbered(4711), CS_COUNT);
}

Test(counter_flow, the_lock_comes_from_everywhere)
{
	for (int at = 0; at < CS_COUNT; at++) {
		struct counter_step step = counter_next(
		    (enum counter_screen)at, CI_LOCK);

		cr_expect_eq(
		    step.screen, at == CS_CLOSED ? CS_CLOSED : CS_LOCK);
	}
}

Test(counter_flow, a_locked_terminal_only_opens_or_ends)
{
	for (int on = 0; on < CI_COUNT; on++) {
		struct counter_step step = counter_next(
		    CS_LOCK, (enum counter_intent)on);

		if (on == CI_UNLOCK)
			cr_expect_eq(step.screen, CS_QUEUE);
		else if (on == CI_LOST)
			cr_expect_eq(step.screen, CS_CLOSED);
		else if (on != CI_STALE && on != CI_TAKEN)
			cr_expect(step.screen == CS_LOCK && step.ask == CQ_NONE,
			    "intent %d", on);
	}
}

Test(counter_flow, every_form_of_a_case_leads_back_to_it)
{
	for (int at = 0; at < CS_COUNT; at++) {
		if (!counter_is_case((enum counter_screen)at) || at == CS_CASE)
			continue;
		cr_expect_eq(
		    counter_next((enum counter_screen)at, CI_DONE).screen,
		    CS_CASE, "screen %d", at);
		cr_expect_eq(
		    counter_next((enum counter_screen)at, CI_BACK).screen,
		    CS_CASE, "screen %d", at);
	}
}

Test(counter_flow, what_is_entered_is_asked_for)
{
	cr_expect_eq(counter_next(CS_CASE, CI_BACK).ask, CQ_QUEUE);
	cr_expect_eq(counter_next(CS_CLOSED, CI_ADMITTED).ask, CQ_QUEUE);
	cr_expect_eq(counter_arrive(CS_BRANCH), CQ_STATUS);
	cr_expect_eq(counter_arrive(CS_VERIFY), CQ_VERIFY);
}

Test(counter_flow, the_audit_screens_are_not_a_tellers_nor_actions_an_auditors)
{
	cr_expect_not(counter_may(CR_TELLER, CS_AUDIT));
	cr_expect(counter_may(CR_SUPERVISOR, CS_AUDIT));
	cr_expect(counter_may(CR_AUDITOR, CS_PROVE));
	cr_expect(counter_may(CR_AUDITOR, CS_CASE));
	cr_expect_not(counter_may(CR_AUDITOR, CS_ACT));
	cr_expect_not(counter_may(CR_COUNT, CS_QUEUE));
}

/* ---- requests -------------------------------------------------------------
 */

Test(counter_flow, every_request_has_the_shape_the_role_table_asks_for)
{
	static const char *const acts[] = { "approve", "return", "cash",
		"waive", "refund", "guide", "reprint", "note" };

	open_case();
	s.desk.unmask = UF_NAME;
	for (int ask = CQ_NONE + 1; ask < CQ_COUNT; ask++) {
		bool audit = ask >= CQ_AUDIT;
		enum rpc_method method;
		json_t *o = rpc_request(1,
		    counter_method((enum counter_ask)ask),
		    counter_params(&s, (enum counter_ask)ask));
		struct err e = rpc_admit(&method, o,
		    audit ? ROLE_AUDITOR : ROLE_COUNTER, STANDING_HELLO, false);

		cr_expect_not(err_is(e), "%s: %s",
		    counter_method((enum counter_ask)ask), rpc_refusal(e));
		json_decref(o);
	}
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
		json_t *o;

		counter_begin_act(&s, acts[i]);
		o = counter_params(&s, CQ_ACT);
		cr_expect_str_eq(rpc_str(o, "action"), acts[i]);
		cr_expect_eq(rpc_int(o, "version", 0), 14);
		json_decref(o);
	}
}

Test(counter_flow, an_action_carries_its_details)
{
	json_t *o;

	open_case();
	counter_begin_act(&s, "cash");
	cr_assert(field_set(&s.desk.won, "4400"));
	cr_assert(field_set(&s.desk.receipt_no, "A12"));
	o = counter_params(&s, CQ_ACT);
	cr_expect_eq(rpc_int(json_object_get(o, "details"), "won", 0), 4400);
	cr_expect_str_eq(
	    rpc_str(json_object_get(o, "details"), "receipt_no"), "A12");
	json_decref(o);
	counter_begin_act(&s, "return");
	cr_assert(field_set(&s.desk.sentence, "Bring it"));
	o = counter_params(&s, CQ_ACT);
	cr_expect_str_eq(
	    rpc_str(json_object_get(o, "details"), "sentence"), "Bring it");
	cr_expect_str_eq(rpc_str(o, "reason"), "Bring it");
	json_decref(o);
}

Test(counter_flow, another_kind_of_applicant_is_sent_without_papers)
{
	json_t *o;

	(void)told(CQ_VIEW, kase);
	open_case();
	snprintf(s.desk.applicant, WORD_TEXT, "%s", "self");
	s.desk.doc_count = 1;
	snprintf(s.desk.docs[0].doc, WORD_TEXT, "%s", "passport");
	s.desk.doc_seen[0] = true;
	s.desk.applicant_at = AK_SELF;
	o = counter_params(&s, CQ_DOCS);
	cr_expect_eq(json_array_size(json_object_get(o, "docs")), 1);
	json_decref(o);
	s.desk.applicant_at = AK_SOLE;
	o = counter_params(&s, CQ_DOCS);
	cr_expect_eq(json_array_size(json_object_get(o, "docs")), 0);
	json_decref(o);
}

Test(counter_flow, a_receipt_number_is_spelled_as_it_should_be)
{
	static const struct {
		const char *typed, *text;
	} rows[] = {
		{ "202611220031", "R-20261122-0031" },
		{ "R-20261122-0031", "R-20261122-0031" },
		{ "r20261122-0031", "R-20261122-0031" },
		{ "01012345678", "01012345678" },
		{ "010-1234-56789", "010-1234-56789" },
		{ "2026112200311", "2026112200311" },
		{ "0031", "0031" },
		{ "김", "김" },
		{ "", "" },
	};
	char out[FIELD_CAP];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		counter_find_text(out, rows[i].typed);
		cr_expect_str_eq(out, rows[i].text, "%s", rows[i].typed);
	}
}

/* ---- answers --------------------------------------------------------------
 */

static void
list(const char *first, const char *second)
{
	char text[256];

	snprintf(text, sizeof text,
	    "{'result':{'items':[{'case_no':'%s'},{'case_no':'%s'}],"
	    "'total':2,'counts':{},'calls':[]}}",
	    first, second);
	cr_assert_eq(told(CQ_QUEUE, text), CI_STAY);
}

Test(counter_flow, the_selection_stays_on_the_same_case)
{
	list("R-1", "R-2");
	s.selected = 1;
	snprintf(s.selected_no, sizeof s.selected_no, "%s", "R-2");
	list("R-2", "R-3");
	cr_expect_eq(s.selected, 0);
	list("R-3", "R-4"); /* it is gone: the same line */
	cr_expect_eq(s.selected, 0);
	cr_expect_str_eq(s.selected_no, "R-3");
}

Test(counter_flow, a_call_that_comes_twice_is_one_call)
{
	static const char call[] = "{'event':'staff.call','params':{'call':3,"
				   "'terminal':'K-03','screen':'stick',"
				   "'at':1}}";

	(void)event(call);
	(void)event(call);
	cr_expect_eq(s.call_count, 1);
	cr_expect(s.ring);
	cr_expect_eq(told(CQ_ANSWER, "{'result':{}}"), CI_STAY);
	cr_expect_eq(s.call_count, 0);
}

Test(counter_flow, a_call_somebody_else_answered_is_taken_off)
{
	(void)event("{'event':'staff.call','params':{'call':3}}");
	cr_expect_eq(
	    told(CQ_ANSWER, "{'error':{'code':'call.none'}}"), CI_RELIST);
	cr_expect_eq(s.call_count, 0);
	cr_expect_str_eq(s.error, "call.none");
}

Test(counter_flow, a_case_somebody_has_is_only_looked_at)
{
	snprintf(s.want, sizeof s.want, "%s", "R-20261122-0031");
	cr_expect_eq(
	    told(CQ_TAKE, "{'error':{'code':'case.taken','by':'park'}}"),
	    CI_TAKEN);
	cr_expect_eq(counter_next(CS_QUEUE, CI_TAKEN).ask, CQ_VIEW);
	cr_expect_str_eq(s.error_detail, "park");
	cr_expect_eq(
	    told(CQ_VIEW, "{'result':{'case':{'case_no':'R-20261122-0031'},"
			  "'owner':'park','mine':false}}"),
	    CI_CASE);
	cr_expect_not(s.desk.held);
}

Test(counter_flow, a_stale_answer_keeps_what_was_typed)
{
	open_case();
	counter_begin_act(&s, "note");
	cr_assert(field_set(&s.desk.reason, "typed"));
	cr_expect_eq(
	    told(CQ_ACT, "{'error':{'code':'case.stale','version':15}}"),
	    CI_STALE);
	cr_expect_str_eq(s.error_detail, "15");
	cr_expect_eq(told(CQ_VIEW, kase), CI_STAY);
	cr_expect_str_eq(field_text(&s.desk.reason), "typed");
}

Test(counter_flow, a_change_by_somebody_else_is_asked_for_and_an_echo_is_not)
{
	open_case();
	cr_expect_eq(event("{'event':'desk.changed','params':{'case_no':"
			   "'R-20261122-0031','version':15}}"),
	    CI_REFRESH);
	cr_expect_eq(event("{'event':'desk.changed','params':{'case_no':"
			   "'R-20261122-0031','version':14}}"),
	    CI_STAY);
	cr_expect_eq(event("{'event':'desk.changed','params':{'case_no':"
			   "'R-20261122-0099','version':15}}"),
	    CI_STAY);
}

Test(counter_flow, a_lost_case_keeps_what_was_typed)
{
	open_case();
	counter_begin_act(&s, "note");
	cr_assert(field_set(&s.desk.reason, "typed"));
	cr_expect_eq(event("{'event':'desk.lost','params':{'case_no':"
			   "'R-20261122-0031'}}"),
	    CI_REFRESH);
	cr_expect(s.desk.lost && !s.desk.held);
	cr_expect_str_eq(field_text(&s.desk.reason), "typed");
}

Test(counter_flow, a_proposal_is_not_told_as_done)
{
	open_case();
	counter_begin_act(&s, "release");
	cr_expect_eq(
	    told(CQ_ACT, "{'result':{'proposal':5,'version':15}}"), CI_DONE);
	cr_expect_str_eq(s.told, "desk.told.proposed");
}

Test(counter_flow, a_shown_field_is_hidden_when_its_time_is_over)
{
	open_case();
	s.desk.unmask = UF_PHONE;
	cr_expect_eq(
	    told(CQ_UNMASK, "{'result':{'value':'010-1234-5678','ttl_s':30}}"),
	    CI_DONE);
	s.now_ms += 29999;
	cr_expect_not(counter_hide(&s));
	cr_expect_str_eq(s.desk.shown_value, "010-1234-5678");
	s.now_ms += 1;
	cr_expect(counter_hide(&s));
	cr_expect_eq(s.desk.shown_value[0], '\0');
	cr_expect_not(counter_hide(&s));
}

static bool
holds(const void *room, size_t n, const char *text)
{
	const char *p = room;
	size_t m = strlen(text);

	for (size_t i = 0; i + m <= n; i++)
		if (memcmp(p + i, text, m) == 0)
			return true;
	return false;
}

Test(counter_flow, a_case_that_is_left_is_nowhere_any_more)
{
	open_case();
	s.desk.unmask = UF_PHONE;
	(void)told(CQ_UNMASK, "{'result':{'value':'010-1234-5678'}}");
	cr_assert(field_set(&s.desk.reason, "zebra"));
	cr_expect(holds(&s, sizeof s, "1234-5678"));
	counter_forget(&s);
	cr_expect_not(holds(&s, sizeof s, "1234-5678"));
	cr_expect_not(holds(&s, sizeof s, "zebra"));
	cr_expect_not(holds(&s, sizeof s, "0031"));
}

Test(counter_flow, an_answer_that_comes_after_leaving_brings_nothing_back)
{
	open_case();
	counter_forget(&s);
	cr_expect_eq(told(CQ_VIEW, kase), CI_STAY);
	cr_expect_eq(
	    told(CQ_UNMASK, "{'result':{'value':'010-1234-5678'}}"), CI_STAY);
	cr_expect_not(s.desk.known);
	cr_expect_not(holds(&s, sizeof s, "1234-5678"));
}

Test(counter_flow, the_lock_forgets_all_but_who_is_here)
{
	open_case();
	list("R-1", "R-2");
	snprintf(s.staff, sizeof s.staff, "%s", "kim");
	s.role = CR_SUPERVISOR;
	s.lock_s = 300;
	counter_wipe(&s);
	cr_expect_str_eq(s.staff, "kim");
	cr_expect_eq(s.role, CR_SUPERVISOR);
	cr_expect_eq(s.lock_s, 300);
	cr_expect_eq(s.queue.count, 0);
	cr_expect_not(s.desk.known);
}

Test(counter_flow, being_refused_is_remembered)
{
	json_t *o = json("{'id':0,'error':{'code':'rpc.role'}}");

	cr_expect_eq(counter_admit(&s, o), CI_STAY);
	cr_expect(s.refused);
	counter_wipe(&s);
	cr_expect(s.refused);
	json_decref(o);
}

/* Whatever types come: read as absent, never beyond a field. */
Test(counter_flow, odd_answers_change_nothing_they_should_not)
{
	static const char *const odd[] = { "{}", "{'result':null}",
		"{'result':[]}", "{'result':{'items':7,'calls':'x'}}",
		"{'result':{'items':[1,'x',null,{'case_no':{}}]}}",
		"{'result':{'case':'R-20261122-0031'}}",
		"{'result':{'case':{'case_no':'R-20261122-0031'},"
		"'docs':[[]],'history':{},'actions':[1,'nonsense'],"
		"'facts':[7],'proposals':[null]}}",
		"{'result':{'value':7,'ttl_s':-5}}", "{'error':7}",
		"{'result':{'rows':[{'fields':[1]}],'size':'many'}}",
		"{'result':{'kiosks':[7],'peers':[1],'disk':[]}}",
		"{'result':{'cases':[],'fees':[{}],'differences':[{'ours':"
		"{}}]}}" };

	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		for (int ask = CQ_NONE + 1; ask < CQ_COUNT; ask++) {
			begin();
			open_case();
			(void)told((enum counter_ask)ask, odd[i]);
			cr_expect_leq(s.desk.action_count, DESK_ACTIONS);
		}
		(void)event(odd[i]);
	}
}
