/*
 * sandbox/terminal_inside.h - the parts of the terminal.
 *
 * A record of sb->payments is {kind, service_id, sale_id, order, won, state,
 * result, condition, authorized, poi_txn, poi_at, approval, brand, pan,
 * displays:[text], ...}; its key is SALEID_SERVICEID.
 */
#ifndef SANDBOX_TERMINAL_INSIDE_H
#define SANDBOX_TERMINAL_INSIDE_H

#include "terminal.h"

enum { TERMINAL_ACTS = 8, ACT_WORD = 16, MESSAGE_ID = 65 };

/* The fields of a MessageHeader that matter. */
struct nexo_head {
	char category[MESSAGE_ID];
	char service_id[MESSAGE_ID], sale_id[MESSAGE_ID], poi_id[MESSAGE_ID];
};

struct terminal {
	pthread_t thread;
	bool threaded, stop;
	pthread_cond_t changed; /* with the sandbox's lock */
	char now[RECORD_KEY];	/* the payment under way, or "" */
	int64_t due_ms;		/* of its next step; monotonic, -1: never */
	int pin_left;
	int card_ms, host_ms; /* -1: waits to be told */
	char acts[TERMINAL_ACTS][ACT_WORD];
	size_t act_count;
	bool unplugged;
	json_t *logins; /* SaleID -> day */
};

/* ---- terminal_category.c: one request each; `b` is the part named after the
 * category, or NULL */
#define CATEGORY(name)                                                         \
	void category_##name(struct sandbox *sb, const struct nexo_head *h,    \
	    const json_t *b, struct fault fault, struct reply *out)
CATEGORY(payment);
CATEGORY(status);
CATEGORY(abort);
CATEGORY(reversal);
CATEGORY(login);
CATEGORY(logout);
CATEGORY(diagnosis);
CATEGORY(totals);
#undef CATEGORY
void category_refuse(struct reply *out, const struct nexo_head *h,
    const char *condition, const char *more);

/* ---- terminal_card.c: the customer and the payment under way */

/* Put the payment `key` in front of the customer. */
void card_begin(struct sandbox *sb, const char *key);
/* End it without money. */
void card_fail(struct sandbox *sb, const char *condition);
/* Take an act at once, or keep it for later; false: no such word, or too many
 * are waiting. */
bool card_act(struct sandbox *sb, const char *word);
/* Do what is due, until stopped. */
void *card_main(void *sandbox);
/* Milliseconds that never step back. */
int64_t card_clock(void);

/* ---- terminal_say.c: responses */

/* {"SaleToPOIResponse":{...}} with `body` under CATEGORYResponse; takes the
 * reference. */
json_t *say_response(const struct nexo_head *h, json_t *body);
/* The Response object; NULL condition is Success. */
json_t *say_result(const char *condition, const char *more);
/* The PaymentResponse or ReversalResponse on record. */
json_t *say_recorded(const json_t *rec);
/* The whole answer of a record, as it first went out. */
json_t *say_whole(const json_t *rec);
json_t *say_display(const json_t *rec, const char *text);

/* ---- terminal_stream.c: the answer to a payment, piece by piece */
void stream_begin(
    struct sandbox *sb, const char *key, struct fault fault, struct reply *out);

/* ---- terminal_money.c: what is on record */

/* SALEID_SERVICEID; "" when it would be no key. */
void money_key(
    char out[static RECORD_KEY], const char *sale_id, const char *service_id);
/* {"payments":{"count","won"},"reversals":{...}} of the current day. */
json_t *money_totals(const struct sandbox *sb);
/* ISO 8601 in UTC. */
void money_time(const struct sandbox *sb, char out[static CLOCK_TEXT]);

#endif
