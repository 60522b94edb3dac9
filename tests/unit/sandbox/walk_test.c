/*
 * The walk over CMP messages: what it finds in real ones, and that no bytes
 * lead it outside of them.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>

#include <openssl/cmp.h>

#include "npki/der.h"
#include "npki/npki.h"
#include "prog/sandbox/walk.h"

enum { MESSAGE = 8192 };

static struct {
	uint8_t bytes[MESSAGE];
	size_t n;
	uint8_t spki[1024];
	size_t spki_n;
} made;

static void
setup(void)
{
	cr_assert(eq(int, npki_init().code, E_NONE));
}

TestSuite(walk, .init = setup, .timeout = 120);

static OSSL_CMP_MSG *
capture(OSSL_CMP_CTX *ctx, const OSSL_CMP_MSG *req)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *der;
	long n;

	cr_assert(i2d_OSSL_CMP_MSG_bio(bio, req) == 1);
	n = BIO_get_mem_data(bio, &der);
	cr_assert(n > 0 && n <= MESSAGE);
	memcpy(made.bytes, der, (size_t)n);
	made.n = (size_t)n;
	BIO_free(bio);
	return NULL;
}

static OSSL_CMP_CTX *
client(EVP_PKEY *key)
{
	OSSL_CMP_CTX *ctx = OSSL_CMP_CTX_new(NULL, NULL);
	X509_NAME *name = X509_NAME_new();
	unsigned char *p = made.spki;

	X509_NAME_add_entry_by_txt(
	    name, "CN", MBSTRING_ASC, (const unsigned char *)"me", -1, -1, 0);
	OSSL_CMP_CTX_set1_referenceValue(
	    ctx, (const unsigned char *)"431943", 6);
	OSSL_CMP_CTX_set1_secretValue(ctx, (const unsigned char *)"s", 1);
	OSSL_CMP_CTX_set1_subjectName(ctx, name);
	OSSL_CMP_CTX_set1_recipient(ctx, name);
	OSSL_CMP_CTX_set0_newPkey(ctx, 1, key);
	OSSL_CMP_CTX_set_transfer_cb(ctx, capture);
	made.spki_n = (size_t)i2d_PUBKEY(key, &p);
	X509_NAME_free(name);
	return ctx;
}

/* An ir as openssl makes it; with some EncryptedVID in the header. */
static void
make_ir(void)
{
	OSSL_CMP_CTX *ctx = client(EVP_RSA_gen(2048));
	static const unsigned char value[] = { 0x30, 0x03, 0x02, 0x01, 0x07 };
	const unsigned char *p = value;
	ASN1_TYPE *any = d2i_ASN1_TYPE(NULL, &p, sizeof value);

	OSSL_CMP_CTX_push0_geninfo_ITAV(ctx,
	    OSSL_CMP_ITAV_create(
		OBJ_txt2obj(npki_oid_text(NPKI_OID_ENCRYPTED_VID), 1), any));
	cr_assert(OSSL_CMP_exec_IR_ses(ctx) == NULL);
	OSSL_CMP_CTX_free(ctx);
}

static void
make_rr(int reason)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	X509 *old = X509_new();
	X509_NAME *name = X509_NAME_new();
	OSSL_CMP_CTX *ctx;

	X509_NAME_add_entry_by_txt(
	    name, "CN", MBSTRING_ASC, (const unsigned char *)"ca", -1, -1, 0);
	X509_set_version(old, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(old), 0x123456);
	X509_set_issuer_name(old, name);
	X509_set_subject_name(old, name);
	X509_gmtime_adj(X509_getm_notBefore(old), 0);
	X509_gmtime_adj(X509_getm_notAfter(old), 3600);
	X509_set_pubkey(old, key);
	cr_assert(X509_sign(old, key, EVP_sha256()) > 0);
	ctx = client(key);
	cr_assert(OSSL_CMP_CTX_set1_oldCert(ctx, old) == 1);
	cr_assert(OSSL_CMP_CTX_set_option(
		      ctx, OSSL_CMP_OPT_REVOCATION_REASON, reason) == 1);
	cr_assert(OSSL_CMP_exec_RR_ses(ctx) == 0);
	OSSL_CMP_CTX_free(ctx);
	X509_NAME_free(name);
	X509_free(old);
}

static struct span
message(void)
{
	return span_make(made.bytes, made.n);
}

Test(walk, finds_what_an_ir_says)
{
	static const uint8_t evid[] = { 0x30, 0x03, 0x02, 0x01, 0x07 };
	struct walk w;

	make_ir();
	cr_assert(eq(int, walk_message(&w, message()).code, E_NONE));
	cr_expect(eq(int, w.body, BODY_IR));
	cr_expect(eq(u32, w.pvno, 2));
	cr_expect(span_eq(w.kid, span_str("431943")));
	cr_expect(eq(sz, w.tid.n, 16));
	cr_expect(eq(sz, w.nonce.n, 16));
	cr_expect(walk_is_pbm(&w));
	cr_expect(span_eq(
	    span_make(w.spki, w.spki_n), span_make(made.spki, made.spki_n)));
	cr_expect(span_eq(w.evid, span_make(evid, sizeof evid)));
	cr_expect(w.subject.n > 0);
	cr_expect(w.sender.n > 0);
	cr_expect(llabs((long long)walk_time(&w) - (long long)time(NULL)) < 60);
}

Test(walk, finds_the_reason_of_an_rr)
{
	struct walk w;

	make_rr(6);
	cr_assert(eq(int, walk_message(&w, message()).code, E_NONE));
	cr_expect(eq(int, w.body, BODY_RR));
	cr_expect(eq(u32, w.reason, 6));
	make_rr(-1);
	cr_assert(eq(int, walk_message(&w, message()).code, E_NONE));
	cr_expect(eq(u32, w.reason, WALK_NO_REASON));
}

static bool
inside(struct span part, struct span whole)
{
	return part.n == 0 ||
	       (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

static void
expect_inside(const struct walk *w, struct span in)
{
	const struct span parts[] = { w->sender, w->kid, w->tid, w->nonce,
		w->recip_nonce, w->prot_oid, w->time, w->evid, w->subject };

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		cr_assert(inside(parts[i], in), "part %zu", i);
	cr_assert(w->spki_n <= WALK_SPKI_MAX);
}

Test(walk, no_beginning_of_a_message_is_one)
{
	struct walk w;

	make_ir();
	for (size_t n = 0; n < made.n; n++) {
		/* a copy of just these bytes, so that a sanitizer sees more */
		uint8_t *part = malloc(n + 1);

		memcpy(part, made.bytes, n);
		cr_assert(err_is(walk_message(&w, span_make(part, n))));
		expect_inside(&w, span_make(part, n));
		free(part);
	}
}

Test(walk, nothing_may_follow_a_message)
{
	struct walk w;

	make_ir();
	made.bytes[made.n] = 0;
	cr_expect(err_is(walk_message(&w, span_make(made.bytes, made.n + 1))));
}

Test(walk, changed_bytes_never_lead_outside)
{
	static const uint8_t values[] = { 0x00, 0x01, 0x1f, 0x30, 0x7f, 0x80,
		0x82, 0x84, 0xa0, 0xff };
	size_t walked = 0;

	make_rr(1);
	for (int kind = 0; kind < 2; kind++) {
		uint8_t *copy = malloc(made.n);

		memcpy(copy, made.bytes, made.n);
		for (size_t i = 0; i < made.n; i++) {
			for (size_t k = 0; k < sizeof values; k++) {
				struct span in = span_make(copy, made.n);
				struct walk w;

				copy[i] = values[k];
				walked += !err_is(walk_message(&w, in));
				expect_inside(&w, in);
				(void)walk_time(&w);
				(void)walk_is_pbm(&w);
			}
			copy[i] = made.bytes[i];
		}
		free(copy);
		make_ir();
	}
	/* some changes only change values: the test reaches deep */
	cr_expect(walked > 1000);
}

Test(walk, refuses_an_identifier_that_is_too_long)
{
	uint8_t room[512], id[WALK_ID_MAX + 1] = { 1 };
	struct walk w;

	for (size_t extra = 0; extra <= 1; extra++) {
		struct buf b = buf_make(room, sizeof room);
		size_t at;

		der_put(&b, DER_INTEGER, span_make("\x02", 1));
		der_put(&b, DER_CONTEXT + 4, span_make("\x30\x00", 2));
		der_put(&b, DER_CONTEXT + 4, span_make("\x30\x00", 2));
		at = b.n;
		der_put(
		    &b, DER_OCTET_STRING, span_make(id, WALK_ID_MAX + extra));
		der_wrap(&b, at, DER_CONTEXT + 4);
		der_wrap(&b, 0, DER_SEQUENCE);
		der_put(&b, DER_CONTEXT + BODY_GENM, span_make("\x30\x00", 2));
		der_wrap(&b, 0, DER_SEQUENCE);
		cr_expect(eq(int, walk_message(&w, buf_span(&b)).code,
		    extra == 0 ? E_NONE : E_LIMIT));
	}
}

Test(walk, reads_times_of_one_form_only)
{
	static const struct {
		const char *text;
		int64_t want;
	} rows[] = {
		{ "20261122053015Z", 1795325415 },
		{ "19700101000000Z", 0 },
		{ "20260230000000Z", -1 },
		{ "20261122053015", -1 },
		{ "20261122053015+", -1 },
		{ "2026112205301-Z", -1 },
		{ "20261122053015.5Z", -1 },
		{ "", -1 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct walk w = { .time = span_str(rows[i].text) };

		cr_expect(
		    eq(i64, walk_time(&w), rows[i].want), "%s", rows[i].text);
	}
}
