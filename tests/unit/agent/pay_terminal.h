/*
 * A card terminal behind the fake dasi-net: it charges, answers or keeps
 * silent as told, and its record is what was really charged.
 */
#ifndef TESTS_AGENT_PAY_TERMINAL_H
#define TESTS_AGENT_PAY_TERMINAL_H

#include "store/pay.h"
#include "world.h"

enum { SALES = 32 };

enum sale_state {
	SALE_PROGRESS, /* the card has not been shown yet */
	SALE_CHARGED,
	SALE_DECLINED,
	SALE_CANCELLED,
	SALE_BACK /* charged and given back */
};

struct sale {
	char service_id[16], order[64];
	long long won; /* charged: may differ from what was asked */
	enum sale_state state;
	json_int_t asked; /* id of the unanswered pay.start; 0: answered */
	json_t *params;
};

/* What happens to a payment that arrives. */
enum manner {
	APPROVES,
	DECLINES,
	WAITS,	       /* for the card: nothing is answered */
	CHARGES_MUTE,  /* charged, the answer is lost at once */
	NEVER_ARRIVES, /* lost on the way there; the sender cannot know */
	NOT_SENT,      /* no connection: peer.pay_down, sent false */
	OVERCHARGES,   /* another amount: net refuses to believe it */
	SWAPS,	       /* answers with another payment's ServiceID */
	IS_BUSY,
	FAILS
};

struct terminal {
	bool gone;	/* probe: no terminal */
	bool netcancel; /* a VAN */
	enum manner manner;
	bool deaf;	     /* abort, status, netcancel, reverse: no answer */
	int deaf_times;	     /* likewise, so often */
	bool refuses;	     /* to reverse */
	bool keeps_progress; /* Abort does nothing */
	struct sale sales[SALES];
	int count;
	int starts, aborts, statuses, reversals, netcancels;
	char last_id[16]; /* ServiceID of the newest message */
	char reverse_id[16];
	int reused; /* ServiceIDs used twice for different messages */
};

extern struct terminal term;

/* The terminal alone, without the agent; NULL: nothing is answered yet. */
json_t *terminal_answer(
    json_int_t id, const char *method, const json_t *params);

/* world_open, a fee of 4,400 won and the terminal. */
void pay_world_open(void);
void pay_world_close(void);

/* begin to apply: APPROVED, the fee is due. */
void until_fee(int kiosk);
/* The answer to the open pay.start, now. */
void sale_decide(enum sale_state state);
/* Its connection breaks: the sender does not know. */
void sale_break(void);
/* Sales charged and not given back. */
int charged(void);

/* State of the newest pay.changed at kiosk 0, "" for none. */
const char *shown(void);
/* Payment rows of the only case, newest first; how many. */
struct store_pay newest(void);
int pay_rows(void);

#endif
