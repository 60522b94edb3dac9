/*
 * sandbox/cmp_gate.c - who is speaking, and may they say this now?
 */
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/text.h"
#include "cmp.h"
#include "registry.h"

bool
cmp_deny(struct cmp_call *c, int bit, const char *text)
{
	c->fail = bit;
	c->fail_text = text;
	return false;
}

bool
cmp_asks_certificate(int body)
{
	return body == BODY_IR || body == BODY_CR || body == BODY_P10CR ||
	       body == BODY_KUR;
}

bool
cmp_starts(int body)
{
	return cmp_asks_certificate(body) || body == BODY_RR ||
	       body == BODY_GENM;
}

/* The sender's name is `cert`'s subject and senderKID, if any, its key's. */
static bool
is_sender(const struct cmp_call *c, X509 *cert)
{
	const unsigned char *p = c->w.sender.p;
	const ASN1_OCTET_STRING *skid = X509_get0_subject_key_id(cert);
	X509_NAME *name = d2i_X509_NAME(NULL, &p, (long)c->w.sender.n);
	bool same = name != NULL &&
		    X509_NAME_cmp(name, X509_get_subject_name(cert)) == 0;

	X509_NAME_free(name);
	if (!same || c->w.kid.n == 0)
		return same;
	return skid != NULL &&
	       span_eq(c->w.kid, span_make(skid->data, (size_t)skid->length));
}

/* A certificate of ours that can still speak for its holder. */
static bool
find_holder(struct cmp_call *c)
{
	const char *key;
	json_t *rec;

	json_object_foreach(c->sb->certs.all, key, rec) {
		X509 *cert;

		if (cert_state_of(rec) != CERT_VALID ||
		    certs_expired(c->sb, rec) ||
		    authority_find(rec_text(rec, "issuer")) !=
			AUTHORITY_YESSIGN ||
		    (cert = certs_x509(rec)) == NULL)
			continue;
		if (is_sender(c, cert)) {
			c->holder = rec;
			c->signer_cert = cert;
			return true;
		}
		X509_free(cert);
	}
	return false;
}

/* PBM: the reference number is the senderKID in ASCII. */
static bool
find_reference(struct cmp_call *c)
{
	char refnum[WALK_ID_MAX + 1] = "";

	memcpy(refnum, c->w.kid.p, c->w.kid.n);
	c->enrollment = records_get(&c->sb->enrollments, refnum);
	if (c->enrollment == NULL)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badMessageCheck,
		    "unknown reference number");
	if (strcmp(rec_text(c->enrollment, "state"), "locked") == 0)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_notAuthorized,
		    "reference number is locked");
	c->signer = SIGNER_REF;
	snprintf(
	    c->who, sizeof c->who, "ref:%s", rec_text(c->enrollment, "refnum"));
	return true;
}

static bool
find_signer(struct cmp_call *c)
{
	if (c->w.prot_oid.n == 0)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badMessageCheck,
		    "message is not protected");
	if (walk_is_pbm(&c->w))
		return find_reference(c);
	if (is_sender(c, c->sb->ca.ra.cert)) {
		if (X509_cmp_current_time(
			X509_get0_notAfter(c->sb->ca.ra.cert)) < 0)
			return cmp_deny(c,
			    OSSL_CMP_PKIFAILUREINFO_signerNotTrusted,
			    "RA certificate has expired");
		X509_up_ref(c->sb->ca.ra.cert);
		c->signer_cert = c->sb->ca.ra.cert;
		c->signer = SIGNER_RA;
		snprintf(c->who, sizeof c->who, "ra");
		return true;
	}
	if (!find_holder(c))
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_signerNotTrusted,
		    "signer is neither the RA nor a holder of ours");
	c->signer = SIGNER_HOLDER;
	snprintf(
	    c->who, sizeof c->who, "cert:%s", rec_text(c->holder, "serial"));
	return true;
}

static bool
set_credentials(OSSL_CMP_CTX *ctx, const struct cmp_call *c)
{
	const char *code = rec_text(c->enrollment, "authcode");

	if (c->signer == SIGNER_REF)
		return OSSL_CMP_CTX_set1_secretValue(ctx,
			   (const unsigned char *)code, (int)strlen(code)) == 1;
	return OSSL_CMP_CTX_set1_srvCert(ctx, c->signer_cert) == 1;
}

static int
quiet(const char *func, const char *file, int line, OSSL_CMP_severity level,
    const char *msg)
{
	return 1;
}

bool
cmp_authenticate(struct cmp_call *c, const OSSL_CMP_MSG *msg)
{
	OSSL_CMP_CTX *ctx;
	bool ok;

	if (!find_signer(c))
		return false;
	ctx = OSSL_CMP_CTX_new(NULL, NULL);
	ok = ctx != NULL && OSSL_CMP_CTX_set_log_cb(ctx, quiet) == 1 &&
	     set_credentials(ctx, c);
	if (!ok)
		cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_systemFailure, "no memory");
	else if (OSSL_CMP_validate_msg(ctx, msg) != 1)
		ok = cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badMessageCheck,
		    "protection does not verify");
	OSSL_CMP_CTX_free(ctx);
	ERR_clear_error();
	c->authentic = ok;
	if (!ok && c->signer == SIGNER_REF)
		enroll_wrong_mac(c->sb, c->enrollment);
	return ok;
}

/* A first message: its kind must fit the signer, and the time be ours. */
static bool
admit_first(struct cmp_call *c)
{
	int64_t now = sandbox_now(c->sb), at = walk_time(&c->w);

	if (c->tx != NULL)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_transactionIdInUse,
		    "transactionID is in use");
	if (at >= 0 &&
	    (at < now - CMP_TIME_WINDOW_S || at > now + CMP_TIME_WINDOW_S))
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badTime,
		    "messageTime is more than a day away");
	if (c->w.body == BODY_GENM)
		return true;
	if (c->w.body == BODY_RR || c->w.body == BODY_KUR) {
		if (c->signer == SIGNER_HOLDER ||
		    (c->signer == SIGNER_RA && c->w.body == BODY_RR))
			return true;
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_notAuthorized,
		    "this request must be signed by RA or holder");
	}
	if (c->signer != SIGNER_REF)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_notAuthorized,
		    "this request needs a reference number");
	if (strcmp(enroll_state(c->sb, c->enrollment), "open") != 0)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_notAuthorized,
		    "reference number is used or has expired");
	return true;
}

/* A certConf for what is decided already. */
static bool
admit_confirmation(struct cmp_call *c)
{
	const json_t *cert = certs_find(c->sb, rec_text(c->tx, "serial"));

	if (strcmp(rec_text(c->tx, "state"), "confirmed") == 0)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_certConfirmed,
		    "certificate is confirmed already");
	if (cert != NULL && cert_state_of(cert) != CERT_UNCONFIRMED)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_certRevoked,
		    "certificate was withdrawn");
	return true;
}

/* A later message: same sender, and the transaction must wait for it. */
static bool
admit_later(struct cmp_call *c)
{
	char nonce[CMP_TID_TEXT];

	if (c->tx == NULL)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badRequest,
		    "no such transaction");
	if (strcmp(rec_text(c->tx, "who"), c->who) != 0)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_notAuthorized,
		    "transaction of another sender");
	if (c->w.body == BODY_CERTCONF && !admit_confirmation(c))
		return false;
	hex_encode(nonce, sizeof nonce, c->w.recip_nonce);
	if (strcmp(rec_text(c->tx, "nonce"), nonce) != 0)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badRecipientNonce,
		    "recipNonce is not our last senderNonce");
	return true;
}

bool
cmp_admit(struct cmp_call *c)
{
	if (c->fault.action == FAULT_REFUSE)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_systemUnavail,
		    "service refuses (practice fault)");
	if (cmp_starts(c->w.body))
		return admit_first(c);
	if (c->w.body == BODY_CERTCONF || c->w.body == BODY_POLLREQ ||
	    c->w.body == BODY_ERROR)
		return admit_later(c);
	return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badRequest,
	    "a CA does not take this kind of message");
}
