/*
 * The jobs `rr`, `check` and `passwd`.
 */
#include <criterion/criterion.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

#include "bench.h"
#include "npki/pri.h"
#include "npki/vid.h"
#include "rpc/rpc.h"

static struct bench b;

static json_t *
bytes_of(X509 *cert)
{
	unsigned char *der = NULL;
	int n = i2d_X509(cert, &der);
	json_t *v = rpc_bytes(span_make(der, (size_t)n));

	OPENSSL_free(der);
	return v;
}

static int
pem_pipe(EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long n;
	int fd;

	PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	n = BIO_get_mem_data(bio, &text);
	fd = bench_pipe(text, (size_t)n);
	BIO_free(bio);
	return fd;
}

/* --- rr ------------------------------------------------------------------- */

static json_t *
run_rr(int reason, EVP_PKEY *key)
{
	X509 *cert = fake_ca_issue(&b.ca, b.ca.ra_key,
	    (const uint8_t *)"0123456789abcdef0123456789abcdef");
	json_t *p = json_pack("{s:o,s:i,s:o,s:o,s:i}", "certificate",
	    bytes_of(cert), "reason", reason, "issuer", bench_issuer(&b),
	    "ra_cert", bytes_of(b.ca.ra), "timeout_s", 30);

	X509_free(cert);
	bench_send(&b, 4, "rr.start", p, key == NULL ? -1 : pem_pipe(key));
	return bench_wait(&b, 4);
}

Test(rr, each_reason_reaches_the_ca)
{
	static const int reasons[] = { -1, 1, 3, 4, 5, 6, 8 };

	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		json_t *a;

		bench_open(&b);
		a = run_rr(reasons[i], b.ca.ra_key);
		cr_expect_str_eq(outcome(a), "accepted", "%d", reasons[i]);
		cr_expect_eq(b.ca.rr_count, 1);
		cr_expect_eq(b.ca.rr_reason, reasons[i]);
		cr_expect_str_eq(b.last_kind, "rr");
		json_decref(a);
		cr_expect_eq(bench_close(&b), 0);
	}
}

Test(rr, a_reason_no_branch_may_give_is_refused)
{
	static const int reasons[] = { 0, 2, 7, 9, 10, 99 };

	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		json_t *a;

		bench_open(&b);
		a = run_rr(reasons[i], b.ca.ra_key);
		cr_expect_str_eq(outcome(a), "rpc.params");
		cr_expect_eq(b.transfers, 0);
		json_decref(a);
		cr_expect_eq(bench_close(&b), 0);
	}
}

Test(rr, already_revoked_counts_as_done)
{
	json_t *a;

	bench_open(&b);
	b.ca.rr_fail = OSSL_CMP_CTX_FAILINFO_certRevoked;
	a = run_rr(4, b.ca.ra_key);
	cr_expect_str_eq(outcome(a), "already");
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

Test(rr, another_refusal_is_told)
{
	json_t *a;

	bench_open(&b);
	b.ca.rr_fail = OSSL_CMP_CTX_FAILINFO_badCertId;
	a = run_rr(6, b.ca.ra_key);
	cr_expect_str_eq(outcome(a), "peer.ca_refused");
	cr_expect_eq(rpc_int(json_object_get(a, "error"), "fail_info", 0),
	    OSSL_CMP_CTX_FAILINFO_badCertId);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

Test(rr, an_answer_signed_by_someone_else_is_not_believed)
{
	EVP_PKEY *other = EVP_RSA_gen(2048), *real;
	json_t *issuer, *a;

	bench_open(&b);
	issuer = bench_issuer(&b);
	real = b.ca.key;
	b.ca.key = other; /* it signs with a key that is not the CA's */
	X509_set_pubkey(b.ca.cert, other);
	X509_sign(b.ca.cert, b.ca.root_key, EVP_sha256());
	json_t *p = json_pack("{s:o,s:i,s:o,s:o,s:i}", "certificate",
	    bytes_of(b.ca.ra), "reason", 6, "issuer", issuer, "ra_cert",
	    bytes_of(b.ca.ra), "timeout_s", 30);
	bench_send(&b, 4, "rr.start", p, pem_pipe(b.ca.ra_key));
	a = bench_wait(&b, 4);
	cr_expect_str_eq(outcome(a), "peer.ca_answer");
	json_decref(a);
	EVP_PKEY_free(real);
	cr_expect_eq(bench_close(&b), 0);
}

/* A CA may answer by a responder of another name; dasi.conf names it. */
Test(rr, a_configured_recipient_may_sign_and_nobody_else)
{
	/* clang-format off */
	static const struct { const char *recipient, *status; } rows[] = {
		{ "/C=KR/O=dasi/CN=RA",		"accepted" },
		{ "/C=KR/O=dasi/CN=Somebody",	"peer.ca_answer" },
		{ "",				"peer.ca_answer" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *issuer, *a;

		bench_open(&b);
		b.ca.sign_as_ra = true;
		issuer = bench_issuer(&b);
		json_object_set_new(
		    issuer, "recipient", json_string(rows[i].recipient));
		bench_send(&b, 4, "rr.start",
		    json_pack("{s:o,s:i,s:o,s:o,s:i}", "certificate",
			bytes_of(b.ca.ra), "reason", 6, "issuer", issuer,
			"ra_cert", bytes_of(b.ca.ra), "timeout_s", 30),
		    pem_pipe(b.ca.ra_key));
		a = bench_wait(&b, 4);
		cr_expect_str_eq(
		    outcome(a), rows[i].status, "%s", rows[i].recipient);
		json_decref(a);
		cr_expect_eq(bench_close(&b), 0);
	}
}

Test(rr, a_lost_answer_is_no_success)
{
	json_t *a;

	bench_open(&b);
	b.lose_answer_of = 1;
	a = run_rr(6, b.ca.ra_key);
	cr_expect_str_eq(outcome(a), "peer.ca_down");
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

Test(rr, the_wrong_key_or_none_sends_nothing)
{
	for (int which = 0; which < 2; which++) {
		json_t *a;

		bench_open(&b);
		a = run_rr(6, which == 0 ? b.ca.root_key : NULL);
		cr_expect_str_eq(
		    outcome(a), which == 0 ? "mismatch" : "rpc.params");
		cr_expect_eq(b.transfers, 0);
		json_decref(a);
		cr_expect_eq(bench_close(&b), 0);
	}
}

/* --- check, passwd ----------------------------------------------------------
 */

static uint8_t pri_room[8192];
static struct buf pri;
static X509 *cert;

/* A pair as it lies on a stick. */
static void
make_pair(void)
{
	struct npki_key key = { 0 };
	uint8_t vid[VID_MAX];

	bench_open(&b);
	key.pkey = EVP_RSA_gen(2048);
	key.has_r = true;
	cr_assert_not(err_is(npki_make_r(key.r_secret)));
	cr_assert_not(err_is(
	    vid_compute(vid, span_str(FAKE_NUMBER), key.r_secret, VID_SHA256)));
	cert = fake_ca_issue(&b.ca, key.pkey, vid);
	pri = buf_make(pri_room, sizeof pri_room);
	cr_assert_not(err_is(npki_pri_write(
	    &pri, &key, PRI_FORM_SEED_SHA1, span_str(GOOD_PASSWORD))));
	npki_key_free(&key);
}

static json_t *
ask(const char *method, X509 *with, const char *number, const char *secret)
{
	json_t *p = json_pack("{s:o,s:o,s:o}", "sign_cert", bytes_of(with),
	    "sign_pri", rpc_bytes(buf_span(&pri)), "number",
	    number == NULL ? json_null() : json_string(number));

	bench_send(&b, 6, method, p, bench_pipe(secret, strlen(secret)));
	return bench_wait(&b, 6);
}

static void
done(json_t *a)
{
	json_decref(a);
	X509_free(cert);
	cr_expect_eq(bench_close(&b), 0);
}

Test(check, a_good_pair_passes_everything)
{
	const json_t *r;
	json_t *a;

	make_pair();
	a = ask("check.start", cert, FAKE_NUMBER, GOOD_PASSWORD);
	r = json_object_get(a, "result");
	cr_expect(rpc_bool(r, "opens"));
	cr_expect(rpc_bool(r, "pair"));
	cr_expect(rpc_bool(r, "signature"));
	cr_expect(rpc_bool(r, "vid"));
	done(a);
}

Test(check, without_a_number_nothing_is_said_of_the_vid)
{
	const json_t *r;
	json_t *a;

	make_pair();
	a = ask("check.start", cert, NULL, GOOD_PASSWORD);
	r = json_object_get(a, "result");
	cr_expect(rpc_bool(r, "signature"));
	cr_expect(json_is_null(json_object_get(r, "vid")));
	done(a);
}

Test(check, another_persons_number_is_seen)
{
	const json_t *r;
	json_t *a;

	make_pair();
	a = ask("check.start", cert, "8001011234567", GOOD_PASSWORD);
	r = json_object_get(a, "result");
	cr_expect(json_is_false(json_object_get(r, "vid")));
	done(a);
}

Test(check, a_wrong_password_opens_nothing)
{
	const json_t *r;
	json_t *a;

	make_pair();
	a = ask("check.start", cert, FAKE_NUMBER, "Sea-gull#2026y");
	r = json_object_get(a, "result");
	cr_expect(json_is_false(json_object_get(r, "opens")));
	cr_expect(json_is_false(json_object_get(r, "pair")));
	cr_expect(json_is_null(json_object_get(r, "vid")));
	done(a);
}

Test(check, another_certificate_is_no_pair)
{
	const json_t *r;
	json_t *a;

	make_pair();
	a = ask("check.start", b.ca.ra, NULL, GOOD_PASSWORD);
	r = json_object_get(a, "result");
	cr_expect(rpc_bool(r, "opens"));
	cr_expect(json_is_false(json_object_get(r, "pair")));
	cr_expect(json_is_false(json_object_get(r, "signature")));
	done(a);
}

Test(passwd, the_key_and_r_live_on_under_the_new_password)
{
	static uint8_t room[8192];
	struct buf out = buf_make(room, sizeof room);
	struct npki_key before = { 0 }, after = { 0 };
	json_t *a;

	make_pair();
	a = ask("passwd.start", cert, NULL, GOOD_PASSWORD "\nOther-word#77");
	cr_assert_not(err_is(
	    rpc_get_bytes(&out, json_object_get(a, "result"), "sign_pri")));
	cr_assert_not(err_is(
	    npki_pri_read(&before, buf_span(&pri), span_str(GOOD_PASSWORD))));
	cr_assert_not(err_is(
	    npki_pri_read(&after, buf_span(&out), span_str("Other-word#77"))));
	cr_expect_eq(EVP_PKEY_eq(before.pkey, after.pkey), 1);
	cr_expect_arr_eq(before.r_secret, after.r_secret, NPKI_R);
	npki_key_free(&before);
	npki_key_free(&after);
	done(a);
}

Test(passwd, wrong_weak_or_missing_words_change_nothing)
{
	/* clang-format off */
	static const struct { const char *secret, *code; } rows[] = {
		{ "wrong\nOther-word#77",	"password.wrong" },
		{ GOOD_PASSWORD "\nweak",	"password.rule" },
		{ GOOD_PASSWORD,		"rpc.params" },
		{ "",				"rpc.params" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *a;

		make_pair();
		a = ask("passwd.start", cert, NULL, rows[i].secret);
		cr_expect_str_eq(outcome(a), rows[i].code, "row %zu", i);
		done(a);
	}
}
