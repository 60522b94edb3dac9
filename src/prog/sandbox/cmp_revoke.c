/*
 * sandbox/cmp_revoke.c - rr: hold, release, revoke.
 */
#include <string.h>

#include "base/log.h"
#include "cmp.h"

/* Reasons we take (facts/cmp.md 6.2); the rest nobody here may use. */
static bool
is_reason(uint32_t reason)
{
	return reason == REASON_UNSPECIFIED ||
	       reason == REASON_KEY_COMPROMISE ||
	       reason == REASON_AFFILIATION || reason == REASON_SUPERSEDED ||
	       reason == REASON_CESSATION || reason == REASON_HOLD ||
	       reason == REASON_REMOVE;
}

/* Every field the template has besides issuer and serial must agree. */
static bool
template_agrees(const struct cmp_call *c, const json_t *rec)
{
	const unsigned char *p = c->w.subject.p, *der = c->w.spki;
	X509 *cert = certs_x509(rec);
	X509_NAME *name = NULL;
	EVP_PKEY *key = NULL;
	bool same = cert != NULL;

	if (same && c->w.subject.n > 0) {
		name = d2i_X509_NAME(NULL, &p, (long)c->w.subject.n);
		same = name != NULL &&
		       X509_NAME_cmp(name, X509_get_subject_name(cert)) == 0;
	}
	if (same && c->w.spki_n > 0) {
		key = d2i_PUBKEY(NULL, &der, (long)c->w.spki_n);
		same = key != NULL &&
		       EVP_PKEY_eq(key, X509_get0_pubkey(cert)) == 1;
	}
	X509_NAME_free(name);
	EVP_PKEY_free(key);
	X509_free(cert);
	return same;
}

/* The record meant; NULL after cmp_deny. */
static json_t *
find_target(
    struct cmp_call *c, const X509_NAME *issuer, const ASN1_INTEGER *serial)
{
	const X509 *ca = c->sb->ca.ca[AUTHORITY_YESSIGN].cert;
	char text[SERIAL_TEXT];
	json_t *rec = NULL;

	if (issuer != NULL && serial != NULL &&
	    X509_NAME_cmp(issuer, X509_get_subject_name(ca)) == 0) {
		serial_text(text, serial);
		rec = certs_find(c->sb, text);
	}
	if (rec == NULL ||
	    authority_find(rec_text(rec, "issuer")) != AUTHORITY_YESSIGN ||
	    !template_agrees(c, rec)) {
		cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badCertId,
		    "no such certificate");
		return NULL;
	}
	if (c->signer == SIGNER_HOLDER && rec != c->holder) {
		cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_notAuthorized,
		    "a holder may revoke only the signing certificate");
		return NULL;
	}
	return rec;
}

/* The state this request leads to; false after cmp_deny. */
static bool
next_state(
    struct cmp_call *c, const json_t *rec, uint32_t reason, enum cert_state *to)
{
	enum cert_state now = cert_state_of(rec);

	if (now == CERT_REVOKED || now == CERT_REJECTED ||
	    now == CERT_WITHDRAWN)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_certRevoked,
		    "certificate is revoked already");
	*to = CERT_REVOKED;
	if (reason == REASON_HOLD) {
		*to = CERT_SUSPENDED;
		/* asking twice is how a lost answer is made good */
		if (now == CERT_VALID || now == CERT_SUSPENDED)
			return true;
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badRequest,
		    "certificate is not confirmed yet");
	}
	if (reason != REASON_REMOVE)
		return true;
	*to = CERT_VALID;
	if (now != CERT_SUSPENDED)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badRequest,
		    "certificate is not on hold");
	if (certs_other(c->sb, rec, CERT_VALID, rec_text(rec, "serial")) !=
	    NULL)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badRequest,
		    "its replacement is valid");
	return true;
}

OSSL_CMP_PKISI *
cmp_on_rr(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *req,
    const X509_NAME *issuer, const ASN1_INTEGER *serial)
{
	struct cmp_live *live = OSSL_CMP_SRV_CTX_get0_custom_ctx(srv);
	struct cmp_call *c = live->call;
	uint32_t reason = c->w.reason == WALK_NO_REASON ? REASON_UNSPECIFIED
							: c->w.reason;
	json_t *rec = find_target(c, issuer, serial);
	enum cert_state to = CERT_STATE_COUNT;
	bool ok = rec != NULL;

	if (ok && !is_reason(reason))
		ok = cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badRequest,
		    "this reason is not taken");
	ok = ok && next_state(c, rec, reason, &to);
	if (ok && to != cert_state_of(rec) &&
	    err_is(certs_move(c->sb, rec, to,
		to == CERT_VALID ? REASON_UNSPECIFIED : (int)reason, c->who)))
		ok = cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_systemFailure,
		    "state cannot be written");
	rec_set_text(c->tx, "state", ok ? "done" : "refused");
	if (rec != NULL)
		rec_set_text(c->tx, "serial", rec_text(rec, "serial"));
	if (ok)
		return OSSL_CMP_STATUSINFO_new(
		    OSSL_CMP_PKISTATUS_accepted, 0, NULL);
	log_line(LOG_INFO, "cmp: rr rejected: %s", c->fail_text);
	return OSSL_CMP_STATUSINFO_new(
	    OSSL_CMP_PKISTATUS_rejection, 1 << c->fail, c->fail_text);
}
