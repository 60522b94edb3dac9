/*
 * sandbox/walk.h - what OpenSSL 3.0 does not tell about a CMP message.
 *
 * A bounded walk over the DER of a PKIMessage (RFC 9810 section 5).  Spans
 * borrow from the message.  Only structure is judged here, not protection.
 */
#ifndef SANDBOX_WALK_H
#define SANDBOX_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

enum { /* the PKIBody's choice */
	BODY_IR = 0,
	BODY_IP = 1,
	BODY_CR = 2,
	BODY_P10CR = 4,
	BODY_KUR = 7,
	BODY_RR = 11,
	BODY_GENM = 21,
	BODY_ERROR = 23,
	BODY_CERTCONF = 24,
	BODY_POLLREQ = 25
};

enum {
	WALK_ID_MAX = 64,
	WALK_SPKI_MAX = 2048,
	WALK_NO_REASON = 256,
	WALK_REJECTION = 2
};

struct walk {
	uint32_t pvno;
	struct span sender; /* Name, DER; empty for another kind */
	struct span kid;    /* senderKID, or empty */
	struct span tid;    /* transactionID, or empty */
	struct span nonce;  /* senderNonce, or empty */
	struct span recip_nonce;
	struct span prot_oid; /* content of the algorithm's OID, or empty */
	struct span time;     /* messageTime's text, or empty */
	struct span evid;     /* EncryptedVID, DER, or empty */
	int body;	      /* BODY_* or another number */
	uint32_t reason;      /* of an rr, or WALK_NO_REASON */
	uint32_t conf_status; /* PKIStatus of a certConf; an absent one
				 means accepted, an empty certConf
				 rejection (RFC 9810 5.3.18) */
	struct span subject;  /* of the template: Name, DER, or empty */
	uint8_t spki[WALK_SPKI_MAX]; /* of the template, DER */
	size_t spki_n;		     /* 0 when it has none */
};

/*
 * Walk over a message that fills `der` exactly.  `out` is zeroed first and
 * keeps what was read before a failure, so that an error can be answered to
 * the right transaction.  E_FORMAT; E_LIMIT for an id or key too large.
 */
MUST_USE struct err walk_message(struct walk *out, struct span der);

/* True when the protection algorithm is PasswordBasedMac. */
bool walk_is_pbm(const struct walk *w);

/*
 * messageTime ("20261122053015Z") as Unix seconds; -1 when absent or of
 * another form.
 */
int64_t walk_time(const struct walk *w);

#endif
