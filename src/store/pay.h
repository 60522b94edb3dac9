/*
 * store/pay.h - payments: one row each, an append-only row for every event.
 *
 * The unique index "one_live_pay" allows one payment per case that is open or
 * settled.  A change of state writes its journal row and its audit row
 * "pay.<state>" (a new card payment: "pay.started") {won, method, ...} in the
 * same transaction, and the case's own step when it brings one along.
 */
#ifndef STORE_PAY_H
#define STORE_PAY_H

#include "case/pay.h"
#include "store/store.h"

enum { STORE_SERVICE_ID = 11, STORE_PAY_WORD = 72 };

struct store_pay {
	int64_t id, version;
	int64_t case_id;
	char case_no[STORE_TEXT];
	enum pay_method method;
	struct pay p;
	char driver[STORE_PAY_WORD];	   /* "nexo", "" without a card */
	char service_id[STORE_SERVICE_ID]; /* "" without a card */
	char ask_id[STORE_SERVICE_ID];	   /* of the newest message about it */
	int64_t won;
	int64_t charged; /* by the terminal's word; 0: nothing, or not known */
	/* with service_id, case_no and won all that PAY_DO_START says */
	int64_t at_ms, timeout_ms;
	char terminal[STORE_TEXT]; /* the kiosk, or the clerk */
	/* the terminal's words */
	char condition[STORE_PAY_WORD], poi_txn[STORE_PAY_WORD];
	char poi_at[STORE_PAY_WORD], approval[STORE_PAY_WORD];
	char brand[STORE_PAY_WORD], pan[STORE_PAY_WORD]; /* masked */
	/* the counter's: the bank's receipt; why it was waived or given back */
	char receipt_no[STORE_PAY_WORD], back_no[STORE_PAY_WORD];
	char reason[STORE_TEXT];
	char note[STORE_TEXT]; /* text key while a person must look, or "" */
	int64_t begun_at, changed_at; /* Unix seconds */
	int64_t paid_at, back_at;     /* charged; given back; 0: not */
};

/* One step, with what goes into the same transaction. */
struct store_pay_change {
	enum pay_event event; /* ignored by store_pay_begin */
	int64_t mono_ms;
	const char *actor, *role; /* NULL: the agent itself */
	/* the case's own step, or NULL; its `also` comes after the payment */
	struct store_case *c;
	const struct store_change *arrow;
	/* without an arrow: more of the transaction, or NULL; gets the case */
	struct err (*also)(
	    struct store *s, const struct store_case *c, void *arg);
	void *also_arg;
};

/*
 * A new row in the state that its method begins with (INTENT, CASH, WAIVED);
 * takes case_id, case_no, method, remedy, driver, won, timeout_ms, terminal,
 * receipt_no and reason from *p, fills in the rest.  A card's ServiceID is
 * greater than any before, also when an older copy of the database was put
 * back.  E_EXISTS when the case has a payment that is open or settled; else
 * as store_case_step.
 */
MUST_USE struct err store_pay_begin(
    struct store *s, struct store_pay *p, const struct store_pay_change *ch);

/*
 * One step of the machine on *p, together with what the caller changed in it
 * (words, receipt, note).  *step says what to do now; p->ask_id is then the
 * ServiceID of that message.  E_STATE when the machine knows no such step or
 * the row has moved on; else as store_case_step.  *p is as before on failure.
 */
MUST_USE struct err store_pay_step(struct store *s, struct store_pay *p,
    struct pay_step *step, const struct store_pay_change *ch);

/* The payment of the case that is open or settled; E_NOTFOUND. */
MUST_USE struct err store_pay_live(
    struct store *s, struct store_pay *out, int64_t case_id);
/* All of a case, newest first. */
MUST_USE struct err store_pays_of_case(struct store *s, struct store_pay *out,
    size_t cap, size_t *n, int64_t case_id);

enum store_pay_want {
	STORE_PAY_OPEN, /* pay_is_open() */
	STORE_PAY_OWED, /* charged, and the case ended without a certificate */
	STORE_PAY_STAFF /* a note is set, or REFUND_DUE: a person must look */
};
/* Up to `cap` rows after id `after`, oldest first. */
MUST_USE struct err store_pays_wanting(struct store *s, struct store_pay *out,
    size_t cap, size_t *n, enum store_pay_want want, int64_t after);

/* Money of a day: charged in it, given back in it. */
struct store_pay_sum {
	int64_t count, won;
};

struct store_pay_totals {
	struct store_pay_sum fees[PAY_METHOD_COUNT];
	struct store_pay_sum reversals; /* at the terminal */
	struct store_pay_sum refunds;	/* in cash */
};

/* Between two moments, Unix seconds: from <= t < to. */
MUST_USE struct err store_pay_day(
    struct store *s, struct store_pay_totals *out, int64_t from, int64_t to);

#endif
