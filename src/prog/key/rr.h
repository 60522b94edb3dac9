/*
 * key/rr.h - the job `rr`: hold, release or revoke a certificate at the CA
 * under the registration authority's key.
 */
#ifndef PROG_KEY_RR_H
#define PROG_KEY_RR_H

#include "enrol/port.h"

/*
 * `rr.start`: read the RA key (PEM) from the descriptor into memory only, send
 * a signed rr, answer `accepted` or `already`.  Consumes the request.  Blocks
 * for the whole exchange.
 */
MUST_USE struct err rr_start(struct port *port, struct request *r);

#endif
