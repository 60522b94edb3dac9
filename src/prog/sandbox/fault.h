/*
 * sandbox/fault.h - the ways in which a peer can be made to misbehave.
 */
#ifndef SANDBOX_FAULT_H
#define SANDBOX_FAULT_H

#include <jansson.h>
#include <stddef.h>

#include "base/err.h"

/* Where: one kind of exchange. */
enum fault_at {
	AT_IR, /* every request for a certificate: ir, cr, p10cr, kur */
	AT_CERTCONF,
	AT_RR,
	AT_POLLREQ,
	AT_OCSP,
	AT_IDENTITY,
	AT_FACTOR,
	AT_CERTIFICATES,
	AT_ENROLLMENT,
	AT_PAYMENT, /* the card terminal's categories */
	AT_PAY_STATUS,
	AT_PAY_ABORT,
	AT_REVERSAL,
	AT_LOGIN,
	AT_DIAGNOSIS,
	AT_TOTALS,
	AT_VAN_APPROVE,
	AT_VAN_CANCEL,
	AT_VAN_NETCANCEL,
	AT_SMS,
	AT_MAIL,
	AT_ANY,
	AT_NOTHING, /* an exchange no fault applies to */
	AT_COUNT
};

enum fault_action {
	FAULT_NONE,
	FAULT_DROP_BEFORE, /* close the connection, nothing was done */
	FAULT_DROP_AFTER,  /* do it, then close without an answer */
	FAULT_DELAY,	   /* do it, answer after delay_ms */
	FAULT_HTTP500,	   /* 500, nothing was done */
	FAULT_GARBAGE,	   /* do it, answer bytes that mean nothing */
	FAULT_DUPLICATE,   /* the request arrives twice */
	FAULT_REFUSE,	   /* a proper refusal */
	FAULT_WAITING,	   /* ir: answered after a few polls */
	FAULT_WRONG_KEY,   /* ir: a certificate over another key */
	FAULT_WRONG_SUBJECT,
	FAULT_WRONG_EXPIRY,
	FAULT_WRONG_VID,
	FAULT_OTHER_TRANSACTION, /* protected; not its own */
	FAULT_NOT_FOUND,	 /* 404, nothing was done */
	FAULT_HALF_CLOSE,	 /* do it, close in the middle of the answer */
	FAULT_TRUNCATE,		 /* do it, answer half as if whole */
	FAULT_WRONG_AMOUNT,	 /* payment: another amount is charged */
	FAULT_OTHER_ORDER,	 /* payment: do it, answer another one's */
	FAULT_NO_RECORD,	 /* status: says it knows of nothing */
	FAULT_ENDLESS,		 /* payment: do it, show texts for ever */
	FAULT_COUNT
};

struct fault {
	enum fault_at at;
	enum fault_action action;
	int count; /* times left */
	int delay_ms;
};

enum { FAULTS_MAX = 32, FAULT_DELAY_MAX_MS = 120000 };

struct faults {
	struct fault list[FAULTS_MAX];
	size_t count;
};

/* Add one from {"at","action","count","delay_ms"}.  E_ARG, E_FULL. */
MUST_USE struct err fault_add(struct faults *f, const json_t *spec);

/* The first that applies at `at`, used up once; FAULT_NONE when none does. */
struct fault fault_take(struct faults *f, enum fault_at at);

/* Words of `at` and `action`; never NULL. */
const char *fault_at_name(enum fault_at at);
const char *fault_action_name(enum fault_action action);

#endif
