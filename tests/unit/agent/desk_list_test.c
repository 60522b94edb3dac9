/*
 * The counter's list: masked, counted, searched, filtered, in order; and how
 * often its changes are told.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "clerks.h"
#include "people.h"
#include "rpc/rpc.h"

TestSuite(desk_list, .init = clerks_open, .fini = clerks_close);

Test(desk_list, the_list_is_masked_and_counted)
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

Test(desk_list, a_case_is_found_by_number_name_and_phone)
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

Test(desk_list, each_filter_shows_its_cases_and_an_unknown_one_is_refused)
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

Test(desk_list, changes_are_told_at_most_four_times_a_second)
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

Test(desk_list, the_list_is_in_the_order_asked_for_and_in_pages)
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
