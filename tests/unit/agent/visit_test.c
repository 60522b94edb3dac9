/*
 * Visits and identity: what is asked for, and what is forgotten.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "people.h"
#include "rpc/rpc.h"
#include "world.h"

TestSuite(visit, .init = world_open, .fini = world_close);

#define VERIFY(number)                                                         \
	"{'name':'" PERSON_NAME "','number':'" number                          \
	"','id_kind':'resident','id_number':'','issue_date':'2019-03-05'}"

static void
mismatch(int times)
{
	strcpy(w.net_method, "registry.verify");
	strcpy(w.net_error, "identity.mismatch");
	w.net_times = times;
}

Test(visit, hello_says_which_branch_and_issuer_this_is)
{
	json_t *h = ask("hello", "{'role':'kiosk','terminal':'K-09'}");

	cr_expect_str_eq(text(json_object_get(h, "branch"), "code"), "0417");
	cr_expect_str_eq(text(json_object_get(h, "issuer"), "o"), "yessign");
	cr_expect_eq(rpc_int(json_object_get(h, "fee"), "won", -1), 0);
	cr_expect_not(
	    rpc_bool(json_object_get(h, "hours"), "now_open"), "Sunday");
	cr_expect(rpc_bool(json_object_get(h, "health"), "ca"));
	w.wall_ms += 18 * 3600 * 1000;
	h = ask("hello", "{'role':'kiosk','terminal':'K-09'}");
	cr_expect(rpc_bool(json_object_get(h, "hours"), "now_open"),
	    "Monday morning");
	cr_expect_str_eq(code(ask("hello", "{'role':'net'}")), "rpc.role");
}

Test(visit, the_identity_answer_shows_no_name_and_no_number)
{
	begin(0, "reissue");
	json_t *r = ask("identity.verify", VERIFY(PERSON_NUMBER));
	cr_expect_str_eq(text(r, "holder"), "홍*동");
	char *all = json_dumps(r, 0);
	cr_expect_null(strstr(all, PERSON_NAME));
	cr_expect_null(strstr(all, PERSON_NUMBER));
	free(all);
}

Test(visit, each_step_needs_the_one_before)
{
	cr_expect_str_eq(
	    code(ask("identity.verify", VERIFY(PERSON_NUMBER))), "rpc.state");
	begin(0, "reissue");
	cr_expect_str_eq(code(ask("cert.list", "{}")), "rpc.state");
	cr_expect_str_eq(
	    code(ask("factor.start", "{'kind':'phone'}")), "rpc.state");
	cr_expect_str_eq(
	    code(ask("identity.verify", VERIFY(PERSON_NUMBER))), "");
	cr_expect_str_eq(code(ask("case.open", "{'index':0}")), "rpc.state");
}

Test(visit, a_mismatch_counts_down_to_a_lock)
{
	begin(0, "reissue");
	mismatch(-1);
	json_t *r = ask("identity.verify", VERIFY(PERSON_NUMBER));
	cr_expect_str_eq(code(r), "identity.mismatch");
	cr_expect_eq(rpc_int(r, "left", -1), 2);
	ask("identity.verify", VERIFY(PERSON_NUMBER));
	cr_expect_str_eq(code(ask("identity.verify", VERIFY(PERSON_NUMBER))),
	    "identity.locked");
	w.net_times = 0;
	cr_expect_str_eq(code(ask("identity.verify", VERIFY(PERSON_NUMBER))),
	    "identity.locked", "not even the right facts open it");
}

Test(visit, a_number_is_locked_for_the_day_wherever_it_is_tried)
{
	mismatch(-1);
	for (int i = 0; i < 2; i++) {
		begin(i, "reissue");
		for (int k = 0; k < 3; k++)
			ask_at(i, "identity.verify", VERIFY(PERSON_NUMBER));
	}
	w.net_times = 0;
	begin(2, "reissue");
	cr_expect_str_eq(
	    code(ask_at(2, "identity.verify", VERIFY(PERSON_NUMBER))),
	    "identity.locked");
	cr_expect_str_eq(
	    code(ask_at(2, "identity.verify", VERIFY("7512252975553"))), "",
	    "another number is not");
	pass_ms(24 * 3600 * 1000 + 1);
	begin(2, "reissue");
	cr_expect_str_eq(
	    code(ask_at(2, "identity.verify", VERIFY(PERSON_NUMBER))), "");
}

Test(visit, a_new_identity_takes_away_what_the_old_one_had_reached)
{
	begin(0, "reissue");
	identify(0);
	mismatch(1);
	ask("identity.verify", VERIFY("7512252975553"));
	cr_expect_str_eq(code(ask("cert.list", "{}")), "rpc.state");
}

Test(visit, a_wrong_factor_tells_how_many_tries_are_left)
{
	begin(0, "reissue");
	ask("identity.verify", VERIFY(PERSON_NUMBER));
	strcpy(w.net_method, "registry.factor_verify");
	strcpy(w.net_error, "factor.wrong");
	w.net_times = 1;
	json_t *r = ask(
	    "factor.verify", "{'kind':'phone','answer':'0','account':''}");
	cr_expect_str_eq(code(r), "factor.wrong");
	cr_expect_eq(rpc_int(r, "left", -1), 2);
}

Test(visit, a_phone_number_changed_lately_is_no_second_factor)
{
	begin(0, "reissue");
	w.phone_days = 3;
	json_t *r = ask("identity.verify", VERIFY(PERSON_NUMBER));
	cr_expect(rpc_bool(r, "phone_changed"));
	cr_assert_eq(json_array_size(json_object_get(r, "factors")), 1);
	cr_expect_str_eq(
	    text(json_array_get(json_object_get(r, "factors"), 0), "kind"),
	    "question");
}

static const struct {
	int age, phone_days;
	const char *name, *review;
} exceptions[] = {
	{ 18, 900, PERSON_NAME, "review.minor" },
	{ 36, 29, PERSON_NAME, "review.phone_changed" },
};

Test(visit, exceptions_go_to_a_person)
{
	for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++) {
		if (i > 0) {
			world_close();
			world_open();
		}
		w.age = exceptions[i].age;
		w.phone_days = exceptions[i].phone_days;
		begin(0, "reissue");
		identify(0);
		open_case(0);
		report(0, "lost");
		run();
		json_t *c = apply(0);
		cr_expect_str_eq(text(c, "state"), "REVIEW");
		cr_expect_str_eq(text(c, "review"), exceptions[i].review);
		cr_expect_str_eq(
		    code(ask_fd(0, "case.issue", "New!2026pw")), "case.state");
	}
}

Test(visit, a_fee_above_zero_waits_for_the_counter)
{
	w.conf.fees[0].won = 1100;
	begin(0, "reissue");
	identify(0);
	open_case(0);
	report(0, "lost");
	run();
	json_t *c = apply(0);
	cr_expect_str_eq(text(c, "state"), "APPROVED");
	cr_expect_eq(rpc_int(json_object_get(c, "fee"), "won", 0), 1100);
	cr_expect_eq(rpc_int(json_object_get(c, "fee"), "vat", 0), 100);
	cr_expect_str_eq(text(c, "problem"), "problem.fee_counter");
	cr_expect_str_eq(text(c, "promise"), "2026-11-26");
}

Test(visit, a_fee_nobody_set_is_a_question_for_the_counter)
{
	w.conf.fee_count = 0;
	begin(0, "reissue");
	identify(0);
	open_case(0);
	report(0, "lost");
	run();
	json_t *c = apply(0);
	cr_expect_str_eq(text(c, "state"), "APPROVED");
	cr_expect(json_is_null(json_object_get(c, "fee")));
	cr_expect_str_eq(text(c, "problem"), "problem.fee_unknown");
}

static const char *const bad_applications[] = {
	"{'phone':'','email':'','p12':false}",
	"{'phone':'02-123-4567','email':'','p12':false}",
	"{'phone':'010-0001-0001','email':'no at sign','p12':false}",
	"{'phone':'010-0001-000a','email':'','p12':false}",
};

Test(visit, a_wrong_phone_or_address_is_refused_and_the_case_stays)
{
	begin(0, "reissue");
	identify(0);
	open_case(0);
	report(0, "lost");
	run();
	for (size_t i = 0;
	     i < sizeof bad_applications / sizeof *bad_applications; i++)
		cr_expect_str_eq(
		    code(ask("case.apply", "%s", bad_applications[i])),
		    "rpc.params", "%s", bad_applications[i]);
	cr_expect_eq((int)row().state, CASE_HELD);
}

Test(visit, a_report_needs_known_words_and_comes_once)
{
	begin(0, "reissue");
	identify(0);
	cr_expect_str_eq(code(report(0, "lost")), "case.none");
	open_case(0);
	cr_expect_str_eq(code(report(0, "eaten")), "rpc.params");
	cr_expect_str_eq(code(report(0, "none")), "rpc.params");
	cr_expect_str_eq(code(report(0, "lost")), "");
	cr_expect_str_eq(code(report(0, "lost")), "case.state");
}

static const char *const unroutable[] = { "not_issued", "not_registered" };

Test(visit, only_what_can_be_reissued_opens_a_case)
{
	for (size_t i = 0; i < sizeof unroutable / sizeof *unroutable; i++) {
		strcpy(w.cert_status, unroutable[i]);
		begin(0, "reissue");
		identify(0);
		cr_expect_str_eq(
		    code(open_case(0)), "case.state", "%s", unroutable[i]);
	}
	cr_expect_str_eq(code(ask("case.open", "{'index':7}")), "rpc.params");
	cr_expect_str_eq(code(ask("case.open", "{'index':-1}")), "rpc.params");
}

Test(visit, a_case_open_elsewhere_is_busy_until_that_visit_ends)
{
	begin(0, "reissue");
	identify(0);
	open_case(0);
	begin(1, "reissue");
	identify(1);
	cr_expect_str_eq(code(open_case(1)), "case.busy");
	ask("visit.end", "{}");
	cr_expect_str_eq(code(open_case(1)), "");
}

/* A whole struct is looked at: nothing of the person may be left in it. */
static bool
holds(const void *p, size_t n, const char *needle)
{
	return memmem(p, n, needle, strlen(needle)) != NULL;
}

Test(visit, the_end_of_a_visit_leaves_nothing_of_the_person)
{
	until_paid();
	cr_assert(holds(w.agent, sizeof *w.agent, PERSON_NUMBER),
	    "the search finds what is there");
	cr_assert(holds(w.agent, sizeof *w.agent, PERSON_NAME));
	ask("visit.end", "{}");
	run();
	cr_expect_not(holds(w.agent, sizeof *w.agent, PERSON_NUMBER));
	cr_expect_not(holds(w.agent, sizeof *w.agent, PERSON_NAME));
}

Test(visit, so_does_a_kiosk_that_falls_over)
{
	until_paid();
	close(w.kiosk[0]);
	w.kiosk[0] = -1;
	run();
	cr_expect_not(holds(w.agent, sizeof *w.agent, PERSON_NUMBER));
	cr_expect_not(holds(w.agent, sizeof *w.agent, PERSON_NAME));
}

/* ---- no new case, told before anything is typed ---- */

static void
no_reason(void)
{
}

/* Nothing can be laid where something else lies. */
static void
disk_full(void)
{
	char path[128];

	snprintf(path, sizeof path, "%s/state/dasi.ballast", w.folder);
	cr_assert_eq(unlink(path), 0);
	cr_assert_eq(mkdir(path, 0700), 0);
}

static void
disk_has_room(void)
{
	char path[128];

	snprintf(path, sizeof path, "%s/state/dasi.ballast", w.folder);
	cr_assert_eq(rmdir(path), 0);
}

static void
other_history(void)
{
	w.agent->office.trouble = "fork";
}

static void
bad_history(void)
{
	w.agent->history.state = HISTORY_BAD;
}

static const struct {
	const char *name;
	void (*happens)(void);
	const char *refusal;
} reasons[] = {
	{ "none", no_reason, "" },
	{ "disk", disk_full, "agent.disk_full" },
	{ "office", other_history, "agent.office" },
	{ "history", bad_history, "agent.history" },
};

static const char *
begun_for(const char *purpose)
{
	return code(ask("visit.begin",
	    "{'purpose':'%s','lang':'ko','consents':{}}", purpose));
}

Test(visit, what_stands_against_a_new_case_is_said_before_anything_is_typed)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		world_restart();
		reasons[i].happens();
		cr_expect_str_eq(begun_for("reissue"), reasons[i].refusal, "%s",
		    reasons[i].name);
		cr_expect_str_eq(begun_for("report"), reasons[i].refusal, "%s",
		    reasons[i].name);
		cr_expect_str_eq(
		    begun_for("status"), "", "%s", reasons[i].name);
		cr_expect_str_eq(begun_for("check"), "", "%s", reasons[i].name);
		if (reasons[i].happens == disk_full)
			disk_has_room();
	}
	world_restart();
	cr_expect_str_eq(begun_for("reissue"), "", "with room again");
}

Test(visit, a_refused_visit_asks_nobody_anything)
{
	disk_full();
	cr_expect_str_eq(begun_for("reissue"), "agent.disk_full");
	cr_expect_str_eq(
	    code(ask("identity.verify", VERIFY(PERSON_NUMBER))), "rpc.state");
	disk_has_room();
}

Test(visit, what_comes_up_later_is_said_when_the_case_is_made)
{
	for (size_t i = 1; i < sizeof reasons / sizeof *reasons; i++) {
		world_restart();
		begin(0, "reissue");
		identify(0);
		reasons[i].happens();
		cr_expect_str_eq(code(open_case(0)), reasons[i].refusal, "%s",
		    reasons[i].name);
		if (reasons[i].happens == disk_full)
			disk_has_room();
	}
}

Test(visit, a_case_that_is_open_goes_on_whatever_stands_against_new_ones)
{
	until_paid();
	for (size_t i = 1; i < sizeof reasons / sizeof *reasons; i++) {
		world_restart();
		reasons[i].happens();
		begin(0, "status");
		identify(0);
		cr_expect_str_eq(code(open_case(0)), "", "%s", reasons[i].name);
		if (reasons[i].happens == disk_full)
			disk_has_room();
	}
}

/* I2: at most one certificate in the place of the one that was lost. */
Test(visit, a_revoked_certificate_whose_place_is_taken_is_not_reissued)
{
	json_t *list;

	strcpy(w.cert_status, "revoked");
	w.made_elsewhere = true;
	begin(0, "reissue");
	identify(0);
	list = json_object_get(ask("cert.list", "{}"), "certificates");
	cr_assert_eq(json_array_size(list), 1);
	cr_expect_eq(rpc_int(json_array_get(list, 0), "index", -1), 1);
	cr_expect_str_eq(code(ask("case.open", "{'index':0}")), "case.state");
	cr_expect_str_eq(code(ask("case.open", "{'index':1}")), "");
}
