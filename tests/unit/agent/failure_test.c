/*
 * What can go wrong on the way, and where the case stands then.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "peers.h"
#include "rpc/rpc.h"
#include "world.h"

TestSuite(failure, .init = world_open, .fini = world_close);

static const char *
issue(void)
{
	const char *c = code(ask_fd(0, "case.issue", "New!2026pw"));

	run();
	return c;
}

static void
expect_done(void)
{
	cr_expect_eq((int)row().state, CASE_DONE, "%s, problem %s",
	    case_state_name(row().state), row().problem);
}

/* ---- the issue ---- */

Test(failure, a_lost_ir_is_sent_again_with_the_same_bytes)
{
	until_paid();
	net_fails("cmp.send", "peer.ca_timeout", 2);
	issue();
	cr_expect_eq((int)row().state, CASE_PREPARED);
	cr_expect_str_eq(text(last_case(), "problem"), "peer.ca_down");
	pass_ms(10000);
	expect_done();
	cr_expect_eq((int)row().attempt, 0);
}

Test(failure, when_the_ca_stays_down_the_customer_may_begin_again)
{
	until_paid();
	net_fails("cmp.send", "peer.ca_down", -1);
	issue();
	pass_ms(30000);
	cr_expect_eq((int)row().state, CASE_PREPARED);
	cr_expect_str_eq(row().problem, "peer.ca_down");
	cr_expect_eq((int)row().hold, HOLD_CONFIRMED, "the hold stays");
	w.net_times = 0;
	cr_expect_str_eq(issue(), "");
	expect_done();
	cr_expect_eq((int)row().attempt, 1);
}

static const struct {
	enum key_mode mode;
	enum case_state state;
	const char *problem;
} outcomes[] = {
	{ KEY_REFUSED, CASE_PAID, "peer.ca_refused" },
	{ KEY_BAD_CERT, CASE_PAID, "peer.ca_answer" },
	{ KEY_GARBAGE, CASE_WITHDRAWING, "peer.ca_answer" },
	{ KEY_MISMATCH, CASE_ISSUED, "media.io" },
	{ KEY_DIES_EARLY, CASE_PAID, "problem.key_lost" },
	{ KEY_DIES_ISSUED, CASE_ISSUED, "problem.key_lost" },
	{ KEY_PASSWORD, CASE_PAID, "password.rule" },
};

Test(failure, a_failed_attempt_says_why_and_the_next_one_is_free)
{
	for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
		if (i > 0) {
			world_close();
			world_open();
		}
		until_paid();
		w.key_mode = outcomes[i].mode;
		issue();
		cr_expect_eq(row().state, outcomes[i].state, "mode %d: %s",
		    outcomes[i].mode, case_state_name(row().state));
		cr_expect_str_eq(row().problem, outcomes[i].problem,
		    "mode %d: %s", outcomes[i].mode, row().problem);
		cr_expect_str_eq(
		    text(last_case(), "problem"), outcomes[i].problem);
		cr_expect_eq((int)row().hold, HOLD_CONFIRMED);
		w.key_mode = KEY_GOOD;
		if (outcomes[i].mode == KEY_MISMATCH)
			cr_expect_str_eq(code(ask("case.deliver", "{}")), "");
		else
			cr_expect_str_eq(issue(), "");
		run();
		expect_done();
		cr_expect_eq(row().fee_won, 0);
	}
}

Test(failure, someone_elses_certificate_is_neither_exported_nor_confirmed)
{
	until_paid();
	w.key_mode = KEY_BAD_CERT;
	issue();
	cr_expect_null(w.write, "nothing went to the stick");
	cr_expect_eq(w.sent[2], 1, "the rejection reached the CA");
	cr_expect_eq((int)row().attempt, 1);
}

Test(failure, after_three_failed_attempts_the_counter_takes_over)
{
	until_paid();
	w.key_mode = KEY_REFUSED;
	for (int i = 0; i < CASE_ATTEMPTS_MAX; i++)
		cr_expect_str_eq(issue(), "");
	cr_expect_str_eq(issue(), "case.state");
	cr_expect_str_eq(row().problem, "problem.attempts");
}

Test(failure, without_the_registry_no_attempt_is_spent)
{
	until_paid();
	net_fails("registry.enroll", "peer.registry_down", 1);
	issue();
	cr_expect_eq((int)row().state, CASE_PAID);
	cr_expect_eq((int)row().attempt, 0);
	cr_expect_str_eq(row().problem, "peer.registry_down");
	cr_expect_str_eq(issue(), "");
	expect_done();
}

Test(failure, issue_twice_at_once_is_refused)
{
	until_paid();
	w.media_mute = true;
	cr_expect_str_eq(issue(), "");
	cr_expect_str_eq(issue(), "case.state");
	cr_expect_eq((int)row().state, CASE_ISSUED);
}

/* ---- the stick ---- */

static const char *const stick_errors[] = { "media.none", "media.several",
	"media.readonly", "media.full", "media.wrong_fs", "media.gone",
	"media.io" };

Test(failure, whatever_is_wrong_with_the_stick_another_one_may_be_tried)
{
	until_paid();
	media_fails(stick_errors[0], 1);
	issue();
	for (size_t i = 1; i < sizeof stick_errors / sizeof *stick_errors;
	     i++) {
		cr_expect_eq((int)row().state, CASE_ISSUED);
		cr_expect_str_eq(row().problem, stick_errors[i - 1]);
		cr_expect_eq(w.sent[2], 0, "nothing confirmed");
		media_fails(stick_errors[i], 1);
		cr_expect_str_eq(code(ask("case.deliver", "{}")), "");
		run();
	}
	cr_expect_str_eq(code(ask("case.deliver", "{}")), "");
	run();
	expect_done();
	cr_expect_eq(w.sent[1], 1, "still the first certificate");
}

Test(failure, dasi_media_gone_while_writing_is_a_stick_that_is_gone)
{
	until_paid();
	w.media_mute = true;
	issue();
	close(w.media);
	w.media = -1;
	run();
	cr_expect_eq((int)row().state, CASE_ISSUED);
	cr_expect_str_eq(row().problem, "media.gone");
	w.media_mute = false;
	w.media = connect_as("media", "", 1u << ROLE_MEDIA);
	run();
	cr_expect_str_eq(code(ask("case.deliver", "{}")), "");
	run();
	expect_done();
}

Test(failure, nobody_takes_the_certificate_so_the_ca_is_told_no)
{
	until_paid();
	media_fails("media.none", -1);
	issue();
	cr_expect_eq((int)row().state, CASE_ISSUED);
	pass_ms(300000);
	cr_expect_eq((int)row().state, CASE_PAID);
	cr_expect_str_eq(row().problem, "problem.confirm_expired");
	cr_expect_eq(w.sent[2], 1, "one rejection");
	cr_expect_str_eq(row().new_serial, "");
	w.media_times = 0;
	cr_expect_str_eq(issue(), "");
	expect_done();
}

/* ---- leaving ---- */

Test(failure, cancelling_an_issued_certificate_rejects_it_and_keeps_the_hold)
{
	until_paid();
	media_fails("media.full", -1);
	issue();
	cr_expect_str_eq(code(ask("case.cancel", "{}")), "");
	run();
	cr_expect_eq((int)row().state, CASE_CANCELLED);
	cr_expect_eq((int)row().hold, HOLD_CONFIRMED);
	cr_expect_eq(w.sent[2], 1);
	cr_expect_not(w.old_revoked);
}

Test(failure, cancelling_while_writing_waits_for_the_stick)
{
	until_paid();
	w.media_mute = true;
	issue();
	cr_expect_str_eq(code(ask("case.cancel", "{}")), "");
	cr_expect_eq((int)row().state, CASE_ISSUED);
	close(w.media);
	w.media = -1;
	run();
	cr_expect_eq((int)row().state, CASE_CANCELLED);
}

Test(failure, cancelling_before_the_issue_is_a_plain_end)
{
	until_paid();
	cr_expect_str_eq(text(ask("case.cancel", "{}"), "state"), "CANCELLED");
	run();
	for (int i = 0; i < KEYS; i++)
		cr_expect_lt(w.keys[i].sock, 0, "the warm worker is gone");
	cr_expect_str_eq(issue(), "case.state");
}

Test(failure, a_customer_who_walks_away_while_writing_still_gets_it_done)
{
	until_paid();
	w.media_mute = true;
	issue();
	close(w.kiosk[0]);
	w.kiosk[0] = -1;
	run();
	cr_expect_eq((int)row().state, CASE_ISSUED);
	begin(1, "reissue");
	identify(1);
	json_t *c = open_case(1);
	cr_expect_str_eq(text(c, "state"), "ISSUED");
	close(w.media);
	w.media = -1;
	run();
	w.media_mute = false;
	w.media = connect_as("media", "", 1u << ROLE_MEDIA);
	run();
	cr_expect_str_eq(code(ask_at(1, "case.deliver", "{}")), "");
	run();
	expect_done();
}

/* ---- confirmation and the end ---- */

Test(failure, a_lost_certconf_is_sent_again_until_the_ca_has_it)
{
	until_paid();
	w.media_mute = true;
	issue();
	net_fails("cmp.send", "peer.ca_down", 5);
	w.media_mute = false;
	close(w.media);
	w.media = connect_as("media", "", 1u << ROLE_MEDIA);
	run();
	ask("case.deliver", "{}");
	run();
	cr_expect_eq((int)row().state, CASE_DELIVERED);
	pass_ms(60000);
	expect_done();
}

Test(failure, a_worker_lost_after_delivery_leaves_the_word_to_the_ca)
{
	until_paid();
	w.key_mode = KEY_DIES_DELIVERED;
	issue();
	cr_expect_eq((int)row().state, CASE_DELIVERED);
	cr_expect_str_eq(row().problem, "problem.confirm_open");
	pass_ms(700000);
	expect_done();
}

Test(failure, a_certificate_the_ca_withdrew_after_delivery_is_issued_again)
{
	until_paid();
	w.key_mode = KEY_DIES_DELIVERED;
	issue();
	w.new_revoked = true;
	world_restart();
	pass_ms(700000);
	cr_expect_eq((int)row().state, CASE_PAID);
	cr_expect_str_eq(row().problem, "problem.withdrawn");
}

Test(failure, the_final_revocation_is_tried_again_also_after_a_restart)
{
	until_paid();
	w.media_mute = true;
	issue();
	w.media_mute = false;
	close(w.media);
	w.media = connect_as("media", "", 1u << ROLE_MEDIA);
	run();
	/* the certConf passes, everything after it does not */
	strcpy(w.net_method, "ocsp.query");
	strcpy(w.net_error, "peer.ca_down");
	w.net_times = -1;
	ask("case.deliver", "{}");
	run();
	cr_expect_eq((int)row().state, CASE_CONFIRMED);
	world_restart();
	w.net_times = 0;
	pass_ms(61000);
	expect_done();
	cr_expect_geq(w.sent[0], 3, "hold, revocation, revocation again");
}

Test(failure, a_status_nobody_knows_is_shown_as_unknown)
{
	until_paid();
	w.revoked_unknown = true;
	issue();
	pass_ms(20000);
	expect_done();
	cr_expect_str_eq(row().new_status, "unknown");
	cr_expect_str_eq(row().old_status, "unknown");
}

static const json_t *
resume_of_worker(void)
{
	for (int i = 0; i < KEYS; i++) {
		const json_t *r = json_object_get(w.keys[i].params, "resume");
		if (w.keys[i].sock >= 0 && json_is_object(r))
			return r;
	}
	return NULL;
}

Test(failure, the_same_certificate_is_delivered_after_the_worker_was_lost)
{
	until_paid();
	w.key_mode = KEY_DIES_ISSUED;
	issue();
	world_restart();
	begin(0, "reissue");
	identify(0);
	json_t *c = open_case(0);
	cr_expect_str_eq(text(c, "state"), "ISSUED");
	cr_expect_str_eq(text(c, "problem"), "problem.key_lost");
	cr_expect_str_eq(
	    code(ask("case.deliver", "{}")), "case.state", "no password");
	w.key_mode = KEY_GOOD;
	w.media_mute = true;
	cr_expect_str_eq(code(ask_fd(0, "case.deliver", "New!2026pw")), "");
	run();
	const json_t *resume = resume_of_worker();
	cr_assert_not_null(resume);
	cr_expect_str_eq(text(resume, "ip"), "YW5zd2Vy");
	cr_expect_str_eq(text(resume, "sign_pri"), "cHJp");
	cr_expect_gt(strlen(rpc_str(resume, "ir")), 0);
	w.media_mute = false;
	close(w.media);
	w.media = connect_as("media", "", 1u << ROLE_MEDIA);
	run();
	cr_expect_str_eq(code(ask("case.deliver", "{}")), "");
	run();
	expect_done();
	cr_expect_eq(w.sent[1], 1, "no second ir");
	cr_expect_eq((int)row().attempt, 0);
}

Test(failure, a_wrong_password_at_the_second_delivery_leaves_the_choice)
{
	until_paid();
	w.key_mode = KEY_DIES_ISSUED;
	issue();
	w.key_mode = KEY_PASSWORD;
	ask_fd(0, "case.deliver", "Forgotten!1");
	run();
	cr_expect_eq((int)row().state, CASE_ISSUED);
	cr_expect_str_eq(row().problem, "password.wrong");
	w.key_mode = KEY_GOOD;
	cr_expect_str_eq(issue(), "", "or a fresh certificate, for free");
	expect_done();
	cr_expect_eq(w.sent[1], 2);
}

Test(failure, a_delivered_case_is_confirmed_by_a_new_worker_after_a_restart)
{
	until_paid();
	w.key_mode = KEY_DIES_DELIVERED;
	issue();
	cr_expect_eq((int)row().state, CASE_DELIVERED);
	w.key_mode = KEY_GOOD;
	world_restart();
	pass_ms(1000);
	expect_done();
	cr_expect_eq(w.sent[1], 1);
	cr_expect_eq(w.sent[2], 1, "certConf by the second worker");
}

static const enum key_mode stops[] = { KEY_DIES_ISSUED, KEY_GARBAGE };

Test(failure, a_restart_in_the_middle_of_an_issue_costs_nothing)
{
	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
		if (i > 0) {
			world_close();
			world_open();
		}
		until_paid();
		w.key_mode = stops[i];
		issue();
		world_restart();
		w.key_mode = KEY_GOOD;
		begin(0, "reissue");
		identify(0);
		cr_expect_str_not_empty(text(open_case(0), "problem"));
		cr_expect_str_eq(issue(), "");
		expect_done();
		cr_expect_eq(row().fee_won, 0);
	}
}

Test(failure, when_the_worker_cannot_start_the_customer_is_told)
{
	begin(0, "reissue");
	identify(0);
	open_case(0);
	report(0, "lost");
	run();
	apply(0);
	peers_close_keys();
	run();
	w.key_missing = true;
	issue();
	cr_expect_eq((int)row().state, CASE_PAID);
	cr_expect_str_eq(row().problem, "agent.internal");
	w.key_missing = false;
	cr_expect_str_eq(issue(), "");
	expect_done();
}
