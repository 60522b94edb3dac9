/*
 * ship/pass.h - one shipment: newest checkpoint first, then every row head
 * office does not have, in batches, one in flight.
 *
 * The sink says where to go on, so nothing is remembered between shipments: a
 * sink put back to an older state is filled again.  Nothing is acknowledged to
 * the agent that the sink did not answer for, and no cosignature but one of
 * the key in dasi.conf.
 */
#ifndef SHIP_PASS_H
#define SHIP_PASS_H

#include "prog/ship/ports.h"

enum ship_side { SIDE_AGENT, SIDE_SINK };

struct ship {
	struct ship_source source;
	struct ship_sink sink;
	struct note_key cosigner;
	struct ship_head head;	    /* as last read */
	struct ship_answer answer;  /* as last heard and found good */
	uint64_t cosigned;	    /* size of the newest cosigned checkpoint */
	enum ship_side failed;	    /* whose error the last one was */
	struct batch *batch, *next; /* the caller's, apart */
};

/*
 * Ship everything.  Afterwards head office held all rows the agent had when
 * the shipment began.  Besides the ports' errors: E_MISMATCH, a fork or a
 * rollback, which the agent was told; E_REFUSED, this login is no branch or
 * the rows are not the branch's; E_STATE, the sink went back meanwhile;
 * E_PROTOCOL, an answer that makes no sense; E_FORMAT, E_CRYPTO, a note that
 * is none.  `failed` says whose.  Blocks.
 */
MUST_USE struct err ship_pass(struct ship *s);

/* Whether a signed checkpoint waits for its cosignature. */
bool ship_awaits_cosignature(const struct ship *s);

#endif
