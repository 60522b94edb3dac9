/*
 * case/reason.c - circumstances to CRL reason code.
 */
#include "case/reason.h"

enum crl_reason
reason_final(const struct circumstances *c)
{
	if (case_loss_exposed(c->loss) || c->misuse_suspected)
		return CRL_KEY_COMPROMISE;
	if (c->leaving)
		return CRL_CESSATION;
	if (c->name_changed)
		return CRL_AFFILIATION_CHANGED;
	return CRL_SUPERSEDED;
}

const char *
reason_name(enum crl_reason reason)
{
	switch (reason) {
	case CRL_KEY_COMPROMISE:
		return "keyCompromise";
	case CRL_AFFILIATION_CHANGED:
		return "affiliationChanged";
	case CRL_SUPERSEDED:
		return "superseded";
	case CRL_CESSATION:
		return "cessationOfOperation";
	case CRL_HOLD:
		return "certificateHold";
	case CRL_REMOVE:
		return "removeFromCRL";
	}
	return "unknown";
}
