/*
 * Money at the counter, the end of the day, and the branch as a whole.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clerks.h"
#include "rpc/rpc.h"

static void
open_with_fee(void)
{
	clerks_open();
	w.conf.fees[0].won = 4400;
	w.conf.fees[0].waiver[0] = '\0';
}

TestSuite(money, .init = open_with_fee, .fini = clerks_close);

static void
until_fee(int kim)
{
	until_review("review.phone_changed");
	papers(kim, "self");
	cr_assert_str_eq(code(act(kim, "approve", "", "{}")), "");
	cr_assert_eq((int)row().state, CASE_APPROVED);
}

static int
total(int who, const char *filter)
{
	return (int)rpc_int(
	    say(who, "queue.list", "{'filter':'%s'}", filter), "total", -1);
}

static const struct {
	const char *details, *code;
} cash[] = {
	{ "{'won':4000,'receipt_no':'B-1'}", "pay.amount" },
	{ "{'won':-4400,'receipt_no':'B-1'}", "rpc.params" },
	{ "{'won':4400,'receipt_no':''}", "rpc.params" },
	{ "{'won':4400}", "rpc.params" },
	{ "{'won':'4400','receipt_no':'B-1'}", "rpc.params" },
	{ "{}", "rpc.params" },
};

Test(money, cash_is_the_fee_to_the_won_and_has_a_receipt)
{
	int kim = sit("counter", "kim");

	until_fee(kim);
	cr_expect_eq(total(kim, "fee"), 1);
	for (size_t i = 0; i < sizeof cash / sizeof *cash; i++) {
		cr_expect_str_eq(code(act(kim, "cash", "", cash[i].details)),
		    cash[i].code, "%s", cash[i].details);
		cr_expect_eq((int)row().state, CASE_APPROVED);
	}
	json_t *d = act(kim, "cash", "", "{'won':4400,'receipt_no':'B-1'}");
	cr_expect_str_eq(code(d), "");
	cr_expect_eq((int)row().state, CASE_PAID);
	const json_t *pay = json_array_get(json_object_get(d, "pay"), 0);
	cr_expect_str_eq(text(pay, "method"), "cash");
	cr_expect_eq(rpc_int(pay, "won", 0), 4400);
	cr_expect_str_eq(text(last_case(), "state"), "PAID", "it goes on");
	cr_expect_str_eq(audit_field("desk", "action"), "cash");
	cr_expect_eq(total(kim, "fee"), 0);
	cr_expect_str_eq(
	    code(act(kim, "cash", "", "{'won':4400,'receipt_no':'B-2'}")),
	    "case.state", "once");
}

Test(money, a_waiver_needs_two_people_and_a_reason_from_the_list)
{
	int kim = sit("counter", "kim"), lee = sit("counter", "lee");
	int park = sit("supervisor", "park");

	until_fee(kim);
	cr_expect_str_eq(code(act(kim, "waive", "ok", "{'waiver':'because'}")),
	    "rpc.params");
	json_t *d = json_copy(
	    act(kim, "waive", "ok", "{'waiver':'fee.waiver.staff'}"));
	cr_expect_eq((int)row().state, CASE_APPROVED);
	cr_expect_str_eq(code(agree(kim, d, true)), "staff.same");
	cr_expect_str_eq(code(agree(lee, d, true)), "staff.level");
	cr_expect_str_eq(code(agree(park, d, true)), "");
	cr_expect_eq((int)row().state, CASE_PAID);
	cr_expect_str_eq(row().waiver, "fee.waiver.staff");
	json_decref(d);
}

Test(money, a_fee_taken_for_nothing_is_given_back_by_two_people)
{
	int kim = sit("counter", "kim"), park = sit("supervisor", "park");

	until_fee(kim);
	act(kim, "cash", "", "{'won':4400,'receipt_no':'B-1'}");
	cr_expect_str_eq(code(act(kim, "cancel", "customer left", "{}")), "");
	cr_expect_eq((int)row().state, CASE_CANCELLED);
	pass_ms(60000);
	cr_expect_eq(total(kim, "refund"), 1, "it waits for a clerk");
	json_t *d = act(kim, "refund", "cancelled", "{'receipt_no':'B-9'}");
	cr_expect_str_eq(code(d), "");
	d = json_copy(d);
	cr_expect_str_eq(code(agree(kim, d, true)), "staff.same");
	json_t *after = agree(park, d, true);
	cr_expect_str_eq(code(after), "");
	const json_t *pay = json_array_get(json_object_get(after, "pay"), 0);
	cr_expect_str_eq(text(pay, "state"), "refunded");
	cr_expect_eq(total(kim, "refund"), 0);
	json_decref(d);
	/* and not twice */
	d = json_copy(act(kim, "refund", "again", "{'receipt_no':'B-10'}"));
	if (code(d)[0] == '\0')
		cr_expect_str_eq(code(agree(park, d, true)), "pay.none");
	json_decref(d);
}

Test(money, an_old_certificate_ended_alone_gives_the_fee_back)
{
	int kim = sit("counter", "kim");

	until_fee(kim);
	act(kim, "cash", "", "{'won':4400,'receipt_no':'B-1'}");
	cr_expect_str_eq(
	    code(act(kim, "revoke_only", "wants none now", "{}")), "");
	pass_ms(60000);
	cr_expect_eq((int)row().state, CASE_REVOKED);
	cr_expect_eq(total(kim, "refund"), 1);
}

/* ---- the day ---- */

Test(money, the_day_counts_cases_and_money)
{
	int kim = sit("counter", "kim");

	until_fee(kim);
	act(kim, "cash", "", "{'won':4400,'receipt_no':'B-1'}");
	act(kim, "cancel", "customer left", "{}");
	json_t *d = say(kim, "day.report", "{'date':'2026-11-22'}");
	const json_t *cases = json_object_get(d, "cases");
	cr_expect_eq(rpc_int(cases, "opened", 0), 1);
	cr_expect_eq(rpc_int(cases, "cancelled", 0), 1);
	cr_expect_eq(rpc_int(cases, "done", -1), 0);
	const json_t *fees = json_object_get(d, "fees");
	int64_t won = 0;
	for (size_t i = 0; i < json_array_size(fees); i++)
		if (strcmp(text(json_array_get(fees, i), "method"), "cash") ==
		    0)
			won = rpc_int(json_array_get(fees, i), "won", 0);
	cr_expect_eq(won, 4400);
	cr_expect(json_is_null(json_object_get(d, "terminal")));
	d = say(kim, "day.report", "{'date':'2026-11-21'}");
	cr_expect_eq(rpc_int(json_object_get(d, "cases"), "opened", -1), 0);
	static const char *const wrong[] = { "", "2026-02-30", "20261122",
		"2026-11-22; --" };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		cr_expect_str_eq(
		    code(say(kim, "day.report", "{'date':'%s'}", wrong[i])),
		    "rpc.params");
}

static bool terminal_is_down;

static json_t *
totals(json_int_t id, const char *method, const json_t *params)
{
	if (strcmp(method, "pay.totals") != 0)
		return rpc_result(id, json_pack("{s:b,s:s}", "terminal", 1,
					  "on_unknown", "query"));
	if (terminal_is_down)
		return rpc_error(id, "peer.pay_down");
	cr_expect_leq(strlen(rpc_str(params, "service_id")), 10);
	return rpc_result(
	    id, json_pack("{s:{s:i,s:i},s:{s:i,s:i}}", "payments", "count", 2,
		    "won", 8800, "reversals", "count", 0, "won", 0));
}

Test(money, what_the_terminal_says_otherwise_is_listed)
{
	int kim = sit("counter", "kim");

	strcpy(w.conf.pay_driver, "nexo");
	w.terminal = totals;
	json_t *d = say(kim, "day.report", "{'date':'2026-11-22'}");
	cr_expect_eq(
	    rpc_int(json_object_get(json_object_get(d, "terminal"), "payments"),
		"won", 0),
	    8800);
	const json_t *list = json_object_get(d, "differences");
	cr_assert_eq(json_array_size(list), 2);
	cr_expect_str_eq(
	    text(json_array_get(list, 0), "what"), "payments.count");
	cr_expect_str_eq(text(json_array_get(list, 1), "what"), "payments.won");
	cr_expect_eq(rpc_int(json_array_get(list, 1), "theirs", 0), 8800);
	cr_expect_eq(rpc_int(json_array_get(list, 1), "ours", -1), 0);
	terminal_is_down = true;
	d = say(kim, "day.report", "{'date':'2026-11-22'}");
	cr_expect(json_is_null(json_object_get(d, "terminal")));
}

Test(money, the_day_comes_as_a_file_for_a_spreadsheet)
{
	char room[4096];
	int kim = sit("counter", "kim"), fd = -1;

	until_fee(kim);
	json_t *d = say_fd(
	    kim, &fd, "day.file", "{'date':'2026-11-22','format':'csv'}");
	cr_expect_str_eq(text(d, "name"), "day-HANBIT-0417-2026-11-22.csv");
	cr_assert_geq(fd, 0);
	ssize_t n = read(fd, room, sizeof room - 1);
	cr_assert_gt(n, 0);
	room[n] = '\0';
	close(fd);
	cr_expect_not_null(strstr(room, "case,opened,1,0\r\n"));
	cr_expect_not_null(strstr(room, "fee,cash,0,0\r\n"));
	cr_expect_str_eq(
	    code(say(kim, "day.file", "{'date':'2026-11-22','format':'exe'}")),
	    "rpc.params");
	cr_expect_str_neq(
	    code(say(kim, "day.file", "{'date':'2026-11-22','format':'pdf'}")),
	    "", "no printing program, no form");
	plug_printer(NULL);
	d = say_fd(
	    kim, &fd, "day.file", "{'date':'2026-11-22','format':'pdf'}");
	cr_expect_str_eq(text(d, "name"), "day-HANBIT-0417-2026-11-22.pdf");
	cr_assert_geq(fd, 0);
	close(fd);
	cr_expect_str_eq(text(printed(), "kind"), "day");
}

/* ---- the branch ---- */

Test(money, the_branch_tells_how_it_stands)
{
	int kim = sit("counter", "kim");

	until_review("review.minor");
	json_t *d = say(kim, "branch.status", "{}");
	cr_expect_eq(rpc_int(d, "waiting", 0), 1);
	cr_expect_not(
	    rpc_bool(json_object_get(d, "hours"), "now_open"), "a Sunday");
	cr_expect_eq(json_array_size(json_object_get(d, "kiosks")), KIOSKS);
	cr_expect_str_eq(
	    text(json_array_get(json_object_get(d, "kiosks"), 0), "screen"),
	    "reissue");
	cr_expect_str_eq(
	    text(json_array_get(json_object_get(d, "kiosks"), 1), "screen"),
	    "idle");
	cr_expect_geq(rpc_int(json_object_get(d, "disk"), "free_mb", -1), 0);
	cr_expect_gt(rpc_int(json_object_get(d, "audit"), "rows", 0), 10);
	cr_expect_str_eq(text(d, "paper"), "none");
	cr_expect(rpc_bool(json_object_get(d, "peers"), "net"));
	cr_expect_not(rpc_bool(json_object_get(d, "peers"), "ship"));
	pass_ms(120000);
	d = say(kim, "branch.status", "{}");
	cr_expect_str_eq(text(json_object_get(d, "audit"), "history"), "good");
	cr_expect_gt(
	    rpc_int(json_object_get(d, "audit"), "checkpoint_at", 0), 0);
}

Test(money, the_waiting_customer_knows_how_many_are_before)
{
	until_review("review.minor");
	cr_expect_eq(
	    rpc_int(ask("case.status", "{'case_no':'" NO "'}"), "ahead", -1),
	    0);
}

/* ---- the log ---- */

Test(money, an_auditor_reads_rows_and_gets_the_proof_of_one)
{
	int ann = sit("auditor", "ann");

	until_review("review.minor");
	json_t *d = say(ann, "audit.list", "{'from':0,'count':5}");
	const json_t *rows = json_object_get(d, "rows");
	cr_assert_eq(json_array_size(rows), 5);
	for (size_t i = 0; i < 5; i++)
		cr_expect_eq(
		    rpc_int(json_array_get(rows, i), "seq", -1), (int)i);
	cr_expect_gt(rpc_int(d, "size", 0), 5);
	cr_expect_eq(audit_rows_of("audit.read"), 1);
	d = say(ann, "audit.list", "{'from':5,'count':100}");
	cr_expect_leq(json_array_size(json_object_get(d, "rows")), 100);
	cr_expect_eq(audit_rows_of("audit.read"), 1, "once is enough");
	cr_expect_str_eq(code(say(ann, "audit.list", "{'from':0,'count':101}")),
	    "rpc.params");
	cr_expect_str_eq(code(say(ann, "audit.list", "{'from':-1,'count':1}")),
	    "rpc.params");
	cr_expect_eq(
	    json_array_size(json_object_get(
		say(ann, "audit.list", "{'from':999999,'count':9}"), "rows")),
	    0);
	cr_expect_str_eq(
	    code(say(ann, "audit.prove", "{'seq':999999}")), "audit.none");
	pass_ms(61000);
	d = say(ann, "audit.prove", "{'seq':3}");
	cr_expect_str_eq(code(d), "");
	cr_expect_eq(strncmp(text(d, "compact"), "DASI1:", 6), 0);
	cr_expect_not_null(strstr(text(d, "checkpoint"), "audit.dasi/HANBIT"));
	d = say(ann, "audit.verify", "{}");
	cr_expect_str_eq(text(d, "state"), "good");
	cr_expect_eq(rpc_int(d, "seq", 0), -1);
}
