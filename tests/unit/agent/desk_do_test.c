/*
 * What the clerk's actions do, and the four eyes that some of them need.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "clerks.h"
#include "people.h"
#include "rpc/rpc.h"

TestSuite(deskdo, .init = clerks_open, .fini = clerks_close);

static const json_t *
view(int who, const char *key)
{
	return json_object_get(
	    say(who, "desk.view", "{'case_no':'" NO "'}"), key);
}

/* ---- back and forth ---- */

Test(deskdo, more_papers_are_asked_for_and_the_customer_reads_the_sentence)
{
	int kim = sit("counter", "kim");

	until_review("review.phone_changed");
	json_t *d = act(
	    kim, "return", "", "{'sentence':'여권을 가져와 주십시오.'}");
	cr_expect_str_eq(code(d), "");
	cr_expect_eq((int)row().state, CASE_RETURNED);
	cr_expect_str_eq(
	    text(last_case(), "sentence"), "여권을 가져와 주십시오.");
	/* and hears of it by a text message, once */
	pass_ms(1000);
	cr_expect_eq(w.messages, 1);
	cr_expect_not_null(strstr(text(w.message, "text"), NO));
	cr_expect_null(strstr(text(w.message, "text"), "여권"));
	pass_ms(300000);
	cr_expect_eq(w.messages, 1);
	/* resumed at the kiosk it is still there */
	begin(1, "status");
	ask("visit.end", "{}");
	identify(1);
	d = ask_at(1, "case.status", "{'case_no':'" NO "'}");
	cr_expect_str_eq(text(d, "state"), "RETURNED");
	cr_expect_str_eq(text(d, "sentence"), "여권을 가져와 주십시오.");
	cr_expect_str_eq(code(act(kim, "resubmit", "", "{}")), "");
	cr_expect_eq((int)row().state, CASE_REVIEW);
	cr_expect(json_is_null(json_object_get(
	    ask_at(1, "case.status", "{'case_no':'" NO "'}"), "sentence")));
}

Test(deskdo, a_rejected_case_ends_and_still_says_why)
{
	int kim = sit("counter", "kim");

	until_review("review.minor");
	cr_expect_str_eq(
	    code(act(kim, "reject", "보호자가 오지 않았습니다.", "{}")), "");
	cr_expect_eq((int)row().state, CASE_REJECTED);
	cr_expect_eq((int)row().hold, HOLD_CONFIRMED, "the hold stays");
	cr_expect_str_eq(
	    text(last_case(), "sentence"), "보호자가 오지 않았습니다.");
	ask("visit.end", "{}");
	world_restart();
	kim = sit("counter", "kim");
	w.age = 36;
	begin(0, "status");
	identify(0);
	json_t *d = ask("case.status", "{'case_no':'" NO "'}");
	cr_expect_str_eq(text(d, "sentence"), "보호자가 오지 않았습니다.");
	/* a clerk's word about an ended case is kept too */
	cr_expect_str_eq(code(act(kim, "note", "came again", "{}")), "");
	const json_t *notes = view(kim, "notes");
	cr_expect_str_eq(text(json_array_get(notes, 0), "text"), "came again");
	cr_expect_eq(json_array_size(notes), 2);
}

Test(deskdo, notes_are_sealed_and_go_with_the_case)
{
	int kim = sit("counter", "kim");

	until_review("review.minor");
	cr_expect_str_eq(code(act(kim, "note", "전화 드림", "{}")), "");
	const json_t *notes = view(kim, "notes");
	cr_assert_eq(json_array_size(notes), 1);
	cr_expect_str_eq(text(json_array_get(notes, 0), "by"), "kim");
	cr_expect_str_eq(text(json_array_get(notes, 0), "text"), "전화 드림");
	act(kim, "cancel", "customer left", "{}");
	cr_expect_eq((int)row().state, CASE_CANCELLED);
	cr_expect_eq(json_array_size(view(kim, "notes")), 0);
	cr_expect_eq(json_array_size(view(kim, "facts")), 0);
}

Test(deskdo, the_history_names_who_did_what)
{
	int kim = sit("counter", "kim");

	until_review("review.phone_changed");
	papers(kim, "self");
	act(kim, "approve", "", "{}");
	const json_t *history = view(kim, "history");
	bool approved = false, seen = false, opened = false;
	for (size_t i = 0; i < json_array_size(history); i++) {
		const json_t *line = json_array_get(history, i);
		approved |= strcmp(text(line, "key"), "approve") == 0 &&
			    strcmp(text(line, "by"), "kim") == 0;
		seen |= strcmp(text(line, "key"), "docs") == 0 &&
			strcmp(text(line, "detail"), "self") == 0;
		opened |= strcmp(text(line, "key"), "opened") == 0 &&
			  strcmp(text(line, "by"), "") == 0;
	}
	cr_expect(approved && seen && opened);
	cr_expect_str_eq(audit_field("desk", "action"), "approve");
}

/* ---- four eyes ---- */

static const struct {
	const char *why, *applicant;
	bool two, supervisor;
} eyes[] = {
	{ "review.phone_changed", "self", false, false },
	{ "review.phone_changed", "sole", false, false },
	{ "review.phone_changed", "business_proxy", true, false },
	{ "review.phone_changed", "minor", true, false },
	{ "review.minor", "minor", true, false },
	{ "review.name", "self", true, true },
};

Test(deskdo, a_minor_a_proxy_and_another_name_need_two_people)
{
	for (size_t i = 0; i < sizeof eyes / sizeof *eyes; i++) {
		if (i > 0) {
			clerks_close();
			clerks_open();
		}
		int kim = sit("counter", "kim"), lee = sit("counter", "lee");
		int park = sit("supervisor", "park");
		until_review(eyes[i].why);
		papers(kim, eyes[i].applicant);
		json_t *d = act(kim, "approve", "checked", "{}");
		cr_expect_str_eq(code(d), "");
		if (!eyes[i].two) {
			cr_expect_eq((int)row().state, CASE_PAID);
			continue;
		}
		cr_expect_gt(rpc_int(d, "proposal", 0), 0);
		cr_expect_eq((int)row().state, CASE_REVIEW, "not yet");
		d = json_copy(d);
		cr_expect_str_eq(code(agree(kim, d, true)), "staff.same");
		cr_expect_eq((int)row().state, CASE_REVIEW);
		cr_expect_str_eq(code(agree(lee, d, true)),
		    eyes[i].supervisor ? "staff.level" : "");
		if (eyes[i].supervisor)
			cr_expect_str_eq(code(agree(park, d, true)), "");
		cr_expect_eq((int)row().state, CASE_PAID, "%s %s", eyes[i].why,
		    eyes[i].applicant);
		cr_expect_str_eq(audit_field("desk", "proposed_by"), "kim");
		json_decref(d);
	}
}

Test(deskdo, two_names_of_one_user_are_one_person_outside_practice)
{
	w.conf.practice = false;
	int kim = sit("counter", "kim"), park = sit("supervisor", "park");

	until_review("review.minor");
	papers(kim, "minor");
	json_t *d = json_copy(act(kim, "approve", "", "{}"));
	cr_expect_str_eq(code(agree(park, d, true)), "staff.same");
	cr_expect_eq((int)row().state, CASE_REVIEW);
	json_decref(d);
}

Test(deskdo, the_second_person_agrees_while_the_first_has_the_case)
{
	int kim = sit("counter", "kim"), lee = sit("counter", "lee");

	until_review("review.minor");
	say(kim, "desk.take", "{'case_no':'" NO "'}");
	papers(kim, "minor");
	json_t *d = json_copy(act(kim, "approve", "", "{}"));
	cr_expect_eq(json_array_size(view(lee, "proposals")), 1);
	cr_expect_str_eq(code(agree(lee, d, true)), "");
	cr_expect_eq((int)row().state, CASE_PAID);
	cr_expect_eq(json_array_size(view(lee, "proposals")), 0);
	json_decref(d);
}

Test(deskdo, a_proposal_lives_over_a_restart_and_dies_with_a_no)
{
	int kim = sit("counter", "kim");

	until_review("review.minor");
	papers(kim, "minor");
	json_t *d = json_copy(act(kim, "approve", "all there", "{}"));
	stand_up(kim);
	world_restart();
	int lee = sit("counter", "lee");
	const json_t *open = view(lee, "proposals");
	cr_assert_eq(json_array_size(open), 1);
	cr_expect_str_eq(text(json_array_get(open, 0), "by"), "kim");
	cr_expect_str_eq(text(json_array_get(open, 0), "reason"), "all there");
	cr_expect_str_eq(text(json_array_get(open, 0), "action"), "approve");
	cr_expect_str_eq(code(agree(lee, d, false)), "");
	cr_expect_eq((int)row().state, CASE_REVIEW);
	cr_expect_str_eq(code(agree(lee, d, true)), "case.state");
	cr_expect_eq((int)row().state, CASE_REVIEW);
	json_decref(d);
}

Test(deskdo, papers_taken_away_meanwhile_stop_the_second_person_too)
{
	int kim = sit("counter", "kim"), lee = sit("counter", "lee");

	until_review("review.minor");
	papers(kim, "minor");
	json_t *d = json_copy(act(kim, "approve", "", "{}"));
	say(kim, "desk.docs",
	    "{'case_no':'" NO "','version':%d,'applicant':'minor','docs':[]}",
	    (int)row().version);
	cr_expect_str_eq(code(agree(lee, d, true)), "docs.missing");
	cr_expect_eq((int)row().state, CASE_REVIEW);
	json_decref(d);
}

/* ---- the old certificate ---- */

Test(deskdo, a_certificate_found_again_is_good_again_after_two_people)
{
	int kim = sit("counter", "kim"), park = sit("supervisor", "park");
	int lee = sit("counter", "lee");

	until_review("review.phone_changed");
	json_t *d = json_copy(act(kim, "release", "found at home", "{}"));
	cr_expect_str_eq(text(d, "level"), "supervisor");
	cr_expect_str_eq(code(agree(lee, d, true)), "staff.level");
	cr_expect_eq((int)row().hold, HOLD_CONFIRMED);
	cr_expect_str_eq(code(agree(park, d, true)), "");
	pass_ms(1000);
	cr_expect_eq((int)row().state, CASE_FOUND);
	cr_expect_eq(rpc_int(w.rr, "reason", 0), 8, "removeFromCRL");
	cr_expect_str_eq(row().old_status, "valid");
	json_decref(d);
	/* a supervisor's own proposal waits for anybody else */
}

Test(deskdo, a_supervisors_proposal_waits_for_any_second_person)
{
	int kim = sit("counter", "kim"), park = sit("supervisor", "park");

	until_review("review.phone_changed");
	json_t *d = json_copy(act(park, "release", "found at home", "{}"));
	cr_expect_str_eq(text(d, "level"), "counter");
	cr_expect_str_eq(code(agree(park, d, true)), "staff.same");
	cr_expect_str_eq(code(agree(kim, d, true)), "");
	pass_ms(1000);
	cr_expect_eq((int)row().state, CASE_FOUND);
	json_decref(d);
}

Test(deskdo, a_release_is_asked_again_until_the_ca_has_answered)
{
	int kim = sit("counter", "kim"), park = sit("supervisor", "park");

	until_review("review.phone_changed");
	json_t *d = json_copy(act(kim, "release", "found at home", "{}"));
	net_fails("cmp.send", "peer.ca_down", -1);
	agree(park, d, true);
	pass_ms(60000);
	cr_expect_eq((int)row().state, CASE_RELEASING);
	world_restart();
	pass_ms(1000);
	cr_expect_eq((int)row().state, CASE_RELEASING);
	w.net_times = 0;
	pass_ms(61000);
	cr_expect_eq((int)row().state, CASE_FOUND);
	json_decref(d);
}

Test(deskdo, without_a_new_certificate_the_old_one_ends_all_the_same)
{
	int kim = sit("counter", "kim");

	until_review("review.phone_changed");
	cr_expect_str_eq(
	    code(act(kim, "revoke_only", "wants none any more", "{}")), "");
	pass_ms(1000);
	cr_expect_eq((int)row().state, CASE_REVOKED);
	cr_expect_eq(rpc_int(w.rr, "reason", 0), 1, "lost: compromised");
	cr_expect_str_eq(row().old_status, "revoked");
	cr_expect_str_eq(text(last_case(), "state"), "REVOKED");
}

Test(deskdo, a_revocation_is_asked_again_until_the_ca_has_answered)
{
	int kim = sit("counter", "kim");

	until_review("review.phone_changed");
	net_fails("cmp.send", "peer.ca_down", -1);
	act(kim, "revoke_only", "wants none any more", "{}");
	pass_ms(60000);
	cr_expect_eq((int)row().state, CASE_REVOKING);
	world_restart();
	w.net_times = 0;
	pass_ms(61000);
	cr_expect_eq((int)row().state, CASE_REVOKED);
}

/* ---- paper ---- */

Test(deskdo, a_slip_is_printed_again_and_only_then_written_down)
{
	int kim = sit("counter", "kim");

	until_review("review.phone_changed");
	plug_printer("print.paper");
	json_t *d = act(kim, "reprint", "", "{'kind':'receipt'}");
	cr_expect_str_eq(code(d), "print.paper");
	int64_t version = row().version;
	plug_printer(NULL);
	d = act(kim, "reprint", "", "{'kind':'receipt'}");
	cr_expect_str_eq(code(d), "");
	cr_expect_eq(row().version, version + 1);
	cr_expect_str_eq(text(printed(), "kind"), "receipt");
	cr_expect_str_eq(text(printed(), "holder"), "홍*동");
	cr_expect(rpc_bool(printed(), "copy"));
	cr_expect_str_eq(audit_field("desk", "detail"), "receipt");
	d = act(kim, "reprint", "", "{'kind':'fee'}");
	cr_expect_str_eq(code(d), "case.state", "nothing was paid");
}

Test(deskdo, forms_for_the_file_are_made_again_while_the_case_is_open)
{
	int kim = sit("counter", "kim");

	until_review("review.phone_changed");
	plug_printer(NULL);
	json_t *d = act(kim, "reprint", "", "{'kind':'application'}");
	cr_expect_str_eq(code(d), "");
	cr_expect_str_eq(text(printed(), "kind"), "application");
	cr_expect_str_eq(text(printed(), "clerk"), "kim");
	cr_expect_gt(rpc_int(printed(), "applied_at", 0), 0);
	cr_expect_str_eq(text(printed(), "number"), "900101-1******");
	cr_expect_eq(json_array_size(json_object_get(printed(), "agreed")), 1);
	d = act(kim, "reprint", "", "{'kind':'loss_report'}");
	cr_expect_str_eq(code(d), "");
	cr_expect_str_eq(text(printed(), "kind"), "loss_report");
	cr_expect_str_eq(text(printed(), "place"), "b");
	cr_expect_str_eq(text(printed(), "hold"), "confirmed");
	char *all = json_dumps(printed(), 0);
	cr_expect_null(strstr(all, PERSON_NAME));
	cr_expect_null(strstr(all, "00010001"));
	free(all);
	act(kim, "cancel", "customer left", "{}");
	d = act(kim, "reprint", "", "{'kind':'application'}");
	cr_expect_str_eq(code(d), "case.state", "it is sealed away");
}

/* ---- the guide ---- */

static void
until_paid_at_desk(int kim)
{
	until_review("review.phone_changed");
	papers(kim, "self");
	cr_assert_str_eq(code(act(kim, "approve", "", "{}")), "");
	cr_assert_eq((int)row().state, CASE_PAID);
}

Test(deskdo, a_guide_goes_half_on_paper_and_half_by_message)
{
	int kim = sit("counter", "kim");

	until_paid_at_desk(kim);
	plug_printer(NULL);
	json_t *d = act(kim, "guide", "", "{'channel':'sms'}");
	cr_assert_str_eq(code(d), "");
	cr_expect_str_eq(text(printed(), "kind"), "guide");
	cr_expect_str_eq(text(printed(), "refnum"), "REF1");
	char *paper = json_dumps(printed(), 0);
	cr_expect_null(strstr(paper, "AUTH1"));
	free(paper);
	cr_expect_str_eq(text(w.message, "to"), "01000010001");
	cr_expect_not_null(strstr(text(w.message, "text"), "AUTH1"));
	cr_expect_null(strstr(text(w.message, "text"), "REF1"));
	char *seen = json_dumps(d, 0);
	cr_expect_null(strstr(seen, "AUTH1"), "no clerk sees it");
	cr_expect_null(strstr(seen, "REF1"));
	free(seen);
	const json_t *g = json_object_get(d, "guide");
	cr_expect_eq(rpc_int(g, "attempts_left", 0), 2);
	cr_expect_eq(rpc_int(g, "expires_at", 0), w.wall_ms / 1000 + 7 * 86400);
	cr_expect_str_eq(text(w.enroll, "application"), NO);
	/* one certificate: not at the kiosk as well */
	cr_expect_str_eq(
	    code(ask_fd(0, "case.issue", "New!2026pw")), "case.state");
}

Test(deskdo, a_guide_is_sent_three_times_with_the_same_pair)
{
	int kim = sit("counter", "kim");

	until_paid_at_desk(kim);
	plug_printer(NULL);
	for (int i = 0; i < 3; i++) {
		cr_expect_str_eq(
		    code(act(kim, "guide", "", "{'channel':'sms'}")), "");
		json_decref(w.enroll);
		w.enroll = NULL;
	}
	cr_expect_eq(w.messages, 3);
	cr_expect_null(w.enroll, "the registry was asked once");
	cr_expect_str_eq(
	    code(act(kim, "guide", "", "{'channel':'sms'}")), "guide.spent");
	pass_ms(8LL * 86400 * 1000);
	cr_expect_str_eq(code(act(kim, "guide", "", "{'channel':'sms'}")), "");
	cr_expect_not_null(w.enroll, "after its days a new pair");
}

static const struct {
	const char *printer, *method, *error, *code;
} broken[] = {
	{ "print.paper", "", "", "print.paper" },
	{ NULL, "sms.send", "peer.message_down", "peer.message_down" },
	{ NULL, "registry.enroll", "peer.registry_down", "peer.registry_down" },
	{ NULL, "registry.enroll", "peer.ca_refused", "peer.ca_refused" },
};

Test(deskdo, a_guide_that_did_not_go_out_counts_as_none)
{
	int kim = sit("counter", "kim");

	until_paid_at_desk(kim);
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		plug_printer(broken[i].printer);
		net_fails(broken[i].method, broken[i].error, 1);
		cr_expect_str_eq(
		    code(act(kim, "guide", "", "{'channel':'sms'}")),
		    i < 2 ? broken[i].code : "", "%s", broken[i].error);
		if (i < 2)
			cr_expect(json_is_null(view(kim, "guide")));
	}
	cr_expect_str_eq(code(act(kim, "guide", "", "{'channel':'mail'}")),
	    "case.none", "this branch sends no mail");
}

/* ---- late ---- */

Test(deskdo, a_late_case_rises_and_the_customer_hears_of_it_once)
{
	int kim = sit("counter", "kim");

	until_review("review.phone_changed");
	pass_ms(20LL * 86400 * 1000);
	json_t *list = say(kim, "queue.list", "{'filter':'late'}");
	cr_assert_eq(rpc_int(list, "total", 0), 1);
	cr_expect(rpc_bool(
	    json_array_get(json_object_get(list, "items"), 0), "late"));
	cr_expect_eq(w.messages, 1);
	cr_expect_not_null(strstr(text(w.message, "text"), "늦어지고"));
	world_restart();
	pass_ms(120000);
	cr_expect_eq(w.messages, 1);
}

Test(deskdo, a_message_waits_for_the_net_and_is_not_sent_twice)
{
	int kim = sit("counter", "kim");

	until_review("review.phone_changed");
	net_fails("sms.send", "peer.message_down", 3);
	act(kim, "return", "", "{'sentence':'여권이 필요합니다.'}");
	pass_ms(1000);
	cr_expect_eq(w.messages, 0);
	pass_ms(60000);
	cr_expect_eq(w.messages, 1);
	pass_ms(600000);
	cr_expect_eq(w.messages, 1);
}
