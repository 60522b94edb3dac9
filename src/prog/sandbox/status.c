/*
 * sandbox/status.c - what the CA says about its certificates: CRL and OCSP.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include "certs.h"

enum { CRL_DAYS = 1, OCSP_FRESH_S = 3600, OCSP_MAX_IDS = 32 };

/* In no doubt revoked or held: what a CRL lists. */
static bool
is_listed(enum cert_state s)
{
	return s == CERT_SUSPENDED || s == CERT_REVOKED || s == CERT_REJECTED ||
	       s == CERT_WITHDRAWN;
}

static bool
add_entry(X509_CRL *crl, const json_t *rec)
{
	X509 *cert = certs_x509(rec);
	X509_REVOKED *r = X509_REVOKED_new();
	ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();
	ASN1_TIME *at = ASN1_TIME_set(NULL, rec_int(rec, "changed_at_s"));
	int code = (int)rec_int(rec, "reason");
	bool ok = cert != NULL && r != NULL && reason != NULL && at != NULL &&
		  X509_REVOKED_set_serialNumber(
		      r, X509_get_serialNumber(cert)) == 1 &&
		  X509_REVOKED_set_revocationDate(r, at) == 1;

	/* the reason code unspecified must be left out (RFC 5280 5.3.1) */
	if (ok && code != REASON_UNSPECIFIED)
		ok = ASN1_ENUMERATED_set(reason, code) == 1 &&
		     X509_REVOKED_add1_ext_i2d(
			 r, NID_crl_reason, reason, 0, 0) == 1;
	if (ok && X509_CRL_add0_revoked(crl, r) == 1)
		r = NULL;
	else
		ok = false;
	X509_REVOKED_free(r);
	ASN1_ENUMERATED_free(reason);
	ASN1_TIME_free(at);
	X509_free(cert);
	return ok;
}

static bool
add_crl_extensions(X509_CRL *crl, X509 *ca, int64_t number)
{
	X509V3_CTX ctx;
	X509_EXTENSION *aki;
	ASN1_INTEGER *n = ASN1_INTEGER_new();
	bool ok;

	X509V3_set_ctx(&ctx, ca, NULL, NULL, crl, 0);
	aki = X509V3_EXT_conf_nid(
	    NULL, &ctx, NID_authority_key_identifier, "keyid:always");
	ok = aki != NULL && n != NULL && X509_CRL_add_ext(crl, aki, -1) == 1 &&
	     ASN1_INTEGER_set_int64(n, number) == 1 &&
	     X509_CRL_add1_ext_i2d(crl, NID_crl_number, n, 0, 0) == 1;
	X509_EXTENSION_free(aki);
	ASN1_INTEGER_free(n);
	return ok;
}

X509_CRL *
crl_make(const struct sandbox *sb, int authority)
{
	const struct identity *ca = &sb->ca.ca[authority];
	int64_t now_ms = sb->clock.wall_ms(sb->clock.ctx);
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *from = ASN1_TIME_set(NULL, now_ms / 1000);
	ASN1_TIME *to = ASN1_TIME_set(NULL, now_ms / 1000 + CRL_DAYS * 86400);
	const char *key;
	json_t *rec;
	bool ok = crl != NULL && from != NULL && to != NULL &&
		  X509_CRL_set_version(crl, X509_CRL_VERSION_2) == 1 &&
		  X509_CRL_set_issuer_name(
		      crl, X509_get_subject_name(ca->cert)) == 1 &&
		  X509_CRL_set1_lastUpdate(crl, from) == 1 &&
		  X509_CRL_set1_nextUpdate(crl, to) == 1;

	json_object_foreach(sb->certs.all, key, rec)
		if (ok && is_listed(cert_state_of(rec)) &&
		    authority_find(rec_text(rec, "issuer")) == authority)
			ok = add_entry(crl, rec);
	/* milliseconds grow faster than anybody revokes: always a new number */
	ok = ok && add_crl_extensions(crl, ca->cert, now_ms) &&
	     X509_CRL_sort(crl) == 1 &&
	     X509_CRL_sign(crl, ca->key, EVP_sha256()) != 0;
	ASN1_TIME_free(from);
	ASN1_TIME_free(to);
	if (!ok) {
		X509_CRL_free(crl);
		return NULL;
	}
	return crl;
}

static int
i2d_crl(const void *crl, unsigned char **out)
{
	return i2d_X509_CRL(crl, out);
}

struct err
crl_write(const struct sandbox *sb, int authority)
{
	char path[SANDBOX_PATH + 32];
	X509_CRL *crl = crl_make(sb, authority);
	struct err e;

	if (crl == NULL)
		return err_make(E_CRYPTO, 0, "sandbox: CRL");
	snprintf(path, sizeof path, "%s/ca/%s", sb->dir,
	    authority == AUTHORITY_YESSIGN ? "crl.der" : "kica-crl.der");
	e = write_der(path, i2d_crl, crl);
	X509_CRL_free(crl);
	return e;
}

/* Which authority this id was made for; -1 for none of ours. */
static int
issuer_of(const struct sandbox *sb, OCSP_CERTID *id)
{
	ASN1_OBJECT *hash = NULL;
	const EVP_MD *md;

	OCSP_id_get0_info(NULL, &hash, NULL, NULL, id);
	md = EVP_get_digestbyobj(hash);
	for (int i = 0; md != NULL && i < AUTHORITY_COUNT; i++) {
		X509 *ca = sb->ca.ca[i].cert;
		OCSP_CERTID *ours = OCSP_cert_id_new(md,
		    X509_get_subject_name(ca), X509_get0_pubkey_bitstr(ca),
		    NULL);
		bool same = ours != NULL && OCSP_id_issuer_cmp(ours, id) == 0;

		OCSP_CERTID_free(ours);
		if (same)
			return i;
	}
	return -1;
}

/* Status of one id; unconfirmed ones are nobody's business yet. */
static bool
add_status(const struct sandbox *sb, OCSP_BASICRESP *basic, OCSP_CERTID *id)
{
	ASN1_INTEGER *serial = NULL;
	char text[SERIAL_TEXT];
	int by = issuer_of(sb, id);
	ASN1_TIME *now = ASN1_TIME_set(NULL, sandbox_now(sb));
	ASN1_TIME *next = ASN1_TIME_set(NULL, sandbox_now(sb) + OCSP_FRESH_S);
	ASN1_TIME *at = NULL;
	int status = V_OCSP_CERTSTATUS_UNKNOWN, reason = -1;
	const json_t *rec;
	bool ok;

	OCSP_id_get0_info(NULL, NULL, NULL, &serial, id);
	serial_text(text, serial);
	rec = certs_find(sb, text);
	if (rec != NULL && by >= 0 &&
	    authority_find(rec_text(rec, "issuer")) == by) {
		enum cert_state s = cert_state_of(rec);

		if (s == CERT_VALID)
			status = V_OCSP_CERTSTATUS_GOOD;
		else if (is_listed(s))
			status = V_OCSP_CERTSTATUS_REVOKED;
	}
	if (status == V_OCSP_CERTSTATUS_REVOKED) {
		at = ASN1_TIME_set(NULL, rec_int(rec, "changed_at_s"));
		reason = (int)rec_int(rec, "reason");
		if (reason == REASON_UNSPECIFIED)
			reason = OCSP_REVOKED_STATUS_NOSTATUS;
	}
	ok = OCSP_basic_add1_status(basic, id, status, reason, at, now, next) !=
	     NULL;
	ASN1_TIME_free(now);
	ASN1_TIME_free(next);
	ASN1_TIME_free(at);
	return ok;
}

/* A CA may answer for itself; yessign has a responder for that. */
static const struct identity *
responder(const struct sandbox *sb, OCSP_REQUEST *req)
{
	int by = issuer_of(
	    sb, OCSP_onereq_get0_id(OCSP_request_onereq_get0(req, 0)));

	return by == AUTHORITY_KICA ? &sb->ca.ca[by] : &sb->ca.ocsp;
}

static OCSP_BASICRESP *
basic_response(const struct sandbox *sb, OCSP_REQUEST *req)
{
	OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
	const struct identity *who = responder(sb, req);
	bool ok = basic != NULL;

	for (int i = 0; ok && i < OCSP_request_onereq_count(req); i++)
		ok = add_status(sb, basic,
		    OCSP_onereq_get0_id(OCSP_request_onereq_get0(req, i)));
	if (!ok || OCSP_copy_nonce(basic, req) == 0 ||
	    OCSP_basic_sign(
		basic, who->cert, who->key, EVP_sha256(), NULL, 0) != 1) {
		OCSP_BASICRESP_free(basic);
		return NULL;
	}
	return basic;
}

void
ocsp_answer(
    struct sandbox *sb, struct span in, struct fault fault, struct reply *out)
{
	const unsigned char *p = in.p;
	OCSP_REQUEST *req = d2i_OCSP_REQUEST(NULL, &p, (long)in.n);
	OCSP_BASICRESP *basic = NULL;
	OCSP_RESPONSE *rsp;
	unsigned char *der = NULL;
	int status = OCSP_RESPONSE_STATUS_SUCCESSFUL, n;

	if (fault.action == FAULT_REFUSE)
		status = OCSP_RESPONSE_STATUS_TRYLATER;
	else if (req == NULL || p != in.p + in.n ||
		 OCSP_request_onereq_count(req) < 1 ||
		 OCSP_request_onereq_count(req) > OCSP_MAX_IDS)
		status = OCSP_RESPONSE_STATUS_MALFORMEDREQUEST;
	else if ((basic = basic_response(sb, req)) == NULL)
		status = OCSP_RESPONSE_STATUS_INTERNALERROR;
	rsp = OCSP_response_create(status, basic);
	n = i2d_OCSP_RESPONSE(rsp, &der);
	if (n > 0)
		reply_set(out, 200, "application/ocsp-response",
		    span_make(der, (size_t)n));
	OPENSSL_free(der);
	OCSP_RESPONSE_free(rsp);
	OCSP_BASICRESP_free(basic);
	OCSP_REQUEST_free(req);
	ERR_clear_error();
}
