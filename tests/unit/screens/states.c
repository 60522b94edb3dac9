/*
 * states.c - how visits come to stand where they do.
 */
#include "states.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "screens/kiosk.h"

const char state_number[] = "9001011970015";
const char state_password[] = "Harbor#2719x";

static struct branch branch;

static int64_t
at(int year, int month, int day, int hour, int minute, int second)
{
	struct civil c = { year, month, day, hour, minute, second, 0 };

	return civil_to_unix(&c);
}

static void
put(char *dst, size_t cap, const char *text)
{
	snprintf(dst, cap, "%s", text);
}
#define PUT(field, text) put(field, sizeof field, text)

static void
issuer(
    int i, const char *o, const char *name, const char *phone, const char *site)
{
	PUT(branch.issuers[i].o, o);
	PUT(branch.issuers[i].name, name);
	PUT(branch.issuers[i].phone, phone);
	PUT(branch.issuers[i].site, site);
}

static void
open_branch(void)
{
	branch = (struct branch){ .open_now = true,
		.fee_known = true,
		.ca_ok = true,
		.registry_ok = true,
		.media_ok = true,
		.issuer_count = 3 };
	PUT(branch.bank, "한빛은행");
	PUT(branch.name, "역삼지점");
	PUT(branch.opens, "09:00");
	PUT(branch.closes, "16:00");
	PUT(branch.issuer_o, "yessign");
	PUT(branch.issuer_name, "금융결제원");
	issuer(0, "yessign", "금융결제원", "02-0000-1577", "yessign.example");
	issuer(1, "SignKorea", "코스콤", "02-0000-7337", "signkorea.example");
	issuer(2, "KICA", "한국정보인증", "02-0000-8787", "signgate.example");
}

void
state_begin(struct session *s, struct ime *ime)
{
	open_branch();
	memset(s, 0, sizeof *s);
	session_init(s, &branch, ime);
	s->now_ms = s->entered_ms = s->touched_ms = STATE_NOW_MS;
	s->now_unix = at(2026, 11, 22, 14, 5, 9);
}

void
state_make(struct session *s, struct ime *ime, const struct state *st)
{
	const struct screen *screen = kiosk_screen(st->screen);

	state_begin(s, ime);
	ime->on = true; /* as it stands when a visit begins */
	s->screen = st->screen;
	if (st->set != NULL)
		st->set(s);
	if (screen->enter != NULL)
		screen->enter(s);
	if (st->then != NULL)
		st->then(s);
}

int
state_key(struct session *s, enum key key)
{
	struct event ev = event_key(key, s->now_ms);

	s->touched_ms = s->now_ms;
	return kiosk_screen(s->screen)->on_event(s, &ev);
}

void
state_type(struct session *s, const char *text)
{
	size_t n = strlen(text);

	while (n > 0) {
		uint32_t cp;
		size_t used = utf8_decode(&cp, text, n);
		struct event ev = event_char(cp, s->now_ms);
		if (used == 0)
			return;
		kiosk_screen(s->screen)->on_event(s, &ev);
		text += used;
		n -= used;
	}
}

int
state_tick(struct session *s, int64_t ms)
{
	struct event ev = { .kind = EV_TICK, .item = -1 };

	s->now_ms += ms;
	ev.now_ms = s->now_ms;
	return kiosk_screen(s->screen)->on_event(s, &ev);
}

/* ---- what a visit has collected by then --------------------------------- */

static void
reissue(struct session *s)
{
	s->purpose = PURPOSE_REISSUE;
}

static void
report(struct session *s)
{
	s->purpose = PURPOSE_REPORT;
}

static void
status(struct session *s)
{
	s->purpose = PURPOSE_STATUS;
}

static void
checking(struct session *s)
{
	s->purpose = PURPOSE_CHECK;
}

static void
person(struct session *s)
{
	reissue(s);
	field_set(&s->name, "홍길동");
	field_set(&s->number, state_number);
	field_set(&s->issue_date, "20190305");
	PUT(s->holder, "홍*동");
}

static void
factors(struct session *s)
{
	person(s);
	s->factor_count = 3;
	s->factors[0].kind = FACTOR_PHONE;
	PUT(s->factors[0].hint, "010-1234-****");
	s->factors[1].kind = FACTOR_QUESTION;
	PUT(s->factors[1].hint, "어릴 때 살던 동네는?");
	s->factors[2].kind = FACTOR_ACCOUNT;
	PUT(s->factors[2].hint, "110-***-****78");
	s->factor_until_ms = s->now_ms + 161000;
}

static void
question(struct session *s)
{
	factors(s);
	s->factor = 1;
}

static void
account(struct session *s)
{
	factors(s);
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

static void
certs(struct session *s)
{
	factors(s);
	certificate(s, "product.bank_personal", "reissue", "valid", 112);
	certificate(
	    s, "product.universal_personal", "reissue_then_renew", "valid", 12);
	certificate(s, "product.card_personal", "new", "expired", -40);
}

static void
route(struct session *s, const char *word, const char *state, int days)
{
	factors(s);
	certificate(s, "product.bank_personal", word, state, days);
}

static void
route_renew(struct session *s)
{
	route(s, "renew", "valid", 20);
}

static void
route_new(struct session *s)
{
	route(s, "new", "expired", -40);
}

static void
route_other_issuer(struct session *s)
{
	route(s, "other_issuer", "valid", 200);
	PUT(s->certs[0].issuer_name, "코스콤");
	s->certs[0].bank_name[0] = '\0';
}

static void
route_restore(struct session *s)
{
	route(s, "restore", "suspended", 88);
}

static void
lost(struct session *s)
{
	certs(s);
	s->loss = LOSS_LOST;
	s->medium = MEDIUM_USB;
	s->misuse = 0;
	field_set(&s->loss_when, "어제 오후");
	field_set(&s->loss_place, "지하철 2호선");
}

static void
opened(struct session *s)
{
	struct case_view *c = &s->kase;

	lost(s);
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

static void
held(struct session *s)
{
	opened(s);
	PUT(s->kase.state, "HELD");
	PUT(s->kase.hold, "confirmed");
	PUT(s->kase.old_status, "suspended");
	s->kase.held_at = at(2026, 11, 22, 14, 5, 9);
}

static void
held_report(struct session *s)
{
	held(s);
	report(s);
}

static void
contact(struct session *s)
{
	held(s);
	field_set(&s->phone, "01012345678");
	field_set(&s->email, "gildong@example.com");
	field_set(&s->email_again, "gildong@example.com");
}

static void
paid(struct session *s)
{
	contact(s);
	PUT(s->kase.state, "PAID");
	s->kase.has_fee = true;
	PUT(s->kase.waiver_key, "fee.waiver.reissue");
}

static void
fee_due(struct session *s)
{
	paid(s);
	PUT(s->kase.state, "APPROVED");
	s->kase.fee_won = 4400;
	s->kase.fee_vat = 400;
}

static void
in_review(struct session *s)
{
	paid(s);
	PUT(s->kase.state, "REVIEW");
	PUT(s->kase.review_key, "review.phone_changed");
}

static void
minor(struct session *s)
{
	person(s);
	PUT(s->staff_only, "minor");
}

static void
chosen(struct session *s)
{
	paid(s);
	field_set(&s->password, state_password);
	field_set(&s->again, state_password);
}

static void
stick_ready(struct session *s)
{
	chosen(s);
	s->media = MEDIA_READY;
	PUT(s->media_label, "SANDISK");
	s->media_free_kb = 15204352;
}

#define MEDIA(name, state)                                                     \
	static void name(struct session *s)                                    \
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

static void
stick_again(struct session *s)
{
	stick_ready(s);
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

static void
issuing(struct session *s)
{
	stick_ready(s);
	progress(s, STEP_WRITE, 41);
}

static void
stick_gone(struct session *s)
{
	stick_again(s);
	PUT(s->kase.problem_key, "media.gone");
}

static void
hold_ca_down(struct session *s)
{
	opened(s);
	PUT(s->kase.state, "REPORTED");
	PUT(s->kase.problem_key, "peer.ca_down");
}

static void
hold_refused(struct session *s)
{
	hold_ca_down(s);
	PUT(s->kase.problem_key, "peer.ca_refused");
}

static void
attempts(struct session *s)
{
	paid(s);
	PUT(s->kase.problem_key, "problem.attempts");
}

static void
delivered(struct session *s)
{
	paid(s);
	PUT(s->kase.state, "DELIVERED");
	PUT(s->kase.problem_key, "problem.confirm_open");
}

static void
ca_down(struct session *s)
{
	chosen(s);
	PUT(s->kase.problem_key, "peer.ca_down");
}

static void
ca_wrong(struct session *s)
{
	chosen(s);
	field_wipe(&s->password);
	PUT(s->kase.problem_key, "peer.ca_answer");
}

static void
done(struct session *s)
{
	struct case_view *c = &s->kase;

	stick_ready(s);
	s->p12 = true;
	PUT(c->state, "DONE");
	PUT(c->old_status, "revoked");
	c->has_new = true;
	PUT(c->new_serial, "0b1c42");
	PUT(c->new_status, "valid");
	c->new_not_after = c->old_not_after;
}

static void
looked_up(struct session *s)
{
	held(s);
	status(s);
}

static void
looked_up_done(struct session *s)
{
	done(s);
	status(s);
}

static void
found(struct session *s)
{
	checking(s);
	s->media = MEDIA_READY;
}

static void
found_two(struct session *s)
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

static void
found_none(struct session *s)
{
	s->found_asked = true;
}

static void
found_entered(struct session *s)
{
	found(s);
	found_two(s);
}

static void
check_good(struct session *s)
{
	found_entered(s);
	s->check.known = s->check.opens = s->check.pair = s->check
							      .signature = true;
	s->check.vid = -1;
	PUT(s->check.status, "valid");
	s->check.not_after = at(2027, 3, 14, 23, 59, 59);
}

static void
check_bad(struct session *s)
{
	check_good(s);
	s->check.vid = 0;
	PUT(s->check.status, "revoked");
}

/* ---- what happens on the screen -------------------------------------------
 */

static void
fault(struct session *s, const char *code, int left)
{
	PUT(s->error, code);
	s->error_left = left;
}

static void
mismatch(struct session *s)
{
	fault(s, "identity.mismatch", 4);
}

static void
wrong_code(struct session *s)
{
	fault(s, "factor.wrong", 2);
}

static void
unheard_of(struct session *s)
{
	fault(s, "future.thing", -1);
}

static void
not_mine(struct session *s)
{
	fault(s, "case.none", -1);
}

static void
password_wrong(struct session *s)
{
	fault(s, "password.wrong", -1);
}

static void
wait_short(struct session *s)
{
	s->pending = REQ_IDENTITY;
	s->pending_ms = s->now_ms - 500;
}

static void
wait_long(struct session *s)
{
	s->pending = REQ_IDENTITY;
	s->pending_ms = s->now_ms - 2500;
}

static void
wait_certs(struct session *s)
{
	s->pending = REQ_CERTS;
	s->pending_ms = s->now_ms - 2500;
}

static void
wait_apply(struct session *s)
{
	s->pending = REQ_APPLY;
	s->pending_ms = s->now_ms - 2500;
}

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
called(struct session *s)
{
	s->staff_called = true;
}

static void
coming(struct session *s)
{
	s->staff_called = s->staff_coming = true;
}

static void
call_failed(struct session *s)
{
	fault(s, "agent.internal", -1);
}

static void
count_down(struct session *s)
{
	s->now_ms += 12000;
}

static void
practice(struct session *s)
{
	branch.practice = true;
}

static void
shut(struct session *s)
{
	branch.open_now = false;
	branch.ca_ok = false;
}

static void
no_registry(struct session *s)
{
	branch.registry_ok = false;
}

static void
fee_row(struct session *s)
{
	reissue(s);
	branch.fee_won = 4400;
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
	{ "welcome_practice",	SCR_WELCOME,	practice,	NULL },
	{ "welcome_shut",	SCR_WELCOME,	shut,		NULL },
	{ "welcome_no_registry", SCR_WELCOME,	no_registry,	NULL },
	{ "help",		SCR_HELP,	NULL,		NULL },
	{ "help_questions",	SCR_HELP,	NULL,		topic_questions },
	{ "help_fee",		SCR_HELP,	NULL,		topic_fee },
	{ "help_bring",		SCR_HELP,	NULL,		topic_bring },
	{ "help_issuers",	SCR_HELP,	NULL,		topic_issuers },
	{ "help_after",		SCR_HELP,	NULL,		topic_after },
	{ "help_privacy",	SCR_HELP,	NULL,		topic_privacy },
	{ "help_keys",		SCR_HELP,	NULL,		topic_keys },
	{ "guide",		SCR_GUIDE,	reissue,	NULL },
	{ "guide_fee",		SCR_GUIDE,	fee_row,	NULL },
	{ "guide_report",	SCR_GUIDE,	report,		NULL },
	{ "consent",		SCR_CONSENT,	reissue,	NULL },
	{ "consent_ticked",	SCR_CONSENT,	reissue,	tick_required },
	{ "consent_missing",	SCR_CONSENT,	reissue,	enter_key },
	{ "identity",		SCR_IDENTITY,	reissue,	NULL },
	{ "identity_filled",	SCR_IDENTITY,	person,		NULL },
	{ "identity_empty",	SCR_IDENTITY,	reissue,	submit_all },
	{ "identity_driver",	SCR_IDENTITY,	person,		driver_short },
	{ "identity_passport",	SCR_IDENTITY,	person,		passport },
	{ "identity_alien",	SCR_IDENTITY,	reissue,	alien },
	{ "identity_soft",	SCR_IDENTITY,	person,		soft_digit },
	{ "identity_refused",	SCR_IDENTITY,	reissue,	pasted_junk },
	{ "identity_mismatch",	SCR_IDENTITY,	person,		mismatch },
	{ "identity_wait",	SCR_IDENTITY,	person,		wait_short },
	{ "identity_wait_long",	SCR_IDENTITY,	person,		wait_long },
	{ "identity_home",	SCR_IDENTITY,	person,		home_once },
	{ "factor_pick",	SCR_FACTOR_PICK, factors,	NULL },
	{ "factor",		SCR_FACTOR,	factors,	NULL },
	{ "factor_short",	SCR_FACTOR,	factors,	code_short },
	{ "factor_wrong",	SCR_FACTOR,	factors,	wrong_code },
	{ "factor_over",	SCR_FACTOR,	factors,	code_over },
	{ "factor_question",	SCR_FACTOR,	question,	NULL },
	{ "factor_account",	SCR_FACTOR,	account,	NULL },
	{ "factor_account_empty", SCR_FACTOR,	account,	submit_all },
	{ "certs",		SCR_CERTS,	certs,		NULL },
	{ "certs_third",	SCR_CERTS,	certs,		pick_third },
	{ "certs_wait",		SCR_CERTS,	factors,	wait_certs },
	{ "certs_none",		SCR_CERTS,	factors,	NULL },
	{ "route_renew",	SCR_ROUTE,	route_renew,	NULL },
	{ "route_new",		SCR_ROUTE,	route_new,	NULL },
	{ "route_restore",	SCR_ROUTE,	route_restore,	NULL },
	{ "route_other_issuer",	SCR_ROUTE,	route_other_issuer, NULL },
	{ "loss",		SCR_LOSS,	certs,		NULL },
	{ "loss_filled",	SCR_LOSS,	lost,		NULL },
	{ "loss_empty",		SCR_LOSS,	certs,		submit_all },
	{ "holding",		SCR_HOLDING,	opened,		NULL },
	{ "holding_long",	SCR_HOLDING,	opened,		wait_long_hold },
	{ "holding_ca_down", SCR_HOLDING, hold_ca_down, NULL },
	{ "holding_refused", SCR_HOLDING, hold_refused, NULL },
	{ "held",		SCR_HELD,	held,		NULL },
	{ "held_report",	SCR_HELD,	held_report,	NULL },
	{ "apply",		SCR_APPLY,	held,		NULL },
	{ "apply_empty",	SCR_APPLY,	held,		submit_all },
	{ "apply_differ",	SCR_APPLY,	contact,	email_differs },
	{ "review",		SCR_REVIEW,	contact,	NULL },
	{ "review_ticked",	SCR_REVIEW,	contact,	tick },
	{ "review_unticked",	SCR_REVIEW,	contact,	enter_key },
	{ "review_wait",	SCR_REVIEW,	contact,	wait_apply },
	{ "fee_free",		SCR_FEE,	paid,		NULL },
	{ "fee_due",		SCR_FEE,	fee_due,	NULL },
	{ "parked_fee",		SCR_PARKED,	fee_due,	NULL },
	{ "parked_review",	SCR_PARKED,	in_review,	NULL },
	{ "parked_minor",	SCR_PARKED,	minor,		NULL },
	{ "password",		SCR_PASSWORD,	paid,		NULL },
	{ "password_weak",	SCR_PASSWORD,	paid,		password_weak },
	{ "password_typed",	SCR_PASSWORD,	paid,		password_typed },
	{ "password_differ",	SCR_PASSWORD,	paid,		password_differs },
	{ "stick_none",		SCR_STICK,	stick_none,	NULL },
	{ "stick_ready",	SCR_STICK,	stick_ready,	NULL },
	{ "stick_several",	SCR_STICK,	stick_several,	NULL },
	{ "stick_readonly",	SCR_STICK,	stick_readonly,	NULL },
	{ "stick_full",		SCR_STICK,	stick_full,	NULL },
	{ "stick_wrong_fs",	SCR_STICK,	stick_wrong_fs,	NULL },
	{ "stick_busy",		SCR_STICK,	stick_busy,	NULL },
	{ "stick_again",	SCR_STICK,	stick_again,	NULL },
	{ "issuing",		SCR_ISSUING,	issuing,	NULL },
	{ "problem_stick",	SCR_PROBLEM,	stick_gone,	NULL },
	{ "problem_ca_down",	SCR_PROBLEM,	ca_down,	NULL },
	{ "problem_ca_answer",	SCR_PROBLEM,	ca_wrong,	NULL },
	{ "problem_attempts", SCR_PROBLEM, attempts, NULL },
	{ "problem_delivered", SCR_PROBLEM, delivered, NULL },
	{ "done",		SCR_DONE,	done,		NULL },
	{ "after",		SCR_AFTER,	done,		NULL },
	{ "receipt_done",	SCR_RECEIPT,	done,		NULL },
	{ "receipt_held",	SCR_RECEIPT,	held_report,	NULL },
	{ "receipt_pending",	SCR_RECEIPT,	opened,		NULL },
	{ "receipt_none",	SCR_RECEIPT,	minor,		NULL },
	{ "status",		SCR_STATUS,	status,		NULL },
	{ "status_short",	SCR_STATUS,	status,		code_short },
	{ "status_none",	SCR_STATUS,	status,		not_mine },
	{ "status_view_held",	SCR_STATUS_VIEW, looked_up,	NULL },
	{ "status_view_done",	SCR_STATUS_VIEW, looked_up_done, NULL },
	{ "check",		SCR_CHECK,	checking,	NULL },
	{ "check_found",	SCR_CHECK,	found,		found_two },
	{ "check_empty",	SCR_CHECK,	found,		found_none },
	{ "check_password",	SCR_CHECK_PASSWORD, found_entered, NULL },
	{ "check_password_wrong", SCR_CHECK_PASSWORD, found_entered,
	    password_wrong },
	{ "check_result_good",	SCR_CHECK_RESULT, check_good,	NULL },
	{ "check_result_bad",	SCR_CHECK_RESULT, check_bad,	NULL },
	{ "change_password",	SCR_CHANGE_PASSWORD, found_entered, NULL },
	{ "change_password_empty", SCR_CHANGE_PASSWORD, found_entered,
	    submit_all },
	{ "staff",		SCR_STAFF,	reissue,	NULL },
	{ "staff_called",	SCR_STAFF,	reissue,	called },
	{ "staff_coming",	SCR_STAFF,	reissue,	coming },
	{ "staff_failed",	SCR_STAFF,	reissue,	call_failed },
	{ "idle",		SCR_IDLE,	person,		count_down },
	{ "idle_kept",		SCR_IDLE,	held,		NULL },
	{ "closed",		SCR_CLOSED,	NULL,		NULL },
	{ "other_error",	SCR_IDENTITY,	person,		unheard_of },
};
const size_t state_count = sizeof states / sizeof states[0];
/* clang-format on */
