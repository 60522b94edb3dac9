/*
 * The counter: who sits there, the list, a case on the desk, what can be done
 * to it in which state.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clerks.h"
#include "people.h"
#include "rpc/rpc.h"

TestSuite(desk, .init = clerks_open, .fini = clerks_close);

#define NO "R-20261122-0001"

/* ---- who sits there ---- */

Test(desk, hello_tells_who_sits_there_and_only_practice_believes_a_name)
{
	json_t *hello = sit_answer("counter", "kim", 1u << ROLE_COUNTER);

	cr_expect_str_eq(text(hello, "staff"), "kim");
	w.conf.practice = false;
	hello = sit_answer("supervisor", "kim", 1u << ROLE_SUPERVISOR);
	cr_expect_str_neq(text(hello, "staff"), "kim", "the kernel's user");
	cr_expect_gt(strlen(text(hello, "staff")), 0);
}

Test(desk, a_clerk_without_the_group_is_refused_and_the_log_says_who_it_was)
{
	json_t *hello = sit_answer("supervisor", "kim", 1u << ROLE_COUNTER);

	cr_expect_str_eq(code(hello), "rpc.role");
	cr_expect_eq(audit_rows_of("login.refused"), 1);
	cr_expect_not_null(
	    strstr(audit_field("login.refused", "user"), "as supervisor"));
}

static const struct {
	const char *role, *method, *params, *code;
} roles[] = {
	{ "auditor", "desk.take", "{'case_no':'" NO "'}", "rpc.role" },
	{ "auditor", "desk.act",
	    "{'case_no':'" NO "','version':1,'action':'note','reason':'ab'}",
	    "rpc.role" },
	{ "auditor", "desk.unmask",
	    "{'case_no':'" NO "','field':'name','reason':'ab'}", "rpc.role" },
	{ "auditor", "call.answer", "{'call':1}", "rpc.role" },
	{ "counter", "audit.list", "{'from':0,'count':10}", "rpc.role" },
	{ "counter", "audit.verify", "{}", "rpc.role" },
	{ "counter", "audit.prove", "{'seq':0}", "rpc.role" },
	{ "counter", "visit.begin",
	    "{'purpose':'reissue','lang':'ko','consents':{}}", "rpc.role" },
	{ "auditor", "queue.list", "{'filter':'open'}", "" },
	{ "auditor", "desk.view", "{'case_no':'" NO "'}", "" },
	{ "supervisor", "audit.list", "{'from':0,'count':10}", "" },
};

Test(desk, each_method_is_for_its_roles)
{
	until_review("review.minor");
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
		int who = sit(roles[i].role, "lee");
		cr_expect_str_eq(
		    code(say(who, roles[i].method, "%s", roles[i].params)),
		    roles[i].code, "%s %s", roles[i].role, roles[i].method);
		stand_up(who);
	}
}

/* ---- calls ---- */

Test(desk, a_call_reaches_every_counter_and_the_kiosk_hears_who_comes)
{
	cr_expect_str_eq(
	    code(ask("staff.call", "{'screen':'usb'}")), "staff.nobody");
	int kim = sit("counter", "kim"), park = sit("supervisor", "park");
	int ann = sit("auditor", "ann");
	cr_expect_str_eq(code(ask("staff.call", "{'screen':'usb'}")), "");
	for (int i = 0; i < w.event_count; i++)
		cr_expect_str_neq(text(w.events[i], "event"), "staff.coming");
	cr_expect_eq(heard(kim, "staff.call"), 1);
	cr_expect_eq(heard(park, "staff.call"), 1);
	cr_expect_eq(heard(ann, "staff.call"), 0);
	const json_t *call = last_heard(kim, "staff.call");
	cr_expect_str_eq(text(call, "terminal"), "K-01");
	cr_expect_str_eq(text(call, "screen"), "usb");
	json_int_t id = rpc_int(call, "call", 0);
	/* pressed again it is the same call */
	ask("staff.call", "{'screen':'password'}");
	cr_expect_eq(rpc_int(last_heard(park, "staff.call"), "call", 0), id);
	cr_expect_str_eq(
	    code(say(park, "call.answer", "{'call':%d}", (int)id)), "");
	cr_expect_str_eq(
	    code(say(kim, "call.answer", "{'call':%d}", (int)id)), "call.none");
	bool coming = false;
	for (int i = 0; i < w.event_count; i++)
		coming |= strcmp(text(w.events[i], "event"), "staff.coming") ==
			      0 &&
			  rpc_int(json_object_get(w.events[i], "params"),
			      "call", 0) == id;
	cr_expect(coming);
}

Test(desk, a_call_ends_with_its_kiosk_and_after_ten_minutes)
{
	int kim = sit("counter", "kim");

	ask_at(0, "staff.call", "{'screen':'usb'}");
	ask_at(1, "staff.call", "{'screen':'pay'}");
	json_t *list = say(kim, "queue.list", "{'filter':'open'}");
	cr_expect_eq(json_array_size(json_object_get(list, "calls")), 2);
	close(w.kiosk[1]);
	w.kiosk[1] = -1;
	list = say(kim, "queue.list", "{'filter':'open'}");
	cr_expect_eq(json_array_size(json_object_get(list, "calls")), 1);
	pass_ms(10 * 60 * 1000 + 1);
	list = say(kim, "queue.list", "{'filter':'open'}");
	cr_expect_eq(json_array_size(json_object_get(list, "calls")), 0);
}

/* ---- the list ---- */

Test(desk, the_list_is_masked_and_counted)
{
	int kim = sit("counter", "kim");

	until_review("review.minor");
	json_t *list = say(kim, "queue.list", "{'filter':'waiting'}");
	cr_assert_eq(rpc_int(list, "total", 0), 1);
	const json_t *item = json_array_get(json_object_get(list, "items"), 0);
	cr_expect_str_eq(text(item, "case_no"), NO);
	cr_expect_str_eq(text(item, "holder"), "홍*동");
	cr_expect_str_eq(text(item, "state"), "REVIEW");
	cr_expect_str_eq(text(item, "note_key"), "review.minor");
	cr_expect(json_is_null(json_object_get(item, "owner")));
	cr_expect_not(rpc_bool(item, "late"));
	const json_t *counts = json_object_get(list, "counts");
	cr_expect_eq(rpc_int(counts, "review", 0), 1);
	cr_expect_eq(rpc_int(counts, "waiting", 0), 1);
	cr_expect_eq(rpc_int(counts, "open", 0), 1);
	cr_expect_eq(rpc_int(counts, "late", 0), 0);
	char *all = json_dumps(list, 0);
	cr_expect_null(strstr(all, PERSON_NAME), "no name in the clear");
	cr_expect_null(strstr(all, "0001-0001"), "no number in the clear");
	free(all);
}

static const struct {
	const char *find;
	int found;
} searches[] = { { "", 1 }, { NO, 1 }, { "r202611220001", 1 },
	{ "R-20261122-0002", 0 }, { PERSON_NAME, 1 }, { "홍", 1 },
	{ "길동", 0 }, { "010-0001-0001", 1 }, { "00010001", 1 }, { "0001", 1 },
	{ "99", 0 }, { "9999", 0 } };

Test(desk, a_case_is_found_by_number_name_and_phone)
{
	int kim = sit("counter", "kim");

	until_review("review.minor");
	for (size_t i = 0; i < sizeof searches / sizeof *searches; i++)
		cr_expect_eq(rpc_int(say(kim, "queue.list",
					 "{'filter':'open','find':'%s'}",
					 searches[i].find),
				 "total", -1),
		    searches[i].found, "%s", searches[i].find);
	cr_expect_eq(audit_rows_of("search"), 8,
	    "searches by person are in the log, their words are not");
}

static const struct {
	const char *filter;
	int total;
} filters[] = { { "open", 1 }, { "waiting", 1 }, { "review", 1 },
	{ "called", 0 }, { "returned", 0 }, { "fee", 0 }, { "delivery", 0 },
	{ "refund", 0 }, { "late", 0 }, { "ended", 0 } };

Test(desk, each_filter_shows_its_cases_and_an_unknown_one_is_refused)
{
	int kim = sit("counter", "kim");

	until_review("review.minor");
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
		cr_expect_eq(rpc_int(say(kim, "queue.list", "{'filter':'%s'}",
					 filters[i].filter),
				 "total", -1),
		    filters[i].total, "%s", filters[i].filter);
	ask("staff.call", "{'screen':'usb'}");
	cr_expect_eq(
	    rpc_int(say(kim, "queue.list", "{'filter':'called'}"), "total", -1),
	    1);
	cr_expect_str_eq(
	    code(say(kim, "queue.list", "{'filter':'mine'}")), "rpc.params");
	cr_expect_str_eq(
	    code(say(kim, "queue.list", "{'filter':'open','sort':'name'}")),
	    "rpc.params");
	cr_expect_str_eq(
	    code(say(kim, "queue.list", "{'filter':'open','from':-1}")),
	    "rpc.params");
}

Test(desk, changes_are_told_at_most_four_times_a_second)
{
	int kim = sit("counter", "kim"), ann = sit("auditor", "ann");

	pass_ms(1000);
	int before = heard(kim, "queue.changed");
	for (int i = 0; i < 20; i++)
		say(kim, "desk.leave", "{}");
	until_review("review.minor"); /* ten steps at one moment */
	cr_expect_leq(heard(kim, "queue.changed") - before, 1);
	pass_ms(250);
	cr_expect_leq(heard(kim, "queue.changed") - before, 2);
	cr_expect_geq(heard(kim, "queue.changed") - before, 1);
	int at_rest = heard(kim, "queue.changed");
	pass_ms(5000);
	cr_expect_eq(heard(kim, "queue.changed"), at_rest);
	cr_expect_eq(heard(ann, "queue.changed"), 0);
}

/* ---- one case, several clerks ---- */

Test(desk, the_second_clerk_sees_who_has_the_case_and_changes_nothing)
{
	int kim = sit("counter", "kim"), lee = sit("counter", "lee");

	until_review("review.minor");
	json_t *d = say(kim, "desk.take", "{'case_no':'" NO "'}");
	cr_expect_str_eq(text(d, "owner"), "kim");
	d = say(lee, "desk.take", "{'case_no':'" NO "'}");
	cr_expect_str_eq(code(d), "case.taken");
	cr_expect_str_eq(text(d, "by"), "kim");
	d = say(lee, "desk.view", "{'case_no':'" NO "'}");
	cr_expect_str_eq(text(d, "owner"), "kim");
	int64_t version = row().version;
	d = act(lee, "note", "from the wrong desk", "{}");
	cr_expect_str_eq(code(d), "case.taken");
	d = say(lee, "desk.unmask",
	    "{'case_no':'" NO "','field':'name','reason':'why'}");
	cr_expect_str_eq(code(d), "case.taken");
	cr_expect_eq(row().version, version);
	say(kim, "desk.leave", "{}");
	cr_expect_str_eq(
	    code(say(lee, "desk.take", "{'case_no':'" NO "'}")), "");
	stand_up(lee);
	cr_expect_str_eq(
	    code(say(kim, "desk.take", "{'case_no':'" NO "'}")), "");
}

Test(desk, the_same_person_takes_a_case_along_to_another_counter)
{
	int here = sit("counter", "kim"), there = sit("counter", "kim");

	until_review("review.minor");
	say(here, "desk.take", "{'case_no':'" NO "'}");
	cr_expect_str_eq(
	    code(say(there, "desk.take", "{'case_no':'" NO "'}")), "");
	cr_expect_eq(heard(here, "desk.lost"), 1);
}

Test(desk, an_action_about_another_version_changes_nothing)
{
	int kim = sit("counter", "kim");

	until_review("review.minor");
	say(kim, "desk.take", "{'case_no':'" NO "'}");
	int64_t version = row().version;
	cr_expect_str_eq(code(act(kim, "note", "a first note", "{}")), "");
	json_t *d = say(kim, "desk.act",
	    "{'case_no':'" NO "','version':%d,'action':'reject',"
	    "'reason':'seen too late'}",
	    (int)version);
	cr_expect_str_eq(code(d), "case.stale");
	cr_expect_eq(rpc_int(d, "version", 0), version + 1);
	cr_expect_eq((int)row().state, CASE_REVIEW);
}

Test(desk, who_looks_at_a_case_hears_of_its_changes)
{
	int kim = sit("counter", "kim"), lee = sit("counter", "lee");
	int oh = sit("counter", "oh");

	until_review("review.minor");
	say(kim, "desk.take", "{'case_no':'" NO "'}");
	say(lee, "desk.view", "{'case_no':'" NO "'}");
	act(kim, "note", "a note", "{}");
	cr_expect_eq(heard(lee, "desk.changed"), 1);
	cr_expect_eq(rpc_int(last_heard(lee, "desk.changed"), "version", 0),
	    row().version);
	cr_expect_eq(heard(oh, "desk.changed"), 0);
}

Test(desk, a_case_nobody_has_is_none)
{
	int kim = sit("counter", "kim");

	static const char *const wrong[] = { "R-20261122-0009",
		"L-20261122-0001", "", "1; DROP TABLE cases" };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		cr_expect_str_eq(
		    code(say(kim, "desk.take", "{'case_no':'%s'}", wrong[i])),
		    "case.none");
}

/* ---- facts ---- */

Test(desk, facts_are_masked_and_one_is_shown_after_the_log_knows_why)
{
	int kim = sit("counter", "kim");

	until_review("review.minor");
	json_t *d = say(kim, "desk.take", "{'case_no':'" NO "'}");
	char *all = json_dumps(d, 0);
	cr_expect_null(strstr(all, PERSON_NAME));
	cr_expect_null(strstr(all, "example.com\"}") != NULL
			   ? strstr(all, "hong@")
			   : NULL);
	cr_expect_null(strstr(all, PERSON_NUMBER));
	free(all);
	cr_expect_eq(json_array_size(json_object_get(d, "facts")), 5);
	int rows = audit_rows_of("access");
	d = say(kim, "desk.unmask",
	    "{'case_no':'" NO "','field':'name','reason':'고객 확인'}");
	cr_expect_str_eq(text(d, "value"), PERSON_NAME);
	cr_expect_eq(rpc_int(d, "ttl_s", 0), 30);
	cr_expect_eq(audit_rows_of("access"), rows + 1);
	cr_expect_str_eq(audit_field("access", "field"), "name");
	cr_expect_str_eq(audit_field("access", "reason"), "고객 확인");
	d = say(kim, "desk.unmask",
	    "{'case_no':'" NO "','field':'loss','reason':'ab'}");
	cr_expect_str_eq(text(d, "value"), "a / b / c");
}

static const struct {
	const char *field, *reason, *code;
} peeks[] = {
	{ "number", "why not", "case.none" }, /* kept nowhere whole */
	{ "person", "why not", "rpc.params" },
	{ "consents", "why not", "rpc.params" },
	{ "name", "", "reason.needed" },
	{ "name", "x", "reason.needed" },
	{ "name", "a\\u001bb", "rpc.params" },
	{ "phone", "ok", "" },
	{ "email", "ok", "" },
};

Test(desk, a_field_is_shown_for_a_reason_or_not_at_all)
{
	char words[400];
	int kim = sit("counter", "kim");

	until_review("review.minor");
	for (size_t i = 0; i < sizeof peeks / sizeof *peeks; i++) {
		int rows = audit_rows_of("access");
		cr_expect_str_eq(
		    code(say(kim, "desk.unmask",
			"{'case_no':'" NO "','field':'%s','reason':'%s'}",
			peeks[i].field, peeks[i].reason)),
		    peeks[i].code, "%s: %s", peeks[i].field, peeks[i].reason);
		cr_expect_eq(
		    audit_rows_of("access") - rows, peeks[i].code[0] == '\0');
	}
	/* a hundred syllables are 300 bytes: more than one field of a row */
	words[0] = '\0';
	for (int i = 0; i < 100; i++)
		strcat(words, "가");
	cr_expect_str_eq(
	    code(say(kim, "desk.unmask",
		"{'case_no':'" NO "','field':'name','reason':'%s'}", words)),
	    "");
	cr_expect_eq(strlen(audit_field("access", "reason")), 255);
	cr_expect_eq(strlen(audit_field("access", "reason_more")), 45);
	strcat(words, "가");
	cr_expect_str_eq(
	    code(say(kim, "desk.unmask",
		"{'case_no':'" NO "','field':'name','reason':'%s'}", words)),
	    "rpc.params");
}

/* ---- papers ---- */

Test(desk, what_is_missing_follows_the_applicant_and_approval_waits_for_it)
{
	int kim = sit("counter", "kim");

	until_review("review.phone_changed");
	json_t *d = say(kim, "desk.take", "{'case_no':'" NO "'}");
	cr_expect_str_eq(text(d, "applicant"), "self");
	cr_expect_eq(rpc_int(d, "missing", 0), 2, "an ID and the form");
	d = act(kim, "approve", "", "{}");
	cr_expect_str_eq(code(d), "docs.missing");
	cr_expect_eq(rpc_int(d, "left", 0), 2);
	d = say(kim, "desk.docs",
	    "{'case_no':'" NO "','version':%d,'applicant':'self','docs':"
	    "[{'doc':'doc.licence','issued':''}]}",
	    (int)row().version);
	cr_expect_eq(rpc_int(d, "missing", 0), 1);
	d = papers(kim, "self");
	cr_expect_eq(rpc_int(d, "missing", 0), 0);
	d = act(kim, "approve", "seen", "{}");
	cr_expect_str_eq(code(d), "");
	cr_expect_eq((int)row().state, CASE_PAID, "and the fee is none");
}

static const struct {
	const char *applicant, *doc, *issued, *code;
} docs[] = {
	{ "self", "card_applied", "2026-10-23", "" }, /* 30 days */
	{ "self", "card_applied", "2026-10-22", "docs.too_old" },
	{ "self", "card_applied", "2026-11-23", "docs.too_old" },
	{ "self", "card_applied", "", "docs.too_old" },
	{ "self", "licence", "", "" },
	{ "self", "licence", "yesterday", "rpc.params" },
	{ "self", "seal_certificate", "2026-11-01", "rpc.params" },
	{ "self", "spell", "", "rpc.params" },
	{ "cousin", "licence", "", "rpc.params" },
	{ "business_proxy", "seal_certificate", "2026-08-24", "" },
	{ "business_proxy", "seal_certificate", "2026-08-23", "docs.too_old" },
};

Test(desk, a_paper_must_be_of_this_applicant_and_young_enough)
{
	int kim = sit("counter", "kim");

	until_review("review.phone_changed");
	for (size_t i = 0; i < sizeof docs / sizeof *docs; i++) {
		int64_t version = row().version;
		json_t *d = say(kim, "desk.docs",
		    "{'case_no':'" NO "','version':%d,'applicant':'%s',"
		    "'docs':[{'doc':'%s','issued':'%s'}]}",
		    (int)version, docs[i].applicant, docs[i].doc,
		    docs[i].issued);
		cr_expect_str_eq(code(d), docs[i].code, "%s %s", docs[i].doc,
		    docs[i].issued);
		cr_expect_eq(
		    row().version, version + (docs[i].code[0] == '\0'));
	}
}

Test(desk, a_proxy_for_a_person_is_refused_whatever_is_brought)
{
	int kim = sit("counter", "kim");

	until_review("review.phone_changed");
	papers(kim, "person_proxy");
	cr_expect_str_eq(code(act(kim, "approve", "", "{}")), "docs.refused");
}

/* ---- which action where ---- */

static const struct {
	enum case_state state;
	const char *actions; /* beside note and reprint */
} offers[] = {
	{ CASE_OPEN, "release cancel" }, /* held by an earlier case */
	{ CASE_REPORTED, "" },
	{ CASE_HELD, "release revoke_only cancel" },
	{ CASE_APPLIED, "release revoke_only cancel" },
	{ CASE_REVIEW, "approve return reject release revoke_only cancel" },
	{ CASE_RETURNED, "resubmit release revoke_only cancel" },
	{ CASE_APPROVED, "cash waive release revoke_only cancel" },
	{ CASE_PAID, "guide revoke_only cancel" },
	{ CASE_PREPARED, "" },
	{ CASE_ISSUED, "ticket" },
	{ CASE_WITHDRAWING, "" },
	{ CASE_DELIVERED, "" },
	{ CASE_CONFIRMED, "" },
	{ CASE_RELEASING, "" },
	{ CASE_REVOKING, "" },
};

static const char *const all_actions[] = { "approve", "return", "resubmit",
	"reject", "release", "revoke_only", "cash", "waive", "refund", "guide",
	"ticket", "cancel" };

static bool
offers_it(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; (p = strstr(p, word)) != NULL; p += n)
		if ((p == list || p[-1] == ' ') &&
		    (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

/* The state is set in the slot alone: refusals write nothing. */
static void
pretend(enum case_state state)
{
	for (int i = 0; i < LIVES_MAX; i++)
		if (w.agent->lives[i].used)
			w.agent->lives[i].c.state = state;
}

Test(desk, every_action_is_offered_in_its_states_and_refused_in_all_others)
{
	int kim = sit("counter", "kim"), park = sit("supervisor", "park");
	int ann = sit("auditor", "ann");

	until_review("review.minor");
	for (size_t s = 0; s < sizeof offers / sizeof *offers; s++) {
		int people[] = { kim, park, ann };
		for (int p = 0; p < 3; p++) {
			pretend(offers[s].state);
			const json_t *list = json_object_get(
			    say(people[p], "desk.view", "{'case_no':'" NO "'}"),
			    "actions");
			for (size_t i = 0;
			     i < sizeof all_actions / sizeof *all_actions; i++)
				cr_expect_eq(has_word(list, all_actions[i]),
				    p < 2 && offers_it(offers[s].actions,
						 all_actions[i]),
				    "%s in %s", all_actions[i],
				    case_state_name(offers[s].state));
			cr_expect_eq(has_word(list, "note"), p < 2);
		}
		for (size_t i = 0; i < sizeof all_actions / sizeof *all_actions;
		     i++) {
			if (offers_it(offers[s].actions, all_actions[i]))
				continue;
			pretend(offers[s].state);
			cr_expect_str_eq(
			    code(act(park, all_actions[i], "a reason", "{}")),
			    "case.state", "%s in %s", all_actions[i],
			    case_state_name(offers[s].state));
		}
	}
	pretend(CASE_REVIEW);
}

static const struct {
	const char *action, *reason, *details, *code;
} forms[] = {
	{ "reject", "", "{}", "reason.needed" },
	{ "reject", "x", "{}", "reason.needed" },
	{ "cancel", "", "{}", "reason.needed" },
	{ "revoke_only", "", "{}", "reason.needed" },
	{ "release", "", "{}", "reason.needed" },
	{ "return", "", "{'sentence':''}", "reason.needed" },
	{ "note", "", "{}", "reason.needed" },
	{ "bribe", "please", "{}", "rpc.params" },
	{ "", "please", "{}", "rpc.params" },
	{ "reprint", "", "{'kind':'money'}", "rpc.params" },
	{ "note", "two\\nlines", "{}", "rpc.params" },
};

Test(desk, reasons_and_details_are_asked_for)
{
	int kim = sit("counter", "kim");

	until_review("review.minor");
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		cr_expect_str_eq(code(act(kim, forms[i].action, forms[i].reason,
				     forms[i].details)),
		    forms[i].code, "%s", forms[i].action);
	cr_expect_eq((int)row().state, CASE_REVIEW);
}

/* ---- many cases ---- */

static void
plant(int serial, const char *promise, enum case_state state)
{
	struct store_case c = { .fee_won = -1 };
	struct store_change ch = { .moves = false };

	snprintf(c.serial, sizeof c.serial, "%02x", serial);
	strcpy(c.issuer, "cn=another");
	strcpy(c.promise, promise);
	cr_assert_not(err_is(store_case_create(w.agent->store, &c, &ch)));
	c.state = state;
	cr_assert_not(err_is(store_case_step(w.agent->store, &c, &ch)));
}

static const struct {
	const char *sort;
	int order[4]; /* of the receipt numbers */
} orders[] = {
	{ "oldest", { 3, 1, 2, 4 } }, /* the late one first */
	{ "promise", { 3, 2, 1, 4 } },
	{ "state", { 4, 3, 2, 1 } },
};

Test(desk, the_list_is_in_the_order_asked_for_and_in_pages)
{
	int kim = sit("counter", "kim");

	plant(1, "2026-11-25", CASE_APPROVED);
	plant(2, "2026-11-24", CASE_REVIEW);
	plant(3, "2026-11-20", CASE_REVIEW);
	plant(4, "", CASE_HELD);
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
		const json_t *items = json_object_get(
		    say(kim, "queue.list", "{'filter':'open','sort':'%s'}",
			orders[i].sort),
		    "items");
		cr_assert_eq(json_array_size(items), 4);
		for (size_t k = 0; k < 4; k++) {
			char no[32];
			snprintf(no, sizeof no, "R-20261122-%04d",
			    orders[i].order[k]);
			cr_expect_str_eq(
			    text(json_array_get(items, k), "case_no"), no,
			    "%s, place %zu", orders[i].sort, k);
		}
	}
	const json_t *page = say(
	    kim, "queue.list", "{'filter':'open','sort':'oldest','from':3}");
	cr_expect_eq(rpc_int(page, "total", 0), 4);
	cr_expect_eq(json_array_size(json_object_get(page, "items")), 1);
	for (int i = 5; i <= 60; i++)
		plant(i, "2026-11-25", CASE_HELD);
	page = say(kim, "queue.list", "{'filter':'open'}");
	cr_expect_eq(rpc_int(page, "total", 0), 60);
	cr_expect_eq(json_array_size(json_object_get(page, "items")), 40);
}

/* Good shapes, hostile values: an answer each time, and the agent lives. */
static json_t *
hostile(enum rpc_method m, const char *word)
{
	char spec[256], *at = spec, *one;
	json_t *p = json_object();

	strcpy(spec, rpc_rule(m)->params);
	while ((one = strtok_r(at, " ", &at)) != NULL) {
		char type = strchr(one, ':')[1];
		*strchr(one, ':') = '\0';
		json_object_set_new(p, one,
		    type == 's'	  ? json_string(word)
		    : type == 'i' ? json_integer(INT64_MIN)
		    : type == 'b' ? json_true()
		    : type == 'a'
			? json_pack("[{s:s,s:s}]", "doc", word, "issued", word)
			: json_pack("{s:s,s:i}", "channel", word, "won", -1));
	}
	return p;
}

Test(desk, hostile_values_are_refused_and_harm_nothing)
{
	int kim = sit("supervisor", "kim");
	char *lots = malloc(10001);

	until_review("review.minor");
	int64_t version = row().version;
	memset(lots, '9', 10000);
	lots[10000] = '\0';
	const char *words[] = { "", "%n%n%s", "'; DROP TABLE cases; --",
		"../../etc/passwd", lots };
	for (int m = METHOD_QUEUE_LIST; m <= METHOD_AUDIT_PROVE; m++)
		for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
			/* it answers */
			(void)say_json(kim, rpc_rule((enum rpc_method)m)->name,
			    hostile((enum rpc_method)m, words[i]));
		}
	free(lots);
	cr_expect_eq(row().version, version);
	cr_expect_eq((int)row().state, CASE_REVIEW);
	cr_expect_str_eq(
	    code(say(kim, "desk.take", "{'case_no':'" NO "'}")), "");
}
