/*
 * fake_ca.h - a CA inside the test: real certificates, real CMP, and lies.
 */
#ifndef FAKE_CA_H
#define FAKE_CA_H

#include <openssl/cmp.h>
#include <openssl/x509.h>
#include <stdbool.h>

#include "base/span.h"

#define FAKE_REF    "1000000001"
#define FAKE_AUTH   "auth-code-4711"
#define FAKE_NUMBER "9001011234568"
#define FAKE_POLICY "1.2.410.200005.1.1.4"

enum lie {
	LIE_NONE,
	LIE_KEY, /* a certificate for another key */
	LIE_SUBJECT,
	LIE_EXPIRY,
	LIE_POLICY,
	LIE_VID,     /* another person's */
	LIE_CHAIN,   /* signed by a CA of the same name */
	LIE_PROFILE, /* no OCSP pointer */
	LIE_NO_VID,  /* no identifyData */
	LIE_OWN_VID, /* the right number under an R of the CA's */
	LIE_REFUSE   /* no certificate at all */
};

struct fake_ca {
	/* how it behaves */
	enum lie lie;
	int polls;	 /* times "waiting" before the certificate */
	int rr_fail;	 /* PKIFailureInfo bits for an rr, 0 accepts */
	bool sign_as_ra; /* answers come from a responder's own key */
	const char *authcode;

	/* what it is */
	EVP_PKEY *root_key, *middle_key, *key, *ra_key;
	X509 *root, *middle, *cert, *ra; /* middle: mostly NULL */
	X509_NAME *subject;		 /* of the customer */
	int64_t not_after;

	/* what it saw */
	int issued, confirmed, rejected, rr_count, messages;
	int rr_reason;
	X509 *last; /* issued */

	OSSL_CMP_SRV_CTX *srv;
	OSSL_CMP_MSG *waiting;
};

void fake_ca_open(struct fake_ca *ca);
/* The same CA, two steps below the root. */
void fake_ca_go_down(struct fake_ca *ca);
/* The same CA with a keyUsage that does not allow it to sign answers. */
void fake_ca_only_issue(struct fake_ca *ca);
void fake_ca_close(struct fake_ca *ca);
/* A certificate of the customer for this public key, no lies; caller's. */
X509 *fake_ca_issue(struct fake_ca *ca, EVP_PKEY *key, const uint8_t *vid);
/* Answer one message; false when the CA has no answer. */
bool fake_ca_answer(struct fake_ca *ca, struct buf *out, struct span request);

#endif
