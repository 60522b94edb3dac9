/*
 * peer/crl.c - a list read by OpenSSL's path validation, which knows scopes,
 * key usages and critical extensions.
 */
#include "peer/crl.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "npki/cert.h"

static struct err
parse(X509_CRL **out, struct span der)
{
	const unsigned char *p = der.p;

	if (der.n == 0 || der.n > CRL_MAX)
		return err_make(E_LIMIT, 0, "crl: size");
	*out = d2i_X509_CRL(NULL, &p, (long)der.n);
	if (*out == NULL || p != der.p + der.n)
		return err_make(E_FORMAT, 0, "crl: list");
	return err_none();
}

static struct err
to_unix(int64_t *out, const ASN1_TIME *t)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days = 0, seconds = 0;
	bool ok = t != NULL && epoch != NULL &&
		  ASN1_TIME_diff(&days, &seconds, epoch, t) == 1;

	ASN1_TIME_free(epoch);
	*out = (int64_t)days * 86400 + seconds;
	return ok ? err_none() : err_make(E_FORMAT, 0, "crl: time");
}

/*
 * Fresh for a clock that may differ a little, unlike OpenSSL's own look: *at is
 * `now`, moved into the list's time.
 */
static struct err
check_times(int64_t *made, int64_t *at, const X509_CRL *crl, int64_t now)
{
	const ASN1_TIME *next = X509_CRL_get0_nextUpdate(crl);
	int64_t until = 0;
	struct err e = to_unix(made, X509_CRL_get0_lastUpdate(crl));

	if (next == NULL)
		return err_make(E_EXPIRED, 0, "crl: nextUpdate");
	if (!err_is(e))
		e = to_unix(&until, next);
	if (!err_is(e) &&
	    (*made > now + CRL_SKEW_S || until + CRL_SKEW_S <= now))
		e = err_make(E_EXPIRED, 0, "crl: validity");
	*at = now < *made ? *made : now < until ? now : until - 1;
	return e;
}

/* What the path says, as one of our errors; revoked is no error. */
static struct err
judge(int verdict, bool *revoked)
{
	*revoked = verdict == X509_V_ERR_CERT_REVOKED;
	switch (verdict) {
	case X509_V_OK:
	case X509_V_ERR_CERT_REVOKED:
		return err_none();
	case X509_V_ERR_CRL_HAS_EXPIRED:
	case X509_V_ERR_CRL_NOT_YET_VALID:
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return err_make(E_EXPIRED, 0, "crl: validity");
	case X509_V_ERR_CRL_SIGNATURE_FAILURE:
	case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
		return err_make(E_MISMATCH, 0, "crl: signature");
	default:
		return err_make(E_MISMATCH, 0, "crl: certificate");
	}
}

/* The issuing CA is the anchor: its own path was pinned elsewhere. */
static struct err
verify(bool *revoked, X509_CRL *crl, X509 *cert, X509 *ca, int64_t at)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	struct err e = err_make(E_NOMEM, 0, "crl: store");

	if (store != NULL && ctx != NULL &&
	    X509_STORE_add_cert(store, ca) == 1 &&
	    X509_STORE_add_crl(store, crl) == 1 &&
	    X509_STORE_CTX_init(ctx, store, cert, NULL) == 1) {
		X509_STORE_CTX_set_flags(
		    ctx, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_PARTIAL_CHAIN);
		X509_VERIFY_PARAM_set_time(
		    X509_STORE_CTX_get0_param(ctx), (time_t)at);
		e = X509_verify_cert(ctx) == 1
			? judge(X509_V_OK, revoked)
			: judge(X509_STORE_CTX_get_error(ctx), revoked);
	}
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	return e;
}

static struct err
read_entry(struct crl_answer *out, X509_CRL *crl, X509 *cert)
{
	X509_REVOKED *r = NULL;
	ASN1_ENUMERATED *reason;
	struct err e;

	if (X509_CRL_get0_by_cert(crl, &r, cert) != 1 || r == NULL)
		return err_make(E_MISMATCH, 0, "crl: entry");
	if (err_is(e = to_unix(&out->at, X509_REVOKED_get0_revocationDate(r))))
		return e;
	reason = X509_REVOKED_get_ext_d2i(r, NID_crl_reason, NULL, NULL);
	if (reason != NULL)
		out->reason = (int)ASN1_ENUMERATED_get(reason);
	ASN1_ENUMERATED_free(reason);
	return err_none();
}

static struct err
status(struct crl_answer *out, X509_CRL *crl, X509 *cert, X509 *ca, int64_t now)
{
	struct crl_answer a = { .reason = CRL_NO_REASON };
	struct err e;
	int64_t at = 0;

	if (X509_NAME_cmp(
		X509_CRL_get_issuer(crl), X509_get_subject_name(ca)) != 0)
		return err_make(E_MISMATCH, 0, "crl: issuer");
	if (err_is(e = check_times(&a.made, &at, crl, now)))
		return e;
	e = verify(&a.revoked, crl, cert, ca, at);
	a.at = a.made;
	if (!err_is(e) && a.revoked)
		e = read_entry(&a, crl, cert);
	if (!err_is(e))
		*out = a;
	return e;
}

struct err
crl_status(struct crl_answer *out, struct span crl, struct span cert,
    struct span issuer, int64_t now)
{
	X509_CRL *list = NULL;
	X509 *x = NULL, *ca = NULL;
	struct err e = parse(&list, crl);

	if (!err_is(e))
		e = npki_cert_parse(&x, cert);
	if (!err_is(e))
		e = npki_cert_parse(&ca, issuer);
	if (!err_is(e))
		e = status(out, list, x, ca, now);
	X509_CRL_free(list);
	X509_free(x);
	X509_free(ca);
	ERR_clear_error();
	return e;
}
