/*
 * Facts read out of CMP messages, good and hostile; contexts and names.
 */
#include <criterion/criterion.h>
#include <openssl/cmp.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "npki/npki.h"
#include "peer/cmp.h"

static uint8_t message[CMP_DER_MAX];
static size_t message_n;
static EVP_PKEY *key;
static X509 *ca;

/* The transfer callback that keeps what would have been sent. */
static OSSL_CMP_MSG *
keep(OSSL_CMP_CTX *ctx, const OSSL_CMP_MSG *request)
{
	unsigned char *p = message;

	message_n = (size_t)i2d_OSSL_CMP_MSG(request, &p);
	return NULL;
}

static X509 *
self_signed(void)
{
	X509 *c = X509_new();
	X509_NAME *name = NULL;

	cr_assert_not(err_is(cmp_name_parse(&name, "/C=KR/O=t/CN=CA")));
	X509_set_version(c, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(c), 7);
	X509_set_subject_name(c, name);
	X509_set_issuer_name(c, name);
	X509_gmtime_adj(X509_getm_notBefore(c), -10);
	X509_gmtime_adj(X509_getm_notAfter(c), 1000);
	X509_set_pubkey(c, key);
	X509_sign(c, key, EVP_sha256());
	X509_NAME_free(name);
	return c;
}

/* A real ir, made by OpenSSL from our context. */
static void
set_up(void)
{
	struct cmp_peer peer = { 0 };
	OSSL_CMP_CTX *ctx = NULL;
	ASN1_TYPE *value;
	struct err e = npki_init();

	cr_assert_not(err_is(e));
	key = EVP_RSA_gen(2048);
	ca = self_signed();
	peer.ca = ca;
	peer.timeout_s = 10;
	e = cmp_ctx_new(&ctx, &peer, keep, NULL);
	cr_assert_not(err_is(e));
	e = cmp_ctx_set_pbm(ctx, span_str("ref"), span_str("secret"));
	cr_assert_not(err_is(e));
	EVP_PKEY_up_ref(key);
	OSSL_CMP_CTX_set0_newPkey(ctx, 1, key);
	OSSL_CMP_CTX_set1_subjectName(ctx, X509_get_subject_name(ca));
	value = ASN1_TYPE_new();
	ASN1_TYPE_set(value, V_ASN1_NULL, NULL);
	OSSL_CMP_CTX_push0_geninfo_ITAV(
	    ctx, OSSL_CMP_ITAV_create(
		     OBJ_nid2obj(npki_oid_nid(NPKI_OID_ENCRYPTED_VID)), value));
	cr_expect_null(OSSL_CMP_exec_IR_ses(ctx));
	cr_assert(message_n > 0);
	OSSL_CMP_CTX_free(ctx);
}

static void
tear_down(void)
{
	X509_free(ca);
	EVP_PKEY_free(key);
}

TestSuite(cmp, .init = set_up, .fini = tear_down);

Test(cmp, the_header_of_an_ir_is_read)
{
	struct cmp_head head;

	cr_assert_not(
	    err_is(cmp_head_read(&head, span_make(message, message_n))));
	cr_expect_eq(head.kind, CMP_IR);
	cr_expect_eq(head.transaction.n, 16);
	cr_expect_eq(head.sender_nonce.n, 16);
	cr_expect_eq(head.recip_nonce.n, 0);
	cr_expect_str_eq(cmp_kind_name(head.kind), "ir");
}

Test(cmp, the_public_key_of_an_ir_is_read)
{
	uint8_t room[1024];
	struct buf spki = buf_make(room, sizeof room);
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(key, &der);

	cr_assert_not(
	    err_is(cmp_request_spki(&spki, span_make(message, message_n))));
	cr_expect_eq(spki.n, (size_t)n);
	cr_expect_arr_eq(room, der, spki.n);
	OPENSSL_free(der);
	spki = buf_make(room, 100);
	cr_expect_eq(
	    cmp_request_spki(&spki, span_make(message, message_n)).code,
	    E_LIMIT);
}

Test(cmp, general_info_is_found_by_its_type)
{
	struct span value;

	cr_assert_not(
	    err_is(cmp_general_info(&value, span_make(message, message_n),
		npki_oid_der(NPKI_OID_ENCRYPTED_VID))));
	cr_expect_eq(value.n, 2);
	cr_expect_eq(value.p[0], 5);
	cr_expect_eq(cmp_general_info(&value, span_make(message, message_n),
			 npki_oid_der(NPKI_OID_VID))
			 .code,
	    E_NOTFOUND);
}

/* Shortened, lengthened or changed anywhere: an error or other facts, never a
 * read outside (the sanitizers watch). */
Test(cmp, hostile_bytes_never_leave_their_span)
{
	static uint8_t exact[CMP_DER_MAX];
	uint8_t room[1024];
	struct cmp_head head;
	struct span value;

	for (size_t n = 0; n < message_n; n++) {
		uint8_t *copy = malloc(n + 1);

		memcpy(copy, message, n);
		cr_expect(err_is(cmp_head_read(&head, span_make(copy, n))));
		cr_expect_eq(head.kind, CMP_NONE);
		free(copy);
	}
	for (size_t i = 0; i < message_n; i++)
		for (int bit = 0; bit < 8; bit++) {
			struct buf spki = buf_make(room, sizeof room);

			memcpy(exact, message, message_n);
			exact[i] ^= (uint8_t)(1 << bit);
			value = span_make(exact, message_n);
			(void)!err_is(cmp_head_read(&head, value));
			(void)!err_is(cmp_request_spki(&spki, value));
			(void)!err_is(cmp_general_info(&value, value,
			    npki_oid_der(NPKI_OID_ENCRYPTED_VID)));
		}
	memcpy(exact, message, message_n);
	cr_expect(
	    err_is(cmp_head_read(&head, span_make(exact, message_n + 1))));
	cr_expect_eq(
	    cmp_head_read(&head, span_make(exact, CMP_DER_MAX + 1)).code,
	    E_LIMIT);
}

Test(cmp, configured_names_are_parsed_or_refused)
{
	/* clang-format off */
	static const struct { const char *text; int parts; } rows[] = {
		{ "/C=KR/O=yessign/CN=yessignCA Class 2", 3 },
		{ "/C=KR/O=금융결제원", 2 },
		{ "", 0 }, { "C=KR", 0 }, { "/C", 0 }, { "/=x", 0 },
		{ "/NOSUCH=x", 0 }, { "/C=KOREA", 0 }, { "/O=\xff", 0 },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		X509_NAME *name = NULL;
		struct err e = cmp_name_parse(&name, rows[i].text);

		cr_expect_eq(err_is(e), rows[i].parts == 0, "%s", rows[i].text);
		if (!err_is(e))
			cr_expect_eq(
			    X509_NAME_entry_count(name), rows[i].parts);
		X509_NAME_free(name);
	}
}

Test(cmp, a_context_takes_no_empty_credentials_and_no_foreign_key)
{
	struct cmp_peer peer = { .ca = ca, .root = ca, .timeout_s = 5 };
	EVP_PKEY *other = EVP_RSA_gen(2048);
	OSSL_CMP_CTX *ctx = NULL;
	struct err e = cmp_ctx_new(&ctx, &peer, keep, NULL);

	cr_assert_not(err_is(e));
	e = cmp_ctx_set_pbm(ctx, span_str(""), span_str("x"));
	cr_expect_eq(e.code, E_ARG);
	e = cmp_ctx_set_pbm(ctx, span_str("x"), span_str(""));
	cr_expect_eq(e.code, E_ARG);
	e = cmp_ctx_set_signer(ctx, &peer, ca, other);
	cr_expect_eq(e.code, E_MISMATCH);
	cr_expect_not(cmp_refused_with(ctx, OSSL_CMP_CTX_FAILINFO_certRevoked));
	OSSL_CMP_CTX_free(ctx);
	EVP_PKEY_free(other);
}

Test(cmp, a_peer_needs_certificates_and_a_sane_limit)
{
	unsigned char *der = NULL;
	int n = i2d_X509(ca, &der);
	struct span good = span_make(der, (size_t)n), bad = span_str("x");
	struct cmp_peer peer;
	struct err e;

	e = cmp_peer_load(&peer, good, good, &good, 1, "", 60);
	cr_expect_not(err_is(e));
	cmp_peer_free(&peer);
	e = cmp_peer_load(&peer, bad, good, NULL, 0, "", 60);
	cr_expect(err_is(e));
	e = cmp_peer_load(&peer, good, good, &bad, 1, "", 60);
	cr_expect(err_is(e));
	e = cmp_peer_load(&peer, good, good, NULL, 0, "no name", 60);
	cr_expect_eq(e.code, E_FORMAT);
	e = cmp_peer_load(&peer, good, good, NULL, 0, "", 0);
	cr_expect_eq(e.code, E_ARG);
	e = cmp_peer_load(&peer, good, good, NULL, 0, "", 86401);
	cr_expect_eq(e.code, E_ARG);
	OPENSSL_free(der);
}
