/*
 * npki/profile.h - does a certificate look as the Korean profile says, and is
 * the one just issued the one that was asked for?
 *
 * Source: facts/npki.md section 3, facts/cmp.md section 8.
 */
#ifndef NPKI_PROFILE_H
#define NPKI_PROFILE_H

#include <openssl/x509.h>

#include "npki/npki.h"

/* Where a certificate differs from the profile: bits of a mask. */
enum npki_finding {
	FIND_VERSION,		/* not v3 */
	FIND_SIGNATURE,		/* not RSA with SHA-256 or better */
	FIND_KEY,		/* not RSA of 2048 bits or more */
	FIND_SERIAL,		/* not a positive number */
	FIND_NAME_ORDER,	/* not C, O, OU.., CN */
	FIND_NAME_TYPES,	/* C not Printable or others not UTF8String */
	FIND_NOT_BEFORE_KST,	/* not 00:00:00 in Korea */
	FIND_NOT_AFTER_KST,	/* not 23:59:59 in Korea */
	FIND_AKI,		/* not keyid, issuer and serial; or critical */
	FIND_SKI,		/* absent, not 20 bytes, or critical */
	FIND_KEY_USAGE,		/* not critical 030206c0 */
	FIND_POLICY_CRITICAL,	/* policies absent or not critical */
	FIND_POLICY_ONE,	/* not exactly one policy */
	FIND_POLICY_UNKNOWN,	/* an OID outside the table */
	FIND_IDENTIFY_DATA,	/* no identifyData with a VID; or critical */
	FIND_CRL_DP,		/* no CRL pointer */
	FIND_AIA,		/* no OCSP pointer */
	FIND_BASIC_CONSTRAINTS, /* present */
	FIND_EXT_KEY_USAGE,	/* present */
	FIND_COUNT
};

/* "key_usage" and so on: stable, for logs and JSON; never NULL. */
const char *npki_finding_name(enum npki_finding f);
/* One English sentence for engineers; never NULL. */
const char *npki_finding_text(enum npki_finding f);

/* *findings gets bit (1 << f) for each finding; 0 is a perfect one. */
void npki_profile_check(uint32_t *findings, const X509 *cert);

/* What was asked for.  Empty spans, NULL and 0 are not compared, except that
 * spki, issuer, root and now are required. */
struct npki_expect {
	struct span spki;	 /* DER of the SubjectPublicKeyInfo */
	struct span subject;	 /* DER of the Name */
	int64_t not_after;	 /* Unix seconds; 0: any in the future */
	const char *policy_oid;	 /* dotted */
	struct span issuer;	 /* the issuing CA's certificate, DER */
	struct span root;	 /* the pinned root's certificate, DER; may
				    equal issuer */
	STACK_OF(X509) * chain;	 /* between issuer and root, in any order, at
				    most NPKI_CHAIN_MAX; NULL for none */
	struct span idn_secret;	 /* digits; with r_secret: VID is checked */
	const uint8_t *r_secret; /* NPKI_R bytes or NULL */
	bool vid_optional;	 /* a certificate without a VID passes; one it
				    has must still be right */
	int64_t now;		 /* Unix seconds */
	uint32_t ignore;	 /* findings that are no reason to refuse;
				    ~0u for a CA with another profile */
};

/*
 * Every check that must hold before a new certificate may leave this machine:
 * one well-formed certificate; our key; the subject, expiry, policy and issuer
 * asked for; valid now; a path to the pinned root; keyUsage; the profile; the
 * VID.  With FIND_KEY_USAGE ignored keyUsage may be absent or lack
 * nonRepudiation, but a CA's certificate or one that may not sign never passes.
 * The first that fails is returned: E_FORMAT or E_LIMIT for bytes that
 * do not parse, E_EXPIRED or E_MISMATCH with `where` one of the literals
 * "issued: key", "issued: subject", "issued: expiry", "issued: policy",
 * "issued: issuer", "issued: validity", "issued: chain", "issued: key usage",
 * "issued: profile", "issued: vid"; E_ARG for an incomplete `expect`.
 */
MUST_USE struct err npki_issued_check(
    struct span cert_der, const struct npki_expect *expect);

#endif
