/*
 * sandbox/cmp_error.c - error messages with the right PKIFailureInfo.
 *
 * OpenSSL's server answers every failure with badRequest and cannot answer
 * what it cannot decode; RFC 9810 sections 5.3.21 and 5.1.1 say more.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/crmf.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "cmp.h"
#include "npki/der.h"

enum { PBM_ITERATIONS = 1000, SALT = 16, NONCE = 16, MESSAGE_MAX = 8192 };

static struct err
crypto(const char *where)
{
	return err_make(E_CRYPTO, 0, where);
}

/* [number] EXPLICIT around one primitive element. */
static void
put_tagged(struct buf *b, uint8_t number, uint8_t tag, struct span value)
{
	size_t from = b->n;

	if (value.n == 0)
		return;
	der_put(b, tag, value);
	der_wrap(b, from, (uint8_t)(DER_CONTEXT + number));
}

/* AlgorithmIdentifier of PBM with fresh parameters, or sha256WithRSA. */
static struct err
put_algorithm(struct buf *b, OSSL_CRMF_PBMPARAMETER *pbm)
{
	static const uint8_t pbm_oid[] = { 0x2a, 0x86, 0x48, 0x86, 0xf6, 0x7d,
		0x07, 0x42, 0x0d };
	static const uint8_t rsa_oid[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
		0x01, 0x01, 0x0b };
	unsigned char *params = NULL;
	size_t from = b->n;
	int n;

	if (pbm == NULL) {
		der_put(b, DER_OID, span_make(rsa_oid, sizeof rsa_oid));
		der_put(b, DER_NULL, span_make(NULL, 0));
	} else {
		der_put(b, DER_OID, span_make(pbm_oid, sizeof pbm_oid));
		n = i2d_OSSL_CRMF_PBMPARAMETER(pbm, &params);
		if (n <= 0)
			return crypto("cmp: PBM parameters");
		buf_add(b, params, (size_t)n);
		OPENSSL_free(params);
	}
	der_wrap(b, from, DER_SEQUENCE);
	der_wrap(b, from, DER_CONTEXT + 1);
	return err_none();
}

static struct err
put_name(struct buf *b, const X509_NAME *name)
{
	unsigned char *der = NULL;
	int n = i2d_X509_NAME(name, &der);

	if (n <= 0)
		return crypto("cmp: name");
	der_put(b, DER_CONTEXT + 4, span_make(der, (size_t)n));
	OPENSSL_free(der);
	return err_none();
}

static void
put_recipient(struct buf *b, const struct cmp_call *c)
{
	static const uint8_t nobody[] = { DER_SEQUENCE, 0 };

	der_put(b, DER_CONTEXT + 4,
	    c->w.sender.n > 0 ? c->w.sender : span_make(nobody, sizeof nobody));
}

static struct err
put_header(struct buf *b, const struct cmp_call *c, OSSL_CRMF_PBMPARAMETER *pbm)
{
	const X509 *ca = c->sb->ca.ca[AUTHORITY_YESSIGN].cert;
	time_t now = (time_t)sandbox_now(c->sb);
	uint8_t nonce[NONCE];
	char at[32];
	struct tm tm;
	struct err e;

	if (RAND_bytes(nonce, sizeof nonce) != 1 || gmtime_r(&now, &tm) == NULL)
		return crypto("cmp: header");
	strftime(at, sizeof at, "%Y%m%d%H%M%SZ", &tm);
	der_put(b, DER_INTEGER, span_make("\x02", 1));
	e = put_name(b, X509_get_subject_name(ca));
	put_recipient(b, c);
	put_tagged(b, 0, 0x18 /* GeneralizedTime */, span_str(at));
	if (!err_is(e))
		e = put_algorithm(b, pbm);
	if (pbm != NULL)
		put_tagged(b, 2, DER_OCTET_STRING, c->w.kid);
	put_tagged(b, 4, DER_OCTET_STRING, c->w.tid);
	put_tagged(b, 5, DER_OCTET_STRING, span_make(nonce, sizeof nonce));
	put_tagged(b, 6, DER_OCTET_STRING, c->w.nonce);
	der_wrap(b, 0, DER_SEQUENCE);
	return e;
}

/* PKIFailureInfo with one bit: trailing zero bits are left out in DER. */
static void
put_fail_info(struct buf *b, int bit)
{
	uint8_t value[1 + OSSL_CMP_PKIFAILUREINFO_MAX / 8 + 1] = { 0 };

	value[0] = (uint8_t)(7 - bit % 8);
	value[1 + bit / 8] = (uint8_t)(0x80 >> bit % 8);
	der_put(b, DER_BIT_STRING, span_make(value, (size_t)(2 + bit / 8)));
}

static void
put_body(struct buf *b, const struct cmp_call *c)
{
	size_t from = b->n, text;

	der_put(b, DER_INTEGER, span_make("\x02", 1)); /* rejection */
	text = b->n;
	der_put(b, DER_UTF8, span_str(c->fail_text));
	der_wrap(b, text, DER_SEQUENCE);
	put_fail_info(b, c->fail);
	der_wrap(b, from, DER_SEQUENCE); /* PKIStatusInfo */
	der_wrap(b, from, DER_SEQUENCE); /* ErrorMsgContent */
	der_wrap(b, from, DER_CONTEXT + BODY_ERROR);
}

static struct err
mac(const struct cmp_call *c, const OSSL_CRMF_PBMPARAMETER *pbm,
    struct span part, struct buf *b)
{
	const char *code = rec_text(c->enrollment, "authcode");
	unsigned char *out = NULL;
	size_t n = 0;

	if (OSSL_CRMF_pbm_new(NULL, NULL, pbm, part.p, part.n,
		(const unsigned char *)code, strlen(code), &out, &n) != 1)
		return crypto("cmp: MAC");
	buf_add(b, out, n);
	OPENSSL_free(out);
	return err_none();
}

static struct err
sign(const struct cmp_call *c, struct span part, struct buf *b)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t signature[1024];
	size_t n = sizeof signature;
	bool ok = ctx != NULL &&
		  EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL,
		      c->sb->ca.ca[AUTHORITY_YESSIGN].key) == 1 &&
		  EVP_DigestSign(ctx, signature, &n, part.p, part.n) == 1;

	EVP_MD_CTX_free(ctx);
	if (!ok)
		return crypto("cmp: signature");
	buf_add(b, signature, n);
	return err_none();
}

/* protection [0] BIT STRING over SEQUENCE { header, body }; extraCerts [1]. */
static struct err
protect(struct buf *b, const struct cmp_call *c, OSSL_CRMF_PBMPARAMETER *pbm)
{
	uint8_t room[MESSAGE_MAX];
	struct buf part = buf_make(room, sizeof room);
	unsigned char *ca = NULL;
	size_t from = b->n;
	struct err e;
	int n;

	der_put(&part, DER_SEQUENCE, buf_span(b));
	buf_add_byte(b, 0); /* no unused bits */
	e = pbm != NULL ? mac(c, pbm, buf_span(&part), b)
			: sign(c, buf_span(&part), b);
	der_wrap(b, from, DER_BIT_STRING);
	der_wrap(b, from, DER_CONTEXT);
	if (err_is(e) || pbm != NULL)
		return e;
	from = b->n;
	n = i2d_X509(c->sb->ca.ca[AUTHORITY_YESSIGN].cert, &ca);
	if (n <= 0)
		return crypto("cmp: CA certificate");
	buf_add(b, ca, (size_t)n);
	OPENSSL_free(ca);
	der_wrap(b, from, DER_SEQUENCE);
	der_wrap(b, from, DER_CONTEXT + 1);
	return e;
}

struct err
cmp_error_message(const struct cmp_call *c, struct buf *out)
{
	OSSL_CRMF_PBMPARAMETER *pbm = NULL;
	struct err e = err_none();

	if (c->authentic && c->signer == SIGNER_REF) {
		pbm = OSSL_CRMF_pbmp_new(
		    NULL, SALT, NID_sha256, PBM_ITERATIONS, NID_hmacWithSHA256);
		if (pbm == NULL)
			e = crypto("cmp: PBM");
	}
	if (!err_is(e))
		e = put_header(out, c, pbm);
	put_body(out, c);
	if (!err_is(e))
		e = protect(out, c, pbm);
	der_wrap(out, 0, DER_SEQUENCE);
	OSSL_CRMF_PBMPARAMETER_free(pbm);
	if (!err_is(e) && out->full)
		e = err_make(E_LIMIT, 0, "cmp: error message");
	return e;
}
