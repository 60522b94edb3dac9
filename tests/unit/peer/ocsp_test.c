/*
 * OCSP answers from a CA and responders made here: only the right one counts.
 */
#include <criterion/criterion.h>
#include <openssl/ocsp.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "npki/npki.h"
#include "peer/ocsp.h"

enum { DAY = 86400 };

static EVP_PKEY *ca_key, *other_key;
static X509 *ca, *leaf, *delegate, *stranger;
static uint8_t leaf_der[4096], ca_der[4096], request_der[1024];
static size_t leaf_n, ca_n, request_n;
static int64_t now;

static X509 *
make(const char *cn, X509 *issuer, EVP_PKEY *key, EVP_PKEY *signer,
    const char *eku, bool is_ca)
{
	static long serial = 100;
	X509 *c = X509_new();
	X509_NAME *name = X509_get_subject_name(c);
	X509V3_CTX ctx;
	X509_EXTENSION *x;

	X509_set_version(c, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(c), ++serial);
	X509_NAME_add_entry_by_txt(
	    name, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0);
	X509_set_issuer_name(
	    c, issuer == NULL ? name : X509_get_subject_name(issuer));
	X509_gmtime_adj(X509_getm_notBefore(c), -DAY);
	X509_gmtime_adj(X509_getm_notAfter(c), 365L * DAY);
	X509_set_pubkey(c, key);
	X509V3_set_ctx(&ctx, issuer == NULL ? c : issuer, c, NULL, NULL, 0);
	if (is_ca) {
		x = X509V3_EXT_conf_nid(
		    NULL, &ctx, NID_basic_constraints, "critical,CA:TRUE");
		X509_add_ext(c, x, -1);
		X509_EXTENSION_free(x);
	}
	if (eku != NULL) {
		x = X509V3_EXT_conf_nid(NULL, &ctx, NID_ext_key_usage, eku);
		X509_add_ext(c, x, -1);
		X509_EXTENSION_free(x);
	}
	cr_assert(X509_sign(c, signer, EVP_sha256()) > 0);
	return c;
}

static size_t
to_der(uint8_t *room, X509 *c)
{
	unsigned char *p = room;

	return (size_t)i2d_X509(c, &p);
}

static void
set_up(void)
{
	struct buf request = buf_make(request_der, sizeof request_der);
	struct err e = npki_init();

	cr_assert_not(err_is(e));
	now = time(NULL);
	ca_key = EVP_RSA_gen(2048);
	other_key = EVP_RSA_gen(2048);
	ca = make("CA", NULL, ca_key, ca_key, NULL, true);
	leaf = make("customer", ca, other_key, ca_key, NULL, false);
	delegate = make("OCSP", ca, other_key, ca_key, "OCSPSigning", false);
	stranger = make("CA", NULL, other_key, other_key, NULL, true);
	leaf_n = to_der(leaf_der, leaf);
	ca_n = to_der(ca_der, ca);
	e = ocsp_request(
	    &request, span_make(leaf_der, leaf_n), span_make(ca_der, ca_n));
	cr_assert_not(err_is(e));
	request_n = request.n;
}

static void
tear_down(void)
{
	X509_free(ca);
	X509_free(leaf);
	X509_free(delegate);
	X509_free(stranger);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(other_key);
}

TestSuite(ocsp, .init = set_up, .fini = tear_down);

struct play {
	int status, reason;
	long this_s, next_s; /* from now; next 0: absent */
	X509 *signer;
	EVP_PKEY *key;
	bool no_nonce, other_nonce, other_cert;
	int response_status;
};

static size_t
respond(uint8_t *room, const struct play *p)
{
	const unsigned char *in = request_der;
	OCSP_REQUEST *request = d2i_OCSP_REQUEST(NULL, &in, (long)request_n);
	OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
	OCSP_CERTID *id = OCSP_cert_to_id(NULL, p->other_cert ? ca : leaf, ca);
	ASN1_TIME *from = X509_gmtime_adj(NULL, p->this_s);
	ASN1_TIME *until = p->next_s == 0 ? NULL
					  : X509_gmtime_adj(NULL, p->next_s);
	ASN1_TIME *revoked = p->status == V_OCSP_CERTSTATUS_REVOKED
				 ? X509_gmtime_adj(NULL, -3600)
				 : NULL;
	OCSP_RESPONSE *response;
	unsigned char *out = room;
	int n;

	OCSP_basic_add1_status(
	    basic, id, p->status, p->reason, revoked, from, until);
	if (p->other_nonce)
		OCSP_basic_add1_nonce(basic, NULL, 16);
	else if (!p->no_nonce)
		OCSP_copy_nonce(basic, request);
	OCSP_basic_sign(basic, p->signer, p->key, EVP_sha256(), NULL, 0);
	response = OCSP_response_create(p->response_status, basic);
	n = i2d_OCSP_RESPONSE(response, &out);
	OCSP_RESPONSE_free(response);
	OCSP_BASICRESP_free(basic);
	OCSP_REQUEST_free(request);
	OCSP_CERTID_free(id);
	ASN1_TIME_free(from);
	ASN1_TIME_free(until);
	ASN1_TIME_free(revoked);
	return (size_t)n;
}

static struct err
judge(struct ocsp_answer *a, const struct play *p)
{
	static uint8_t room[8192];
	size_t n = respond(room, p);

	return ocsp_response(a, span_make(room, n),
	    span_make(request_der, request_n), span_make(ca_der, ca_n), now);
}

static struct play
honest(int status, int reason)
{
	return (struct play){ .status = status,
		.reason = reason,
		.this_s = -60,
		.next_s = 3600,
		.signer = ca,
		.key = ca_key };
}

Test(ocsp, each_status_is_read_with_its_reason_and_time)
{
	struct play p = honest(V_OCSP_CERTSTATUS_GOOD, 0);
	struct ocsp_answer a;

	cr_assert_not(err_is(judge(&a, &p)));
	cr_expect_eq(a.status, OCSP_GOOD);
	cr_expect_eq(a.reason, OCSP_NO_REASON);
	cr_expect(a.at >= now - 62 && a.at <= now - 55);

	p = honest(V_OCSP_CERTSTATUS_REVOKED, 6);
	cr_assert_not(err_is(judge(&a, &p)));
	cr_expect_eq(a.status, OCSP_REVOKED);
	cr_expect_eq(a.reason, 6);
	cr_expect(a.at >= now - 3602 && a.at <= now - 3595);

	p = honest(V_OCSP_CERTSTATUS_UNKNOWN, 0);
	cr_assert_not(err_is(judge(&a, &p)));
	cr_expect_eq(a.status, OCSP_UNKNOWN);
}

Test(ocsp, a_delegated_responder_is_believed)
{
	struct play p = honest(V_OCSP_CERTSTATUS_GOOD, 0);
	struct ocsp_answer a;

	p.signer = delegate;
	p.key = other_key;
	cr_expect_not(err_is(judge(&a, &p)));
	cr_expect_eq(a.status, OCSP_GOOD);
}

Test(ocsp, nobody_else_is)
{
	X509 *const signers[] = { leaf, stranger };

	for (size_t i = 0; i < 2; i++) {
		struct play p = honest(V_OCSP_CERTSTATUS_GOOD, 0);
		struct ocsp_answer a;
		struct err e;

		p.signer = signers[i];
		p.key = other_key;
		e = judge(&a, &p);
		cr_expect_eq(e.code, E_MISMATCH);
		cr_expect_str_eq(e.where, "ocsp: signature");
		cr_expect_eq(a.status, OCSP_UNKNOWN);
	}
}

Test(ocsp, an_answer_to_another_question_does_not_count)
{
	struct play p = honest(V_OCSP_CERTSTATUS_GOOD, 0);
	struct ocsp_answer a;

	p.no_nonce = true;
	cr_expect_str_eq(judge(&a, &p).where, "ocsp: nonce");
	p.no_nonce = false;
	p.other_nonce = true;
	cr_expect_str_eq(judge(&a, &p).where, "ocsp: nonce");
	p.other_nonce = false;
	p.other_cert = true;
	cr_expect_str_eq(judge(&a, &p).where, "ocsp: certificate");
}

Test(ocsp, stale_and_future_answers_are_expired)
{
	/* clang-format off */
	static const struct { long from, until; enum err_code code; } rows[] = {
		{ -3600, -OCSP_SKEW_S + 30,	E_NONE },
		{ -3600, -OCSP_SKEW_S - 30,	E_EXPIRED },
		{ OCSP_SKEW_S - 30, 7200,	E_NONE },
		{ OCSP_SKEW_S + 30, 7200,	E_EXPIRED },
		{ -OCSP_AGE_S + 60, 0,		E_NONE },
		{ -OCSP_AGE_S - OCSP_SKEW_S - 60, 0, E_EXPIRED },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct play p = honest(V_OCSP_CERTSTATUS_GOOD, 0);
		struct ocsp_answer a;

		p.this_s = rows[i].from;
		p.next_s = rows[i].until;
		cr_expect_eq(judge(&a, &p).code, rows[i].code, "row %zu", i);
	}
}

Test(ocsp, a_responders_error_and_broken_bytes_are_errors)
{
	struct play p = honest(V_OCSP_CERTSTATUS_GOOD, 0);
	static uint8_t room[8192], copy[8192];
	struct ocsp_answer a;
	size_t n;

	p.response_status = OCSP_RESPONSE_STATUS_TRYLATER;
	cr_expect_eq(judge(&a, &p).code, E_REFUSED);
	p.response_status = 0;
	n = respond(room, &p);
	/* no shorter answer is one */
	for (size_t i = 0; i < n; i++)
		cr_expect(err_is(ocsp_response(&a, span_make(room, i),
		    span_make(request_der, request_n), span_make(ca_der, ca_n),
		    now)));
	/* no changed byte of the signed part passes */
	for (size_t i = 60; i < n; i += 7) {
		memcpy(copy, room, n);
		copy[i] ^= 0x10;
		(void)!err_is(ocsp_response(&a, span_make(copy, n),
		    span_make(request_der, request_n), span_make(ca_der, ca_n),
		    now));
	}
}

Test(ocsp, two_requests_have_two_nonces)
{
	uint8_t again[1024];
	struct buf out = buf_make(again, sizeof again);

	cr_assert_not(err_is(ocsp_request(
	    &out, span_make(leaf_der, leaf_n), span_make(ca_der, ca_n))));
	cr_expect_eq(out.n, request_n);
	cr_expect(memcmp(again, request_der, out.n) != 0);
}
