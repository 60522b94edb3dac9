/*
 * peer/pay.h - what is said to a card terminal, and which answers are
 * believed.  Pure: bytes in, bytes out; prog/net carries them.
 *
 * A driver is a table: the path of each exchange, a function that builds the
 * request, one that reads what comes back, and what is to be done about a
 * payment whose answer was lost.  The same ask gives the same bytes.
 * Fields and rules: facts/kiosk.md section 3, README.md "Card terminal".
 */
#ifndef PEER_PAY_H
#define PEER_PAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

/* Rooms with their NUL, in bytes. */
enum {
	PAY_SERVICE_ID = 11, /* nexo: 1 to 10 characters */
	PAY_ID = 65,	     /* SaleID, POIID, order */
	PAY_TXN = 65,
	PAY_TIME = 41,
	PAY_APPROVAL = 33,
	PAY_BRAND = 65,
	PAY_PAN = 33,
	PAY_CONDITION = 33,
	PAY_TEXT = 257, /* what the terminal shows */
	PAY_REQUEST_MAX = 4096,
	PAY_OBJECT_MAX = 64 * 1024, /* one object of an answer */
	PAY_WON_MAX = 100000000
};

/* What to do about a payment whose answer did not come. */
enum pay_unknown {
	PAY_QUERY,     /* ask the terminal what became of it */
	PAY_NETCANCEL, /* 망취소: the same data again, until acknowledged */
	PAY_UNKNOWN_COUNT
};

enum pay_call {
	PAY_START,
	PAY_STATUS,	    /* of a payment */
	PAY_STATUS_REVERSE, /* of a reversal */
	PAY_ABORT,
	PAY_REVERSE,
	PAY_CANCEL_UNKNOWN, /* 망취소 */
	PAY_PROBE,
	PAY_TOTALS,
	PAY_LOGIN,
	PAY_LOGOUT,
	PAY_CALL_COUNT
};

/*
 * One request.  Texts are borrowed and never NULL ("" where a call does not
 * use one); ids are printable ASCII.
 */
struct pay_ask {
	const char *sale_id, *poi_id;
	const char *service_id; /* of this message, 1 to 10 characters */
	const char *of;		/* service_id of the payment it is about */
	const char *order;	/* our number of the sale */
	int64_t won;		/* 1 to PAY_WON_MAX */
	int64_t at_ms;		/* Unix time of the sale; of login, now */
	const char *poi_txn, *poi_at, *approval; /* of what is reversed */
	const char *reason;			 /* of an abort */
};

enum pay_outcome {
	PAY_APPROVED,
	PAY_DECLINED,  /* the card or its bank said no */
	PAY_CANCELLED, /* the customer or we gave up in time */
	PAY_BUSY,      /* with somebody else's payment */
	PAY_FAILED,    /* the terminal could not; nothing was charged */
	PAY_OUTCOME_COUNT
};

enum pay_found { PAY_FOUND_NO, PAY_FOUND_PROGRESS, PAY_FOUND_YES };

/* What became of a payment (or reversal: approved is reversed). */
struct pay_result {
	enum pay_outcome outcome;
	char condition[PAY_CONDITION]; /* the terminal's own word, or "" */
	char service_id[PAY_SERVICE_ID];
	int64_t won;
	char poi_txn[PAY_TXN], poi_at[PAY_TIME];
	char approval[PAY_APPROVAL], brand[PAY_BRAND];
	char pan[PAY_PAN]; /* never more than its first six and last four */
};

struct pay_sums {
	int64_t count, won;
};

enum pay_kind {
	PAY_NOTICE,  /* nothing to us, but a sign of life */
	PAY_DISPLAY, /* `text`; the answer is still to come */
	PAY_ANSWER
};

/* One object of what came back; which members count depends on the call. */
struct pay_answer {
	enum pay_kind kind;
	char text[PAY_TEXT];	  /* display */
	struct pay_result result; /* start, status, reverse, cancel_unknown */
	enum pay_found found;	  /* status */
	bool logged_out;	  /* a login must come first */
	bool ready;		  /* probe: it can take a card */
	struct pay_sums payments, reversals; /* totals */
};

struct pay_driver {
	const char *name; /* as in pay { driver = ... } */
	enum pay_unknown on_unknown;
	const char *content_type;
	/* what follows pay.url; NULL: this driver has no such exchange */
	const char *paths[PAY_CALL_COUNT];
	/*
	 * Append the body of a request.  E_ARG for an ask that cannot be
	 * said, E_LIMIT, E_NOMEM.
	 */
	struct err (*request)(
	    struct buf *out, enum pay_call call, const struct pay_ask *ask);
	/*
	 * Read one object of the answer to `ask`.  E_PROTOCOL for what is no
	 * answer to it or says neither yes nor no; E_MISMATCH when it charged
	 * another amount or currency: out->result then says what, so that it
	 * can be reversed.  After any error nothing may be concluded.
	 */
	struct err (*read)(struct pay_answer *out, enum pay_call call,
	    const struct pay_ask *ask, struct span object);
};

/* The driver of that name, or NULL ("none" too). */
const struct pay_driver *pay_driver_find(const char *name);

/*
 * The next whole JSON object in `stream`, white space before it skipped:
 * *object is a part of it, *used the bytes consumed.  object->n is 0 when
 * more must arrive first.  E_PROTOCOL when something else stands there,
 * E_LIMIT when it is larger than PAY_OBJECT_MAX.
 */
MUST_USE struct err pay_next(
    struct span *object, size_t *used, struct span stream);

/* "approved", "declined", "cancelled", "busy", "failed". */
const char *pay_outcome_name(enum pay_outcome outcome);
/* "query", "netcancel". */
const char *pay_unknown_name(enum pay_unknown on_unknown);
/* "no", "progress", "yes". */
const char *pay_found_name(enum pay_found found);

#endif
