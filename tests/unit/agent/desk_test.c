/*
 * The counter: who sits there, a case on the desk, what is known of it.
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

/* ---- anything ---- */

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
