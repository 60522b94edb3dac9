/*
 * What the keys of the token's screens do.
 */
#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#include "flow/answer.h"
#include "flow/flow.h"
#include "flow/request.h"
#include "rpc/rpc.h"
#include "screens/kiosk.h"
#include "tokens.h"
#include "states.h"
#include "support.h"
#include "visits.h"

static struct session s;
static struct ime ime;

TestSuite(token, .init = support_open);

static int
press(void)
{
	struct event ev = { .kind = EV_KEY, .key = K_ENTER };

	return kiosk_screen(s.screen)->on_event(&s, &ev);
}

Test(token, is_offered_only_where_one_can_be_served)
{
	state_stand(&s, &ime, "where_token");
	cr_expect_eq(s.form.count, 4);
	visit_branch.token_ok = false;
	kiosk_screen(SCR_WHERE)->enter(&s);
	cr_expect_eq(s.form.count, 3);
}

/* Its PIN takes the password's place: none is asked for. */
Test(token, is_chosen_before_any_password_is_typed)
{
	struct step step;

	state_stand(&s, &ime, "fee_free");
	visit_branch.token_ok = true;
	cr_expect_eq(press(), INTENT_WHERE);
	step = flow_next(SCR_FEE, INTENT_WHERE);
	cr_expect_eq((int)step.screen, SCR_WHERE);
	s.screen = SCR_WHERE;
	kiosk_screen(SCR_WHERE)->enter(&s);
	s.form.at = 1; /* no phones here */
	cr_expect_eq(press(), INTENT_TOKEN);
	cr_expect(field_is_empty(&s.password));
	step = flow_next(SCR_WHERE, INTENT_TOKEN);
	cr_expect_eq((int)step.screen, SCR_TOKEN);
	cr_expect_eq((int)step.request, REQ_TOKENS);
	cr_expect_eq((int)flow_next(SCR_TOKEN, INTENT_BACK).screen, SCR_WHERE);
	cr_expect_eq(
	    (int)flow_next(SCR_TOKEN_PIN, INTENT_BACK).screen, SCR_TOKEN);
}

/* After a problem the place is open again where there is a choice. */
Test(token, a_problem_leads_to_the_question_where)
{
	static const char *const stands[] = { "problem_ca_down",
		"problem_ca_answer" };

	for (size_t i = 0; i < sizeof stands / sizeof *stands; i++) {
		state_stand(&s, &ime, stands[i]);
		s.to = 1u << TO_PHONE;
		cr_expect_eq(press(), INTENT_OTHER);
		cr_expect_eq(s.to, 0u);
		visit_branch.token_ok = true;
		cr_expect_eq(press(), INTENT_WHERE);
	}
	cr_expect_eq(
	    (int)flow_next(SCR_PROBLEM, INTENT_WHERE).screen, SCR_WHERE);
	cr_expect_eq(
	    (int)flow_next(SCR_PROBLEM, INTENT_OTHER).screen, SCR_PASSWORD);
}

Test(token, one_that_cannot_be_used_is_not_chosen)
{
	static const struct {
		int at;
		int intent;
		const char *error;
	} rows[] = {
		{ 0, INTENT_NEXT, "" },
		{ 1, INTENT_STAY, "token.full" },
		{ 2, INTENT_STAY, "token.locked" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		state_stand(&s, &ime, "token_three");
		s.form.at = rows[i].at;
		cr_expect_eq(press(), rows[i].intent);
		cr_expect_str_eq(s.error, rows[i].error);
	}
}

Test(token, the_PIN_takes_the_passwords_place_in_the_request)
{
	char secret[REQUEST_SECRET];
	json_t *p;
	size_t n;

	state_stand(&s, &ime, "token_pin");
	(void)field_set(&s.old_password, "80231957");
	(void)field_set(&s.password, "Sea-gull#2026x");
	cr_expect_eq(press(), INTENT_NEXT);
	p = request_params(&s, REQ_ISSUE);
	cr_expect_str_eq(
	    json_string_value(json_array_get(json_object_get(p, "to"), 0)),
	    "token");
	cr_expect_eq(rpc_int(p, "token", -1), 0);
	json_decref(p);
	n = request_secret(secret, &s, REQ_ISSUE);
	cr_expect(n == 8 && memcmp(secret, "80231957", 8) == 0);
}

Test(token, without_a_PIN_nothing_is_asked)
{
	state_stand(&s, &ime, "token_pin");
	cr_expect_eq(press(), INTENT_STAY);
}

Test(token, a_certificate_whose_key_is_on_one_goes_there_again)
{
	state_stand(&s, &ime, "problem_token_gone");
	cr_expect_eq(press(), INTENT_TOKEN);
	state_stand(&s, &ime, "problem_token_pin");
	cr_expect_eq(press(), INTENT_TOKEN);
	/* a locked one is not asked again: another place */
	PUT(s.kase.problem_key, "token.locked");
	cr_expect_eq(press(), INTENT_OTHER);
}

Test(token, what_is_listed_is_what_the_agent_told_last)
{
	json_t *a = json_pack("{s:{s:[{s:i,s:s,s:s,s:b,s:s,s:b,s:b}]}}",
	    "result", "tokens", "index", 3, "label", "A", "model", "M", "keys",
	    1, "pin", "ok", "writable", 1, "full", 0);
	json_t *none = json_loads(
	    "{\"error\":{\"code\":\"token.none\"}}", 0, NULL);

	state_stand(&s, &ime, "token_three");
	cr_expect_eq((int)answer_apply(&s, REQ_TOKENS, a), INTENT_DONE);
	cr_expect_eq(s.token_count, 1);
	cr_expect_eq(s.tokens[0].index, 3);
	cr_expect_eq((int)answer_apply(&s, REQ_TOKENS, none), INTENT_FAILED);
	cr_expect_eq(s.token_count, 0);
	json_decref(a);
	json_decref(none);
}
