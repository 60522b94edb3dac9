/*
 * peer/registry.h - the JSON spoken with the RA system: what is sent, and
 * which answers are believed.  The wire is described in README.md.
 *
 * Both directions go through one table of fields: unknown members are
 * dropped, known ones must have type and size, text becomes NFC.
 */
#ifndef PEER_REGISTRY_H
#define PEER_REGISTRY_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/span.h"

enum {
	REGISTRY_CERTS = 16, /* certificates of one person */
	REGISTRY_FACTORS = 8,
	REGISTRY_NONCE = 33 /* text of 16 random bytes */
};

enum registry_call {
	REGISTRY_VERIFY,
	REGISTRY_FACTOR_START,
	REGISTRY_FACTOR_VERIFY,
	REGISTRY_CERTIFICATES,
	REGISTRY_ENROLL,
	REGISTRY_HEALTH, /* GET */
	REGISTRY_CALL_COUNT
};

/* "/identity/verify" and so on. */
const char *registry_path(enum registry_call call);

/*
 * The body for `call` out of a request's params; *body is the caller's.
 * E_ARG for a member that is missing, of another type, too long or no text.
 */
MUST_USE struct err registry_request(
    json_t **body, enum registry_call call, const json_t *params);

/*
 * A word of chance for each request, and whether `body` answers that one: a
 * registry that returns the word is held to it, so an answer to somebody
 * else's request is not believed.  E_CRYPTO, E_NOMEM.
 */
MUST_USE struct err registry_add_nonce(
    json_t *body, char nonce[static REGISTRY_NONCE]);
bool registry_answers(struct span body, const char *nonce);

/* An answer as the agent gets it: `result`, or an error `code` with `more`. */
struct registry_reply {
	json_t *result;
	const char *code; /* NULL with a result */
	json_t *more;	  /* may be NULL */
};

/*
 * Read an answer of 200.  Certificates must parse; times become Unix seconds.
 * E_PROTOCOL for anything the contract does not allow, E_NOMEM; *out is then
 * empty.
 */
MUST_USE struct err registry_reply_read(
    struct registry_reply *out, enum registry_call call, struct span body);
void registry_reply_free(struct registry_reply *r);

#endif
