/*
 * What waits for a customer who does not come ends; what waits for the bank
 * does not.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "clerks.h"
#include "pay_terminal.h"
#include "rpc/rpc.h"

TestSuite(expire, .init = clerks_open, .fini = clerks_close);

#define NO	"R-20261122-0001"
#define DAYS(n) ((n)*86400LL * 1000)

static void
to_opened(int kim)
{
	begin(0, "reissue");
	identify(0);
	cr_assert_str_eq(code(open_case(0)), "");
}

static void
to_held(int kim)
{
	to_opened(kim);
	cr_assert_str_eq(code(report(0, "lost")), "");
	run();
	cr_assert_eq((int)row().state, CASE_HELD);
}

static void
to_review(int kim)
{
	until_review("review.phone_changed");
}

static void
to_returned(int kim)
{
	to_review(kim);
	cr_assert_str_eq(
	    code(act(kim, "return", "", "{'sentence':'passport please'}")), "");
}

static void
to_fee(int kim)
{
	w.conf.fees[0].won = 4400;
	w.conf.fees[0].waiver[0] = '\0';
	to_review(kim);
	papers(kim, "self");
	cr_assert_str_eq(code(act(kim, "approve", "", "{}")), "");
	cr_assert_eq((int)row().state, CASE_APPROVED);
}

static void
to_paid(int kim)
{
	to_fee(kim);
	cr_assert_str_eq(
	    code(act(kim, "cash", "", "{'won':4400,'receipt_no':'B-1'}")), "");
}

static void
to_issued(int kim)
{
	to_paid(kim);
	media_fails("media.none", -1);
	ask_fd(0, "case.issue", "New!2026pw");
	run();
	cr_assert_eq((int)row().state, CASE_ISSUED);
}

/* The old certificate has a hundred days. */
static const struct {
	const char *name;
	void (*to)(int kim);
	int days; /* it lives so long, 0: until the certificate's end */
	bool reminded;
} lives[] = {
	{ "opened", to_opened, 1, false },
	{ "held", to_held, 0, false },
	{ "in review", to_review, 0, false },
	{ "returned", to_returned, 14, true },
	{ "fee due", to_fee, 7, true },
	{ "paid", to_paid, 30, true },
	{ "issued", to_issued, 30, true },
};

Test(expire, each_state_ends_on_its_day_and_not_before)
{
	for (size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
		int days = lives[i].days == 0 ? 98 : lives[i].days;

		if (i > 0) {
			clerks_close();
			clerks_open();
		}
		lives[i].to(sit("counter", "kim"));
		enum store_hold hold = row().hold;
		ask("visit.end", "{}");
		pass_ms(DAYS(days));
		cr_expect_not(case_is_over(row().state), "%s: still there",
		    lives[i].name);
		int before = w.messages;
		pass_ms(DAYS(2));
		cr_expect_eq((int)row().state, CASE_EXPIRED, "%s: %s",
		    lives[i].name, case_state_name(row().state));
		cr_expect_eq(
		    row().hold, hold, "%s: a hold stays", lives[i].name);
		cr_expect_eq(w.messages, before, "nothing afterwards");
		if (lives[i].reminded)
			cr_expect_not_null(
			    strstr(text(w.message, "text"), "이어서"), "%s",
			    lives[i].name);
	}
}

Test(expire, a_fee_taken_goes_back)
{
	int kim = sit("counter", "kim");

	to_paid(kim);
	ask("visit.end", "{}");
	pass_ms(DAYS(32));
	cr_expect_eq((int)row().state, CASE_EXPIRED);
	json_t *list = say(kim, "queue.list", "{'filter':'refund'}");
	cr_expect_eq(rpc_int(list, "total", 0), 1, "a clerk pays it out");
}

Test(expire, who_is_at_it_is_not_interrupted)
{
	int kim = sit("counter", "kim");

	to_returned(kim);
	pass_ms(DAYS(20)); /* the visit is still there */
	cr_expect_eq((int)row().state, CASE_RETURNED);
	ask("visit.end", "{}");
	say(kim, "desk.take", "{'case_no':'" NO "'}");
	pass_ms(DAYS(1));
	cr_expect_eq((int)row().state, CASE_RETURNED);
	say(kim, "desk.leave", "{}");
	pass_ms(DAYS(1));
	cr_expect_eq((int)row().state, CASE_EXPIRED);
}

Test(expire, a_guide_that_is_out_keeps_the_case)
{
	int kim = sit("counter", "kim");

	w.conf.guide_days = 60;
	to_paid(kim);
	plug_printer(NULL);
	cr_assert_str_eq(code(act(kim, "guide", "", "{'channel':'sms'}")), "");
	ask("visit.end", "{}");
	pass_ms(DAYS(58));
	cr_expect_eq((int)row().state, CASE_PAID);
	pass_ms(DAYS(4));
	cr_expect_eq((int)row().state, CASE_EXPIRED);
}

Test(expire, a_clock_that_was_set_ends_nothing)
{
	to_fee(sit("counter", "kim"));
	ask("visit.end", "{}");
	w.wall_ms += DAYS(3650);
	pass_ms(DAYS(1));
	cr_expect_eq((int)row().state, CASE_APPROVED);
	/* a start under a wrong clock leaves an hour to set it right */
	world_restart();
	pass_ms(3500 * 1000);
	cr_expect_eq((int)row().state, CASE_APPROVED);
	w.wall_ms -= DAYS(3650);
	pass_ms(DAYS(2));
	cr_expect_eq((int)row().state, CASE_APPROVED);
}

Test(expire, the_last_day_is_told)
{
	int kim = sit("counter", "kim");

	to_returned(kim);
	cr_expect_str_eq(text(last_case(), "until"), "2026-12-06");
	pass_ms(1000);
	cr_expect_not_null(strstr(text(w.message, "text"), "2026-12-06"));
	act(kim, "resubmit", "", "{}");
	cr_expect(json_is_null(json_object_get(last_case(), "until")),
	    "the bank has no such day");
}

Test(expire, who_reads_english_gets_english)
{
	int kim = sit("counter", "kim");

	w.phone_days = 3;
	cr_assert_str_eq(code(ask("visit.begin",
			     "{'purpose':'reissue','lang':'en','consents':"
			     "{'required':['a'],'optional':[]}}")),
	    "");
	identify(0);
	open_case(0);
	report(0, "lost");
	run();
	apply(0);
	act(kim, "return", "", "{'sentence':'passport please'}");
	pass_ms(1000);
	cr_expect_not_null(
	    strstr(text(w.message, "text"), "needs more papers"));
	act(kim, "resubmit", "", "{}");
	pass_ms(DAYS(20));
	cr_expect_not_null(
	    strstr(text(w.message, "text"), "longer than promised"));
	papers(kim, "self");
	act(kim, "approve", "", "{}");
	plug_printer(NULL);
	cr_assert_str_eq(code(act(kim, "guide", "", "{'channel':'sms'}")), "");
	cr_expect_str_eq(text(printed(), "lang"), "en");
	cr_expect_not_null(strchr(text(printed(), "sent_to"), '*'));
	cr_expect_not_null(
	    strstr(text(w.message, "text"), "authorisation code"));
}

/* ---- an issue guide that was used ---- */

Test(expire, a_certificate_made_by_the_guide_ends_the_case_well)
{
	int kim = sit("counter", "kim");

	to_paid(kim);
	w.made_elsewhere = true;
	pass_ms(DAYS(1));
	cr_expect_eq((int)row().state, CASE_PAID, "without a guide: nothing");
	w.made_elsewhere = false;
	plug_printer(NULL);
	cr_assert_str_eq(code(act(kim, "guide", "", "{'channel':'sms'}")), "");
	ask("visit.end", "{}");
	pass_ms(DAYS(1));
	cr_expect_eq((int)row().state, CASE_PAID, "not used yet");
	w.made_elsewhere = true;
	pass_ms(3600 * 1000);
	cr_expect_eq((int)row().state, CASE_DONE);
	cr_expect_eq(strtol(row().new_serial, NULL, 16), 0x0d4e5f);
	cr_expect(w.old_revoked, "and the old one is revoked");
	json_t *list = say(kim, "queue.list", "{'filter':'refund'}");
	cr_expect_eq(rpc_int(list, "total", 0), 0, "it was paid for");
}

/* ---- a payment nobody knows the end of ---- */

Test(expire, a_payment_unknown_for_long_is_settled_by_two_people)
{
	int kim = sit("counter", "kim"), lee = sit("counter", "lee");
	int park = sit("supervisor", "park");

	memset(&term, 0, sizeof term);
	term.manner = CHARGES_MUTE;
	term.deaf = true;
	w.terminal = terminal_answer;
	strcpy(w.conf.pay_driver, "nexo");
	w.conf.pay_timeout_s = 60;
	pass_ms(60000); /* it is found */
	to_fee(kim);
	cr_expect_str_eq(code(act(kim, "seen", "looked",
			     "{'charged':true,'approval':'30012345'}")),
	    "case.state", "nothing was asked for");
	cr_assert_str_eq(code(ask("pay.begin", "{}")), "");
	pass_ms(130000);
	cr_expect_eq((int)row().state, CASE_APPROVED);
	cr_expect_str_eq(row().problem, "problem.pay_unknown");
	cr_expect_str_eq(
	    code(act(kim, "cash", "", "{'won':4400,'receipt_no':'B-1'}")),
	    "pay.open", "no second way meanwhile");
	cr_expect_str_eq(
	    code(act(kim, "seen", "looked", "{'charged':true,'approval':''}")),
	    "rpc.params");
	json_t *d = json_copy(act(
	    kim, "seen", "looked", "{'charged':true,'approval':'30012345'}"));
	cr_expect_str_eq(code(d), "");
	cr_expect_str_eq(code(agree(kim, d, true)), "staff.same");
	cr_expect_str_eq(code(agree(lee, d, true)), "staff.level");
	json_t *after = agree(park, d, true);
	cr_expect_str_eq(code(after), "");
	json_decref(d);
	cr_expect_eq((int)row().state, CASE_PAID);
	const json_t *pay = json_array_get(
	    json_object_get(
		say(kim, "desk.view", "{'case_no':'" NO "'}"), "pay"),
	    0);
	cr_expect_str_eq(text(pay, "approval"), "30012345");
	cr_expect_str_eq(audit_field("desk", "action"), "seen");
}

/* ---- the kiosks of the branch ---- */

Test(expire, a_kiosk_says_where_it_stands)
{
	int kim = sit("counter", "kim");

	cr_expect_str_eq(code(ask("kiosk.screen", "{'screen':'loss'}")), "");
	const json_t *kiosks = json_object_get(
	    say(kim, "branch.status", "{}"), "kiosks");
	cr_expect_str_eq(text(json_array_get(kiosks, 0), "screen"), "loss");
	cr_expect_str_eq(text(json_array_get(kiosks, 1), "screen"), "idle");
	cr_expect_str_eq(
	    code(ask("kiosk.screen", "{'screen':'900101-1970015'}")),
	    "rpc.params", "a screen's name, nothing else");
}

static const json_t *
last_branch(void)
{
	for (int i = w.event_count - 1; i >= 0; i--)
		if (strcmp(text(w.events[i], "event"), "branch.changed") == 0)
			return json_object_get(w.events[i], "params");
	return NULL;
}

Test(expire, kiosks_hear_who_waits_and_when_the_doors_open)
{
	int kim = sit("counter", "kim");

	until_review("review.phone_changed");
	pass_ms(1000);
	cr_expect_eq(rpc_int(last_branch(), "waiting", -1), 1);
	cr_expect_not(rpc_bool(last_branch(), "now_open"), "a Sunday");
	say(kim, "desk.take", "{'case_no':'" NO "'}");
	pass_ms(1000);
	cr_expect_eq(rpc_int(last_branch(), "waiting", -1), 0);
	pass_ms(17LL * 3600 * 1000); /* Monday, 9:20 */
	cr_expect(rpc_bool(last_branch(), "now_open"));
}
