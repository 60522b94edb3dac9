/*
 * prog/kiosk/kiosk.h - the customer's terminal: wiring of term, screens, flow
 * and the agent's socket.
 *
 * One loop, one session struct, no knowledge of its own: screens give intents,
 * the flow table gives the next screen and request, the agent gives answers.
 */
#ifndef KIOSK_KIOSK_H
#define KIOSK_KIOSK_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "conf/conf.h"
#include "flow/session.h"
#include "rpc/client.h"
#include "term/term.h"
#include "ui/page.h"

/* What is waited for; 0: nothing. */
struct kiosk_waits {
	json_int_t hello_id;
	json_int_t asked_id; /* of session.pending */
	json_int_t staff_id; /* of the last call for staff */
	json_int_t end_id;   /* visit.end: older events are dropped */
};

struct kiosk {
	const struct conf *conf;
	struct term *term;
	struct rpc_client client;
	struct kiosk_waits waits;
	struct branch branch;
	struct session session;
	struct ime ime;
	struct page page;
	struct frame frame;
	const struct theme *theme;
	bool ended;
};

/* Connect and say hello when it is time to; never blocks for long. */
void kiosk_keep_link(struct kiosk *k, int64_t now_ms);
/* Send what `r` asks, with its descriptor.  A dead agent closes the link. */
void kiosk_ask(struct kiosk *k, enum request r);
/* Tell the agent which screen is shown, for the branch's clerks. */
void kiosk_tell_screen(struct kiosk *k, const char *name);
/*
 * One frame from the agent, as an intent; INTENT_STAY when there was none or
 * it changes nothing; INTENT_AGENT_LOST when the agent is gone.
 */
enum intent kiosk_read(struct kiosk *k);

/* Follow the flow table; sends its request. */
void kiosk_advance(struct kiosk *k, enum intent intent);

/* Run until hang-up or SIGTERM.  Everything personal is wiped before return. */
void kiosk_run(struct kiosk *k);

#endif
