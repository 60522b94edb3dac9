/*
 * Which actions a case offers to whom in which state; all others are refused.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "clerks.h"
#include "people.h"
#include "rpc/rpc.h"

TestSuite(desk_offer, .init = clerks_open, .fini = clerks_close);

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

Test(
    desk_offer, every_action_is_offered_in_its_states_and_refused_in_all_others)
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

Test(desk_offer, reasons_and_details_are_asked_for)
{
	int kim = sit("counter", "kim");

	until_review("review.minor");
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		cr_expect_str_eq(code(act(kim, forms[i].action, forms[i].reason,
				     forms[i].details)),
		    forms[i].code, "%s", forms[i].action);
	cr_expect_eq((int)row().state, CASE_REVIEW);
}
