/*
 * Every cell of the case machine against a list written by hand, and the
 * invariants of src/README.md over long random walks.
 */
#include "support.h"

#include <ctype.h>
#include <stdio.h>

#include "case/machine.h"

/* All arrows there are; what is not here must be refused. */
/* clang-format off */
static const char *const arrows[][4] = {
	/* state	event		     next	    effect */
	{ "OPEN",	 "report_loss",	      "REPORTED",    "hold" },
	{ "OPEN",	 "release",	      "RELEASING",   "release_hold" },
	{ "OPEN",	 "cancel",	      "CANCELLED",   "wipe" },
	{ "OPEN",	 "expire",	      "EXPIRED",     "wipe" },
	{ "REPORTED",	 "hold_confirmed",    "HELD",	     "none" },
	{ "REPORTED",	 "hold_lost",	      "REPORTED",    "hold" },
	{ "REPORTED",	 "hold_refused",      "REPORTED",    "tell_staff" },
	{ "HELD",	 "submit",	      "APPLIED",     "assess" },
	{ "HELD",	 "release",	      "RELEASING",   "release_hold" },
	{ "HELD",	 "revoke_only",	      "REVOKING",    "revoke_old" },
	{ "HELD",	 "cancel",	      "CANCELLED",   "wipe" },
	{ "HELD",	 "expire",	      "EXPIRED",     "wipe" },
	{ "APPLIED",	 "clear",	      "APPROVED",    "settle_fee" },
	{ "APPLIED",	 "exception",	      "REVIEW",	     "tell_staff" },
	{ "APPLIED",	 "release",	      "RELEASING",   "release_hold" },
	{ "APPLIED",	 "revoke_only",	      "REVOKING",    "revoke_old" },
	{ "APPLIED",	 "cancel",	      "CANCELLED",   "wipe" },
	{ "APPLIED",	 "expire",	      "EXPIRED",     "wipe" },
	{ "REVIEW",	 "approve",	      "APPROVED",    "settle_fee" },
	{ "REVIEW",	 "return",	      "RETURNED",    "tell_customer" },
	{ "REVIEW",	 "reject",	      "REJECTED",    "wipe" },
	{ "REVIEW",	 "release",	      "RELEASING",   "release_hold" },
	{ "REVIEW",	 "revoke_only",	      "REVOKING",    "revoke_old" },
	{ "REVIEW",	 "cancel",	      "CANCELLED",   "wipe" },
	{ "REVIEW",	 "expire",	      "EXPIRED",     "wipe" },
	{ "RETURNED",	 "resubmit",	      "REVIEW",	     "tell_staff" },
	{ "RETURNED",	 "release",	      "RELEASING",   "release_hold" },
	{ "RETURNED",	 "revoke_only",	      "REVOKING",    "revoke_old" },
	{ "RETURNED",	 "cancel",	      "CANCELLED",   "wipe" },
	{ "RETURNED",	 "expire",	      "EXPIRED",     "wipe" },
	{ "APPROVED",	 "fee_waived",	      "PAID",	     "none" },
	{ "APPROVED",	 "fee_paid",	      "PAID",	     "none" },
	{ "APPROVED",	 "release",	      "RELEASING",   "release_hold" },
	{ "APPROVED",	 "revoke_only",	      "REVOKING",    "revoke_old" },
	{ "APPROVED",	 "cancel",	      "CANCELLED",   "wipe" },
	{ "APPROVED",	 "expire",	      "EXPIRED",     "wipe" },
	{ "PAID",	 "begin",	      "PAID",	     "prepare" },
	{ "PAID",	 "key_ready",	      "PREPARED",    "send_ir" },
	{ "PAID",	 "key_failed",	      "PAID",	     "drop_key" },
	{ "PAID",	 "key_refused",	      "PAID",	     "drop_key" },
	{ "PAID",	 "revoke_only",	      "REVOKING",    "revoke_old" },
	{ "PAID",	 "cancel",	      "CANCELLED",   "refund" },
	{ "PAID",	 "expire",	      "EXPIRED",     "refund" },
	{ "PAID",	 "made_elsewhere",    "CONFIRMED",   "revoke_old" },
	{ "PREPARED",	 "issue_lost",	      "PREPARED",    "send_ir" },
	{ "PREPARED",	 "issue_refused",     "PAID",	     "drop_key" },
	{ "PREPARED",	 "cert_good",	      "ISSUED",	     "deliver" },
	{ "PREPARED",	 "cert_bad",	      "WITHDRAWING", "reject_cert" },
	{ "PREPARED",	 "lapsed",	      "PAID",	     "drop_key" },
	{ "ISSUED",	 "deliver",	      "ISSUED",	     "deliver" },
	{ "ISSUED",	 "delivery_failed",   "ISSUED",	     "none" },
	{ "ISSUED",	 "delivery_proven",   "DELIVERED",   "confirm" },
	{ "ISSUED",	 "delivery_given_up", "WITHDRAWING", "reject_cert" },
	{ "ISSUED",	 "lapsed",	      "PAID",	     "drop_key" },
	{ "WITHDRAWING", "withdrawn",	      "PAID",	     "drop_key" },
	{ "WITHDRAWING", "withdraw_lost",     "WITHDRAWING", "reject_cert" },
	{ "WITHDRAWING", "lapsed",	      "PAID",	     "drop_key" },
	{ "DELIVERED",	 "confirmed",	      "CONFIRMED",   "revoke_old" },
	{ "DELIVERED",	 "confirm_lost",      "DELIVERED",   "confirm" },
	{ "DELIVERED",	 "lapsed",	      "PAID",	     "drop_key" },
	{ "CONFIRMED",	 "old_revoked",	      "DONE",	     "wipe" },
	{ "CONFIRMED",	 "revoke_lost",	      "CONFIRMED",   "revoke_old" },
	{ "CONFIRMED",	 "revoke_refused",    "CONFIRMED",   "tell_staff" },
	{ "RELEASING",	 "released",	      "FOUND",	     "wipe" },
	{ "RELEASING",	 "release_lost",      "RELEASING",   "release_hold" },
	{ "RELEASING",	 "release_refused",   "REPORTED",    "hold" },
	{ "REVOKING",	 "old_revoked",	      "REVOKED",     "refund" },
	{ "REVOKING",	 "revoke_lost",	      "REVOKING",    "revoke_old" },
	{ "REVOKING",	 "revoke_refused",    "REVOKING",    "tell_staff" },
};
/* clang-format on */

static const char *const *
arrow(int state, int event)
{
	for (size_t i = 0; i < ROWS(arrows); i++)
		if (strcmp(arrows[i][0],
			case_state_name((enum case_state)state)) == 0 &&
		    strcmp(arrows[i][1],
			case_event_name((enum case_event)event)) == 0)
			return arrows[i];
	return NULL;
}

Test(machine, every_cell_is_as_written_here)
{
	size_t met = 0;

	for (int s = 0; s < CASE_STATE_COUNT; s++)
		for (int ev = 0; ev < CASE_EV_COUNT; ev++) {
			const char *const *want = arrow(s, ev);
			struct case_step step = { CASE_STATE_COUNT,
				EFFECT_COUNT, true };
			struct err e = case_step(
			    &step, (enum case_state)s, (enum case_event)ev);

			cr_expect(eq(int,
			    case_allows(
				(enum case_state)s, (enum case_event)ev),
			    want != NULL));
			if (want == NULL) {
				cr_expect(eq(int, (int)e.code, E_STATE),
				    "%s + %s",
				    case_state_name((enum case_state)s),
				    case_event_name((enum case_event)ev));
				cr_expect(
				    eq(int, (int)step.next, CASE_STATE_COUNT));
				continue;
			}
			met++;
			cr_expect(not(err_is(e)), "%s + %s", want[0], want[1]);
			SAME(case_state_name(step.next), want[2]);
			SAME(case_effect_name(step.effect), want[3]);
		}
	cr_assert(eq(sz, met, ROWS(arrows)));
}

Test(machine, values_outside_the_enums_are_refused)
{
	struct case_step s;

	cr_expect(eq(int,
	    (int)case_step(&s, CASE_STATE_COUNT, CASE_EV_CANCEL).code, E_ARG));
	cr_expect(
	    eq(int, (int)case_step(&s, CASE_OPEN, CASE_EV_COUNT).code, E_ARG));
	cr_expect(eq(int,
	    (int)case_step(&s, (enum case_state) - 1, CASE_EV_CANCEL).code,
	    E_ARG));
	SAME(case_state_name(CASE_STATE_COUNT), "unknown");
	SAME(case_event_name((enum case_event) - 1), "unknown");
	SAME(case_effect_name(EFFECT_COUNT), "unknown");
	SAME(case_state_key(CASE_STATE_COUNT), "case.state.unknown");
}

Test(machine, names_come_back_and_are_their_own)
{
	for (int i = 0; i < CASE_STATE_COUNT; i++) {
		enum case_state v;
		char key[64];

		cr_assert(not(err_is(case_state_from_name(
		    &v, case_state_name((enum case_state)i)))));
		cr_expect(eq(int, (int)v, i));
		snprintf(key, sizeof key, "case.state.%s", case_state_name(v));
		for (char *p = key; *p != '\0'; p++)
			*p = (char)tolower((unsigned char)*p);
		SAME(case_state_key(v), key);
	}
	for (int i = 0; i < CASE_EV_COUNT; i++) {
		enum case_event v;

		cr_assert(not(err_is(case_event_from_name(
		    &v, case_event_name((enum case_event)i)))));
		cr_expect(eq(int, (int)v, i));
	}
	for (int i = 0; i < EFFECT_COUNT; i++) {
		enum case_effect v;

		cr_assert(not(err_is(case_effect_from_name(
		    &v, case_effect_name((enum case_effect)i)))));
		cr_expect(eq(int, (int)v, i));
	}
	enum case_state s;
	enum case_event ev;
	enum case_effect ef;

	cr_expect(
	    eq(int, (int)case_state_from_name(&s, "held").code, E_NOTFOUND));
	cr_expect(eq(int, (int)case_event_from_name(&ev, "").code, E_NOTFOUND));
	cr_expect(
	    eq(int, (int)case_effect_from_name(&ef, "x").code, E_NOTFOUND));
}

Test(machine, there_is_no_way_out_of_an_ending_and_one_out_of_all_else)
{
	for (int s = 0; s < CASE_STATE_COUNT; s++) {
		int ways = 0;

		for (int ev = 0; ev < CASE_EV_COUNT; ev++)
			ways += case_allows(
			    (enum case_state)s, (enum case_event)ev);
		cr_expect(eq(int, case_is_over((enum case_state)s), ways == 0),
		    "%s", case_state_name((enum case_state)s));
	}
}

/* Reachability with one state or event taken out of the graph; and without
 * issue guides, unless the last argument says so. */
static bool
reaches_by(int from, int to, int without_state, int without_event, bool guides)
{
	bool seen[CASE_STATE_COUNT] = { false };
	bool grew = true;

	seen[from] = from != without_state;
	while (grew) {
		grew = false;
		for (int s = 0; s < CASE_STATE_COUNT; s++)
			for (int ev = 0; ev < CASE_EV_COUNT; ev++) {
				struct case_step step;

				if (!seen[s] || ev == without_event ||
				    (ev == CASE_EV_MADE_ELSEWHERE && !guides) ||
				    err_is(case_step(&step, (enum case_state)s,
					(enum case_event)ev)) ||
				    (int)step.next == without_state ||
				    seen[step.next])
					continue;
				seen[step.next] = grew = true;
			}
	}
	return seen[to];
}

static bool
reaches(int from, int to, int without_state, int without_event)
{
	return reaches_by(from, to, without_state, without_event, false);
}

Test(machine, a_guide_leads_to_a_certificate_through_the_same_gates)
{
	static const int gates[] = { CASE_REPORTED, CASE_HELD, CASE_APPLIED,
		CASE_APPROVED, CASE_PAID, CASE_CONFIRMED };

	for (size_t g = 0; g < ROWS(gates); g++)
		cr_expect(
		    not(reaches_by(CASE_OPEN, CASE_DONE, gates[g], -1, true)),
		    "without %s", case_state_name((enum case_state)gates[g]));
	/* and never while an attempt of ours may have made one */
	for (int s = 0; s < CASE_STATE_COUNT; s++)
		cr_expect(eq(int,
		    case_allows((enum case_state)s, CASE_EV_MADE_ELSEWHERE),
		    s == CASE_PAID));
}

Test(machine, each_gate_on_the_way_to_a_certificate_must_be_passed)
{
	static const int gates[] = { CASE_REPORTED, CASE_HELD, CASE_APPLIED,
		CASE_APPROVED, CASE_PAID, CASE_PREPARED };
	static const int later[] = { CASE_ISSUED, CASE_DELIVERED,
		CASE_CONFIRMED, CASE_DONE };

	cr_assert(reaches(CASE_OPEN, CASE_DONE, -1, -1));
	for (size_t g = 0; g < ROWS(gates); g++)
		for (size_t l = 0; l < ROWS(later); l++)
			cr_expect(
			    not(reaches(CASE_OPEN, later[l], gates[g], -1)),
			    "%s without %s",
			    case_state_name((enum case_state)later[l]),
			    case_state_name((enum case_state)gates[g]));
	cr_expect(not(reaches(CASE_OPEN, CASE_DONE, CASE_DELIVERED, -1)));
	cr_expect(
	    not(reaches(CASE_OPEN, CASE_DONE, -1, CASE_EV_DELIVERY_PROVEN)));
	cr_expect(not(reaches(CASE_OPEN, CASE_DONE, -1, CASE_EV_CONFIRMED)));
	cr_expect(
	    not(reaches(CASE_OPEN, CASE_HELD, -1, CASE_EV_HOLD_CONFIRMED)));
}

Test(machine, a_hold_is_given_up_by_a_supervisor_only)
{
	cr_assert(reaches(CASE_HELD, CASE_FOUND, -1, -1));
	cr_expect(not(reaches(CASE_OPEN, CASE_RELEASING, -1, CASE_EV_RELEASE)));
	for (int s = CASE_REPORTED; s < CASE_STATE_COUNT; s++)
		cr_expect(not(reaches(s, CASE_OPEN, -1, -1)));
	/* and not once a fee was taken or a certificate may exist */
	for (int s = CASE_PAID; s <= CASE_CONFIRMED; s++)
		cr_expect(
		    not(case_allows((enum case_state)s, CASE_EV_RELEASE)));
	/* nor is the old one ended by itself while a new one may exist */
	for (int s = CASE_PREPARED; s <= CASE_CONFIRMED; s++)
		cr_expect(
		    not(case_allows((enum case_state)s, CASE_EV_REVOKE_ONLY)));
}

Test(machine, every_state_can_still_end)
{
	for (int s = 0; s < CASE_STATE_COUNT; s++) {
		bool ends = false;

		for (int to = 0; to < CASE_STATE_COUNT; to++)
			ends |= case_is_over((enum case_state)to) &&
				reaches(s, to, -1, -1);
		cr_expect(ends, "%s", case_state_name((enum case_state)s));
	}
}

/* A lost answer starts again exactly what a restart would. */
Test(machine, a_restart_repeats_what_a_lost_answer_repeats)
{
	static const struct {
		enum case_state state;
		enum case_event lost;
	} rows[] = {
		{ CASE_REPORTED, CASE_EV_HOLD_LOST },
		{ CASE_PREPARED, CASE_EV_ISSUE_LOST },
		{ CASE_WITHDRAWING, CASE_EV_WITHDRAW_LOST },
		{ CASE_DELIVERED, CASE_EV_CONFIRM_LOST },
		{ CASE_CONFIRMED, CASE_EV_REVOKE_LOST },
		{ CASE_RELEASING, CASE_EV_RELEASE_LOST },
		{ CASE_REVOKING, CASE_EV_REVOKE_LOST },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct case_step s;

		cr_assert(
		    not(err_is(case_step(&s, rows[i].state, rows[i].lost))));
		cr_expect(eq(int, (int)s.next, (int)rows[i].state));
		cr_expect(
		    eq(int, (int)s.effect, (int)case_recover(rows[i].state)));
	}
	/* What came in with an automatic step is started again as well. */
	for (int s = 0; s < CASE_STATE_COUNT; s++)
		for (int ev = 0; ev < CASE_EV_COUNT; ev++) {
			struct case_step step;

			if (err_is(case_step(&step, (enum case_state)s,
				(enum case_event)ev)))
				continue;
			if (step.effect == EFFECT_HOLD ||
			    step.effect == EFFECT_ASSESS ||
			    step.effect == EFFECT_SETTLE_FEE ||
			    step.effect == EFFECT_SEND_IR ||
			    step.effect == EFFECT_REJECT_CERT ||
			    step.effect == EFFECT_CONFIRM ||
			    step.effect == EFFECT_REVOKE_OLD ||
			    step.effect == EFFECT_RELEASE_HOLD ||
			    step.effect == EFFECT_REFUND)
				cr_expect(eq(int, (int)step.effect,
				    (int)case_recover(step.next)));
		}
	cr_expect(eq(int, (int)case_recover(CASE_STATE_COUNT), EFFECT_NONE));
}

/*
 * What the outside world would look like after each step; the model knows
 * nothing of the table.
 */
struct world {
	bool reported, held, paid, refunded;
	bool new_exists; /* the CA may count a new certificate */
	bool in_hands;	 /* proven to be the customer's */
	bool confirmed, old_revoked, released;
	bool leaving; /* no new certificate is wanted any more */
	int charged, attempts;
};

static void
world_apply(struct world *w, enum case_event ev, const struct case_step *s)
{
	w->reported |= ev == CASE_EV_REPORT_LOSS;
	w->held |= ev == CASE_EV_HOLD_CONFIRMED;
	if (ev == CASE_EV_FEE_PAID)
		w->charged++;
	w->paid |= ev == CASE_EV_FEE_PAID || ev == CASE_EV_FEE_WAIVED;
	w->refunded |= s->effect == EFFECT_REFUND;
	if (s->effect == EFFECT_SEND_IR)
		w->new_exists = true;
	if (ev == CASE_EV_WITHDRAWN || ev == CASE_EV_LAPSED ||
	    ev == CASE_EV_ISSUE_REFUSED)
		w->new_exists = w->in_hands = false;
	w->in_hands |= ev == CASE_EV_DELIVERY_PROVEN;
	w->confirmed |= ev == CASE_EV_CONFIRMED;
	if (ev == CASE_EV_MADE_ELSEWHERE)
		w->new_exists = w->in_hands = w->confirmed = true;
	w->old_revoked |= ev == CASE_EV_OLD_REVOKED;
	w->released |= ev == CASE_EV_RELEASED;
	w->leaving |= ev == CASE_EV_REVOKE_ONLY;
	w->attempts += s->attempt_failed;
}

static void
world_check(const struct world *w, const struct case_step *s)
{
	/* I2: a key is made or sent only when the last one is gone for sure;
	 * nothing is accepted that is not in the customer's hands. */
	if (s->effect == EFFECT_PREPARE)
		cr_assert(not(w->new_exists));
	if (s->effect == EFFECT_SEND_IR || s->effect == EFFECT_DELIVER)
		cr_assert(w->held && w->paid && !w->released);
	if (s->effect == EFFECT_CONFIRM)
		cr_assert(w->in_hands);
	if (s->effect == EFFECT_REVOKE_OLD)
		cr_assert(w->leaving ? w->held && !w->new_exists
				     : w->confirmed && w->in_hands);
	/* I3 */
	if (w->released)
		cr_assert(s->next == CASE_FOUND);
	if (w->reported && !w->held)
		cr_assert(s->next == CASE_REPORTED);
	/* I1 */
	cr_assert(le(int, w->charged, 1));
	if (case_is_over(s->next)) {
		if (w->charged > 0)
			cr_assert(w->in_hands || w->refunded);
		cr_assert(eq(int, w->new_exists, s->next == CASE_DONE));
		cr_assert(eq(int, w->old_revoked,
		    s->next == CASE_DONE || s->next == CASE_REVOKED));
	}
}

Test(machine, long_random_lives_keep_the_invariants)
{
	uint64_t seed = 20261122;
	int lives = 0, done = 0, found = 0, steps = 0;

	for (int tried = 0; tried < 2000000 && steps < 100000; lives++) {
		enum case_state state = CASE_OPEN;
		struct world w = { 0 };

		while (!case_is_over(state)) {
			enum case_event ev = (enum case_event)(
			    next_random(&seed) % CASE_EV_COUNT);
			struct case_step s;

			tried++;
			/* endings are rare, or few lives would get far */
			if ((ev == CASE_EV_CANCEL || ev == CASE_EV_EXPIRE ||
				ev == CASE_EV_RELEASE ||
				ev == CASE_EV_REVOKE_ONLY ||
				ev == CASE_EV_REJECT) &&
			    next_random(&seed) % 16 != 0)
				continue;
			if (err_is(case_step(&s, state, ev)))
				continue;
			steps++;
			world_apply(&w, ev, &s);
			world_check(&w, &s);
			state = s.next;
		}
		done += state == CASE_DONE;
		found += state == CASE_FOUND;
	}
	/* the walks really went everywhere */
	cr_assert(ge(int, steps, 100000));
	cr_assert(gt(int, done, 100));
	cr_assert(gt(int, found, 100));
}

Test(machine, a_failed_attempt_is_counted_and_comes_back_to_paid)
{
	int counted = 0;

	for (int s = 0; s < CASE_STATE_COUNT; s++)
		for (int ev = 0; ev < CASE_EV_COUNT; ev++) {
			struct case_step step;

			if (err_is(case_step(&step, (enum case_state)s,
				(enum case_event)ev)) ||
			    !step.attempt_failed)
				continue;
			counted++;
			cr_expect(eq(int, (int)step.next, CASE_PAID));
			cr_expect(eq(int, (int)step.effect, EFFECT_DROP_KEY));
		}
	cr_assert(eq(int, counted, 7));
}
