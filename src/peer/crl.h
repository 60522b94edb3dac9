/*
 * peer/crl.h - one certificate's status by a revocation list (RFC 5280).
 *
 * The second source, for when the OCSP responder is silent.  Only a list that
 * the certificate's own issuer signed, whose nextUpdate lies ahead and whose
 * scope has this certificate says anything; the certificate itself must be
 * signed by that issuer too.  Source: facts/cmp.md section 8.
 */
#ifndef PEER_CRL_H
#define PEER_CRL_H

#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

enum {
	CRL_MAX = 256 * 1024, /* bytes of a list we read */
	CRL_SKEW_S = 300,     /* clocks may differ by this */
	CRL_NO_REASON = -1
};

struct crl_answer {
	bool revoked; /* suspended is revoked with reason 6 */
	int reason;   /* CRLReason or CRL_NO_REASON */
	int64_t at;   /* revocation time, else thisUpdate; Unix s */
	int64_t made; /* thisUpdate */
};

/*
 * What `crl` says at `now` about `cert` of `issuer` (all DER).  E_LIMIT;
 * E_FORMAT; E_MISMATCH (where: "crl: issuer", "crl: certificate" when the
 * certificate is not the issuer's or the list does not speak of it, "crl:
 * signature"); E_EXPIRED when the list is old, not yet valid or without
 * nextUpdate.  *out is written on success only.
 */
MUST_USE struct err crl_status(struct crl_answer *out, struct span crl,
    struct span cert, struct span issuer, int64_t now);

#endif
