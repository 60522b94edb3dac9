/*
 * enrol/port.h - the one wire of this process: frames to and from the agent on
 * a socketpair.  Both ends may ask; see rpc/README.md.
 */
#ifndef ENROL_PORT_H
#define ENROL_PORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

enum { PORT_CODE = 48, PORT_NO_LIMIT = -1 };

struct port {
	int sock;
	int malformed;	    /* frames so far; three end it */
	json_int_t last_id; /* of our own requests */
};

/* A request of the agent.  `method` and `params` are borrowed from `body`. */
struct request {
	json_t *body;
	json_int_t id;
	const char *method;
	const json_t *params;
	int fd; /* a received descriptor or -1 */
};

/* Milliseconds that never step back. */
int64_t port_now_ms(void);

/*
 * Wait for the agent's next request, until `deadline_ms` (PORT_NO_LIMIT: for
 * ever).  The caller frees *out with request_free.  E_GONE when the agent has
 * gone or sent three malformed frames, E_TIMEOUT, E_SYS.
 */
MUST_USE struct err port_next(
    struct port *port, struct request *out, int64_t deadline_ms);

/* Frees the frame (its strings are wiped by the heap) and the descriptor.
 * Twice is harmless. */
void request_free(struct request *r);

/* Answer request `id`; `result` is stolen, NULL is {}.  E_GONE, E_LIMIT. */
MUST_USE struct err port_answer(
    struct port *port, json_int_t id, json_t *result);
/* The same with an error; `more` is stolen and merged, NULL for none. */
MUST_USE struct err port_refuse(
    struct port *port, json_int_t id, const char *code, json_t *more);

/*
 * Ask the agent and wait for its answer; `params` is stolen.  *result is the
 * caller's.  Requests that arrive meanwhile are refused (rpc.state).
 * E_REFUSED with the agent's error code in `code`; E_GONE, E_TIMEOUT, E_LIMIT.
 */
MUST_USE struct err port_ask(struct port *port, const char *method,
    json_t *params, int64_t deadline_ms, json_t **result,
    char code[static PORT_CODE]);

#endif
