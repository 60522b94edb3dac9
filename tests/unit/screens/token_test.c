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

/* ---- the working check ---- */

Test(token, the_check_looks_for_tokens_once_and_again_when_asked)
{
	state_stand(&s, &ime, "check_token_none");
	cr_expect_eq(state_tick(&s, 500), INTENT_TOKEN);
	cr_expect_eq(
	    (int)flow_next(SCR_CHECK, INTENT_TOKEN).request, REQ_TOKENS);
	cr_expect_eq(state_tick(&s, 500), INTENT_STAY);
	s.media = MEDIA_READY;
	cr_expect_eq(state_tick(&s, 500), INTENT_RETRY);
	cr_expect_eq(state_tick(&s, 500), INTENT_STAY);
	cr_expect_eq(state_key(&s, K_F5), INTENT_TOKEN);
	cr_expect_eq(state_tick(&s, 500), INTENT_RETRY, "the stick too");
}

Test(token, where_none_is_served_the_check_asks_for_sticks_only)
{
	state_stand(&s, &ime, "check");
	cr_expect_eq(state_tick(&s, 500), INTENT_STAY);
	cr_expect_eq(state_key(&s, K_F5), INTENT_STAY);
}

/* A stick would do: that no token can be seen is no error. */
Test(token, a_check_without_one_tells_no_error)
{
	json_t *none = json_loads(
	    "{\"error\":{\"code\":\"token.none\"}}", 0, NULL);

	state_stand(&s, &ime, "check_token_none");
	cr_expect_eq((int)answer_apply(&s, REQ_TOKENS, none), INTENT_FAILED);
	cr_expect_str_empty(s.error);
	state_stand(&s, &ime, "token_none");
	cr_expect_eq((int)answer_apply(&s, REQ_TOKENS, none), INTENT_FAILED);
	cr_expect_str_eq(s.error, "token.none", "where one is wanted it is");
	json_decref(none);
}

Test(token, stick_and_tokens_stand_in_one_list)
{
	static const struct {
		const char *key;
		int intent;
		bool token;
		int at;
	} rows[] = {
		{ "1", INTENT_NEXT, false, 0 }, { "2", INTENT_NEXT, false, 1 },
		{ "3", INTENT_NEXT, true, 0 },
		{ "4", INTENT_STAY, true, 1 }, /* locked */
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct event ev = event_char(
		    (uint32_t)rows[i].key[0], STATE_NOW_MS);
		state_stand(&s, &ime, "check_token_stick");
		cr_expect_eq(kiosk_screen(SCR_CHECK)->on_event(&s, &ev),
		    rows[i].intent, "%s", rows[i].key);
		cr_expect_eq(s.check_token, rows[i].token);
		cr_expect_eq(
		    rows[i].token ? s.token_at : s.found_at, rows[i].at);
	}
	cr_expect_str_eq(s.error, "token.locked");
	/* the stick is pulled: what was chosen on it is gone, tokens stay */
	s.media = MEDIA_NONE;
	(void)state_tick(&s, 500);
	cr_expect_eq(s.form.count, 2);
}

static const char *
secret(enum request r)
{
	static char text[REQUEST_SECRET + 1];

	text[request_secret(text, &s, r)] = '\0';
	return text;
}

Test(token, its_check_carries_the_PIN_and_which_one)
{
	json_t *p;

	state_stand(&s, &ime, "check_pin");
	s.tokens[0].index = 3;
	cr_expect_eq(press(), INTENT_STAY, "without a PIN nothing is asked");
	cr_expect_str_eq(s.item_error[0], "token_pin.empty");
	state_type(&s, "80231957");
	cr_expect_eq(press(), INTENT_TOKEN);
	cr_expect_eq((int)flow_next(SCR_CHECK_PASSWORD, INTENT_TOKEN).request,
	    REQ_TOKEN_CHECK);
	p = request_params(&s, REQ_TOKEN_CHECK);
	cr_expect_eq(rpc_int(p, "token", -1), 3);
	cr_expect_null(json_object_get(p, "index"));
	cr_expect_null(json_object_get(p, "number"), "no consent");
	json_decref(p);
	cr_expect_str_eq(secret(REQ_TOKEN_CHECK), "80231957");
	state_stand(&s, &ime, "check_pin_number");
	p = request_params(&s, REQ_TOKEN_CHECK);
	cr_expect_str_eq(rpc_str(p, "number"), state_number);
	json_decref(p);
}

Test(token, what_a_refused_PIN_leaves_is_told_with_the_next_try)
{
	state_stand(&s, &ime, "check_pin_wrong");
	cr_expect_str_eq(s.error, "token.pin");
	cr_expect_str_eq(s.tokens[0].pin, "few");
	state_stand(&s, &ime, "check_pin_locked");
	cr_expect_str_eq(s.tokens[0].pin, "locked");
	state_stand(&s, &ime, "check_pin_gone");
	cr_expect_str_eq(s.tokens[0].pin, "ok", "that says nothing of the PIN");
}

static int
checked(const char *result)
{
	json_t *body = json_loads(result, 0, NULL);
	int intent;

	cr_assert(body != NULL, "%s", result);
	intent = answer_apply(&s, REQ_TOKEN_CHECK, body);
	json_decref(body);
	return intent;
}

Test(token, whose_certificate_it_is_comes_with_the_answer)
{
	state_stand(&s, &ime, "check_pin_wrong");
	cr_expect_eq(checked("{\"result\":{\"opens\":true,\"pair\":true,"
			     "\"signature\":true,\"vid\":null,"
			     "\"status\":\"suspended\",\"by\":\"ocsp\","
			     "\"holder\":\"김*수\",\"product_key\":"
			     "\"product.bank_personal\"}}"),
	    INTENT_DONE);
	cr_expect_str_eq(s.check.holder, "김*수");
	cr_expect_str_eq(s.check.status, "suspended");
	cr_expect_str_eq(s.tokens[0].pin, "ok", "mistakes are forgotten");
	/* the next one has none: nothing of the first is left */
	s.check.changed = true;
	cr_expect_eq(checked("{\"result\":{\"opens\":true,\"pair\":false,"
			     "\"signature\":false,\"vid\":null,"
			     "\"status\":\"\",\"by\":\"\",\"as_of\":0}}"),
	    INTENT_DONE);
	cr_expect_str_empty(s.check.holder);
	cr_expect_str_empty(s.check.status);
	cr_expect_not(s.check.changed);
}

Test(token, another_PIN_is_asked_of_the_token_itself)
{
	json_t *p;

	state_stand(&s, &ime, "change_pin");
	state_type(&s, "80231957");
	(void)state_key(&s, K_TAB);
	state_type(&s, "1234"); /* which PIN it takes only it knows */
	(void)state_key(&s, K_TAB);
	state_type(&s, "1234");
	cr_expect_eq(press(), INTENT_TOKEN);
	cr_expect_eq((int)flow_next(SCR_CHANGE_PASSWORD, INTENT_TOKEN).request,
	    REQ_TOKEN_PIN);
	p = request_params(&s, REQ_TOKEN_PIN);
	cr_expect_eq(rpc_int(p, "token", -1), 0);
	json_decref(p);
	cr_expect_str_eq(secret(REQ_TOKEN_PIN), "80231957\n1234");
}

/* Pulled in the middle: neither "changed" nor "as it was" may be said. */
Test(token, whether_a_PIN_was_changed_is_told_only_when_known)
{
	json_t *done = json_loads("{\"result\":{}}", 0, NULL);

	state_stand(&s, &ime, "change_pin_gone");
	cr_expect_str_eq(s.error, "token.unsure");
	cr_expect_not(s.check.changed);
	state_stand(&s, &ime, "change_pin_rule");
	cr_expect_str_eq(s.error, "token.rule");
	state_stand(&s, &ime, "change_pin");
	cr_expect_eq((int)answer_apply(&s, REQ_TOKEN_PIN, done), INTENT_DONE);
	cr_expect(s.check.changed);
	json_decref(done);
}

/* They leave with the request: refused, the first is typed again first. */
Test(token, what_has_left_is_typed_again_from_the_first_field)
{
	state_stand(&s, &ime, "check_pin");
	state_type(&s, "00000000");
	cr_expect_eq(press(), INTENT_TOKEN);
	cr_expect_eq(s.form.at, 0, "not at the consent");
	state_stand(&s, &ime, "check_password");
	state_type(&s, "Harbor#2719x");
	cr_expect_eq(press(), INTENT_NEXT);
	cr_expect_eq(s.form.at, 0);
	state_stand(&s, &ime, "change_pin");
	field_set(&s.old_password, "80231957");
	field_set(&s.password, "12");
	field_set(&s.again, "12");
	s.form.at = 2;
	cr_expect_eq(press(), INTENT_TOKEN);
	cr_expect_eq(s.form.at, 0);
	state_stand(&s, &ime, "password_typed");
	field_set(&s.again, state_password);
	cr_expect_eq(press(), INTENT_NEXT);
	cr_expect_eq(s.form.at, 0);
}
