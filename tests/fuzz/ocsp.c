/*
 * Fuzz target: answers of an OCSP responder.
 *
 * Odd inputs are whole responses, which nobody signed: none may be believed.
 * Even ones are the ResponseData alone; the CA's key signs it here, so that
 * what stands behind the signature is read too.
 */
#define _GNU_SOURCE
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "fuzz.h"
#include "npki/der.h"
#include "npki/npki.h"
#include "peer/ocsp.h"

enum {
	NOW = 1795305600, /* 2026-11-22 */
	SERIAL = 0x5e71a1,
	NONCE = 16,
	DER_ENUMERATED = 0x0a
};

static const uint8_t nonce[NONCE] = "a nonce of fuzz";
static EVP_PKEY *ca_key, *other_key;
static uint8_t ca_der[2048], other_der[2048], request_der[512];
static size_t ca_n, other_n, request_n;

static EVP_PKEY *
key_of(uint8_t seed)
{
	uint8_t raw[32] = { seed };

	return EVP_PKEY_new_raw_private_key(
	    EVP_PKEY_ED25519, NULL, raw, sizeof raw);
}

static X509 *
ca_of(EVP_PKEY *key)
{
	X509 *c = X509_new();
	X509_NAME *name = X509_get_subject_name(c);
	X509_EXTENSION *x = X509V3_EXT_conf_nid(
	    NULL, NULL, NID_basic_constraints, "critical,CA:TRUE");

	X509_set_version(c, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(c), 1);
	X509_NAME_add_entry_by_txt(
	    name, "CN", MBSTRING_UTF8, (const unsigned char *)"CA", -1, -1, 0);
	X509_set_issuer_name(c, name);
	ASN1_TIME_set_string(X509_getm_notBefore(c), "20200101000000Z");
	ASN1_TIME_set_string(X509_getm_notAfter(c), "20400101000000Z");
	X509_set_pubkey(c, key);
	X509_add_ext(c, x, -1);
	X509_EXTENSION_free(x);
	must(X509_sign(c, key, NULL) > 0, "the CA signs itself");
	return c;
}

/* The request with a nonce that does not change from run to run. */
static void
ask(X509 *ca)
{
	OCSP_REQUEST *request = OCSP_REQUEST_new();
	ASN1_INTEGER *serial = ASN1_INTEGER_new();
	uint8_t copy[NONCE];
	uint8_t *p = request_der;

	memcpy(copy, nonce, sizeof copy);
	ASN1_INTEGER_set(serial, SERIAL);
	OCSP_request_add0_id(
	    request, OCSP_cert_id_new(EVP_sha1(), X509_get_subject_name(ca),
			 X509_get0_pubkey_bitstr(ca), serial));
	OCSP_request_add1_nonce(request, copy, NONCE);
	request_n = (size_t)i2d_OCSP_REQUEST(request, &p);
	ASN1_INTEGER_free(serial);
	OCSP_REQUEST_free(request);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	uint8_t *p = ca_der, *q = other_der;
	X509 *ca, *other;

	(void)argc;
	(void)argv;
	if (err_is(npki_init()))
		abort();
	ca_key = key_of(1);
	other_key = key_of(2);
	ca = ca_of(ca_key);
	other = ca_of(other_key);
	ca_n = (size_t)i2d_X509(ca, &p);
	other_n = (size_t)i2d_X509(other, &q);
	ask(ca);
	X509_free(ca);
	X509_free(other);
	return 0;
}

/* A successful response of the CA over these bytes; 0 when there is no room. */
static size_t
sign(uint8_t *room, size_t cap, struct span tbs)
{
	static const uint8_t ed25519[] = { 0x06, 0x03, 0x2b, 0x65, 0x70 };
	static const uint8_t basic_oid[] = { 0x06, 0x09, 0x2b, 0x06, 0x01, 0x05,
		0x05, 0x07, 0x30, 0x01, 0x01 };
	static const uint8_t successful[] = { DER_ENUMERATED, 1, 0 };
	uint8_t bits[1 + 64] = { 0 };
	size_t n = sizeof bits - 1;
	struct buf b = buf_make(room, cap);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	must(EVP_DigestSignInit(ctx, NULL, NULL, NULL, ca_key) == 1 &&
		 EVP_DigestSign(ctx, bits + 1, &n, tbs.p, tbs.n) == 1,
	    "the CA signs");
	EVP_MD_CTX_free(ctx);
	buf_add(&b, tbs.p, tbs.n);
	der_put(&b, DER_SEQUENCE, span_make(ed25519, sizeof ed25519));
	der_put(&b, DER_BIT_STRING, span_make(bits, sizeof bits));
	der_wrap(&b, 0, DER_SEQUENCE);
	der_wrap(&b, 0, DER_OCTET_STRING);
	if (b.full || b.n + sizeof basic_oid > cap)
		return 0;
	memmove(room + sizeof basic_oid, room, b.n);
	memcpy(room, basic_oid, sizeof basic_oid);
	b.n += sizeof basic_oid;
	der_wrap(&b, 0, DER_SEQUENCE);
	der_wrap(&b, 0, DER_CONTEXT);
	if (b.full || b.n + sizeof successful > cap)
		return 0;
	memmove(room + sizeof successful, room, b.n);
	memcpy(room, successful, sizeof successful);
	b.n += sizeof successful;
	der_wrap(&b, 0, DER_SEQUENCE);
	return b.full ? 0 : b.n;
}

static void
check_error(struct err e, const struct ocsp_answer *a)
{
	must(e.code == E_LIMIT || e.code == E_FORMAT || e.code == E_REFUSED ||
		 e.code == E_MISMATCH || e.code == E_EXPIRED ||
		 e.code == E_NOMEM,
	    "a bad answer is told by kind");
	must(a->status == OCSP_UNKNOWN, "and never reads as good");
}

static void
check_answer(const struct ocsp_answer *a, struct span tbs)
{
	static const uint8_t serial[] = { 0x02, 0x03, 0x5e, 0x71, 0xa1 };

	must((unsigned)a->status < OCSP_STATUS_COUNT, "a status is known");
	must(memmem(tbs.p, tbs.n, nonce, NONCE) != NULL,
	    "an answer has the nonce");
	must(memmem(tbs.p, tbs.n, serial, sizeof serial) != NULL,
	    "an answer is about the certificate");
	must(a->reason >= OCSP_NO_REASON && a->reason <= 10,
	    "a reason is a CRLReason");
	must(a->status == OCSP_REVOKED || a->reason == OCSP_NO_REASON,
	    "only a revocation has a reason");
	must(a->at >= 0, "a status has a time");
	must(a->status == OCSP_REVOKED || a->at <= NOW + OCSP_SKEW_S,
	    "an answer is not of the future");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static uint8_t room[OCSP_MAX + 1024];
	struct choices in = { data, n };
	bool whole = choose(&in) & 1;
	struct span tbs = span_make(in.p, in.n);
	struct span request = span_make(request_der, request_n);
	struct ocsp_answer a;
	struct err e;

	if (whole) {
		e = ocsp_response(
		    &a, tbs, request, span_make(other_der, other_n), NOW);
		must(err_is(e), "what nobody signed is not believed");
		check_error(e, &a);
		return 0;
	}
	n = sign(room, sizeof room, tbs);
	e = ocsp_response(
	    &a, span_make(room, n), request, span_make(ca_der, ca_n), NOW);
	if (err_is(e))
		check_error(e, &a);
	else
		check_answer(&a, tbs);
	return 0;
}
