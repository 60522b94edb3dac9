/*
 * case/pay.h - the life of one payment: (payment, event) -> (payment, effect).
 *
 * The rules that make a fee charged at most once (facts/kiosk.md 3.4, 3.5) as
 * one table and one pure step.  The agent writes every step with its journal
 * and audit rows in one transaction and then starts the effect; what came of
 * it returns as the next event.
 */
#ifndef CASE_PAY_H
#define CASE_PAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum pay_method { PAY_BY_CARD, PAY_BY_CASH, PAY_BY_WAIVER, PAY_METHOD_COUNT };

/* What is done about a payment whose answer was lost. */
enum pay_remedy {
	PAY_REMEDY_QUERY,     /* close, Abort, ask until the terminal knows */
	PAY_REMEDY_NETCANCEL, /* the same data again until acknowledged */
	PAY_REMEDY_COUNT
};

/* The numbers are on disk: a new one goes to the end, whatever its place. */
enum pay_state {
	PAY_STATE_INTENT,    /* ServiceID durable; nothing has left */
	PAY_STATE_SENT,	     /* asked of the terminal, no answer yet */
	PAY_STATE_ABORTING,  /* answer lost; Abort not yet taken */
	PAY_STATE_UNKNOWN,   /* Abort taken; being found out */
	PAY_STATE_NETCANCEL, /* answer lost; being taken back unseen */
	PAY_STATE_APPROVED,
	PAY_STATE_DECLINED,
	PAY_STATE_CANCELLED,	/* given up before the card was charged */
	PAY_STATE_NOTFOUND,	/* the terminal never heard of it */
	PAY_STATE_FAILED,	/* nothing was charged */
	PAY_STATE_NETCANCELLED, /* taken back, or never was */
	PAY_STATE_REVERSING,	/* being given back at the terminal */
	PAY_STATE_REVERSED,
	PAY_STATE_CASH,	      /* taken at the counter */
	PAY_STATE_WAIVED,     /* let off by two people */
	PAY_STATE_REFUND_DUE, /* to be given back in cash by a clerk */
	PAY_STATE_REFUNDED,
	PAY_STATE_COUNT
};

enum pay_event {
	PAY_EV_SEND,   /* the request is about to leave */
	PAY_EV_UNSENT, /* certain that nothing left */
	PAY_EV_APPROVED,
	PAY_EV_DECLINED,
	PAY_EV_CANCELLED,
	PAY_EV_FAILED,	/* busy, or the terminal could not */
	PAY_EV_LOST,	/* no answer, or none to be believed */
	PAY_EV_CANCEL,	/* the customer or the agent wants it stopped */
	PAY_EV_RESTART, /* the agent has started again */
	/* while it is being found out */
	PAY_EV_ABORTED, /* the terminal has taken the Abort */
	PAY_EV_ABORT_LOST,
	PAY_EV_IN_PROGRESS,
	PAY_EV_NOT_FOUND,
	PAY_EV_STATUS_LOST,
	PAY_EV_MISPAID,	     /* another amount was charged */
	PAY_EV_SEEN_CHARGED, /* staff, from the terminal's own record */
	PAY_EV_SEEN_NOTHING,
	/* taking back */
	PAY_EV_NETCANCELLED, /* acknowledged */
	PAY_EV_NETCANCEL_LOST,
	PAY_EV_REVERSE, /* give it back at the terminal */
	PAY_EV_REVERSED,
	PAY_EV_REVERSE_LOST,
	PAY_EV_REVERSE_REFUSED,
	PAY_EV_OWE, /* give it back in cash */
	PAY_EV_REFUNDED,
	PAY_EV_COUNT
};

/* What the agent does once the step is durable; each can be repeated. */
enum pay_effect {
	PAY_DO_NOTHING,
	PAY_DO_START,
	PAY_DO_ABORT,
	PAY_DO_STATUS,
	PAY_DO_NETCANCEL,
	PAY_DO_REVERSE,
	PAY_DO_SETTLE, /* the fee is paid: bring the case on */
	PAY_DO_STAFF,  /* a person must act */
	PAY_EFFECT_COUNT
};

enum {
	PAY_ASK_MS = 5000,	/* between two questions, and two NotFounds */
	PAY_DOUBT_MS = 90000,	/* then a person is told */
	PAY_SLOW_MS = 60000,	/* between questions from then on */
	PAY_NOT_FOUND_SURE = 2, /* NotFounds that are believed */
};

/* What the machine knows of a payment.  State, remedy, tries and not_found are
 * kept by the store; the moments are of this run's clock, see PAY_EV_RESTART.
 */
struct pay {
	enum pay_state state;
	enum pay_remedy remedy;
	int tries;	      /* messages sent since the state was entered */
	int not_found;	      /* NotFounds since the Abort was taken */
	int64_t not_found_ms; /* the first of them */
	int64_t doubt_ms;     /* since when it is open; 0: it is not */
	bool told;	      /* a person was told that it is still open */
};

struct pay_step {
	struct pay next;
	enum pay_effect effect;
	bool tell; /* still not known after PAY_DOUBT_MS: tell a person now */
};

/*
 * Rules of the table, held by tests/unit/case/pay.c against a model of card,
 * wire and terminal that knows the truth:
 * - APPROVED, REVERSED and NETCANCELLED are reached only by somebody's word;
 * - NOTFOUND only by two NotFounds PAY_ASK_MS apart after the terminal took
 *   the Abort, all in one run of the agent; a net-cancel that found nothing is
 *   believed as little;
 * - from every state that is open some effect is under way or will be again.
 *
 * `mono_ms` is the agent's monotonic clock.  E_STATE, and *out untouched, when
 * the event cannot happen in the state; E_ARG for values outside the enums.
 */
MUST_USE struct err pay_step(struct pay_step *out, const struct pay *now,
    enum pay_event event, int64_t mono_ms);

/* How long to wait before the effect of the last step, given its tries. */
int64_t pay_wait_ms(const struct pay *p, enum pay_effect effect);

/* The machine has yet to do something by itself. */
bool pay_is_open(enum pay_state state);
/* Money of the customer is here: APPROVED or CASH. */
bool pay_is_charged(enum pay_state state);
/* The fee is settled: charged or waived. */
bool pay_is_settled(enum pay_state state);
/* Nothing was charged, or it was given back: another payment may begin. */
bool pay_is_void(enum pay_state state);

/* Stable words: "approved", "not_found", "card"; "unknown" outside. */
const char *pay_state_name(enum pay_state state);
const char *pay_event_name(enum pay_event event);
const char *pay_effect_name(enum pay_effect effect);
const char *pay_method_name(enum pay_method method); /* card cash waived */

#endif
