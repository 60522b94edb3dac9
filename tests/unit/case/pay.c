/*
 * The payment machine: every cell against a list written by hand, when it
 * believes, how often it asks.
 */
#include "support.h"

#include <stdio.h>

#include "case/pay.h"

/* All arrows there are; what is not here must be refused. */
/* clang-format off */
static const char *const arrows[][4] = {
	/* state	event		   next		  effect */
	{ "intent",	"send",		   "sent",	  "start" },
	{ "intent",	"unsent",	   "failed",	  "nothing" },
	{ "intent",	"cancel",	   "cancelled",	  "nothing" },
	{ "intent",	"restart",	   "failed",	  "nothing" },
	{ "sent",	"unsent",	   "failed",	  "nothing" },
	{ "sent",	"approved",	   "approved",	  "settle" },
	{ "sent",	"declined",	   "declined",	  "nothing" },
	{ "sent",	"cancelled",	   "cancelled",	  "nothing" },
	{ "sent",	"failed",	   "failed",	  "nothing" },
	{ "sent",	"lost",		   "aborting",	  "abort" },
	{ "sent",	"restart",	   "aborting",	  "abort" },
	{ "sent",	"cancel",	   "sent",	  "abort" },
	{ "sent",	"aborted",	   "sent",	  "nothing" },
	{ "sent",	"abort_lost",	   "sent",	  "nothing" },
	{ "aborting",	"approved",	   "approved",	  "settle" },
	{ "aborting",	"declined",	   "declined",	  "nothing" },
	{ "aborting",	"cancelled",	   "cancelled",	  "nothing" },
	{ "aborting",	"failed",	   "failed",	  "nothing" },
	{ "aborting",	"mispaid",	   "reversing",	  "reverse" },
	{ "aborting",	"aborted",	   "unknown",	  "status" },
	{ "aborting",	"abort_lost",	   "aborting",	  "status" },
	{ "aborting",	"in_progress",	   "aborting",	  "abort" },
	{ "aborting",	"not_found",	   "aborting",	  "abort" },
	{ "aborting",	"status_lost",	   "aborting",	  "abort" },
	{ "aborting",	"restart",	   "aborting",	  "abort" },
	{ "unknown",	"approved",	   "approved",	  "settle" },
	{ "unknown",	"declined",	   "declined",	  "nothing" },
	{ "unknown",	"cancelled",	   "cancelled",	  "nothing" },
	{ "unknown",	"failed",	   "failed",	  "nothing" },
	{ "unknown",	"mispaid",	   "reversing",	  "reverse" },
	{ "unknown",	"in_progress",	   "unknown",	  "status" },
	{ "unknown",	"not_found",	   "unknown",	  "status" },
	{ "unknown",	"status_lost",	   "unknown",	  "status" },
	{ "unknown",	"restart",	   "unknown",	  "status" },
	{ "netcancel",	"netcancelled",	   "netcancelled", "nothing" },
	{ "netcancel",	"not_found",	   "netcancel",	  "netcancel" },
	{ "netcancel",	"netcancel_lost",  "netcancel",	  "netcancel" },
	{ "netcancel",	"restart",	   "netcancel",	  "netcancel" },
	{ "approved",	"reverse",	   "reversing",	  "reverse" },
	{ "approved",	"owe",		   "refund_due",  "staff" },
	{ "reversing",	"reversed",	   "reversed",	  "nothing" },
	{ "reversing",	"reverse_lost",	   "reversing",	  "reverse" },
	{ "reversing",	"reverse_refused", "refund_due",  "staff" },
	{ "reversing",	"restart",	   "reversing",	  "reverse" },
	{ "cash",	"owe",		   "refund_due",  "staff" },
	{ "refund_due",	"reverse",	   "reversing",	  "reverse" },
	{ "refund_due",	"refunded",	   "refunded",	  "nothing" },
};
/* What a person may say once they were told. */
static const char *const seen[][4] = {
	{ "aborting",	"seen_charged",	   "approved",	  "settle" },
	{ "aborting",	"seen_nothing",	   "failed",	  "nothing" },
	{ "unknown",	"seen_charged",	   "approved",	  "settle" },
	{ "unknown",	"seen_nothing",	   "failed",	  "nothing" },
	{ "netcancel",	"seen_charged",	   "approved",	  "settle" },
	{ "netcancel",	"seen_nothing",	   "failed",	  "nothing" },
	{ "reversing",	"seen_charged",	   "refund_due",  "staff" },
	{ "reversing",	"seen_nothing",	   "reversed",	  "nothing" },
};
/* clang-format on */

static const char *const *
find(const char *const (*rows)[4], size_t n, const char *state,
    const char *event)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(rows[i][0], state) == 0 &&
		    strcmp(rows[i][1], event) == 0)
			return rows[i];
	}
	return NULL;
}

static void
check_cell(struct pay now, int event, bool told)
{
	const char *state = pay_state_name(now.state);
	const char *word = pay_event_name((enum pay_event)event);
	const char *const *want = find(arrows, ROWS(arrows), state, word);
	struct pay_step got = { .effect = PAY_EFFECT_COUNT };
	struct err e;

	if (want == NULL && told)
		want = find(seen, ROWS(seen), state, word);
	now.told = told;
	e = pay_step(&got, &now, (enum pay_event)event, 1000);
	if (want == NULL) {
		cr_expect_eq(e.code, E_STATE, "%s %s", state, word);
		cr_expect_eq(got.effect, PAY_EFFECT_COUNT);
		return;
	}
	cr_expect_not(err_is(e), "%s %s is refused", state, word);
	SAME(pay_state_name(got.next.state), want[2]);
	SAME(pay_effect_name(got.effect), want[3]);
}

Test(pay, every_cell_is_in_the_list_and_the_list_in_the_table)
{
	for (int s = 0; s < PAY_STATE_COUNT; s++)
		for (int ev = 0; ev < PAY_EV_COUNT; ev++)
			for (int told = 0; told < 2; told++)
				check_cell(
				    (struct pay){ .state = s }, ev, told != 0);
}

Test(pay, a_lost_answer_is_netcancelled_where_that_is_the_remedy)
{
	struct pay p = { .state = PAY_STATE_SENT,
		.remedy = PAY_REMEDY_NETCANCEL };
	static const enum pay_event lost[] = { PAY_EV_LOST, PAY_EV_RESTART };

	for (size_t i = 0; i < ROWS(lost); i++) {
		struct pay_step s;
		cr_assert_not(err_is(pay_step(&s, &p, lost[i], 1)));
		cr_expect_eq(s.next.state, PAY_STATE_NETCANCEL);
		cr_expect_eq(s.effect, PAY_DO_NETCANCEL);
	}
}

Test(pay, values_outside_the_enums_are_refused)
{
	struct pay_step s;
	struct pay p = { .state = PAY_STATE_COUNT };

	cr_expect_eq(pay_step(&s, &p, PAY_EV_SEND, 0).code, E_ARG);
	p = (struct pay){ .remedy = PAY_REMEDY_COUNT };
	cr_expect_eq(pay_step(&s, &p, PAY_EV_SEND, 0).code, E_ARG);
	p = (struct pay){ 0 };
	cr_expect_eq(pay_step(&s, &p, PAY_EV_COUNT, 0).code, E_ARG);
	SAME(pay_state_name(PAY_STATE_COUNT), "unknown");
	SAME(pay_method_name(PAY_METHOD_COUNT), "unknown");
}

Test(pay, a_state_is_of_one_kind_only)
{
	for (int i = 0; i < PAY_STATE_COUNT; i++) {
		enum pay_state s = (enum pay_state)i;
		int kinds = pay_is_open(s) + pay_is_settled(s) + pay_is_void(s);

		cr_expect_eq(kinds, s == PAY_STATE_REFUND_DUE ? 0 : 1, "%s",
		    pay_state_name(s));
		if (pay_is_charged(s))
			cr_expect(pay_is_settled(s) != 0);
	}
}

static struct pay
step(struct pay p, enum pay_event event, int64_t ms)
{
	struct pay_step s;
	struct err e = pay_step(&s, &p, event, ms);

	cr_assert_not(
	    err_is(e), "%s %s", pay_state_name(p.state), pay_event_name(event));
	return s.next;
}

static const struct {
	const char *why;
	enum pay_event events[8];
	int64_t at[8];
	int n;
	enum pay_state end;
} not_founds[] = {
	{ "one is not enough",
	    { PAY_EV_LOST, PAY_EV_ABORTED, PAY_EV_NOT_FOUND }, { 10, 20, 30 },
	    3, PAY_STATE_UNKNOWN },
	{ "nor two at once",
	    { PAY_EV_LOST, PAY_EV_ABORTED, PAY_EV_NOT_FOUND, PAY_EV_NOT_FOUND },
	    { 10, 20, 30, 5029 }, 4, PAY_STATE_UNKNOWN },
	{ "two five seconds apart are",
	    { PAY_EV_LOST, PAY_EV_ABORTED, PAY_EV_NOT_FOUND, PAY_EV_NOT_FOUND },
	    { 10, 20, 30, 5030 }, 4, PAY_STATE_NOTFOUND },
	{ "silence between them does not matter",
	    { PAY_EV_LOST, PAY_EV_ABORTED, PAY_EV_NOT_FOUND, PAY_EV_STATUS_LOST,
		PAY_EV_NOT_FOUND },
	    { 10, 20, 30, 5030, 10030 }, 5, PAY_STATE_NOTFOUND },
	{ "progress between them starts the count again",
	    { PAY_EV_LOST, PAY_EV_ABORTED, PAY_EV_NOT_FOUND, PAY_EV_IN_PROGRESS,
		PAY_EV_NOT_FOUND },
	    { 10, 20, 30, 5030, 10030 }, 5, PAY_STATE_UNKNOWN },
	{ "a restart between them too",
	    { PAY_EV_LOST, PAY_EV_ABORTED, PAY_EV_NOT_FOUND, PAY_EV_RESTART,
		PAY_EV_NOT_FOUND },
	    { 10, 20, 30, 5030, 10030 }, 5, PAY_STATE_UNKNOWN },
	{ "before the Abort is taken none counts",
	    { PAY_EV_LOST, PAY_EV_ABORT_LOST, PAY_EV_NOT_FOUND,
		PAY_EV_ABORT_LOST, PAY_EV_NOT_FOUND, PAY_EV_ABORTED,
		PAY_EV_NOT_FOUND },
	    { 10, 5010, 10010, 15010, 20010, 25010, 30010 }, 7,
	    PAY_STATE_UNKNOWN },
};

Test(pay, not_found_is_believed_only_after_abort_and_twice_and_slowly)
{
	for (size_t i = 0; i < ROWS(not_founds); i++) {
		struct pay p = { .state = PAY_STATE_SENT };
		for (int k = 0; k < not_founds[i].n; k++)
			p = step(
			    p, not_founds[i].events[k], not_founds[i].at[k]);
		cr_expect_eq(
		    p.state, not_founds[i].end, "%s", not_founds[i].why);
	}
}

/* Repeat an unhelpful answer as slowly as the machine wants, to `end`. */
static int
keep_asking(
    struct pay *p, enum pay_event event, int64_t *now, int64_t end, int *told)
{
	struct pay_step s;
	int asked = 0;

	while (*now < end) {
		cr_assert_not(err_is(pay_step(&s, p, event, *now)));
		*told += s.tell;
		*p = s.next;
		asked++;
		*now += pay_wait_ms(p, s.effect);
	}
	return asked;
}

Test(pay, the_terminal_is_asked_every_5_s_for_90_s_then_a_person_is_told_once)
{
	struct pay p = { .state = PAY_STATE_SENT };
	int64_t now = 1000;
	int told = 0, asked;

	p = step(p, PAY_EV_LOST, now);
	p = step(p, PAY_EV_ABORTED, now);
	asked = keep_asking(&p, PAY_EV_IN_PROGRESS, &now, 91000, &told);
	cr_expect_eq(asked, 18);
	cr_expect_eq(told, 0);
	asked = keep_asking(&p, PAY_EV_IN_PROGRESS, &now, 3691000, &told);
	cr_expect_eq(told, 1);
	cr_expect_eq(asked, 60, "every minute from then on, for ever");
	cr_expect_eq(step(p, PAY_EV_APPROVED, now).state, PAY_STATE_APPROVED);
}

Test(pay, taking_back_is_tried_for_ever_ever_more_slowly)
{
	static const struct {
		enum pay_state state;
		enum pay_event again;
	} rows[] = { { PAY_STATE_NETCANCEL, PAY_EV_NETCANCEL_LOST },
		{ PAY_STATE_REVERSING, PAY_EV_REVERSE_LOST } };

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct pay p = { .state = rows[i].state };
		int64_t now = 1000;
		int told = 0, asked;
		asked = keep_asking(&p, rows[i].again, &now, 3601000, &told);
		cr_expect_geq(asked, 60);
		cr_expect_leq(asked, 70);
		cr_expect_eq(told, 1);
		cr_expect_eq(p.state, rows[i].state);
		p = step(p, PAY_EV_RESTART, now);
		cr_expect_eq(pay_wait_ms(&p, PAY_DO_REVERSE), 0,
		    "after a restart at once");
	}
}
