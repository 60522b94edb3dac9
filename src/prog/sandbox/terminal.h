/*
 * sandbox/terminal.h - a card terminal that speaks nexo, with a customer in
 * front of it, and a VAN host; both keep a record of every won.
 *
 * A payment goes on by itself once it is begun, in a thread of its own,
 * whatever becomes of the connection that asked for it.
 */
#ifndef SANDBOX_TERMINAL_H
#define SANDBOX_TERMINAL_H

#include "sandbox.h"

/* Who the branch of the sandbox is to them; stands in peers.conf. */
#define TERMINAL_SALE_ID "KIOSK-0417"
#define TERMINAL_POI_ID	 "P400-0417-01"

enum {
	TERMINAL_CARD_MS = 400, /* until the customer puts the card in */
	TERMINAL_HOST_MS = 600, /* until the card's bank answers */
	TERMINAL_PIN_TRIES = 3
};

/*
 * Load what is on record; a payment that was under way is aborted, as after a
 * loss of power.  Then the thread.  E_NOMEM, E_SYS.  terminal_stop ends the
 * thread and all streams of answers, terminal_close frees; NULL inside is
 * fine for both.
 */
MUST_USE struct err terminal_open(struct sandbox *sb);
MUST_USE struct err terminal_start(struct sandbox *sb);
void terminal_stop(struct sandbox *sb);
void terminal_close(struct sandbox *sb);

/* What kind of exchange a nexo body is. */
enum fault_at terminal_kind(struct span body);

/*
 * One nexo message.  A payment is answered by a stream: what the terminal
 * shows, then the response.
 */
void terminal_answer(struct sandbox *sb, const json_t *in, struct fault fault,
    struct reply *out);

/*
 * The customer, the cable and the day: POST /control/cardholder and
 * /control/terminal; README.md lists the words.  False: not understood.
 */
bool terminal_cardholder(struct sandbox *sb, const json_t *in);
bool terminal_control(struct sandbox *sb, const json_t *in);

/* GET /control/payments: everything on record, and what each order cost. */
json_t *terminal_records(const struct sandbox *sb);

#endif
