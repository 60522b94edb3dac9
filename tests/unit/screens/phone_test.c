/*
 * phone_test.c - where the certificate goes and the handoff at the kiosk: what
 * keys do, and what the agent's words change.
 */
#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#include "flow/answer.h"
#include "flow/phone.h"
#include "flow/request.h"
#include "handoffs.h"
#include "screens/kiosk.h"
#include "states.h"
#include "support.h"
#include "visits.h"

static struct session s;
static struct ime ime;
static struct page page;
static struct frame frame;

TestSuite(phone, .init = support_open);

static struct step
step(int intent)
{
	return flow_next(s.screen, (enum intent)intent);
}

static const struct page *
drawn(int rows, int cols)
{
	page_begin(&page, &s, rows, cols);
	kiosk_screen(s.screen)->draw(&s, &page);
	page_end(&page, &frame);
	return &page;
}

/* What case.issue or case.deliver would carry as `to`. */
static const char *
to(enum request r)
{
	static char text[128];
	json_t *params = request_params(&s, r);
	const json_t *list = json_object_get(params, "to");
	size_t n = 0, i;
	json_t *one;

	text[0] = '\0';
	json_array_foreach(list, i, one)
		n += (size_t)snprintf(
		    text + n, sizeof text - n, "%s ", json_string_value(one));
	json_decref(params);
	return text;
}

/* ---- where ---- */

Test(phone, with_a_stick_alone_nothing_is_asked)
{
	state_stand(&s, &ime, "fee_free");
	s.to = 1u << TO_PHONE; /* chosen while there were phones */
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
	cr_expect_eq((int)step(INTENT_NEXT).screen, SCR_PASSWORD);
	cr_expect_str_eq(to(REQ_ISSUE), "", "the agent's default");
}

Test(phone, with_phones_it_is_one_question_before_the_password)
{
	state_stand(&s, &ime, "fee_free");
	visit_branch.phone_ok = true;
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_WHERE);
	cr_expect_eq((int)step(INTENT_WHERE).screen, SCR_WHERE);
	s.screen = SCR_WHERE;
	cr_expect_eq((int)step(INTENT_NEXT).screen, SCR_PASSWORD);
	cr_expect_eq((int)step(INTENT_BACK).screen, SCR_FEE);
}

/* Back the way it came, and what was typed stays. */
Test(phone, the_password_leads_back_to_the_question)
{
	state_stand(&s, &ime, "password_typed");
	cr_expect_eq(state_key(&s, K_ESC), INTENT_BACK);
	cr_expect_eq((int)step(INTENT_BACK).screen, SCR_FEE);
	visit_branch.phone_ok = true;
	cr_expect_eq(state_key(&s, K_ESC), INTENT_WHERE);
	cr_expect_eq((int)step(INTENT_WHERE).screen, SCR_WHERE);
	kiosk_screen(SCR_WHERE)->enter(&s);
	kiosk_screen(SCR_PASSWORD)->enter(&s);
	cr_expect_str_eq(field_text(&s.password), state_password);
}

static const struct {
	const char *key;
	int intent; /* of the password's screen */
	const char *to;
} places[] = {
	{ "1", INTENT_NEXT, "stick " },
	{ "2", INTENT_PHONE, "phone " },
	{ "3", INTENT_NEXT, "stick phone " },
};

Test(phone, each_place_is_what_the_agent_is_told)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		struct event ev = { .kind = EV_KEY,
			.key = K_CHAR,
			.ch = (uint32_t)places[i].key[0],
			.item = -1 };
		state_stand(&s, &ime, "where");
		field_set(&s.again, state_password);
		ev.now_ms = s.now_ms;
		cr_expect_eq(
		    kiosk_screen(SCR_WHERE)->on_event(&s, &ev), INTENT_NEXT);
		cr_expect_str_eq(to(REQ_ISSUE), places[i].to);
		s.screen = SCR_PASSWORD;
		kiosk_screen(SCR_PASSWORD)->enter(&s);
		s.form.at = 1;
		cr_expect_eq(state_key(&s, K_ENTER), places[i].intent);
	}
	cr_expect_eq((int)step(INTENT_NEXT).screen, SCR_STICK);
	cr_expect_eq((int)step(INTENT_PHONE).request, REQ_ISSUE);
}

Test(phone, a_password_that_has_left_is_typed_again)
{
	state_stand(&s, &ime, "password");
	visit_branch.phone_ok = true;
	s.to = 1u << TO_PHONE;
	s.form.at = 1;
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	cr_expect_str_eq(s.item_error[0], "password.rule.empty");
}

Test(phone, when_phones_have_gone_since_the_stick_is_left)
{
	state_stand(&s, &ime, "password_typed");
	s.to = 1u << TO_PHONE;
	field_set(&s.again, state_password);
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
	cr_expect_str_eq(to(REQ_ISSUE), "");
}

/* The same word again must not throw anybody back while they choose. */
Test(phone, a_problem_known_already_does_not_interrupt_the_next_try)
{
	static const char again[] =
	    "{\"event\":\"case.changed\",\"params\":{\"case_no\":"
	    "\"R-20261122-0031\",\"state\":\"PAID\",\"problem\":\"%s\"}}";
	static const enum screen_id on_the_way[] = { SCR_WHERE, SCR_PASSWORD,
		SCR_STICK, SCR_TOKEN, SCR_TOKEN_PIN };
	char known[256], news[256];

	snprintf(known, sizeof known, again, "peer.ca_answer");
	snprintf(news, sizeof news, again, "problem.attempts");
	for (size_t i = 0; i < sizeof on_the_way / sizeof *on_the_way; i++) {
		state_stand(&s, &ime, "problem_ca_answer");
		s.screen = on_the_way[i];
		cr_expect_eq(handoffs_event(&s, known), INTENT_STAY);
		s.screen = SCR_HELP; /* also with help over it */
		s.below = on_the_way[i];
		cr_expect_eq(handoffs_event(&s, known), INTENT_STAY);
		s.screen = on_the_way[i];
		cr_expect_eq(handoffs_event(&s, news), INTENT_AT_PROBLEM);
		s.pending = REQ_ISSUE; /* it is an answer to that */
		cr_expect_eq(handoffs_event(&s, news), INTENT_AT_PROBLEM);
	}
	s.screen = SCR_ISSUING;
	s.pending = REQ_NONE;
	cr_expect_eq(handoffs_event(&s, news), INTENT_AT_PROBLEM);
}

Test(phone, phones_that_are_gone_are_not_offered)
{
	state_stand(&s, &ime, "where");
	cr_expect_eq(s.form.count, 3);
	visit_branch.phone_ok = false;
	(void)state_tick(&s, 500);
	cr_expect_eq(s.form.count, 1);
}

/* ---- the phone's turn ---- */

Test(phone, it_is_the_phones_turn_when_the_stick_has_it_or_was_not_chosen)
{
	struct case_view c = { .state = "ISSUED" };

	cr_expect_eq((int)answer_case_intent(&c), INTENT_AT_ISSUING);
	visit_put(c.ways[TO_PHONE], WAY_STATE, "todo");
	cr_expect_eq((int)answer_case_intent(&c), INTENT_AT_PHONE);
	visit_put(c.ways[TO_STICK], WAY_STATE, "doing");
	cr_expect_eq((int)answer_case_intent(&c), INTENT_AT_ISSUING);
	visit_put(c.ways[TO_STICK], WAY_STATE, "done");
	cr_expect_eq((int)answer_case_intent(&c), INTENT_AT_PHONE);
	visit_put(c.ways[TO_PHONE], WAY_STATE, "done");
	cr_expect_eq((int)answer_case_intent(&c), INTENT_AT_ISSUING);
	visit_put(c.ways[TO_PHONE], WAY_STATE, "failed");
	visit_put(c.problem_key, SHORT_TEXT, "problem.key_lost");
	cr_expect_eq((int)answer_case_intent(&c), INTENT_AT_PROBLEM);
}

Test(phone, its_turn_asks_for_a_code_but_not_a_second_time)
{
	cr_expect_eq(
	    (int)flow_next(SCR_ISSUING, INTENT_AT_PHONE).request, REQ_PHONE);
	cr_expect_eq(
	    (int)flow_next(SCR_PHONE, INTENT_AT_PHONE).request, REQ_NONE);
	cr_expect_eq(
	    (int)flow_next(SCR_DIGITS, INTENT_AT_PHONE).screen, SCR_DIGITS);
	cr_expect_eq(
	    (int)flow_next(SCR_STICK, INTENT_AT_PHONE).screen, SCR_STICK);
}

/* ---- the code ---- */

Test(phone, the_longest_address_fits_80x24_and_stays_readable)
{
	state_stand(&s, &ime, "phone_code");
	cr_expect_eq(strlen(handoffs_url), 84);
	drawn(24, 80);
	cr_expect_eq(page.qr, &s.handoff.codes[CODE_SMALL]);
	cr_expect_eq(page.qr->size, 37);
	cr_expect_eq(page.quiet, QR_QUIET);
}

Test(phone, with_room_it_is_corrected_more_strongly)
{
	state_stand(&s, &ime, "phone_code");
	drawn(40, 120);
	cr_expect_eq(page.qr, &s.handoff.codes[CODE_LARGE]);
	cr_expect_gt(page.qr->size, 37);
	cr_expect_eq(page.quiet, QR_QUIET);
}

Test(phone, without_room_or_blocks_it_says_so_and_offers_the_stick)
{
	static char speech[PAGE_ARENA];

	state_stand(&s, &ime, "phone_code");
	drawn(13, 57);
	cr_expect_null(page.qr);
	page_speech(&page, speech, sizeof speech);
	cr_expect_not_null(strstr(speech, "USB"));
	page_begin(&page, &s, 24, 80);
	page_blocks(&page, false);
	kiosk_screen(SCR_PHONE)->draw(&s, &page);
	cr_expect_null(page.qr, "this terminal draws blocks too wide");
	cr_expect_eq(state_key(&s, K_ESC), INTENT_OTHER);
}

Test(phone, the_wifi_comes_first_and_only_once)
{
	state_stand(&s, &ime, "phone_wifi");
	drawn(24, 80);
	cr_expect_eq(page.qr, &s.handoff.wifi);
	(void)state_key(&s, K_ENTER);
	drawn(24, 80);
	cr_expect_eq(page.qr, &s.handoff.codes[CODE_SMALL]);
	handoffs_wifi(&s);
	drawn(24, 80);
	cr_expect_eq(page.qr, &s.handoff.codes[CODE_SMALL]);
}

Test(phone, f5_makes_a_new_code_and_forgets_the_old)
{
	state_stand(&s, &ime, "phone_code");
	cr_expect_eq(state_key(&s, K_F5), INTENT_RETRY);
	cr_expect_eq((int)step(INTENT_RETRY).request, REQ_PHONE);
	cr_expect_eq(s.handoff.codes[CODE_SMALL].size, 0);
}

Test(phone, enter_while_a_code_is_shown_does_nothing)
{
	state_stand(&s, &ime, "phone_code");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	cr_expect_gt(s.handoff.codes[CODE_SMALL].size, 0);
}

Test(phone, escape_leads_to_the_stick_or_ends_with_the_one_that_has_it)
{
	state_stand(&s, &ime, "phone_code");
	cr_expect_eq(state_key(&s, K_ESC), INTENT_OTHER);
	cr_expect_eq((int)step(INTENT_OTHER).screen, SCR_STICK);
	cr_expect_eq((int)step(INTENT_OTHER).request, REQ_PHONE_END);
	cr_expect_str_eq(to(REQ_DELIVER), "stick ");
	state_stand(&s, &ime, "phone_code_after_stick");
	cr_expect_eq(state_key(&s, K_ESC), INTENT_NEXT);
	cr_expect_eq((int)step(INTENT_NEXT).request, REQ_DELIVER);
	cr_expect_str_eq(to(REQ_DELIVER), "stick ");
	cr_expect_eq((int)step(INTENT_DONE).screen, SCR_ISSUING);
}

/* ---- what the phone does ---- */

Test(phone, a_claim_leads_to_the_digits)
{
	state_stand(&s, &ime, "phone_code");
	cr_expect_eq(handoffs_changed(&s, "open", 170), INTENT_STAY);
	cr_expect_eq(handoffs_changed(&s, "claimed", 160), INTENT_CLAIMED);
	cr_expect_eq((int)step(INTENT_CLAIMED).screen, SCR_DIGITS);
	cr_expect_leq(s.handoff.until_ms - s.now_ms, 160001);
}

Test(phone, whatever_ends_it_leads_back_to_the_choice)
{
	static const char *const ends[] = { "expired", "wrong", "gone" };

	for (size_t i = 0; i < 3; i++) {
		state_stand(&s, &ime, "digits");
		cr_expect_eq(
		    handoffs_changed(&s, ends[i], 0), INTENT_PHONE_OVER);
		cr_expect_eq((int)step(INTENT_PHONE_OVER).screen, SCR_PHONE);
		cr_expect(phone_is_over(&s));
		cr_expect_eq(s.handoff.codes[CODE_LARGE].size, 0);
	}
}

Test(phone, words_about_another_case_or_an_older_code_change_nothing)
{
	state_stand(&s, &ime, "phone_code");
	cr_expect_eq(handoffs_event(&s,
			 "{\"event\":\"phone.changed\",\"params\":{\"case_no\":"
			 "\"R-20261122-0099\",\"state\":\"gone\"}}"),
	    INTENT_STAY);
	cr_expect_not(phone_is_over(&s));
	s.pending = REQ_PHONE;
	cr_expect_eq(handoffs_changed(&s, "gone", 0), INTENT_STAY);
	cr_expect_str_eq(s.handoff.state, "");
}

Test(phone, an_ended_one_offers_a_new_code_or_the_stick)
{
	state_stand(&s, &ime, "phone_expired");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_RETRY);
	state_stand(&s, &ime, "phone_expired");
	state_key(&s, K_DOWN);
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_OTHER);
}

Test(phone, from_the_digits_one_may_look_back_and_return)
{
	state_stand(&s, &ime, "phone_claimed");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_CLAIMED);
}

/* ---- digits ---- */

Test(phone, six_digits_are_asked_of_the_agent_and_fewer_are_not)
{
	json_t *params;

	state_stand(&s, &ime, "digits");
	state_type(&s, "04821");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	state_type(&s, "3");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
	cr_expect_eq((int)step(INTENT_NEXT).request, REQ_DIGITS);
	params = request_params(&s, REQ_DIGITS);
	cr_expect_str_eq(
	    json_string_value(json_object_get(params, "digits")), "048213");
	json_decref(params);
}

Test(phone, wrong_ones_are_typed_anew)
{
	state_stand(&s, &ime, "digits_refused");
	state_type(&s, "1");
	cr_expect_str_eq(field_text(&s.digits), "1");
}

Test(phone, right_ones_lead_to_what_the_phone_receives)
{
	state_stand(&s, &ime, "digits_typed");
	cr_expect_eq((int)step(INTENT_DONE).screen, SCR_PHONE);
}

/* ---- instead of a stick that failed ---- */

Test(phone, a_failed_stick_may_be_given_up_for_the_phone)
{
	json_t *body = json_loads(
	    "{\"result\":{\"case_no\":\"R-20261122-0031\","
	    "\"state\":\"ISSUED\",\"to\":[{\"way\":"
	    "\"phone\",\"state\":\"todo\"}]}}",
	    0, NULL);

	state_stand(&s, &ime, "problem_stick_phone");
	cr_expect_eq(s.form.count, 3);
	state_key(&s, K_DOWN);
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_PHONE);
	cr_expect_eq((int)step(INTENT_PHONE).request, REQ_DELIVER);
	cr_expect_str_eq(to(REQ_DELIVER), "phone ");
	cr_expect_eq((int)answer_apply(&s, REQ_DELIVER, body), INTENT_TO_PHONE);
	cr_expect_eq((int)step(INTENT_TO_PHONE).screen, SCR_PHONE);
	cr_expect_eq((int)step(INTENT_TO_PHONE).request, REQ_PHONE);
	json_decref(body);
}

Test(phone, from_a_stick_that_is_not_there_one_may_go_back_to_the_phone)
{
	state_stand(&s, &ime, "stick_again_phone");
	cr_expect_eq(state_key(&s, K_ESC), INTENT_PHONE);
	cr_expect_str_eq(to(REQ_DELIVER), "phone ");
}

/* ---- leaving ---- */

static bool
session_has(const void *what, size_t n)
{
	const uint8_t *at = (const uint8_t *)&s;

	for (size_t i = 0; i + n <= sizeof s; i++)
		if (memcmp(at + i, what, n) == 0)
			return true;
	return false;
}

Test(phone, a_wiped_visit_holds_no_code)
{
	uint8_t row[37];

	state_stand(&s, &ime, "phone_code");
	memcpy(row, s.handoff.codes[CODE_SMALL].dark[20], sizeof row);
	cr_expect(session_has(row, sizeof row));
	session_wipe(&s);
	cr_expect_not(session_has(row, sizeof row));
}
