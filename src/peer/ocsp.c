/*
 * peer/ocsp.c - request and answer of one status question.
 */
#include "peer/ocsp.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <string.h>
#include <time.h>

#include "npki/cert.h"

const char *
ocsp_status_name(enum ocsp_status s)
{
	static const char *const names[OCSP_STATUS_COUNT] = {
		"good",
		"revoked",
		"unknown",
	};

	return s < OCSP_STATUS_COUNT ? names[s] : "unknown";
}

static struct err
encode(struct buf *out, OCSP_REQUEST *request)
{
	unsigned char *der = NULL;
	int n = i2d_OCSP_REQUEST(request, &der);

	if (n <= 0)
		return err_make(E_CRYPTO, 0, "ocsp: request");
	buf_add(out, der, (size_t)n);
	OPENSSL_free(der);
	return out->full ? err_make(E_LIMIT, 0, "ocsp: request") : err_none();
}

struct err
ocsp_request(struct buf *out, struct span cert, struct span issuer)
{
	OCSP_REQUEST *request = OCSP_REQUEST_new();
	OCSP_CERTID *id = NULL;
	X509 *x = NULL, *ca = NULL;
	struct err e = npki_cert_parse(&x, cert);

	if (!err_is(e))
		e = npki_cert_parse(&ca, issuer);
	if (!err_is(e) && X509_verify(x, X509_get0_pubkey(ca)) != 1)
		e = err_make(E_MISMATCH, 0, "ocsp: not the issuer's");
	if (!err_is(e)) {
		/* SHA-1 names the issuer; every responder knows it */
		id = OCSP_cert_to_id(NULL, x, ca);
		if (request == NULL || id == NULL ||
		    OCSP_request_add0_id(request, id) == NULL) {
			OCSP_CERTID_free(id);
			e = err_make(E_CRYPTO, 0, "ocsp: request");
		}
	}
	if (!err_is(e) && OCSP_request_add1_nonce(request, NULL, -1) != 1)
		e = err_make(E_CRYPTO, 0, "ocsp: nonce");
	if (!err_is(e))
		e = encode(out, request);
	OCSP_REQUEST_free(request);
	X509_free(x);
	X509_free(ca);
	ERR_clear_error();
	return e;
}

static struct err
parse(OCSP_BASICRESP **out, struct span der)
{
	const unsigned char *p = der.p;
	OCSP_RESPONSE *r = NULL;
	struct err e = err_none();

	if (der.n > OCSP_MAX)
		return err_make(E_LIMIT, 0, "ocsp: response");
	r = d2i_OCSP_RESPONSE(NULL, &p, (long)der.n);
	if (r == NULL || p != der.p + der.n)
		e = err_make(E_FORMAT, 0, "ocsp: response");
	else if (OCSP_response_status(r) != OCSP_RESPONSE_STATUS_SUCCESSFUL)
		e = err_make(E_REFUSED, 0, "ocsp: responder's error");
	else if ((*out = OCSP_response_get1_basic(r)) == NULL)
		e = err_make(E_FORMAT, 0, "ocsp: basic response");
	OCSP_RESPONSE_free(r);
	return e;
}

/* The issuing CA is the anchor: its own path was pinned elsewhere. */
static X509_STORE *
anchor(X509 *ca, int64_t now)
{
	X509_STORE *store = X509_STORE_new();

	if (store == NULL || X509_STORE_add_cert(store, ca) != 1) {
		X509_STORE_free(store);
		return NULL;
	}
	X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)now);
	return store;
}

static struct err
check_signature(OCSP_BASICRESP *basic, X509 *ca, int64_t now)
{
	X509_STORE *store = anchor(ca, now);
	STACK_OF(X509) *signers = sk_X509_new_null();
	struct err e = err_none();

	if (store == NULL || signers == NULL || sk_X509_push(signers, ca) <= 0)
		e = err_make(E_NOMEM, 0, "ocsp: store");
	else if (OCSP_basic_verify(basic, signers, store, 0) != 1)
		e = err_make(E_MISMATCH, 0, "ocsp: signature");
	X509_STORE_free(store);
	sk_X509_free(signers);
	return e;
}

static int64_t
to_unix(const ASN1_GENERALIZEDTIME *t)
{
	struct tm tm;

	if (t == NULL || ASN1_TIME_to_tm(t, &tm) != 1)
		return -1;
	/* days since 1970 of a proleptic date: no time zone involved */
	int y = tm.tm_year + 1900 - (tm.tm_mon < 2 ? 1 : 0);
	int m = (tm.tm_mon + 10) % 12;
	int64_t days = 365LL * y + y / 4 - y / 100 + y / 400 +
		       (153 * m + 2) / 5 + tm.tm_mday - 1 - 719468;
	return days * 86400 + tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
}

static struct err
check_times(const ASN1_GENERALIZEDTIME *this_update,
    const ASN1_GENERALIZEDTIME *next_update, int64_t now)
{
	int64_t from = to_unix(this_update), until = from + OCSP_AGE_S;

	if (next_update != NULL)
		until = to_unix(next_update);
	if (from < 0 || from > now + OCSP_SKEW_S || until + OCSP_SKEW_S < now)
		return err_make(E_EXPIRED, 0, "ocsp: validity");
	return err_none();
}

static struct err
read_status(struct ocsp_answer *out, OCSP_BASICRESP *basic,
    OCSP_REQUEST *request, int64_t now)
{
	OCSP_ONEREQ *one = OCSP_request_onereq_get0(request, 0);
	ASN1_GENERALIZEDTIME *revoked = NULL, *from = NULL, *until = NULL;
	int status = V_OCSP_CERTSTATUS_UNKNOWN, reason = OCSP_NO_REASON;
	struct err e;

	if (one == NULL)
		return err_make(E_FORMAT, 0, "ocsp: request");
	if (OCSP_resp_find_status(basic, OCSP_onereq_get0_id(one), &status,
		&reason, &revoked, &from, &until) != 1)
		return err_make(E_MISMATCH, 0, "ocsp: certificate");
	if (err_is(e = check_times(from, until, now)))
		return e;
	out->reason = OCSP_NO_REASON;
	out->at = to_unix(from);
	switch (status) {
	case V_OCSP_CERTSTATUS_GOOD:
		out->status = OCSP_GOOD;
		break;
	case V_OCSP_CERTSTATUS_REVOKED:
		/* a time or reason that is none: not a word to pass on */
		if (to_unix(revoked) < 0 || reason < OCSP_NO_REASON ||
		    reason > OCSP_REVOKED_STATUS_AACOMPROMISE)
			return err_make(E_FORMAT, 0, "ocsp: revocation");
		out->status = OCSP_REVOKED;
		out->reason = reason;
		out->at = to_unix(revoked);
		break;
	default:
		out->status = OCSP_UNKNOWN;
		break;
	}
	return err_none();
}

struct err
ocsp_response(struct ocsp_answer *out, struct span response,
    struct span request, struct span issuer, int64_t now)
{
	const unsigned char *p = request.p;
	OCSP_REQUEST *asked = d2i_OCSP_REQUEST(NULL, &p, (long)request.n);
	OCSP_BASICRESP *basic = NULL;
	X509 *ca = NULL;
	struct err e = npki_cert_parse(&ca, issuer);

	*out = (struct ocsp_answer){ OCSP_UNKNOWN, OCSP_NO_REASON, 0 };
	if (!err_is(e) && asked == NULL)
		e = err_make(E_FORMAT, 0, "ocsp: request");
	if (!err_is(e))
		e = parse(&basic, response);
	if (!err_is(e))
		e = check_signature(basic, ca, now);
	if (!err_is(e) && OCSP_check_nonce(asked, basic) != 1)
		e = err_make(E_MISMATCH, 0, "ocsp: nonce");
	if (!err_is(e))
		e = read_status(out, basic, asked, now);
	OCSP_BASICRESP_free(basic);
	OCSP_REQUEST_free(asked);
	X509_free(ca);
	ERR_clear_error();
	return e;
}
