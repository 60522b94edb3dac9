/*
 * state_table.c - every state that has a golden file.
 */
#include <string.h>

#include "base/span.h"
#include "forms.h"
#include "handoffs.h"
#include "states.h"
#include "told.h"
#include "tokens.h"
#include "visits.h"

/* ---- what happens on the screen -------------------------------------------
 */

static void
enter_key(struct session *s)
{
	(void)state_key(s, K_ENTER);
}

static void
submit_all(struct session *s)
{
	s->form.at = s->form.count - 1;
	(void)state_key(s, K_ENTER);
}

static void
tick_required(struct session *s)
{
	state_type(s, "123");
}

static void
driver_short(struct session *s)
{
	state_type(s, "2");
	field_set(&s->id_number, "11-23-12345");
	submit_all(s);
}

static void
passport(struct session *s)
{
	state_type(s, "3");
	(void)state_key(s, K_TAB);
}

static void
alien(struct session *s)
{
	state_type(s, "4");
}

static void
soft_digit(struct session *s)
{
	field_set(&s->number, "9001011970016");
	submit_all(s);
}

static void
pasted_junk(struct session *s)
{
	s->form.at = 2;
	state_type(s, "x");
}

static void
changed(struct session *s)
{
	visit_check_good(s);
	s->check.changed = true;
}

static void
home_once(struct session *s)
{
	(void)state_key(s, K_F10);
}

static void
code_short(struct session *s)
{
	state_type(s, "123");
	(void)state_key(s, K_ENTER);
}

static void
code_over(struct session *s)
{
	s->now_ms += 200000;
}

static void
pick_third(struct session *s)
{
	(void)state_key(s, K_DOWN);
	(void)state_key(s, K_DOWN);
}

static void
wait_long_hold(struct session *s)
{
	s->now_ms += 15000;
}

static void
email_differs(struct session *s)
{
	field_set(&s->email_again, "gildonk@example.com");
	submit_all(s);
}

static void
tick(struct session *s)
{
	state_type(s, "1");
}

static void
password_weak(struct session *s)
{
	state_type(s, "abcdefgh12");
}

static void
password_typed(struct session *s)
{
	state_type(s, state_password);
	(void)state_key(s, K_TAB);
	state_type(s, "Harbor#27");
}

static void
password_differs(struct session *s)
{
	password_typed(s);
	submit_all(s);
}

static void
count_down(struct session *s)
{
	s->now_ms += 12000;
}

static void
tick_number(struct session *s)
{
	(void)state_key(s, K_TAB);
	state_type(s, " ");
	(void)state_key(s, K_TAB);
	state_type(s, state_number);
}

#define TOPIC(name, n)                                                         \
	static void name(struct session *s)                                    \
	{                                                                      \
		state_type(s, n);                                              \
	}
TOPIC(topic_questions, "1")
TOPIC(topic_fee, "2")
TOPIC(topic_bring, "3")
TOPIC(topic_issuers, "4")
TOPIC(topic_after, "5")
TOPIC(topic_privacy, "6")
TOPIC(topic_keys, "7")

/* clang-format off */
const struct state states[] = {
	{ "welcome",		SCR_WELCOME,	NULL,		NULL },
	{ "welcome_practice",	SCR_WELCOME,	told_practice,	NULL },
	{ "welcome_shut",	SCR_WELCOME,	told_shut,		NULL },
	{ "welcome_no_registry", SCR_WELCOME,	told_no_registry,	NULL },
	{ "welcome_scanner",	SCR_WELCOME,	forms_welcome,	NULL },
	{ "scan",		SCR_SCAN,	forms_at_guide,	NULL },
	{ "scan_reading",	SCR_SCAN,	forms_welcome,	forms_reading },
	{ "scan_read",		SCR_SCAN,	forms_welcome,	forms_read },
	{ "scan_read_partly",	SCR_SCAN,	forms_at_guide,	forms_read_partly },
	{ "scan_stale",		SCR_SCAN,	forms_at_guide,	forms_stale },
	{ "scan_damaged",	SCR_SCAN,	forms_at_guide,	forms_damaged },
	{ "scan_paused",	SCR_SCAN,	forms_at_guide,	forms_paused },
	{ "scan_too_long",	SCR_SCAN,	forms_at_guide,	forms_too_long },
	{ "scan_strange",	SCR_SCAN,	forms_at_guide,	forms_strange },
	{ "guide_scanner",	SCR_GUIDE,	forms_at_guide,	NULL },
	{ "consent_scanner",	SCR_CONSENT,	forms_at_guide,	NULL },
	{ "identity_suggested",	SCR_IDENTITY,	forms_identity,	NULL },
	{ "identity_unconfirmed", SCR_IDENTITY, forms_identity,	submit_all },
	{ "loss_suggested",	SCR_LOSS,	forms_loss,	NULL },
	{ "loss_unconfirmed",	SCR_LOSS,	forms_loss,	submit_all },
	{ "apply_suggested",	SCR_APPLY,	forms_apply,	NULL },
	{ "stick_suggested",	SCR_STICK,	forms_stick,	NULL },
	{ "help",		SCR_HELP,	NULL,		NULL },
	{ "help_questions",	SCR_HELP,	NULL,		topic_questions },
	{ "help_fee",		SCR_HELP,	NULL,		topic_fee },
	{ "help_bring",		SCR_HELP,	NULL,		topic_bring },
	{ "help_issuers",	SCR_HELP,	NULL,		topic_issuers },
	{ "help_after",		SCR_HELP,	NULL,		topic_after },
	{ "help_privacy",	SCR_HELP,	NULL,		topic_privacy },
	{ "help_keys",		SCR_HELP,	NULL,		topic_keys },
	{ "guide",		SCR_GUIDE,	visit_reissue,	NULL },
	{ "guide_fee",		SCR_GUIDE,	told_fee_row,	NULL },
	{ "guide_report",	SCR_GUIDE,	visit_report,		NULL },
	{ "consent",		SCR_CONSENT,	visit_reissue,	NULL },
	{ "consent_ticked",	SCR_CONSENT,	visit_reissue,	tick_required },
	{ "consent_missing",	SCR_CONSENT,	visit_reissue,	enter_key },
	{ "identity",		SCR_IDENTITY,	visit_reissue,	NULL },
	{ "identity_filled",	SCR_IDENTITY,	visit_person,		NULL },
	{ "identity_empty",	SCR_IDENTITY,	visit_reissue,	submit_all },
	{ "identity_driver",	SCR_IDENTITY,	visit_person,		driver_short },
	{ "identity_passport",	SCR_IDENTITY,	visit_person,		passport },
	{ "identity_alien",	SCR_IDENTITY,	visit_reissue,	alien },
	{ "identity_soft",	SCR_IDENTITY,	visit_person,		soft_digit },
	{ "identity_refused",	SCR_IDENTITY,	visit_reissue,	pasted_junk },
	{ "identity_mismatch",	SCR_IDENTITY,	visit_person,		told_mismatch },
	{ "identity_wait",	SCR_IDENTITY,	visit_person,		told_wait_short },
	{ "identity_wait_long",	SCR_IDENTITY,	visit_person,		told_wait_long },
	{ "identity_home",	SCR_IDENTITY,	visit_person,		home_once },
	{ "factor_pick",	SCR_FACTOR_PICK, visit_factors,	NULL },
	{ "factor",		SCR_FACTOR,	visit_factors,	NULL },
	{ "factor_short",	SCR_FACTOR,	visit_factors,	code_short },
	{ "factor_wrong",	SCR_FACTOR,	visit_factors,	told_wrong_code },
	{ "factor_over",	SCR_FACTOR,	visit_factors,	code_over },
	{ "factor_question",	SCR_FACTOR,	visit_question,	NULL },
	{ "factor_account",	SCR_FACTOR,	visit_account,	NULL },
	{ "factor_account_empty", SCR_FACTOR,	visit_account,	submit_all },
	{ "certs",		SCR_CERTS,	visit_certs,		NULL },
	{ "certs_third",	SCR_CERTS,	visit_certs,		pick_third },
	{ "certs_wait",		SCR_CERTS,	visit_factors,	told_wait_certs },
	{ "certs_none",		SCR_CERTS,	visit_factors,	NULL },
	{ "route_renew",	SCR_ROUTE,	visit_route_renew,	NULL },
	{ "route_new",		SCR_ROUTE,	visit_route_new,	NULL },
	{ "route_restore",	SCR_ROUTE,	visit_route_restore,	NULL },
	{ "route_other_issuer",	SCR_ROUTE,	visit_route_other_issuer, NULL },
	{ "loss",		SCR_LOSS,	visit_certs,		NULL },
	{ "loss_filled",	SCR_LOSS,	visit_lost,		NULL },
	{ "loss_empty",		SCR_LOSS,	visit_certs,		submit_all },
	{ "holding",		SCR_HOLDING,	visit_opened,		NULL },
	{ "holding_long",	SCR_HOLDING,	visit_opened,		wait_long_hold },
	{ "holding_ca_down", SCR_HOLDING, visit_hold_ca_down, NULL },
	{ "holding_ca_answer", SCR_HOLDING, visit_hold_ca_down, told_strange_answer },
	{ "holding_refused", SCR_HOLDING, visit_hold_refused, NULL },
	{ "held",		SCR_HELD,	visit_held,		NULL },
	{ "held_report",	SCR_HELD,	visit_held_report,	NULL },
	{ "held_revoked",	SCR_HELD,	visit_held,		told_old_revoked },
	{ "apply",		SCR_APPLY,	visit_held,		NULL },
	{ "apply_empty",	SCR_APPLY,	visit_held,		submit_all },
	{ "apply_differ",	SCR_APPLY,	visit_contact,	email_differs },
	{ "review",		SCR_REVIEW,	visit_contact,	NULL },
	{ "review_ticked",	SCR_REVIEW,	visit_contact,	tick },
	{ "review_unticked",	SCR_REVIEW,	visit_contact,	enter_key },
	{ "review_wait",	SCR_REVIEW,	visit_contact,	told_wait_apply },
	{ "fee_free",		SCR_FEE,	visit_paid,		NULL },
	{ "fee_due",		SCR_FEE,	visit_fee_due,	NULL },
	{ "fee_card",		SCR_FEE,	visit_fee_card,	NULL },
	{ "fee_card_no_paper",	SCR_FEE,	visit_fee_card,	told_out_of_paper },
	{ "fee_unfit",		SCR_FEE,	visit_fee_card,	told_unfit },
	{ "fee_paid",		SCR_FEE,	visit_fee_paid,	NULL },
	{ "paying_starting",	SCR_PAYING,	visit_fee_card,	NULL },
	{ "paying_card",	SCR_PAYING,	visit_fee_card,	told_pay_card },
	{ "paying_checking",	SCR_PAYING,	visit_fee_card,	told_pay_checking },
	{ "paying_checking_long", SCR_PAYING,	visit_fee_card, told_pay_checking_long },
	{ "paying_declined",	SCR_PAYING,	visit_fee_card,	told_pay_declined },
	{ "paying_reversed",	SCR_PAYING,	visit_fee_card,	told_pay_reversed },
	{ "parked_returned",	SCR_PARKED,	visit_returned,	NULL },
	{ "parked_fee",		SCR_PARKED,	visit_fee_due,	NULL },
	{ "parked_review",	SCR_PARKED,	visit_in_review,	NULL },
	{ "parked_minor",	SCR_PARKED,	visit_minor,		NULL },
	{ "password",		SCR_PASSWORD,	visit_paid,		NULL },
	{ "password_weak",	SCR_PASSWORD,	visit_paid,		password_weak },
	{ "password_typed",	SCR_PASSWORD,	visit_paid,		password_typed },
	{ "password_differ",	SCR_PASSWORD,	visit_paid,		password_differs },
	{ "stick_none",		SCR_STICK,	visit_stick_none,	NULL },
	{ "stick_ready",	SCR_STICK,	visit_stick_ready,	NULL },
	{ "stick_several",	SCR_STICK,	visit_stick_several,	NULL },
	{ "stick_readonly",	SCR_STICK,	visit_stick_readonly,	NULL },
	{ "stick_full",		SCR_STICK,	visit_stick_full,	NULL },
	{ "stick_wrong_fs",	SCR_STICK,	visit_stick_wrong_fs,	NULL },
	{ "stick_busy",		SCR_STICK,	visit_stick_busy,	NULL },
	{ "stick_again",	SCR_STICK,	visit_stick_again,	NULL },
	{ "stick_again_phone",	SCR_STICK,	handoffs_stick_again,	NULL },
	{ "where",		SCR_WHERE,	handoffs_where,	NULL },
	{ "where_stick_only",	SCR_WHERE,	visit_stick_none, NULL },
	{ "where_token",	SCR_WHERE,	tokens_where,	NULL },
	{ "token_none",		SCR_TOKEN,	tokens_none,	NULL },
	{ "token_three",	SCR_TOKEN,	tokens_three,	NULL },
	{ "token_pin",		SCR_TOKEN_PIN,	tokens_three,	NULL },
	{ "token_pin_last",	SCR_TOKEN_PIN,	tokens_last_try, NULL },
	{ "problem_token_gone",	SCR_PROBLEM,	tokens_gone,	NULL },
	{ "problem_token_pin",	SCR_PROBLEM,	tokens_wrong_pin, NULL },
	{ "phone_making",	SCR_PHONE,	handoffs_making, NULL },
	{ "phone_wifi",		SCR_PHONE,	handoffs_wifi,	NULL },
	{ "phone_code",		SCR_PHONE,	handoffs_code,	NULL },
	{ "phone_code_after_stick", SCR_PHONE,	handoffs_code_after_stick, NULL },
	{ "phone_last",		SCR_PHONE,	handoffs_last,	NULL },
	{ "phone_last_soon",	SCR_PHONE,	handoffs_last_soon, NULL },
	{ "phone_last_elsewhere", SCR_PHONE,	handoffs_last_elsewhere, NULL },
	{ "phone_opening",	SCR_PHONE,	handoffs_opening, NULL },
	{ "phone_elsewhere",	SCR_PHONE,	handoffs_elsewhere, NULL },
	{ "phone_soon",		SCR_PHONE,	handoffs_soon,	NULL },
	{ "phone_claimed",	SCR_PHONE,	handoffs_claimed, NULL },
	{ "phone_sending",	SCR_PHONE,	handoffs_sending, NULL },
	{ "phone_done",		SCR_PHONE,	handoffs_done,	NULL },
	{ "phone_expired",	SCR_PHONE,	handoffs_expired, NULL },
	{ "phone_wrong",	SCR_PHONE,	handoffs_wrong,	NULL },
	{ "phone_gone",		SCR_PHONE,	handoffs_broken, NULL },
	{ "phone_none",		SCR_PHONE,	handoffs_issued, handoffs_none },
	{ "digits",		SCR_DIGITS,	handoffs_claimed, NULL },
	{ "digits_typed",	SCR_DIGITS,	handoffs_claimed, handoffs_typed },
	{ "digits_short",	SCR_DIGITS,	handoffs_claimed, handoffs_short },
	{ "digits_refused",	SCR_DIGITS,	handoffs_claimed, handoffs_refused },
	{ "issuing_phone",	SCR_ISSUING,	handoffs_issuing, NULL },
	{ "problem_stick_phone", SCR_PROBLEM,	handoffs_stick_gone, NULL },
	{ "issuing_token",	SCR_ISSUING,	tokens_issuing,	NULL },
	{ "done_token",		SCR_DONE,	tokens_saved,	NULL },
	{ "after_token",	SCR_AFTER,	tokens_saved,	NULL },
	{ "after_phone",	SCR_AFTER,	handoffs_saved,	NULL },
	{ "done_phone",		SCR_DONE,	handoffs_saved,	NULL },
	{ "done_both",		SCR_DONE,	handoffs_saved_both, NULL },
	{ "issuing",		SCR_ISSUING,	visit_issuing,	NULL },
	{ "problem_stick",	SCR_PROBLEM,	visit_stick_gone,	NULL },
	{ "problem_ca_down",	SCR_PROBLEM,	visit_ca_down,	NULL },
	{ "problem_ca_answer",	SCR_PROBLEM,	visit_ca_wrong,	NULL },
	{ "problem_approved", SCR_PROBLEM, visit_not_kept, NULL },
	{ "problem_attempts", SCR_PROBLEM, visit_attempts, NULL },
	{ "problem_delivered", SCR_PROBLEM, visit_delivered, NULL },
	{ "done",		SCR_DONE,	visit_done,		NULL },
	{ "after",		SCR_AFTER,	visit_done,		NULL },
	{ "receipt_done",	SCR_RECEIPT,	visit_done,		NULL },
	{ "receipt_held",	SCR_RECEIPT,	visit_held_report,	NULL },
	{ "receipt_pending",	SCR_RECEIPT,	visit_opened,		NULL },
	{ "receipt_none",	SCR_RECEIPT,	visit_minor,		NULL },
	{ "status",		SCR_STATUS,	visit_status,		NULL },
	{ "status_short",	SCR_STATUS,	visit_status,		code_short },
	{ "status_none",	SCR_STATUS,	visit_status,		told_not_mine },
	{ "status_view_held",	SCR_STATUS_VIEW, visit_looked_up,	NULL },
	{ "status_view_done",	SCR_STATUS_VIEW, visit_looked_up_done, NULL },
	{ "check",		SCR_CHECK,	visit_checking,	NULL },
	{ "check_found",	SCR_CHECK,	visit_found,		visit_found_two },
	{ "check_empty",	SCR_CHECK,	visit_found,		visit_found_none },
	{ "check_password",	SCR_CHECK_PASSWORD, visit_found_entered, NULL },
	{ "check_password_wrong", SCR_CHECK_PASSWORD, visit_found_entered,
	    told_password_wrong },
	{ "check_result_good",	SCR_CHECK_RESULT, visit_check_good,	NULL },
	{ "check_result_bad",	SCR_CHECK_RESULT, visit_check_bad,	NULL },
	{ "check_result_listed", SCR_CHECK_RESULT, visit_check_listed,	NULL },
	{ "check_result_unknown", SCR_CHECK_RESULT, visit_check_unknown, NULL },
	{ "check_password_number", SCR_CHECK_PASSWORD, visit_found_entered,
	    tick_number },
	{ "change_password",	SCR_CHANGE_PASSWORD, visit_found_entered, NULL },
	{ "change_password_empty", SCR_CHANGE_PASSWORD, visit_found_entered,
	    submit_all },
	{ "check_result_changed", SCR_CHECK_RESULT, changed, NULL },
	{ "check_token_none",	SCR_CHECK,	tokens_check,	NULL },
	{ "check_token",	SCR_CHECK,	tokens_check,	tokens_seen },
	{ "check_token_stick",	SCR_CHECK,	tokens_check,
	    tokens_seen_with_stick },
	{ "check_token_locked",	SCR_CHECK,	tokens_check,	tokens_pick_locked },
	{ "check_pin",		SCR_CHECK_PASSWORD, tokens_check_one,	NULL },
	{ "check_pin_empty",	SCR_CHECK_PASSWORD, tokens_check_one,	submit_all },
	{ "check_pin_number",	SCR_CHECK_PASSWORD, tokens_check_one,	tick_number },
	{ "check_pin_last",	SCR_CHECK_PASSWORD, tokens_check_last,	NULL },
	{ "check_pin_wait",	SCR_CHECK_PASSWORD, tokens_check_one,	tokens_wait },
	{ "check_pin_wrong",	SCR_CHECK_PASSWORD, tokens_check_one,
	    tokens_refuse_pin },
	{ "check_pin_locked",	SCR_CHECK_PASSWORD, tokens_check_one,
	    tokens_refuse_locked },
	{ "check_pin_gone",	SCR_CHECK_PASSWORD, tokens_check_one,
	    tokens_refuse_gone },
	{ "check_pin_none",	SCR_CHECK_PASSWORD, tokens_check_one,
	    tokens_refuse_none },
	{ "check_pin_mechanism", SCR_CHECK_PASSWORD, tokens_check_one,
	    tokens_refuse_mechanism },
	{ "check_result_pin",	SCR_CHECK_RESULT, tokens_check_good,	NULL },
	{ "check_result_pin_held", SCR_CHECK_RESULT, tokens_check_held, NULL },
	{ "check_result_pin_unknown", SCR_CHECK_RESULT, tokens_check_unknown,
	    NULL },
	{ "check_result_pin_empty", SCR_CHECK_RESULT, tokens_check_empty, NULL },
	{ "check_result_pin_changed", SCR_CHECK_RESULT, tokens_check_changed,
	    NULL },
	{ "change_pin",		SCR_CHANGE_PASSWORD, tokens_check_good,	NULL },
	{ "change_pin_empty",	SCR_CHANGE_PASSWORD, tokens_check_good,	submit_all },
	{ "change_pin_differ",	SCR_CHANGE_PASSWORD, tokens_check_good,
	    tokens_new_differs },
	{ "change_pin_rule",	SCR_CHANGE_PASSWORD, tokens_check_good,
	    tokens_refuse_rule },
	{ "change_pin_readonly", SCR_CHANGE_PASSWORD, tokens_check_good,
	    tokens_refuse_readonly },
	{ "change_pin_gone",	SCR_CHANGE_PASSWORD, tokens_check_good,
	    tokens_refuse_change_gone },
	{ "staff",		SCR_STAFF,	visit_reissue,	NULL },
	{ "staff_called",	SCR_STAFF,	visit_reissue,	told_called },
	{ "staff_coming",	SCR_STAFF,	visit_reissue,	told_coming },
	{ "staff_failed",	SCR_STAFF,	visit_reissue,	told_call_failed },
	{ "idle",		SCR_IDLE,	visit_person,		count_down },
	{ "idle_kept",		SCR_IDLE,	visit_held,		NULL },
	{ "closed",		SCR_CLOSED,	NULL,		NULL },
	{ "other_error",	SCR_IDENTITY,	visit_person,		told_unheard_of },
};
const size_t state_count = sizeof states / sizeof states[0];
/* clang-format on */
