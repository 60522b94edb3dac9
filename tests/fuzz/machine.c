/*
 * Fuzz target: the life of a case as a row of events.
 *
 * The world below knows what the CA, the customer and the till have seen, and
 * nothing of the table.
 */
#include "case/machine.h"
#include "fuzz.h"

struct world {
	bool reported, held, charged, settled, refunded;
	bool certificate; /* the CA may count a new one */
	bool in_hands;	  /* and it is proven to be the customer's */
	bool confirmed, old_revoked, released, ordered, leaving;
};

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static void
happen(struct world *w, enum case_event ev, const struct case_step *s)
{
	if (ev == CASE_EV_FEE_PAID)
		must(!w->settled, "a fee is taken once");
	w->reported |= ev == CASE_EV_REPORT_LOSS;
	w->held |= ev == CASE_EV_HOLD_CONFIRMED;
	w->charged |= ev == CASE_EV_FEE_PAID;
	w->settled |= ev == CASE_EV_FEE_PAID || ev == CASE_EV_FEE_WAIVED;
	w->refunded |= s->effect == EFFECT_REFUND;
	w->certificate |= s->effect == EFFECT_SEND_IR;
	if (ev == CASE_EV_WITHDRAWN || ev == CASE_EV_LAPSED ||
	    ev == CASE_EV_ISSUE_REFUSED)
		w->certificate = w->in_hands = false;
	w->in_hands |= ev == CASE_EV_DELIVERY_PROVEN;
	w->confirmed |= ev == CASE_EV_CONFIRMED;
	w->old_revoked |= ev == CASE_EV_OLD_REVOKED;
	w->ordered |= ev == CASE_EV_RELEASE;
	w->leaving |= ev == CASE_EV_REVOKE_ONLY;
	w->released |= ev == CASE_EV_RELEASED;
}

static void
check_effect(const struct world *w, enum case_effect effect)
{
	must((unsigned)effect < EFFECT_COUNT, "an effect is one of ours");
	if (effect == EFFECT_PREPARE)
		must(!w->certificate, "one certificate at a time");
	if (effect == EFFECT_SEND_IR || effect == EFFECT_DELIVER)
		must(w->held && w->settled && !w->released,
		    "nothing is issued before hold and fee");
	if (effect == EFFECT_CONFIRM)
		must(w->in_hands, "what is accepted is delivered");
	if (effect == EFFECT_REVOKE_OLD)
		must(w->leaving ? w->held && !w->certificate
				: w->confirmed && w->in_hands,
		    "the old one ends after the new one counts, or alone");
	if (effect == EFFECT_RELEASE_HOLD)
		must(w->ordered, "a supervisor releases a hold");
}

static void
check_state(const struct world *w, enum case_state state)
{
	must((unsigned)state < CASE_STATE_COUNT, "a state is one of ours");
	if (w->reported && !w->held)
		must(state == CASE_REPORTED, "a report waits for its hold");
	if (w->released)
		must(state == CASE_FOUND, "released means found");
	if (!case_is_over(state))
		return;
	must(!w->charged || w->in_hands || w->refunded,
	    "a fee buys a certificate or comes back");
	must(w->certificate == (state == CASE_DONE),
	    "a certificate counts exactly when the case is done");
	must(w->old_revoked == (state == CASE_DONE || state == CASE_REVOKED),
	    "and so does the end of the old one");
	for (int ev = 0; ev < CASE_EV_COUNT; ev++)
		must(!case_allows(state, (enum case_event)ev),
		    "an ending is an ending");
}

static void
check_names(enum case_state state, const struct case_step *s)
{
	enum case_state st;
	enum case_effect ef;

	must(!err_is(case_state_from_name(&st, case_state_name(state))) &&
		 st == state &&
		 !err_is(
		     case_effect_from_name(&ef, case_effect_name(s->effect))) &&
		 ef == s->effect,
	    "what the journal says comes back");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	enum case_state state = CASE_OPEN;
	struct world w = { 0 };

	for (size_t i = 0; i < n; i++) {
		enum case_event ev = (enum case_event)data[i];
		struct case_step s = { CASE_STATE_COUNT, EFFECT_COUNT, false };
		struct err e = case_step(&s, state, ev);

		must(err_is(e) == !case_allows(state, ev),
		    "menus know what is possible");
		if (err_is(e)) {
			must(e.code ==
				 (data[i] < CASE_EV_COUNT ? E_STATE : E_ARG),
			    "a refused event is told by kind");
			must(s.next == CASE_STATE_COUNT &&
				 s.effect == EFFECT_COUNT,
			    "and changes nothing");
			continue;
		}
		happen(&w, ev, &s);
		must(!s.attempt_failed || s.next == CASE_PAID,
		    "the next attempt costs nothing");
		check_effect(&w, s.effect);
		check_effect(&w, case_recover(s.next));
		check_state(&w, s.next);
		check_names(s.next, &s);
		state = s.next;
	}
	return 0;
}
