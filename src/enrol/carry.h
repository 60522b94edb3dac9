/*
 * enrol/carry.h - how a CMP message leaves this process: as a request to the
 * agent, which journals it, has it carried, and answers with the peer's bytes.
 */
#ifndef ENROL_CARRY_H
#define ENROL_CARRY_H

#include <openssl/cmp.h>

#include "peer/cmp.h"
#include "enrol/failure.h"
#include "enrol/port.h"

struct carry {
	struct port *port;
	struct failure *failure; /* gets what the agent refused with */
	int64_t deadline_ms;
	bool stop;		      /* nothing may leave any more */
	enum cmp_kind sent, received; /* the last ones, CMP_NONE at first */
	/* with an ir: what makes it durable; empty for other jobs */
	struct span sign_pri;
	const char *spki_hex; /* or NULL */
	/* a transaction taken up again: used instead of the first exchange */
	struct span ir, ip; /* empty: none */
};

/* OSSL_CMP_transfer_cb_t; its argument is a struct carry.  Blocks. */
OSSL_CMP_MSG *carry_message(OSSL_CMP_CTX *ctx, const OSSL_CMP_MSG *request);

#endif
