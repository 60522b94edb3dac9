/*
 * sandbox/mint.c - building subscriber certificates.
 */
#include <stdio.h>
#include <string.h>

#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "base/utf8.h"
#include "mint.h"
#include "npki/der.h"

enum { EXTENSION_MAX = 1024, URL_MAX = 512 };

static const char notice[] = "이 인증서는 시험용 인증서입니다";
static const char cps[] = "http://www.yessign.or.kr/cps.htm";

/* id-qt-unotice and id-qt-cps, content */
static const uint8_t qt_unotice[] = { 0x2b, 6, 1, 5, 5, 7, 2, 2 };
static const uint8_t qt_cps[] = { 0x2b, 6, 1, 5, 5, 7, 2, 1 };

static struct err
crypto(const char *where)
{
	return err_make(E_CRYPTO, 0, where);
}

/* Append UTF-8 text as UCS-2, big endian. */
static void
put_bmp(struct buf *b, const char *s)
{
	size_t left = strlen(s), n;
	uint32_t cp;

	for (; (n = utf8_decode(&cp, s, left)) != 0; s += n, left -= n) {
		buf_add_byte(b, (uint8_t)(cp >> 8));
		buf_add_byte(b, (uint8_t)cp);
	}
}

static struct err
put_oid(struct buf *b, const char *dotted)
{
	ASN1_OBJECT *o = OBJ_txt2obj(dotted, 1);
	size_t n = OBJ_length(o);

	if (o != NULL && n > 0)
		der_put(b, DER_OID, span_make(OBJ_get0_data(o), n));
	ASN1_OBJECT_free(o);
	return n > 0 ? err_none() : err_make(E_ARG, 0, "mint: policy");
}

/*
 * certificatePolicies: one policy; userNotice with an explicitText, then CPS.
 */
static struct err
policies(struct buf *b, const char *policy)
{
	struct err e = put_oid(b, policy);
	size_t from = b->n, item;

	der_put(b, DER_OID, span_make(qt_unotice, sizeof qt_unotice));
	item = b->n;
	put_bmp(b, notice);
	der_wrap(b, item, DER_BMP);
	der_wrap(b, item, DER_SEQUENCE);
	der_wrap(b, from, DER_SEQUENCE);
	item = b->n;
	der_put(b, DER_OID, span_make(qt_cps, sizeof qt_cps));
	der_put(b, 0x16 /* IA5String */, span_str(cps));
	der_wrap(b, item, DER_SEQUENCE);
	der_wrap(b, from, DER_SEQUENCE);
	der_wrap(b, 0, DER_SEQUENCE);
	der_wrap(b, 0, DER_SEQUENCE);
	return b->full ? err_make(E_LIMIT, 0, "mint: policies") : e;
}

static bool
add_raw(X509 *cert, int nid, bool critical, struct span der)
{
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *x = NULL;
	bool ok;

	ok = value != NULL &&
	     ASN1_OCTET_STRING_set(value, der.p, (int)der.n) == 1 &&
	     (x = X509_EXTENSION_create_by_NID(NULL, nid, critical, value)) !=
		 NULL &&
	     X509_add_ext(cert, x, -1) == 1;
	X509_EXTENSION_free(x);
	ASN1_OCTET_STRING_free(value);
	return ok;
}

static bool
add_text(
    X509 *cert, X509V3_CTX *ctx, int nid, const char *prefix, const char *value)
{
	char text[URL_MAX];
	X509_EXTENSION *x;
	bool ok;

	if (snprintf(text, sizeof text, "%s%s", prefix, value) >=
	    (int)sizeof text)
		return false;
	x = X509V3_EXT_conf_nid(NULL, ctx, nid, text);
	ok = x != NULL && X509_add_ext(cert, x, -1) == 1;
	X509_EXTENSION_free(x);
	return ok;
}

/* In the order the samples have them. */
static struct err
add_extensions(X509 *cert, const struct mint *m)
{
	static const uint8_t usage[] = { 0x03, 0x02, 0x06, 0xc0 };
	uint8_t policy_room[EXTENSION_MAX], san_room[EXTENSION_MAX];
	struct buf policy = buf_make(policy_room, sizeof policy_room);
	struct buf san = buf_make(san_room, sizeof san_room);
	X509V3_CTX ctx;
	struct err e = policies(&policy, m->policy);

	if (!err_is(e))
		e = identify_data_encode(&san, m->holder);
	if (err_is(e))
		return e;
	X509V3_set_ctx(&ctx, m->by->cert, cert, NULL, NULL, 0);
	if (!add_text(cert, &ctx, NID_authority_key_identifier, "",
		"keyid:always,issuer:always") ||
	    !add_text(cert, &ctx, NID_subject_key_identifier, "", "hash") ||
	    !add_raw(
		cert, NID_key_usage, true, span_make(usage, sizeof usage)) ||
	    !add_raw(cert, NID_certificate_policies, true, buf_span(&policy)) ||
	    !add_raw(cert, NID_subject_alt_name, false, buf_span(&san)) ||
	    !add_text(
		cert, &ctx, NID_crl_distribution_points, "URI:", m->crl_url) ||
	    !add_text(cert, &ctx, NID_info_access, "OCSP;URI:", m->ocsp_url))
		return crypto("mint: extensions");
	return err_none();
}

struct err
mint_certificate(X509 **out, const struct mint *m)
{
	X509 *c = X509_new();
	struct err e = crypto("mint: certificate");

	*out = NULL;
	if (c == NULL || X509_set_version(c, X509_VERSION_3) != 1 ||
	    ASN1_INTEGER_set_uint64(X509_get_serialNumber(c), m->serial) != 1 ||
	    X509_set_issuer_name(c, X509_get_subject_name(m->by->cert)) != 1 ||
	    X509_set_subject_name(c, m->subject) != 1 ||
	    ASN1_TIME_set(X509_getm_notBefore(c), m->not_before) == NULL ||
	    ASN1_TIME_set(X509_getm_notAfter(c), m->not_after) == NULL ||
	    X509_set_pubkey(c, m->key) != 1)
		goto out;
	e = add_extensions(c, m);
	if (!err_is(e) && X509_sign(c, m->by->key, EVP_sha256()) == 0)
		e = crypto("mint: signature");
	if (!err_is(e)) {
		*out = c;
		c = NULL;
	}
out:
	X509_free(c);
	return e;
}
