/*
 * flow/flow.h - which screen follows which: one pure table for the kiosk.
 *
 * A screen (or an answer of the agent) gives an intent; flow_next() gives the
 * next screen and what to ask the agent for.
 */
#ifndef FLOW_FLOW_H
#define FLOW_FLOW_H

#include <stdbool.h>

enum screen_id {
	SCR_WELCOME, /* attract screen and menu */
	SCR_HELP,    /* topics, questions, issuer directory */
	SCR_SCAN,    /* a form filled in at home, from its QR code */
	SCR_GUIDE,   /* how it goes, what to bring, fee, time */
	SCR_CONSENT,
	SCR_IDENTITY,
	SCR_FACTOR_PICK,
	SCR_FACTOR,
	SCR_CERTS,
	SCR_ROUTE, /* advice when it is not a reissue */
	SCR_LOSS,
	SCR_HOLDING, /* being stopped */
	SCR_HELD,    /* stopped */
	SCR_APPLY,
	SCR_REVIEW, /* read it once more, submit once */
	SCR_FEE,
	SCR_PAYING, /* look at the card terminal */
	SCR_PARKED, /* goes on at the counter */
	SCR_WHERE,  /* stick, phone, both, token */
	SCR_PASSWORD,
	SCR_TOKEN, /* which one */
	SCR_TOKEN_PIN,
	SCR_STICK,
	SCR_ISSUING,
	SCR_PHONE,   /* a QR to scan, and what came of it */
	SCR_DIGITS,  /* that the phone shows */
	SCR_PROBLEM, /* where it stands and how to go on */
	SCR_DONE,
	SCR_AFTER, /* what to do next */
	SCR_RECEIPT,
	SCR_STATUS, /* receipt number */
	SCR_STATUS_VIEW,
	SCR_CHECK, /* stick or token for the working check */
	SCR_CHECK_PASSWORD,
	SCR_CHECK_RESULT,
	SCR_CHANGE_PASSWORD,
	SCR_STAFF,  /* staff is on the way */
	SCR_IDLE,   /* are you still there? */
	SCR_CLOSED, /* no agent: out of service */
	SCR_COUNT,
	SCR_ANY = SCR_COUNT, /* in the table only */
	SCR_BELOW	     /* in the table only: back under the overlay */
};

enum intent {
	INTENT_STAY,
	INTENT_NEXT,
	INTENT_BACK,
	INTENT_HOME, /* start over: ends the visit */
	INTENT_HELP,
	INTENT_STAFF,
	INTENT_LANGUAGE,
	INTENT_IDLE,   /* nobody touched anything for a while */
	INTENT_EXPIRE, /* and nobody answered the warning */
	INTENT_RESEND, /* another phone code */
	INTENT_OTHER,  /* the screen's second way on (see table) */
	INTENT_CANCEL, /* give the application up; a hold stays */
	INTENT_RETRY,
	INTENT_APPLY, /* what was applied for, once more */
	INTENT_PAY,   /* by card, here */
	INTENT_STOP,  /* the card payment under way */
	INTENT_WHERE, /* there is more than one place to save to */
	INTENT_PHONE, /* save to the phone instead */
	INTENT_TOKEN, /* or to a security token; one is asked */
	INTENT_PRINT, /* a slip of what is on the screen */
	INTENT_SCAN,  /* the scanner begins, or is asked for */
	/* menu */
	INTENT_REISSUE,
	INTENT_REPORT,
	INTENT_STATUS,
	INTENT_CHECK,
	/* from answers */
	INTENT_DONE,
	INTENT_FAILED,	   /* session.error says why */
	INTENT_STAFF_ONLY, /* only staff can go on */
	INTENT_ROUTE,	   /* not a reissue */
	INTENT_AT_LOSS,	   /* the case stands before the report */
	INTENT_AT_HOLD,	   /* report durable, hold pending */
	INTENT_AT_HELD,
	INTENT_AT_COUNTER, /* review, or a fee is due there */
	INTENT_AT_FEE,	   /* a fee is due and can be paid here */
	INTENT_AT_PAID,
	INTENT_AT_ISSUING,
	INTENT_AT_PHONE,   /* the phone's turn */
	INTENT_TO_PHONE,   /* and it was asked for just now */
	INTENT_CLAIMED,	   /* a phone shows its digits */
	INTENT_PHONE_OVER, /* the handoff has ended without success */
	INTENT_AT_PROBLEM,
	INTENT_AT_DONE,
	INTENT_AGENT_LOST,
	INTENT_AGENT_BACK,
	INTENT_COUNT
};

enum request {
	REQ_NONE,
	REQ_BEGIN, /* visit.begin */
	REQ_IDENTITY,
	REQ_FACTOR_START,
	REQ_FACTOR,
	REQ_CERTS,
	REQ_OPEN,
	REQ_REPORT,
	REQ_APPLY,
	REQ_PAY,
	REQ_PAY_STOP,
	REQ_PRINT,
	REQ_ISSUE, /* with the password's descriptor */
	REQ_DELIVER,
	REQ_TOKENS, /* token.list */
	REQ_TOKEN_CHECK,
	REQ_TOKEN_PIN, /* another one */
	REQ_PHONE,     /* phone.begin */
	REQ_DIGITS,
	REQ_PHONE_END,
	REQ_CANCEL,
	REQ_CASE, /* case.status */
	REQ_MEDIA_LIST,
	REQ_MEDIA_VERIFY,
	REQ_MEDIA_PASSWD,
	REQ_STAFF,
	REQ_END_SESSION, /* visit.end, and the session is wiped */
	REQ_COUNT
};

struct step {
	enum screen_id screen;
	enum request request;
};

/*
 * First match wins, a screen's own row before the SCR_ANY rows; no match
 * stays.  SCR_BELOW in the result is resolved by the caller to
 * session.below.  Total: every (screen, intent) has an answer.
 */
struct step flow_next(enum screen_id at, enum intent intent);

/* Overlays remember what they cover. */
bool flow_is_overlay(enum screen_id screen);

const char *flow_screen_name(enum screen_id screen);
const char *flow_request_method(enum request request);

#endif
