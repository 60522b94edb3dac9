/*
 * agent/pay_work.h - what the files of payments call of each other.
 *
 * A payment that is open has a slot here.  What to do with it follows from
 * its row alone: the machine's last effect, due at a moment.
 */
#ifndef PROG_AGENT_PAY_WORK_H
#define PROG_AGENT_PAY_WORK_H

#include "prog/agent/core.h"
#include "prog/agent/pay.h"

enum { PAY_WORKS = 16 };

struct pay_work {
	bool used;
	struct store_pay row;
	enum pay_effect todo; /* due at next_ms, when not `calling` */
	int64_t next_ms;
	bool calling;  /* its message is out */
	bool unstored; /* the last event could not be kept: lost, then */
	bool stopping; /* Abort is asked for until the payment answers */
};

struct pay_works {
	struct pay_work list[PAY_WORKS];
	bool ready;   /* the terminal answered the last probe */
	bool scanned; /* what was open at the start has its slots */
	bool probing;
	enum pay_remedy remedy;
	int64_t probe_ms, scan_ms;
};

/* ---- pay_work.c ---- */
/* The slot of a payment, or of the open one of a case; NULL. */
struct pay_work *pay_find(struct agent *a, int64_t id);
struct pay_work *pay_find_case(struct agent *a, int64_t case_id);
/* A slot for the row, which may have one; NULL when all are taken. */
struct pay_work *pay_take(struct agent *a, const struct store_pay *row);
/* Nobody knows yet whether the card was charged. */
bool pay_is_asked(enum pay_state state);
/*
 * One durable step, then its effect is due.  `by` is NULL for the agent
 * itself.  On failure nothing has changed, a line is logged, and the payment
 * is looked into again by itself.
 */
MUST_USE struct err pay_event(struct agent *a, struct pay_work *w,
    enum pay_event event, const struct pay_by *by);
/* SENT or not even that: have it stopped, until it has answered. */
MUST_USE struct err pay_stop(
    struct agent *a, struct pay_work *w, const struct pay_by *by);
/* Tell the kiosk that has the case; `text` is the terminal's. */
void pay_tell(struct agent *a, const struct store_pay *row, const char *text);
/* The case as it is in memory, else as it is stored: *room then.  NULL. */
struct store_case *pay_case(struct agent *a, const struct store_pay *row,
    struct store_case *room, struct live **l);

/* ---- pay_slip.c ---- */
/* A slip for the customer who is still there, when money went back. */
void pay_slip(struct agent *a, const struct store_pay *row);

/* ---- pay_peer.c ---- */
/* Send what is due. */
void pay_send(struct agent *a, struct pay_work *w);
void pay_probe(struct agent *a);

#endif
