/*
 * case/router.h - reissue, renewal or a new certificate: decided for the
 * customer from the certificate and from what is lost.
 *
 * facts/domain.md 2.1 (terms, agreed across CAs), 9.3 and 9.4.
 */
#ifndef CASE_ROUTER_H
#define CASE_ROUTER_H

#include <stdbool.h>
#include <stdint.h>

#include "case/loss.h"

/* The six states a Korean registry knows. */
enum cert_status {
	CERT_VALID,
	CERT_SUSPENDED,
	CERT_REVOKED,
	CERT_EXPIRED,
	CERT_NOT_ISSUED, /* registered, reference number never used */
	CERT_NOT_REGISTERED,
	CERT_STATUS_COUNT
};

enum route {
	ROUTE_REISSUE,		  /* new key, the old expiry */
	ROUTE_REISSUE_THEN_RENEW, /* 30 days or less: renew with the new file */
	ROUTE_RENEW,		  /* nothing is lost, 30 days or less */
	ROUTE_NEW,		  /* expired or never issued */
	ROUTE_RESTORE,		  /* on hold and found again; supervisor */
	ROUTE_KEEP,		  /* nothing to do */
	ROUTE_OTHER_ISSUER,	  /* advice to block, directory; no reissue */
	ROUTE_OTHER_BANK,	  /* only the bank that took the papers can */
	ROUTE_TOO_LATE,		  /* ends today: a new one tomorrow */
	ROUTE_COUNT
};

enum {
	ROUTE_RENEW_DAYS = 30,	 /* renewal is open from here to the end */
	ROUTE_LEAST_DAYS = 1,	 /* a reissue needs at least so much left */
	ROUTE_RESTORE_MONTHS = 6 /* then a suspension becomes a revocation */
};

struct router_facts {
	enum cert_status status;
	int64_t not_after; /* Unix seconds */
	int64_t now;
	int64_t suspended_at; /* 0: not known or not suspended */
	bool same_issuer;     /* as this branch serves */
	bool same_bank;	      /* the RA that took the papers is ours */
	enum case_loss loss;  /* CASE_LOSS_LOST while not yet asked */
	bool password_known;
};

struct route_advice {
	enum route route;
	const char *key;   /* "route.reissue" ... */
	int days_left;	   /* whole days in Korea; < 0 after the end */
	int64_t not_after; /* of the new certificate: the old one's;
			    * 0 when this route makes none */
};

/* Always gives advice. */
struct route_advice router_decide(const struct router_facts *f);

/* Whether a case may be opened here: the two reissue routes. */
bool route_reissues(enum route route);

/* "reissue" ...; "valid" "suspended" ... as in the messages. */
const char *route_name(enum route route);
const char *cert_status_name(enum cert_status status);
MUST_USE struct err cert_status_from_name(
    enum cert_status *out, const char *name);

#endif
