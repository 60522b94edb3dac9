/*
 * case/machine.c - the table of the case's life.
 */
#include "case/machine.h"

#include <stddef.h>
#include <string.h>

struct cell {
	unsigned char possible, next, effect, failed;
};

#define GO(state, effect)                                                      \
	{                                                                      \
		1, CASE_##state, EFFECT_##effect, 0                            \
	}
/* The attempt is over without a certificate in anyone's hands. */
#define FAILED(state, effect)                                                  \
	{                                                                      \
		1, CASE_##state, EFFECT_##effect, 1                            \
	}
#define ON(event) [CASE_EV_##event]

/* clang-format off */
static const struct cell table[CASE_STATE_COUNT][CASE_EV_COUNT] = {
	[CASE_OPEN] = {
		ON(REPORT_LOSS)	      = GO(REPORTED, HOLD),
		ON(RELEASE)	      = GO(RELEASING, RELEASE_HOLD),
		ON(CANCEL)	      = GO(CANCELLED, WIPE),
		ON(EXPIRE)	      = GO(EXPIRED, WIPE),
	},
	/* Neither customer nor clock can leave before the CA has answered. */
	[CASE_REPORTED] = {
		ON(HOLD_CONFIRMED)    = GO(HELD, NONE),
		ON(HOLD_LOST)	      = GO(REPORTED, HOLD),
		ON(HOLD_REFUSED)      = GO(REPORTED, TELL_STAFF),
	},
	[CASE_HELD] = {
		ON(SUBMIT)	      = GO(APPLIED, ASSESS),
		ON(RELEASE)	      = GO(RELEASING, RELEASE_HOLD),
		ON(REVOKE_ONLY)	      = GO(REVOKING, REVOKE_OLD),
		ON(CANCEL)	      = GO(CANCELLED, WIPE),
		ON(EXPIRE)	      = GO(EXPIRED, WIPE),
	},
	[CASE_APPLIED] = {
		ON(CLEAR)	      = GO(APPROVED, SETTLE_FEE),
		ON(EXCEPTION)	      = GO(REVIEW, TELL_STAFF),
		ON(RELEASE)	      = GO(RELEASING, RELEASE_HOLD),
		ON(REVOKE_ONLY)	      = GO(REVOKING, REVOKE_OLD),
		ON(CANCEL)	      = GO(CANCELLED, WIPE),
		ON(EXPIRE)	      = GO(EXPIRED, WIPE),
	},
	[CASE_REVIEW] = {
		ON(APPROVE)	      = GO(APPROVED, SETTLE_FEE),
		ON(RETURN)	      = GO(RETURNED, TELL_CUSTOMER),
		ON(REJECT)	      = GO(REJECTED, WIPE),
		ON(RELEASE)	      = GO(RELEASING, RELEASE_HOLD),
		ON(REVOKE_ONLY)	      = GO(REVOKING, REVOKE_OLD),
		ON(CANCEL)	      = GO(CANCELLED, WIPE),
		ON(EXPIRE)	      = GO(EXPIRED, WIPE),
	},
	[CASE_RETURNED] = {
		ON(RESUBMIT)	      = GO(REVIEW, TELL_STAFF),
		ON(RELEASE)	      = GO(RELEASING, RELEASE_HOLD),
		ON(REVOKE_ONLY)	      = GO(REVOKING, REVOKE_OLD),
		ON(CANCEL)	      = GO(CANCELLED, WIPE),
		ON(EXPIRE)	      = GO(EXPIRED, WIPE),
	},
	[CASE_APPROVED] = {
		ON(FEE_WAIVED)	      = GO(PAID, NONE),
		ON(FEE_PAID)	      = GO(PAID, NONE),
		ON(RELEASE)	      = GO(RELEASING, RELEASE_HOLD),
		ON(REVOKE_ONLY)	      = GO(REVOKING, REVOKE_OLD),
		ON(CANCEL)	      = GO(CANCELLED, WIPE),
		ON(EXPIRE)	      = GO(EXPIRED, WIPE),
	},
	/* Paid once, however many attempts follow. */
	[CASE_PAID] = {
		ON(BEGIN)	      = GO(PAID, PREPARE),
		ON(KEY_READY)	      = GO(PREPARED, SEND_IR),
		ON(KEY_FAILED)	      = FAILED(PAID, DROP_KEY),
		ON(KEY_REFUSED)	      = GO(PAID, DROP_KEY),
		ON(REVOKE_ONLY)	      = GO(REVOKING, REVOKE_OLD),
		ON(CANCEL)	      = GO(CANCELLED, REFUND),
		ON(EXPIRE)	      = GO(EXPIRED, REFUND),
		ON(MADE_ELSEWHERE)    = GO(CONFIRMED, REVOKE_OLD),
	},
	/* A certificate may exist from here on: the way out is the CA's word. */
	[CASE_PREPARED] = {
		ON(ISSUE_LOST)	      = GO(PREPARED, SEND_IR),
		ON(ISSUE_REFUSED)     = FAILED(PAID, DROP_KEY),
		ON(CERT_GOOD)	      = GO(ISSUED, DELIVER),
		ON(CERT_BAD)	      = GO(WITHDRAWING, REJECT_CERT),
		ON(LAPSED)	      = FAILED(PAID, DROP_KEY),
	},
	[CASE_ISSUED] = {
		ON(DELIVER)	      = GO(ISSUED, DELIVER),
		ON(DELIVERY_FAILED)   = GO(ISSUED, NONE),
		ON(DELIVERY_PROVEN)   = GO(DELIVERED, CONFIRM),
		ON(DELIVERY_GIVEN_UP) = GO(WITHDRAWING, REJECT_CERT),
		ON(LAPSED)	      = FAILED(PAID, DROP_KEY),
	},
	/* No new attempt while the CA may still count the last one. */
	[CASE_WITHDRAWING] = {
		ON(WITHDRAWN)	      = FAILED(PAID, DROP_KEY),
		ON(WITHDRAW_LOST)     = GO(WITHDRAWING, REJECT_CERT),
		ON(LAPSED)	      = FAILED(PAID, DROP_KEY),
	},
	[CASE_DELIVERED] = {
		ON(CONFIRMED)	      = GO(CONFIRMED, REVOKE_OLD),
		ON(CONFIRM_LOST)      = GO(DELIVERED, CONFIRM),
		ON(LAPSED)	      = FAILED(PAID, DROP_KEY),
	},
	[CASE_CONFIRMED] = {
		ON(OLD_REVOKED)	      = GO(DONE, WIPE),
		ON(REVOKE_LOST)	      = GO(CONFIRMED, REVOKE_OLD),
		ON(REVOKE_REFUSED)    = GO(CONFIRMED, TELL_STAFF),
	},
	/* Nothing was charged yet: out of PAID there is only CANCEL. */
	[CASE_RELEASING] = {
		ON(RELEASED)	      = GO(FOUND, WIPE),
		ON(RELEASE_LOST)      = GO(RELEASING, RELEASE_HOLD),
		ON(RELEASE_REFUSED)   = GO(REPORTED, HOLD),
	},
	/* No certificate exists but the old one: what was charged goes back. */
	[CASE_REVOKING] = {
		ON(OLD_REVOKED)	      = GO(REVOKED, REFUND),
		ON(REVOKE_LOST)	      = GO(REVOKING, REVOKE_OLD),
		ON(REVOKE_REFUSED)    = GO(REVOKING, TELL_STAFF),
	},
};

static const struct {
	const char		*name, *key;
	enum case_effect	 recover;
	bool			 over;
} states[CASE_STATE_COUNT] = {
#define STATE(id, word, effect, over) \
	[CASE_##id] = { #id, "case.state." word, EFFECT_##effect, over }
	STATE(OPEN,	   "open",	  NONE,		false),
	STATE(REPORTED,	   "reported",	  HOLD,		false),
	STATE(HELD,	   "held",	  NONE,		false),
	STATE(APPLIED,	   "applied",	  ASSESS,	false),
	STATE(REVIEW,	   "review",	  NONE,		false),
	STATE(RETURNED,	   "returned",	  NONE,		false),
	STATE(APPROVED,	   "approved",	  SETTLE_FEE,	false),
	STATE(PAID,	   "paid",	  NONE,		false),
	STATE(PREPARED,	   "prepared",	  SEND_IR,	false),
	STATE(ISSUED,	   "issued",	  NONE,		false),
	STATE(WITHDRAWING, "withdrawing", REJECT_CERT,	false),
	STATE(DELIVERED,   "delivered",	  CONFIRM,	false),
	STATE(CONFIRMED,   "confirmed",	  REVOKE_OLD,	false),
	STATE(RELEASING,   "releasing",	  RELEASE_HOLD,	false),
	STATE(DONE,	   "done",	  WIPE,		true),
	STATE(CANCELLED,   "cancelled",	  REFUND,	true),
	STATE(REJECTED,	   "rejected",	  WIPE,		true),
	STATE(EXPIRED,	   "expired",	  REFUND,	true),
	STATE(FOUND,	   "found",	  WIPE,		true),
	STATE(REVOKING,	   "revoking",	  REVOKE_OLD,	false),
	STATE(REVOKED,	   "revoked",	  REFUND,	true),
#undef STATE
};

static const char *const events[CASE_EV_COUNT] = {
	ON(REPORT_LOSS)	      = "report_loss",
	ON(HOLD_CONFIRMED)    = "hold_confirmed",
	ON(HOLD_LOST)	      = "hold_lost",
	ON(HOLD_REFUSED)      = "hold_refused",
	ON(SUBMIT)	      = "submit",
	ON(CLEAR)	      = "clear",
	ON(EXCEPTION)	      = "exception",
	ON(APPROVE)	      = "approve",
	ON(RETURN)	      = "return",
	ON(RESUBMIT)	      = "resubmit",
	ON(REJECT)	      = "reject",
	ON(FEE_WAIVED)	      = "fee_waived",
	ON(FEE_PAID)	      = "fee_paid",
	ON(BEGIN)	      = "begin",
	ON(KEY_READY)	      = "key_ready",
	ON(KEY_FAILED)	      = "key_failed",
	ON(KEY_REFUSED)	      = "key_refused",
	ON(ISSUE_LOST)	      = "issue_lost",
	ON(ISSUE_REFUSED)     = "issue_refused",
	ON(CERT_GOOD)	      = "cert_good",
	ON(CERT_BAD)	      = "cert_bad",
	ON(DELIVER)	      = "deliver",
	ON(DELIVERY_FAILED)   = "delivery_failed",
	ON(DELIVERY_PROVEN)   = "delivery_proven",
	ON(DELIVERY_GIVEN_UP) = "delivery_given_up",
	ON(WITHDRAWN)	      = "withdrawn",
	ON(WITHDRAW_LOST)     = "withdraw_lost",
	ON(LAPSED)	      = "lapsed",
	ON(CONFIRMED)	      = "confirmed",
	ON(CONFIRM_LOST)      = "confirm_lost",
	ON(OLD_REVOKED)	      = "old_revoked",
	ON(REVOKE_LOST)	      = "revoke_lost",
	ON(REVOKE_REFUSED)    = "revoke_refused",
	ON(RELEASE)	      = "release",
	ON(RELEASED)	      = "released",
	ON(RELEASE_LOST)      = "release_lost",
	ON(RELEASE_REFUSED)   = "release_refused",
	ON(REVOKE_ONLY)	      = "revoke_only",
	ON(CANCEL)	      = "cancel",
	ON(EXPIRE)	      = "expire",
	ON(MADE_ELSEWHERE)    = "made_elsewhere",
};

static const char *const effects[EFFECT_COUNT] = {
	[EFFECT_NONE]	       = "none",
	[EFFECT_HOLD]	       = "hold",
	[EFFECT_ASSESS]	       = "assess",
	[EFFECT_SETTLE_FEE]    = "settle_fee",
	[EFFECT_TELL_STAFF]    = "tell_staff",
	[EFFECT_TELL_CUSTOMER] = "tell_customer",
	[EFFECT_PREPARE]       = "prepare",
	[EFFECT_SEND_IR]       = "send_ir",
	[EFFECT_DELIVER]       = "deliver",
	[EFFECT_REJECT_CERT]   = "reject_cert",
	[EFFECT_CONFIRM]       = "confirm",
	[EFFECT_REVOKE_OLD]    = "revoke_old",
	[EFFECT_RELEASE_HOLD]  = "release_hold",
	[EFFECT_DROP_KEY]      = "drop_key",
	[EFFECT_REFUND]	       = "refund",
	[EFFECT_WIPE]	       = "wipe",
};
/* clang-format on */

struct err
case_step(struct case_step *out, enum case_state state, enum case_event event)
{
	const struct cell *c;

	if ((unsigned)state >= CASE_STATE_COUNT ||
	    (unsigned)event >= CASE_EV_COUNT)
		return err_make(E_ARG, 0, "case: step");
	c = &table[state][event];
	if (!c->possible)
		return err_make(E_STATE, 0, "case: step");
	out->next = (enum case_state)c->next;
	out->effect = (enum case_effect)c->effect;
	out->attempt_failed = c->failed != 0;
	return err_none();
}

bool
case_allows(enum case_state state, enum case_event event)
{
	struct case_step s;

	return !err_is(case_step(&s, state, event));
}

bool
case_is_over(enum case_state state)
{
	return (unsigned)state < CASE_STATE_COUNT && states[state].over;
}

enum case_effect
case_recover(enum case_state state)
{
	return (unsigned)state < CASE_STATE_COUNT ? states[state].recover
						  : EFFECT_NONE;
}

const char *
case_state_name(enum case_state state)
{
	return (unsigned)state < CASE_STATE_COUNT ? states[state].name
						  : "unknown";
}

const char *
case_event_name(enum case_event event)
{
	return (unsigned)event < CASE_EV_COUNT ? events[event] : "unknown";
}

const char *
case_effect_name(enum case_effect effect)
{
	return (unsigned)effect < EFFECT_COUNT ? effects[effect] : "unknown";
}

const char *
case_state_key(enum case_state state)
{
	return (unsigned)state < CASE_STATE_COUNT ? states[state].key
						  : "case.state.unknown";
}

struct err
case_state_from_name(enum case_state *out, const char *name)
{
	for (int i = 0; i < CASE_STATE_COUNT; i++)
		if (strcmp(states[i].name, name) == 0) {
			*out = (enum case_state)i;
			return err_none();
		}
	return err_make(E_NOTFOUND, 0, "case: state name");
}

struct err
case_event_from_name(enum case_event *out, const char *name)
{
	for (int i = 0; i < CASE_EV_COUNT; i++)
		if (strcmp(events[i], name) == 0) {
			*out = (enum case_event)i;
			return err_none();
		}
	return err_make(E_NOTFOUND, 0, "case: event name");
}

struct err
case_effect_from_name(enum case_effect *out, const char *name)
{
	for (int i = 0; i < EFFECT_COUNT; i++)
		if (strcmp(effects[i], name) == 0) {
			*out = (enum case_effect)i;
			return err_none();
		}
	return err_make(E_NOTFOUND, 0, "case: effect name");
}
