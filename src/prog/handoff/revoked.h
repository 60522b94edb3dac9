/*
 * handoff/revoked.h - which branches may not come any more: the revocation
 * list of their CA.  No file and no socket; the list comes by watcher.h.
 *
 * Fails closed: a list whose next one is overdue lets nobody in.
 */
#ifndef PROG_HANDOFF_REVOKED_H
#define PROG_HANDOFF_REVOKED_H

#include <gnutls/x509.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

enum { REVOKED_MAX = 256 * 1024 }; /* bytes of a list: about 5000 rows */

struct revoked {
	bool wanted; /* false: there is no list to keep to */
	gnutls_x509_crt_t ca;
	gnutls_x509_crl_t list;
};

enum revoked_word {
	REVOKED_NOT,
	REVOKED_LISTED,
	REVOKED_LAPSED, /* nobody knows: the list is too old */
	REVOKED_UNREAD	/* the certificate or its search failed */
};

/* Keep to the lists of `ca` (PEM, NUL counted) from now on.  E_CONFIG. */
MUST_USE struct err revoked_start(struct revoked *r, struct span ca);
void revoked_stop(struct revoked *r);

/*
 * A list (PEM, NUL counted) takes the place of the one before.  That one stays
 * on every error.  E_FORMAT: no list, or none with an end; E_MISMATCH: not
 * signed by the CA; E_STATE: older than the one before; E_NOMEM.
 */
MUST_USE struct err revoked_take(struct revoked *r, struct span pem);

/* True when nothing is known at `now` (Unix seconds) though it should be. */
bool revoked_lapsed(const struct revoked *r, int64_t now);

/* About the certificate `der`. */
enum revoked_word revoked_ask(
    const struct revoked *r, const gnutls_datum_t *der, int64_t now);

#endif
