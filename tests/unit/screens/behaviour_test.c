/*
 * behaviour_test.c - what keys do on the screens.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "flow/request.h"
#include "screens/kiosk.h"
#include "screens/kiosk/common.h"
#include "states.h"
#include "support.h"

static struct session s;
static struct ime ime;

static const struct screen *
screen_of(const struct session *at)
{
	return kiosk_screen(at->screen);
}

TestSuite(behaviour, .init = support_open);

static void
submit(void)
{
	s.form.at = s.form.count - 1;
}

Test(behaviour, a_number_on_the_first_screen_chooses_the_job)
{
	static const struct {
		const char *key;
		enum intent intent;
		enum purpose purpose;
	} rows[] = {
		{ "1", INTENT_REISSUE, PURPOSE_REISSUE },
		{ "2", INTENT_REPORT, PURPOSE_REPORT },
		{ "3", INTENT_STATUS, PURPOSE_STATUS },
		{ "4", INTENT_CHECK, PURPOSE_CHECK },
		{ "5", INTENT_HELP, PURPOSE_NONE },
		{ "6", INTENT_LANGUAGE, PURPOSE_NONE },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct event ev = event_char(
		    (uint32_t)rows[i].key[0], STATE_NOW_MS);
		state_stand(&s, &ime, "welcome");
		cr_expect_eq(
		    screen_of(&s)->on_event(&s, &ev), (int)rows[i].intent);
		cr_expect_eq(s.purpose, rows[i].purpose);
	}
}

Test(behaviour, help_staff_and_language_are_the_same_keys_everywhere)
{
	for (size_t i = 0; i < state_count; i++) {
		if (flow_is_overlay(states[i].screen) ||
		    states[i].screen == SCR_CLOSED)
			continue;
		state_make(&s, &ime, &states[i]);
		cr_expect_eq(
		    state_key(&s, K_F1), INTENT_HELP, "%s", states[i].name);
		cr_expect_eq(
		    state_key(&s, K_F2), INTENT_STAFF, "%s", states[i].name);
		if (s.pending == REQ_NONE)
			cr_expect_eq(state_key(&s, K_F3), INTENT_LANGUAGE, "%s",
			    states[i].name);
	}
}

Test(behaviour, while_an_answer_is_awaited_only_help_and_staff_pass)
{
	for (size_t i = 0; i < state_count; i++) {
		if (flow_is_overlay(states[i].screen) ||
		    states[i].screen == SCR_CLOSED)
			continue;
		state_make(&s, &ime, &states[i]);
		s.pending = REQ_CASE;
		for (int k = K_NONE; k < K_COUNT; k++) {
			int intent = state_key(&s, k);
			cr_expect(intent == INTENT_STAY ||
				      intent == INTENT_HELP ||
				      intent == INTENT_STAFF,
			    "%s: key %d gives %d", states[i].name, k, intent);
		}
	}
}

Test(behaviour, consent_is_refused_by_enter_until_the_required_are_ticked)
{
	state_stand(&s, &ime, "consent");
	for (int i = 0; i < CONSENT_COUNT; i++)
		cr_expect_not(s.consent[i], "ticked beforehand");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	cr_expect_str_eq(s.error, "kiosk.consent");
	state_type(&s, "12");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	cr_expect_eq(s.form.at, 2, "stands at the missing one");
	state_type(&s, "3");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
	cr_expect_not(s.consent[CONSENT_REMINDER]);
}

Test(behaviour, identity_sends_nothing_while_a_field_is_wrong)
{
	state_stand(&s, &ime, "identity_empty");
	cr_expect_eq(s.form.at, 1, "stands at the first wrong field");
	cr_expect_str_eq(s.item_error[1], "id.name.empty");
	cr_expect_str_eq(s.item_error[2], "id.rrn.empty");
	cr_expect_str_eq(s.item_error[3], "id.issue_date.empty");
	submit();
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
}

Test(behaviour, identity_keeps_what_was_typed)
{
	state_stand(&s, &ime, "identity_driver");
	cr_expect_str_eq(field_text(&s.name), "홍길동");
	cr_expect_str_eq(field_text(&s.id_number), "11-23-12345");
	cr_expect_str_eq(s.item_error[3], "id.licence.length");
	cr_expect_eq(s.form.at, 3);
	state_type(&s, "6");
	cr_expect_null(s.item_error[3], "the error goes when it is edited");
}

Test(behaviour, identity_accepts_a_licence_as_the_card_prints_it)
{
	state_stand(&s, &ime, "identity_driver");
	field_set(&s.id_number, "서울 04-123456-12");
	submit();
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
	cr_expect_str_eq(field_text(&s.id_number), "110412345612");
}

Test(behaviour, a_doubtful_check_digit_is_asked_about_once)
{
	state_stand(&s, &ime, "identity_soft");
	cr_expect_str_eq(s.item_error[2], "id.rrn.check_digit");
	cr_expect_not(s.number_confirmed);
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT, "one Enter says yes");
	cr_expect(s.number_confirmed);
}

Test(behaviour, a_changed_number_is_asked_about_again)
{
	state_stand(&s, &ime, "identity_soft");
	(void)state_key(&s, K_BACKSPACE);
	state_type(&s, "8");
	submit();
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	cr_expect_str_eq(s.item_error[2], "id.rrn.check_digit");
}

Test(behaviour, a_number_given_since_2020_is_not_doubted)
{
	state_stand(&s, &ime, "identity_filled");
	field_set(&s.number, "2108154654321");
	submit();
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
}

Test(behaviour, an_alien_number_under_a_resident_card_is_told_apart)
{
	state_stand(&s, &ime, "identity_filled");
	field_set(&s.number, "9001015980063");
	submit();
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	cr_expect_str_eq(s.item_error[2], "id.rrn.kind");
}

Test(behaviour, another_document_starts_its_own_number_anew)
{
	state_stand(&s, &ime, "identity_driver");
	s.form.at = 0;
	state_type(&s, "3");
	cr_expect_eq(s.id_kind, IDK_PASSPORT);
	cr_expect(field_is_empty(&s.id_number));
	s.form.at = 3;
	state_type(&s, "m12345678");
	cr_expect_str_eq(field_text(&s.id_number), "M12345678");
}

Test(behaviour, a_paste_never_submits)
{
	struct event ev = event_char('\n', STATE_NOW_MS);

	state_stand(&s, &ime, "identity_filled");
	submit();
	ev.pasted = true;
	cr_expect_eq(screen_of(&s)->on_event(&s, &ev), INTENT_STAY);
	cr_expect_str_eq(field_text(&s.issue_date), "20190305");
}

Test(behaviour, going_home_is_asked_about_when_something_would_be_lost)
{
	state_stand(&s, &ime, "identity");
	cr_expect_eq(state_key(&s, K_F10), INTENT_HOME, "nothing typed yet");
	state_stand(&s, &ime, "identity_filled");
	cr_expect_eq(state_key(&s, K_F10), INTENT_STAY);
	cr_expect(s.leaving);
	(void)state_key(&s, K_DOWN);
	cr_expect_not(s.leaving, "any other key goes on");
	cr_expect_eq(state_key(&s, K_F10), INTENT_STAY);
	cr_expect_eq(state_key(&s, K_F10), INTENT_HOME);
}

Test(behaviour, a_code_is_sent_again_only_for_a_phone)
{
	state_stand(&s, &ime, "factor");
	cr_expect_eq(state_key(&s, K_F5), INTENT_RESEND);
	state_stand(&s, &ime, "factor_question");
	cr_expect_eq(state_key(&s, K_F5), INTENT_STAY);
}

Test(behaviour, a_code_has_six_digits)
{
	state_stand(&s, &ime, "factor");
	state_type(&s, "12345");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	state_type(&s, "6");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
	state_type(&s, "7");
	cr_expect_eq(field_chars(&s.factor_answer), 6);
}

static int
pick_route(enum purpose purpose, const char *route, const char *case_no)
{
	struct event ev = event_char('1', STATE_NOW_MS);

	state_stand(&s, &ime, "certs");
	s.purpose = purpose;
	strcpy(s.certs[0].route, route);
	strcpy(s.certs[0].case_no, case_no);
	return screen_of(&s)->on_event(&s, &ev);
}

Test(behaviour, a_certificate_goes_where_its_route_leads)
{
	static const struct {
		enum purpose purpose;
		const char *route, *case_no;
		enum intent intent;
	} rows[] = {
		{ PURPOSE_REISSUE, "reissue", "", INTENT_NEXT },
		{ PURPOSE_REISSUE, "reissue_then_renew", "", INTENT_NEXT },
		{ PURPOSE_REISSUE, "renew", "", INTENT_ROUTE },
		{ PURPOSE_REPORT, "renew", "", INTENT_NEXT },
		{ PURPOSE_REISSUE, "new", "", INTENT_ROUTE },
		{ PURPOSE_REISSUE, "restore", "", INTENT_ROUTE },
		{ PURPOSE_REISSUE, "restore", "R-20261122-0031", INTENT_NEXT },
		{ PURPOSE_REISSUE, "other_issuer", "", INTENT_ROUTE },
		{ PURPOSE_REPORT, "other_bank", "", INTENT_ROUTE },
		{ PURPOSE_REISSUE, "too_late", "", INTENT_ROUTE },
		{ PURPOSE_STATUS, "reissue", "", INTENT_STAY },
		{ PURPOSE_STATUS, "new", "R-20261122-0031", INTENT_STATUS },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_eq(
		    pick_route(rows[i].purpose, rows[i].route, rows[i].case_no),
		    (int)rows[i].intent, "%s for %d", rows[i].route,
		    rows[i].purpose);
	cr_expect_str_eq(field_text(&s.case_no), "202611220031");
}

Test(behaviour, a_loss_report_needs_what_and_where_it_was)
{
	state_stand(&s, &ime, "loss_empty");
	cr_expect_not_null(s.item_error[0]);
	cr_expect_null(s.item_error[1], "when is not asked before what");
	cr_expect_not_null(s.item_error[4]);
	cr_expect_not_null(s.item_error[5]);
	state_stand(&s, &ime, "loss_filled");
	submit();
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
	field_set(&s.loss_when, "");
	submit();
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	cr_expect_str_eq(s.item_error[1], "loss.when.empty");
}

Test(behaviour, nobody_is_held_up_by_a_slow_authority)
{
	state_stand(&s, &ime, "holding");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	(void)state_tick(&s, 10000);
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_OTHER);
	state_stand(&s, &ime, "holding_ca_down");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_OTHER);
}

Test(behaviour, after_the_hold_each_goes_the_way_they_came_for)
{
	state_stand(&s, &ime, "held");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
	cr_expect_eq(state_key(&s, K_F5), INTENT_OTHER);
	state_stand(&s, &ime, "held_report");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_OTHER);
	cr_expect_eq(state_key(&s, K_F5), INTENT_NEXT);
	cr_expect_eq(s.purpose, PURPOSE_REISSUE);
}

Test(behaviour, an_application_is_submitted_only_when_confirmed)
{
	state_stand(&s, &ime, "review");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	cr_expect_str_eq(s.error, "kiosk.unchecked");
	state_type(&s, "1");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
}

Test(behaviour, an_email_is_optional_but_typed_twice)
{
	state_stand(&s, &ime, "apply");
	field_set(&s.phone, "01012345678");
	submit();
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
	field_set(&s.email, "a@example.com");
	submit();
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	field_set(&s.email_again, "a@EXAMPLE.com");
	submit();
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
}

Test(behaviour, a_password_must_be_good_and_the_same_twice)
{
	state_stand(&s, &ime, "password");
	state_type(&s, "short1!");
	(void)state_key(&s, K_TAB);
	state_type(&s, "short1!");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	cr_expect_str_eq(s.item_error[0], "password.rule.short");
	state_stand(&s, &ime, "password_differ");
	cr_expect_str_eq(s.item_error[1], "password.again.differ");
	state_type(&s, "19x");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
}

Test(behaviour, saving_begins_only_with_one_good_stick)
{
	static const struct {
		const char *state;
		enum intent intent;
	} rows[] = {
		{ "stick_none", INTENT_STAY },
		{ "stick_several", INTENT_STAY },
		{ "stick_readonly", INTENT_STAY },
		{ "stick_full", INTENT_STAY },
		{ "stick_wrong_fs", INTENT_STAY },
		{ "stick_busy", INTENT_STAY },
		{ "stick_ready", INTENT_NEXT },
		{ "stick_again", INTENT_RETRY },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		state_stand(&s, &ime, rows[i].state);
		cr_expect_eq(state_key(&s, K_ENTER), (int)rows[i].intent, "%s",
		    rows[i].state);
	}
}

Test(behaviour, nothing_leads_away_while_issuing)
{
	state_stand(&s, &ime, "issuing");
	for (int k = K_NONE; k < K_COUNT; k++) {
		int intent = state_key(&s, k);
		cr_expect(intent != INTENT_HOME && intent != INTENT_NEXT &&
			      intent != INTENT_CANCEL,
		    "key %d", k);
	}
	cr_expect_eq(screen_of(&s)->idle_ms, 0);
}

Test(behaviour, a_problem_offers_what_can_be_done)
{
	static const struct {
		const char *state;
		enum intent first;
		int ways;
	} rows[] = {
		{ "problem_stick", INTENT_RETRY, 2 },
		{ "problem_ca_down", INTENT_OTHER, 2 },
		{ "problem_ca_answer", INTENT_OTHER, 2 },
		{ "problem_attempts", INTENT_NEXT, 1 },
		{ "problem_delivered", INTENT_NEXT, 1 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		state_stand(&s, &ime, rows[i].state);
		cr_expect_eq(s.form.count, rows[i].ways, "%s", rows[i].state);
		cr_expect_eq(state_key(&s, K_ENTER), (int)rows[i].first, "%s",
		    rows[i].state);
	}
}

Test(behaviour, the_list_on_a_stick_is_asked_for_once_a_stick)
{
	state_stand(&s, &ime, "check");
	cr_expect_eq(state_tick(&s, 500), INTENT_STAY);
	s.media = MEDIA_READY;
	cr_expect_eq(state_tick(&s, 500), INTENT_RETRY);
	cr_expect_eq(state_tick(&s, 500), INTENT_STAY);
	s.media = MEDIA_NONE;
	(void)state_tick(&s, 500);
	s.media = MEDIA_READY;
	cr_expect_eq(state_tick(&s, 500), INTENT_RETRY);
}

Test(behaviour, the_working_check_takes_a_number_only_with_consent)
{
	json_t *o;

	state_stand(&s, &ime, "check_password");
	state_type(&s, "Harbor#2719x");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT, "without a number");
	o = request_params(&s, REQ_MEDIA_VERIFY);
	cr_expect_null(json_object_get(o, "number"));
	json_decref(o);
	state_stand(&s, &ime, "check_password_number");
	field_set(&s.old_password, "Harbor#2719x");
	o = request_params(&s, REQ_MEDIA_VERIFY);
	cr_expect_str_eq(
	    json_string_value(json_object_get(o, "number")), state_number);
	json_decref(o);
	(void)state_key(&s, K_BACKSPACE);
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	cr_expect_str_eq(s.item_error[2], "id.rrn.length");
	(void)state_key(&s, K_BACKTAB);
	state_type(&s, " ");
	cr_expect(field_is_empty(&s.number), "taken back is forgotten");
	cr_expect_eq(s.form.count, 2);
}

Test(behaviour, a_case_found_goes_on_where_it_stands)
{
	state_stand(&s, &ime, "status_view_held");
	cr_expect_eq(state_key(&s, K_F5), INTENT_NEXT);
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_AT_HELD);
	state_stand(&s, &ime, "status_view_done");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
}

Test(behaviour, any_key_extends_and_silence_ends_the_visit)
{
	state_stand(&s, &ime, "idle");
	cr_expect_eq(state_key(&s, K_CHAR), INTENT_NEXT);
	state_stand(&s, &ime, "idle_kept");
	cr_expect_eq(state_tick(&s, IDLE_LEFT_MS - 1), INTENT_STAY);
	cr_expect_eq(state_tick(&s, 1), INTENT_EXPIRE);
}

Test(behaviour, help_keeps_the_form_of_the_screen_below)
{
	struct form before;

	state_stand(&s, &ime, "identity_driver");
	before = s.form;
	s.below = s.screen;
	s.screen = SCR_HELP;
	screen_of(&s)->enter(&s);
	state_type(&s, "3");
	cr_expect_eq(s.help_topic, 3);
	(void)state_key(&s, K_ESC);
	cr_expect_eq(s.help_topic, 0);
	cr_expect_eq(state_key(&s, K_ESC), INTENT_BACK);
	cr_expect_eq(s.form.at, before.at);
	cr_expect_eq(s.form.count, before.count);
}

Test(behaviour, the_time_of_the_outcome_does_not_run_on)
{
	int64_t then;

	state_stand(&s, &ime, "done");
	then = s.closed_unix;
	cr_expect_eq(then, s.now_unix);
	s.now_unix += 60;
	s.screen = SCR_RECEIPT;
	screen_of(&s)->enter(&s);
	cr_expect_eq(s.closed_unix, then);
}
