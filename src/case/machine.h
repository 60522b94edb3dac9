/*
 * case/machine.h - the life of a case: (state, event) -> (state, effect).
 *
 * One constant table and one pure step.  The agent writes state, journal and
 * audit row of a step in one transaction, then starts the effect; what came of
 * it returns as the next event.  Who may send which event is the business of
 * the role table in rpc/.  The picture is in case/README.md.
 */
#ifndef CASE_MACHINE_H
#define CASE_MACHINE_H

#include <stdbool.h>

#include "base/err.h"

/* The numbers are on disk: a new one goes to the end, whatever its place. */
enum case_state {
	CASE_OPEN,     /* identity checked, certificate chosen and routed */
	CASE_REPORTED, /* loss report durable; the CA has not yet said "held" */
	CASE_HELD,     /* on hold at the CA, new issue blocked */
	CASE_APPLIED,  /* form and consents given */
	CASE_REVIEW,   /* an exception waits for the clerk */
	CASE_RETURNED, /* more papers asked of the customer */
	CASE_APPROVED, /* waits for the fee, at the counter if it is not zero */
	CASE_PAID,     /* settled or waived; every new attempt starts here */
	CASE_PREPARED, /* sealed key and exact ir bytes are durable */
	CASE_ISSUED,   /* checked certificate here, not confirmed to the CA */
	CASE_WITHDRAWING, /* a certificate nobody holds; CA must withdraw it */
	CASE_DELIVERED,	  /* proven to be in the customer's hands */
	CASE_CONFIRMED,	  /* CA acknowledged; the old one is being revoked */
	CASE_RELEASING,	  /* supervisor ordered the hold released */
	CASE_DONE,
	CASE_CANCELLED, /* by the customer; a hold stays */
	CASE_REJECTED,	/* by the clerk; a hold stays */
	CASE_EXPIRED,	/* nobody came in time; a hold stays */
	CASE_FOUND,	/* certificate found again, hold released */
	CASE_REVOKING,	/* clerk ordered the old one revoked, no new one */
	CASE_REVOKED,	/* the CA has revoked it */
	CASE_STATE_COUNT
};

enum case_event {
	CASE_EV_REPORT_LOSS,	/* customer: circumstances given */
	CASE_EV_HOLD_CONFIRMED, /* CA: on hold (or revoked already) */
	CASE_EV_HOLD_LOST,	/* no usable answer: try again */
	CASE_EV_HOLD_REFUSED,	/* CA said no: staff must look */
	CASE_EV_SUBMIT,		/* customer: the application */
	CASE_EV_CLEAR,		/* no exception found */
	CASE_EV_EXCEPTION,	/* a person must look */
	CASE_EV_APPROVE,	/* clerk, with a second person where asked */
	CASE_EV_RETURN,		/* clerk: papers are missing */
	CASE_EV_RESUBMIT,	/* customer brought them */
	CASE_EV_REJECT,		/* clerk */
	CASE_EV_FEE_WAIVED,	/* the table says zero, or a waiver */
	CASE_EV_FEE_PAID,	/* counter or terminal */
	CASE_EV_BEGIN,		/* customer: password chosen, go */
	CASE_EV_KEY_READY,	/* key worker: sealed key and ir stored */
	CASE_EV_KEY_FAILED,
	CASE_EV_KEY_REFUSED,	 /* by the holder's token: nothing was sent */
	CASE_EV_ISSUE_LOST,	 /* no usable answer to ir: same bytes again */
	CASE_EV_ISSUE_REFUSED,	 /* CA said no; nothing was issued */
	CASE_EV_CERT_GOOD,	 /* key, subject, profile, expiry, VID agree */
	CASE_EV_CERT_BAD,	 /* garbage, another's, wrong expiry or VID */
	CASE_EV_DELIVER,	 /* customer: (another) stick is in */
	CASE_EV_DELIVERY_FAILED, /* stick pulled, full, ...: try another */
	CASE_EV_DELIVERY_PROVEN, /* read back and test-signed */
	CASE_EV_DELIVERY_GIVEN_UP, /* customer leaves without it */
	CASE_EV_WITHDRAWN,	   /* CA acknowledged the rejection */
	CASE_EV_WITHDRAW_LOST,
	CASE_EV_LAPSED,	   /* confirmWaitTime over, CA has dropped it */
	CASE_EV_CONFIRMED, /* CA acknowledged certConf */
	CASE_EV_CONFIRM_LOST,
	CASE_EV_OLD_REVOKED, /* CA: revoked (or was already) */
	CASE_EV_REVOKE_LOST,
	CASE_EV_REVOKE_REFUSED, /* staff must look */
	CASE_EV_RELEASE,	/* supervisor: found again */
	CASE_EV_RELEASED,	/* CA: good again */
	CASE_EV_RELEASE_LOST,
	CASE_EV_RELEASE_REFUSED, /* CA said no: hold it again */
	CASE_EV_CANCEL,		 /* customer or clerk */
	CASE_EV_EXPIRE,	     /* the promise, papers or old validity ran out */
	CASE_EV_REVOKE_ONLY, /* clerk: the old one ends, no new one */
	CASE_EV_MADE_ELSEWHERE, /* CA: a new one is valid, by an issue guide */
	CASE_EV_COUNT
};

/* What the agent starts after the step is durable; each can be repeated. */
enum case_effect {
	EFFECT_NONE,
	EFFECT_HOLD,	   /* rr certificateHold, and block new issue */
	EFFECT_ASSESS,	   /* look for exceptions: CLEAR or EXCEPTION */
	EFFECT_SETTLE_FEE, /* fee table: waive, or park for the counter */
	EFFECT_TELL_STAFF,
	EFFECT_TELL_CUSTOMER,
	EFFECT_PREPARE,	     /* key pair under the password, build ir */
	EFFECT_SEND_IR,	     /* exactly the stored bytes */
	EFFECT_DELIVER,	     /* write, read back, test-sign */
	EFFECT_REJECT_CERT,  /* certConf rejection; never exported */
	EFFECT_CONFIRM,	     /* certConf acceptance */
	EFFECT_REVOKE_OLD,   /* rr with the final reason code */
	EFFECT_RELEASE_HOLD, /* rr removeFromCRL */
	EFFECT_DROP_KEY,     /* forget the sealed key of the attempt */
	EFFECT_REFUND,	     /* give back what was charged, if anything;
			      * then as EFFECT_WIPE */
	EFFECT_WIPE,	     /* spool and case key */
	EFFECT_COUNT
};

/*
 * Rules of the table, held by tests/unit/case/machine.c:
 * - HELD is reached only by HOLD_CONFIRMED, the hold is given up only by a
 *   supervisor's RELEASE, and every other ending leaves it in place;
 * - from PREPARED to CONFIRMED nobody can cancel: a certificate may exist, and
 *   what becomes of it is known from the CA only (a customer who leaves is
 *   DELIVERY_GIVEN_UP);
 * - a failed attempt comes back to PAID, so that the next one costs nothing.
 */

/* After so many failed attempts the kiosk hands over to the counter. */
enum { CASE_ATTEMPTS_MAX = 3 };

struct case_step {
	enum case_state next;
	enum case_effect effect;
	bool attempt_failed; /* add one to the counter */
};

/* E_STATE, and *out untouched, when the event cannot happen in the state;
 * E_ARG for values outside the enums. */
MUST_USE struct err case_step(
    struct case_step *out, enum case_state state, enum case_event event);

/* Whether case_step() would succeed; for menus and the status screen. */
bool case_allows(enum case_state state, enum case_event event);

/* Whether the life of the case is over: no event is possible any more. */
bool case_is_over(enum case_state state);

/*
 * What a restart of the agent starts again for a case found in `state`, from
 * the state alone.  Effects that need the customer present are not among
 * them: PAID waits for BEGIN, ISSUED for DELIVER.
 */
enum case_effect case_recover(enum case_state state);

/* Stable words: "WITHDRAWING", "cert_good", "send_ir"; "unknown". */
const char *case_state_name(enum case_state state);
const char *case_event_name(enum case_event event);
const char *case_effect_name(enum case_effect effect);
/* The other way; E_NOTFOUND. */
MUST_USE struct err case_state_from_name(
    enum case_state *out, const char *name);
MUST_USE struct err case_event_from_name(
    enum case_event *out, const char *name);
MUST_USE struct err case_effect_from_name(
    enum case_effect *out, const char *name);

/* Text key of the state as customer and clerk read it, "case.state.held". */
const char *case_state_key(enum case_state state);

#endif
