/*
 * peer/ocsp.h - one certificate's status (RFC 6960), asked with a nonce.
 *
 * Only a signed, fresh answer to this very question counts; everything else
 * is an error, never "good".  Source: facts/cmp.md section 8.
 */
#ifndef PEER_OCSP_H
#define PEER_OCSP_H

#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

enum {
	OCSP_MAX = 32 * 1024, /* bytes of a response we read */
	OCSP_REQUEST_MAX = 1024,
	OCSP_SKEW_S = 300,  /* clocks may differ by this */
	OCSP_AGE_S = 86400, /* without nextUpdate an answer is this long good */
	OCSP_NO_REASON = -1
};

enum ocsp_status {
	OCSP_GOOD,
	OCSP_REVOKED, /* suspended is revoked with reason 6 */
	OCSP_UNKNOWN,
	OCSP_STATUS_COUNT
};

struct ocsp_answer {
	enum ocsp_status status;
	int reason; /* CRLReason or OCSP_NO_REASON */
	int64_t at; /* revocation time, else thisUpdate; Unix s */
};

/* "good" "revoked" "unknown". */
const char *ocsp_status_name(enum ocsp_status s);

/*
 * Append a request for the certificate `cert` of `issuer` (both DER), with a
 * fresh nonce.  A responder tells certificates apart by name and number alone,
 * so one that `issuer` did not sign is E_MISMATCH here.  E_FORMAT, E_LIMIT,
 * E_CRYPTO.
 */
MUST_USE struct err ocsp_request(
    struct buf *out, struct span cert, struct span issuer);

/*
 * Read `response` as the answer to `request`: signed by `issuer` itself or by
 * a responder it delegated, carrying the nonce, inside its validity at `now`,
 * about that certificate.  E_LIMIT, E_FORMAT; E_REFUSED when the responder
 * reports an error; E_MISMATCH (where: "ocsp: signature", "ocsp: nonce",
 * "ocsp: certificate"); E_EXPIRED.
 */
MUST_USE struct err ocsp_response(struct ocsp_answer *out, struct span response,
    struct span request, struct span issuer, int64_t now);

#endif
