/*
 * fake_ca.c - OSSL_CMP_SRV_CTX with certificates after the Korean profile.
 */
#include "fake_ca.h"

#include <assert.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "npki/name.h"
#include "npki/npki.h"
#include "npki/vid.h"
#include "peer/cmp.h"

#define CA_ISSUES "critical,keyCertSign,cRLSign"
#define CA_SIGNS  CA_ISSUES ",digitalSignature"

enum { DAY = 86400 };

static X509_NAME *
make_name(const char *o, const char *cn)
{
	struct name_part parts[] = { { "C", "KR" }, { "O", o }, { "CN", cn } };
	X509_NAME *name = NULL;
	struct err e = name_build(&name, parts, 3);

	assert(!err_is(e));
	return name;
}

static void
add_ext(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	CONF *none = NCONF_new(NULL); /* policies refuse to do without */
	X509_EXTENSION *x;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	X509V3_set_nconf(&ctx, none);
	x = X509V3_EXT_nconf_nid(none, &ctx, nid, value);
	assert(x != NULL && X509_add_ext(cert, x, -1));
	X509_EXTENSION_free(x);
	NCONF_free(none);
}

static X509 *
blank(const X509_NAME *subject, const X509_NAME *issuer, EVP_PKEY *key,
    int64_t not_before, int64_t not_after)
{
	static long serial = 0x4711;
	X509 *cert = X509_new();

	assert(cert != NULL);
	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), ++serial);
	X509_set_subject_name(cert, subject);
	X509_set_issuer_name(cert, issuer);
	ASN1_TIME_set(X509_getm_notBefore(cert), not_before);
	ASN1_TIME_set(X509_getm_notAfter(cert), not_after);
	X509_set_pubkey(cert, key);
	return cert;
}

static X509 *
make_ca(const X509_NAME *subject, EVP_PKEY *key, X509 *issuer,
    EVP_PKEY *issuer_key, const char *usage)
{
	int64_t now = time(NULL);
	X509 *cert = blank(subject,
	    issuer != NULL ? X509_get_subject_name(issuer) : subject, key,
	    now - DAY, now + 3650 * (int64_t)DAY);

	X509 *by = issuer != NULL ? issuer : cert;
	add_ext(cert, by, NID_subject_key_identifier, "hash");
	add_ext(cert, by, NID_authority_key_identifier, "keyid:always");
	add_ext(cert, by, NID_basic_constraints, "critical,CA:TRUE");
	add_ext(cert, by, NID_key_usage, usage);
	assert(X509_sign(cert, issuer_key, EVP_sha256()) > 0);
	return cert;
}

static void
add_san(X509 *cert, const uint8_t *vid)
{
	uint8_t room[512];
	struct buf b = buf_make(room, sizeof room);
	struct identify_data id = { .name = "홍길동",
		.has_vid = true,
		.hash = VID_SHA256,
		.vid_n = 32 };
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *x;
	struct err e;

	memcpy(id.vid, vid, 32);
	e = identify_data_encode(&b, &id);
	assert(!err_is(e));
	ASN1_OCTET_STRING_set(value, room, (int)b.n);
	x = X509_EXTENSION_create_by_NID(NULL, NID_subject_alt_name, 0, value);
	assert(x != NULL && X509_add_ext(cert, x, -1));
	X509_EXTENSION_free(x);
	ASN1_OCTET_STRING_free(value);
}

X509 *
fake_ca_issue(struct fake_ca *ca, EVP_PKEY *key, const uint8_t *vid)
{
	int64_t now = time(NULL);
	int64_t start = now - (now + KST_OFFSET_S) % DAY;
	bool wrong_day = ca->lie == LIE_EXPIRY;
	EVP_PKEY *signer = ca->lie == LIE_CHAIN ? ca->root_key : ca->key;
	X509_NAME *name = ca->lie == LIE_SUBJECT
			      ? make_name("yessign", "성춘향()0002")
			      : X509_NAME_dup(ca->subject);
	X509 *cert = blank(name, X509_get_subject_name(ca->cert), key, start,
	    ca->not_after + (wrong_day ? DAY : 0));

	X509_NAME_free(name);
	add_ext(cert, ca->cert, NID_authority_key_identifier,
	    "keyid:always,issuer:always");
	add_ext(cert, ca->cert, NID_subject_key_identifier, "hash");
	add_ext(cert, ca->cert, NID_key_usage,
	    "critical,digitalSignature,nonRepudiation");
	add_ext(cert, ca->cert, NID_certificate_policies,
	    ca->lie == LIE_POLICY ? "critical,1.2.410.200005.1.1.1"
				  : "critical," FAKE_POLICY);
	if (ca->lie != LIE_NO_VID)
		add_san(cert, vid);
	add_ext(cert, ca->cert, NID_crl_distribution_points,
	    "URI:http://127.0.0.1/crl");
	if (ca->lie != LIE_PROFILE)
		add_ext(cert, ca->cert, NID_info_access,
		    "OCSP;URI:http://127.0.0.1/ocsp");
	assert(X509_sign(cert, signer, EVP_sha256()) > 0);
	return cert;
}

/* The VID the CA computes from R and the number it knows. */
static bool
read_vid(struct fake_ca *ca, uint8_t vid[VID_MAX], struct span der)
{
	struct span value;
	struct evid evid;
	const char *number = ca->lie == LIE_VID ? "8001011234567" : FAKE_NUMBER;

	if (ca->lie == LIE_NO_VID)
		return true;
	if (ca->lie == LIE_OWN_VID)
		return !err_is(vid_compute(vid, span_str(number),
		    (const uint8_t *)"12345678901234567890", VID_SHA256));
	return !err_is(cmp_general_info(
		   &value, der, npki_oid_der(NPKI_OID_ENCRYPTED_VID))) &&
	       !err_is(vid_decrypt(&evid, value, ca->key)) &&
	       !err_is(vid_compute(
		   vid, span_str(number), evid.r_secret, VID_SHA256));
}

static EVP_PKEY *
requested_key(struct fake_ca *ca, struct span der)
{
	uint8_t room[1024];
	struct buf spki = buf_make(room, sizeof room);
	const unsigned char *p = room;

	if (ca->lie == LIE_KEY)
		return EVP_RSA_gen(2048);
	if (err_is(cmp_request_spki(&spki, der)))
		return NULL;
	return d2i_PUBKEY(NULL, &p, (long)spki.n);
}

static OSSL_CMP_PKISI *
on_request(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *req, int id,
    const OSSL_CRMF_MSG *crm, const X509_REQ *p10, X509 **out,
    STACK_OF(X509) * *chain, STACK_OF(X509) * *ca_pubs)
{
	struct fake_ca *ca = OSSL_CMP_SRV_CTX_get0_custom_ctx(srv);
	unsigned char *der = NULL;
	uint8_t vid[VID_MAX];
	EVP_PKEY *key;
	int n;

	if (ca->lie == LIE_REFUSE)
		return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_rejection,
		    OSSL_CMP_CTX_FAILINFO_notAuthorized, "not\x1b[2J today");
	if (ca->polls > 0) {
		ca->waiting = OSSL_CMP_MSG_dup(req);
		return OSSL_CMP_STATUSINFO_new(
		    OSSL_CMP_PKISTATUS_waiting, 0, NULL);
	}
	n = i2d_OSSL_CMP_MSG(req, &der);
	key = requested_key(ca, span_make(der, (size_t)n));
	if (key == NULL || !read_vid(ca, vid, span_make(der, (size_t)n))) {
		EVP_PKEY_free(key);
		OPENSSL_free(der);
		return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_rejection,
		    OSSL_CMP_CTX_FAILINFO_badCertTemplate, "no VID");
	}
	X509_free(ca->last);
	ca->last = fake_ca_issue(ca, key, vid);
	*out = X509_dup(ca->last);
	/* an attempt to slip a trust anchor in */
	*ca_pubs = sk_X509_new_null();
	sk_X509_push(*ca_pubs, X509_dup(ca->ra));
	ca->issued++;
	EVP_PKEY_free(key);
	OPENSSL_free(der);
	return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_accepted, 0, NULL);
}

static int
on_poll(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *req, int id,
    OSSL_CMP_MSG **original, int64_t *check_after)
{
	struct fake_ca *ca = OSSL_CMP_SRV_CTX_get0_custom_ctx(srv);

	*original = NULL;
	*check_after = 0;
	if (--ca->polls > 0)
		return 1;
	ca->polls = 0;
	*original = ca->waiting;
	ca->waiting = NULL;
	return 1;
}

static int
on_cert_conf(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *req, int id,
    const ASN1_OCTET_STRING *hash, const OSSL_CMP_PKISI *si)
{
	struct fake_ca *ca = OSSL_CMP_SRV_CTX_get0_custom_ctx(srv);
	char text[256] = "";

	if (si != NULL)
		OSSL_CMP_snprint_PKIStatusInfo(si, text, sizeof text);
	if (strstr(text, "rejection") != NULL)
		ca->rejected++;
	else
		ca->confirmed++;
	return 1;
}

static OSSL_CMP_PKISI *
on_rr(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *req, const X509_NAME *issuer,
    const ASN1_INTEGER *serial)
{
	static const uint8_t reason[] = { 0x06, 0x03, 0x55, 0x1d, 0x15 };
	struct fake_ca *ca = OSSL_CMP_SRV_CTX_get0_custom_ctx(srv);
	unsigned char *der = NULL;
	int n = i2d_OSSL_CMP_MSG(req, &der);

	ca->rr_count++;
	ca->rr_reason = -1;
	for (int i = 0; i + 12 < n; i++)
		if (memcmp(der + i, reason, sizeof reason) == 0)
			ca->rr_reason = der[i + 9];
	OPENSSL_free(der);
	return OSSL_CMP_STATUSINFO_new(ca->rr_fail != 0
					   ? OSSL_CMP_PKISTATUS_rejection
					   : OSSL_CMP_PKISTATUS_accepted,
	    ca->rr_fail, NULL);
}

static int
on_genm(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *req,
    const STACK_OF(OSSL_CMP_ITAV) * in, STACK_OF(OSSL_CMP_ITAV) * *out)
{
	return 0;
}

static void
on_error(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *req,
    const OSSL_CMP_PKISI *si, const ASN1_INTEGER *code,
    const OSSL_CMP_PKIFREETEXT *details)
{
}

static void
open_server(struct fake_ca *ca, struct span request)
{
	struct cmp_head head;
	OSSL_CMP_CTX *ctx;

	ca->srv = OSSL_CMP_SRV_CTX_new(NULL, NULL);
	assert(ca->srv != NULL);
	OSSL_CMP_SRV_CTX_init(ca->srv, ca, on_request, on_rr, on_genm, on_error,
	    on_cert_conf, on_poll);
	ctx = OSSL_CMP_SRV_CTX_get0_cmp_ctx(ca->srv);
	OSSL_CMP_CTX_set1_cert(ctx, ca->sign_as_ra ? ca->ra : ca->cert);
	OSSL_CMP_CTX_set1_pkey(ctx, ca->sign_as_ra ? ca->ra_key : ca->key);
	/* an rr must be the pinned RA's; it would ask the same of an ir */
	if (!err_is(cmp_head_read(&head, request)) && head.kind == CMP_RR)
		OSSL_CMP_CTX_set1_srvCert(ctx, ca->ra);
	OSSL_CMP_CTX_set1_referenceValue(
	    ctx, (const unsigned char *)FAKE_REF, (int)strlen(FAKE_REF));
	OSSL_CMP_CTX_set1_secretValue(ctx, (const unsigned char *)ca->authcode,
	    (int)strlen(ca->authcode));
}

static X509 *
make_ra(struct fake_ca *ca)
{
	X509_NAME *name = make_name("dasi", "RA");
	int64_t now = time(NULL);
	X509 *ra = blank(name, X509_get_subject_name(ca->cert), ca->ra_key,
	    now - DAY, now + 365 * (int64_t)DAY);

	add_ext(ra, ca->cert, NID_subject_key_identifier, "hash");
	add_ext(ra, ca->cert, NID_authority_key_identifier, "keyid:always");
	add_ext(ra, ca->cert, NID_key_usage, "critical,digitalSignature");
	assert(X509_sign(ra, ca->key, EVP_sha256()) > 0);
	X509_NAME_free(name);
	return ra;
}

void
fake_ca_open(struct fake_ca *ca)
{
	X509_NAME *root = make_name("KISA", "시험 최상위"),
		  *issuing = make_name("yessign", "시험 발급기관");
	int64_t now = time(NULL);
	int64_t midnight = now - (now + KST_OFFSET_S) % DAY;
	struct err e = npki_init();

	assert(!err_is(e));
	memset(ca, 0, sizeof *ca);
	ca->authcode = FAKE_AUTH;
	ca->root_key = EVP_RSA_gen(2048);
	ca->key = EVP_RSA_gen(2048);
	ca->ra_key = EVP_RSA_gen(2048);
	ca->root = make_ca(root, ca->root_key, NULL, ca->root_key, CA_SIGNS);
	ca->cert = make_ca(issuing, ca->key, ca->root, ca->root_key, CA_SIGNS);
	ca->ra = make_ra(ca);
	ca->subject = make_name("yessign", "홍길동()0001");
	ca->not_after = midnight + 200 * (int64_t)DAY - 1;
	X509_NAME_free(root);
	X509_NAME_free(issuing);
}

static void
replace_cert(
    struct fake_ca *ca, X509 *issuer, EVP_PKEY *issuer_key, const char *usage)
{
	X509 *old = ca->cert;

	ca->cert = make_ca(
	    X509_get_subject_name(old), ca->key, issuer, issuer_key, usage);
	X509_free(old);
}

void
fake_ca_go_down(struct fake_ca *ca)
{
	X509_NAME *name = make_name("yessign", "시험 중간기관");

	ca->middle_key = EVP_RSA_gen(2048);
	ca->middle = make_ca(
	    name, ca->middle_key, ca->root, ca->root_key, CA_ISSUES);
	replace_cert(ca, ca->middle, ca->middle_key, CA_SIGNS);
	X509_NAME_free(name);
}

void
fake_ca_only_issue(struct fake_ca *ca)
{
	replace_cert(ca, ca->root, ca->root_key, CA_ISSUES);
}

void
fake_ca_close(struct fake_ca *ca)
{
	OSSL_CMP_SRV_CTX_free(ca->srv);
	OSSL_CMP_MSG_free(ca->waiting);
	EVP_PKEY_free(ca->root_key);
	EVP_PKEY_free(ca->middle_key);
	EVP_PKEY_free(ca->key);
	EVP_PKEY_free(ca->ra_key);
	X509_free(ca->root);
	X509_free(ca->middle);
	X509_free(ca->cert);
	X509_free(ca->ra);
	X509_free(ca->last);
	X509_NAME_free(ca->subject);
	ERR_clear_error();
}

bool
fake_ca_answer(struct fake_ca *ca, struct buf *out, struct span request)
{
	const unsigned char *p = request.p;
	OSSL_CMP_MSG *req = d2i_OSSL_CMP_MSG(NULL, &p, (long)request.n), *rsp;
	unsigned char *der = NULL;
	int n;

	ca->messages++;
	if (req == NULL)
		return false;
	if (ca->srv == NULL)
		open_server(ca, request);
	rsp = OSSL_CMP_SRV_process_request(ca->srv, req);
	OSSL_CMP_MSG_free(req);
	n = rsp == NULL ? 0 : i2d_OSSL_CMP_MSG(rsp, &der);
	OSSL_CMP_MSG_free(rsp);
	if (n <= 0)
		return false;
	buf_add(out, der, (size_t)n);
	OPENSSL_free(der);
	ERR_clear_error();
	return !out->full;
}
