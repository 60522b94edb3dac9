/*
 * scan_test.c - a form filled in at home: read by a scanner of any temper, and
 * nothing of it counts before it is confirmed.
 */
#include <ctype.h>
#include <criterion/criterion.h>
#include <string.h>

#include "flow/request.h"
#include "flow/suggest.h"
#include "form_code.h"
#include "forms.h"
#include "screens/kiosk.h"
#include "states.h"
#include "support.h"

static struct session s;
static struct ime ime;

TestSuite(scan, .init = support_open);

static size_t
make(char code[static FORM_CODE_CAP], const struct session *at)
{
	struct prefill f = forms_filled(at);
	size_t n = form_code(code, &f);

	cr_assert_gt(n, 0);
	cr_assert_leq(n, PREFILL_CODE);
	code[n] = '\0';
	return n;
}

static void
expect_read(void)
{
	cr_expect_eq(s.scan, SCAN_READ, "refused: %s", s.error);
	cr_expect_str_eq(field_text(&s.name), "홍길동");
	cr_expect_str_eq(field_text(&s.phone), "01012340001");
	cr_expect_str_eq(field_text(&s.email), "hong@example.com");
	cr_expect_str_eq(field_text(&s.loss_when), "어제 저녁 7시");
	cr_expect_eq(s.loss, LOSS_STOLEN);
	cr_expect_eq(s.medium, MEDIUM_PHONE);
	cr_expect_eq(s.misuse, 0);
	for (int i = 0; i < SUGGEST_COUNT; i++)
		cr_expect(s.suggested[i], "%d is not marked", i);
}

Test(scan, the_first_letter_begins_it_where_nothing_is_typed)
{
	static const char *const from[] = { "welcome", "guide", "guide_report",
		"consent", "consent_ticked" };

	for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
		char code[FORM_CODE_CAP];
		state_stand(&s, &ime, from[i]);
		(void)make(code, &s);
		forms_type(&s, code, 2);
		cr_expect_eq(s.screen, SCR_SCAN, "%s", from[i]);
		cr_expect_eq(s.wedge.state, WEDGE_TYPING);
		(void)state_key(&s, K_ENTER);
		expect_read();
	}
}

Test(scan, a_key_asks_for_it_where_there_is_a_scanner)
{
	state_stand(&s, &ime, "guide_scanner");
	cr_expect_eq(state_key(&s, K_F7), INTENT_SCAN);
	state_stand(&s, &ime, "consent_scanner");
	cr_expect_eq(state_key(&s, K_F7), INTENT_SCAN);
	state_stand(&s, &ime, "guide");
	cr_expect_eq(state_key(&s, K_F7), INTENT_STAY);
}

Test(scan, fast_slow_small_letters_and_a_paste_are_all_read)
{
	char code[FORM_CODE_CAP];

	state_stand(&s, &ime, "scan");
	(void)make(code, &s);
	forms_type(&s, code, 0);
	(void)state_key(&s, K_ENTER);
	expect_read();

	state_stand(&s, &ime, "scan");
	forms_type(&s, code, PREFILL_KEY_MS - 1);
	(void)state_key(&s, K_ENTER);
	expect_read();

	state_stand(&s, &ime, "scan");
	for (char *p = code; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	forms_type(&s, code, 2);
	(void)state_key(&s, K_ENTER);
	expect_read();

	/* a burst taken for a paste: its Enter comes as a character */
	state_stand(&s, &ime, "scan");
	forms_type(&s, code, 0);
	forms_type(&s, "\n", 0);
	expect_read();
}

Test(scan, the_hangul_key_and_other_keys_do_no_harm)
{
	static const enum key others[] = { K_HANGUL, K_TAB, K_BACKSPACE,
		K_CLEAR, K_LEFT, K_PGDN, K_F5 };
	char code[FORM_CODE_CAP];
	size_t n;

	state_stand(&s, &ime, "scan");
	n = make(code, &s);
	for (size_t i = 0; i < n; i++) {
		char one[2] = { code[i], '\0' };
		forms_type(&s, one, 2);
		(void)state_key(
		    &s, others[i % (sizeof others / sizeof *others)]);
	}
	(void)state_key(&s, K_ENTER);
	expect_read();
}

Test(scan, each_way_to_fail_has_its_sentence)
{
	static const struct {
		const char *state, *code;
	} rows[] = {
		{ "scan_stale", "kiosk.scan_stale" },
		{ "scan_damaged", "kiosk.scan_damaged" },
		{ "scan_paused", "kiosk.scan_pause" },
		{ "scan_too_long", "kiosk.scan_long" },
		{ "scan_strange", "kiosk.scan_strange" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		state_stand(&s, &ime, rows[i].state);
		cr_expect_str_eq(s.error, rows[i].code);
		cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
		for (int k = 0; k < SUGGEST_COUNT; k++)
			cr_expect_not(s.suggested[k]);
		cr_expect(field_is_empty(&s.name));
	}
}

Test(scan, after_a_refusal_the_next_code_is_read)
{
	state_stand(&s, &ime, "scan_damaged");
	forms_read(&s);
	expect_read();
	cr_expect_str_empty(s.error);
}

/* A code may carry more keys behind its own Enter. */
Test(scan, what_comes_in_the_same_burst_presses_nothing)
{
	char code[FORM_CODE_CAP];

	state_stand(&s, &ime, "scan");
	(void)make(code, &s);
	forms_type(&s, code, 1);
	(void)state_key(&s, K_ENTER);
	for (int i = 0; i < 40; i++) {
		s.now_ms += 100;
		cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
		cr_expect_eq(state_key(&s, K_ESC), INTENT_STAY);
		state_type(&s, "K1");
	}
	expect_read();
	s.now_ms += 600;
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
}

Test(scan, from_the_first_screen_the_form_says_the_job)
{
	state_stand(&s, &ime, "scan_read");
	cr_expect_eq(s.purpose, PURPOSE_NONE);
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
	cr_expect_eq(s.purpose, PURPOSE_REISSUE);
	state_stand(&s, &ime, "scan_reading");
	cr_expect_eq(state_key(&s, K_ESC), INTENT_HOME, "and is forgotten");
	/* on the way already, the customer's own choice stays */
	state_stand(&s, &ime, "scan_read_partly");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
	cr_expect_eq(s.purpose, PURPOSE_REISSUE);
	cr_expect_eq(state_key(&s, K_ESC), INTENT_BACK);
}

Test(scan, what_a_field_does_not_take_is_left_out_and_told)
{
	state_stand(&s, &ime, "scan_read_partly");
	cr_expect(s.scan_partly);
	cr_expect(field_is_empty(&s.loss_place));
	cr_expect_not(s.suggested[SUGGEST_PLACE]);
	cr_expect(s.suggested[SUGGEST_NAME]);
}

Test(scan, a_name_counts_once_enter_was_pressed_on_it)
{
	state_stand(&s, &ime, "identity_suggested");
	field_set(&s.number, state_number);
	field_set(&s.issue_date, "20190305");
	s.form.at = s.form.count - 1;
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	cr_expect_str_eq(s.item_error[1], "suggest.confirm");
	cr_expect_eq(s.form.at, 1);
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	cr_expect_not(s.suggested[SUGGEST_NAME]);
	s.form.at = s.form.count - 1;
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
}

Test(scan, tab_and_the_arrows_confirm_nothing)
{
	state_stand(&s, &ime, "loss_suggested");
	for (int i = 0; i < s.form.count; i++)
		(void)state_key(&s, i % 2 == 0 ? K_TAB : K_DOWN);
	s.form.at = s.form.count - 1;
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_STAY);
	cr_expect_eq(s.form.at, 0);
	cr_expect_str_eq(s.item_error[0], "suggest.confirm");
	for (int i = 0; i + 1 < s.form.count; i++)
		cr_expect(suggest_is(&s, &s.form.items[i]), "%d", i);
}

Test(scan, enter_upon_each_confirms_them_one_by_one)
{
	int last = INTENT_STAY;

	state_stand(&s, &ime, "loss_suggested");
	for (int i = 0; i < 6; i++) {
		cr_expect(suggest_is(&s, &s.form.items[i]), "%d", i);
		cr_expect_eq(s.form.at, i);
		last = state_key(&s, K_ENTER);
		cr_expect_not(suggest_is(&s, &s.form.items[i]), "%d", i);
	}
	cr_expect_eq(last, INTENT_NEXT);
	state_stand(&s, &ime, "apply_suggested");
	(void)state_key(&s, K_ENTER);
	(void)state_key(&s, K_ENTER);
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
}

Test(scan, a_choice_of_ones_own_needs_no_confirming)
{
	state_stand(&s, &ime, "loss_suggested");
	state_type(&s, "1");
	cr_expect_eq(s.loss, LOSS_LOST);
	cr_expect_not(s.suggested[SUGGEST_LOSS]);
}

Test(scan, an_emptied_text_is_no_suggestion_and_a_changed_one_still_is)
{
	state_stand(&s, &ime, "apply_suggested");
	(void)state_key(&s, K_BACKSPACE);
	cr_expect(s.suggested[SUGGEST_PHONE]);
	(void)state_key(&s, K_CLEAR);
	cr_expect_not(s.suggested[SUGGEST_PHONE]);
}

Test(scan, a_file_for_phones_is_asked_for_only_from_its_own_screen)
{
	json_t *o;

	state_stand(&s, &ime, "apply_suggested");
	o = request_params(&s, REQ_APPLY);
	cr_expect(json_is_false(json_object_get(o, "p12")));
	json_decref(o);
	state_stand(&s, &ime, "stick_suggested");
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
	o = request_params(&s, REQ_ISSUE);
	cr_expect(json_is_true(json_object_get(o, "p12")));
	json_decref(o);
	state_stand(&s, &ime, "stick_suggested");
	state_type(&s, " ");
	cr_expect_not(s.p12);
	cr_expect_eq(state_key(&s, K_ENTER), INTENT_NEXT);
}

Test(scan, a_second_form_replaces_only_what_nobody_confirmed)
{
	struct prefill f;

	state_stand(&s, &ime, "apply_suggested");
	(void)state_key(&s, K_ENTER); /* the number */
	f = forms_filled(&s);
	strcpy(f.phone, "01099990000");
	strcpy(f.email, "other@example.com");
	f.misuse = -1;
	cr_expect(suggest_take(&s, &f));
	cr_expect_str_eq(field_text(&s.phone), "01012340001");
	cr_expect_str_eq(field_text(&s.email), "other@example.com");
	cr_expect_str_eq(field_text(&s.email_again), "other@example.com");
	cr_expect_eq(s.loss, LOSS_LOST, "the customer's own");
}

static bool
holds(const char *what)
{
	size_t n = strlen(what);
	const char *p = (const char *)&s;

	for (size_t i = 0; i + n <= sizeof s; i++)
		if (memcmp(p + i, what, n) == 0)
			return true;
	return false;
}

Test(scan, the_end_of_the_visit_forgets_code_and_form)
{
	state_stand(&s, &ime, "scan_reading");
	cr_expect(holds("KB10220"));
	session_wipe(&s);
	cr_expect_not(holds("KB10220"));
	state_stand(&s, &ime, "scan_read");
	cr_expect(holds("hong@example"));
	cr_expect_not(holds("KB1"), "the code is wiped once it is read");
	session_wipe(&s);
	cr_expect_not(holds("hong@example"));
	for (int i = 0; i < SUGGEST_COUNT; i++)
		cr_expect_not(s.suggested[i]);
	cr_expect(s.scanner, "a setting of the machine");
}
