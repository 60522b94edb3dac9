/*
 * case/reason.h - circumstances to CRL reason code (facts/cmp.md 6.2;
 * RFC 5280 section 5.3.1).
 */
#ifndef CASE_REASON_H
#define CASE_REASON_H

#include <stdbool.h>

#include "case/loss.h"

/* Only those we send; 0, 2, 7 and 10 never leave this house. */
enum crl_reason {
	CRL_KEY_COMPROMISE = 1,
	CRL_AFFILIATION_CHANGED = 3,
	CRL_SUPERSEDED = 4,
	CRL_CESSATION = 5,
	CRL_HOLD = 6,  /* first, at once, for every loss */
	CRL_REMOVE = 8 /* hold released */
};

struct circumstances {
	enum case_loss loss;
	bool misuse_suspected;
	bool name_changed; /* or affiliation */
	bool leaving;	   /* no certificate is wanted any more */
};

/*
 * The code of the final revocation after a reissue, or on leaving.  What
 * somebody else may have is a compromised key, also when the password is not
 * known to have leaked; never CRL_HOLD, never CRL_REMOVE.
 */
enum crl_reason reason_final(const struct circumstances *c);

/* "keyCompromise" ... as RFC 5280 spells it; "unknown". */
const char *reason_name(enum crl_reason reason);

#endif
