/*
 * enrol/failure.h - why a job did not do what was asked, as the agent gets it:
 * {"code":"peer.ca_refused","status":2,"fail_info":16,"text":"..."}.
 */
#ifndef ENROL_FAILURE_H
#define ENROL_FAILURE_H

#include <jansson.h>
#include <openssl/cmp.h>
#include <stdbool.h>

#include "base/err.h"
#include "peer/cmp.h"
#include "enrol/port.h"

struct failure {
	char code[PORT_CODE]; /* "" when nothing failed */
	const char *where;    /* a literal or NULL */
	const char *left;     /* of a PIN: "few", "last" or NULL */
	bool unconfirmed;     /* a certificate exists, not confirmed */
	bool refused;	      /* the three below are the CA's words */
	int status;	      /* PKIStatus */
	int fail_info;	      /* bits of PKIFailureInfo */
	char text[CMP_TEXT];
};

/* The first failure stays: later ones are its consequences. */
void failure_set(struct failure *f, const char *code, const char *where);
/* The contract's code for an error of this process's own work. */
void failure_from(struct failure *f, struct err e);
static inline bool
failure_is(const struct failure *f)
{
	return f->code[0] != '\0';
}

/*
 * What a finished OpenSSL transaction complains of: the CA's refusal, or an
 * answer that is none.  Empties OpenSSL's error queue.
 */
void failure_from_cmp(struct failure *f, const OSSL_CMP_CTX *ctx);

/* Send it as the answer to `id`, and one line to the log. */
MUST_USE struct err failure_send(
    const struct failure *f, struct port *port, json_int_t id);

#endif
