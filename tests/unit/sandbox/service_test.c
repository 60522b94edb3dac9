/*
 * The peers without sockets, under a clock that the test turns.
 */
#define _XOPEN_SOURCE 700 /* nftw */

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "npki/npki.h"
#include "npki/policy.h"
#include "npki/profile.h"
#include "prog/sandbox/certs.h"
#include "prog/sandbox/cmp.h"
#include "prog/sandbox/issue.h"
#include "prog/sandbox/registry.h"
#include "prog/sandbox/route.h"

enum { DAY_S = 86400 };

static struct sandbox sb;
static int64_t now_s;

static int64_t
wall_ms(void *ctx)
{
	return now_s * 1000;
}

static void
open_again(void)
{
	char why[PEOPLE_MESSAGE];

	sb.clock.wall_ms = wall_ms;
	sb.confirm_wait_s = 900;
	pthread_mutex_init(&sb.lock, NULL);
	str_copy(sb.url, sizeof sb.url, "http://127.0.0.1:9");
	cr_assert(eq(int,
	    people_load(&sb.people, "assets/sandbox/people.json", why).code,
	    E_NONE));
	cr_assert(eq(int, sandbox_open(&sb).code, E_NONE));
}

static void
setup(void)
{
	/* a CMP client takes the machine's clock, so we begin there */
	now_s = (int64_t)time(NULL);
	cr_assert(eq(int, npki_init().code, E_NONE));
	str_copy(sb.dir, sizeof sb.dir, "/tmp/dasi-unit-sandbox-XXXXXX");
	cr_assert(mkdtemp(sb.dir) != NULL);
	open_again();
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	return remove(path);
}

static void
teardown(void)
{
	sandbox_close(&sb);
	nftw(sb.dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	npki_free();
}

TestSuite(service, .init = setup, .fini = teardown, .timeout = 240);

/* One request to a JSON service; the caller releases the answer. */
static json_t *
ask(const char *path, json_t *question)
{
	char *text = json_dumps(question, 0);
	struct request r = { "POST", path, "application/json", span_str(text) };
	struct reply reply;
	json_t *v;

	route(&sb, &r, &reply);
	cr_assert(eq(int, reply.status, 200));
	v = json_loadb((const char *)reply.body, reply.n, 0, NULL);
	cr_assert(v != NULL);
	reply_free(&reply);
	json_decref(question);
	free(text);
	return v;
}

static void
expect_member(json_t *v, const char *key, const char *want)
{
	cr_expect(strcmp(rec_text(v, key), want) == 0, "%s is %s, wanted %s",
	    key, rec_text(v, key), want);
	json_decref(v);
}

static json_t *
cert_of(const char *person)
{
	const char *key;
	json_t *rec;

	json_object_foreach(sb.certs.all, key, rec)
		if (strcmp(rec_text(rec, "person"), person) == 0)
			return rec;
	return NULL;
}

Test(service, every_certificate_keeps_the_profile)
{
	const char *key;
	json_t *rec;
	size_t seen = 0;

	json_object_foreach(sb.certs.all, key, rec) {
		X509 *cert = certs_x509(rec);
		uint32_t findings;

		cr_assert(cert != NULL);
		npki_profile_check(&findings, cert);
		for (int f = 0; f < FIND_COUNT; f++)
			cr_expect(eq(u32, findings >> f & 1, 0), "%s: %s",
			    rec_text(rec, "person"),
			    npki_finding_name((enum npki_finding)f));
		X509_free(cert);
		seen++;
	}
	cr_expect(seen >= 12);
}

Test(service, days_left_counts_whole_korean_days)
{
	json_t *rec = cert_of("hong"); /* 112 days */

	cr_expect(eq(
	    i64, civil_days_between(now_s, rec_int(rec, "not_after_s")), 112));
	cr_expect(certs_expired(&sb, rec) == false);
	now_s = rec_int(rec, "not_after_s");
	cr_expect(certs_expired(&sb, rec) == false);
	now_s++;
	cr_expect(certs_expired(&sb, rec));
	cr_expect(certs_expired(&sb, cert_of("lee")));
}

Test(service, a_reopened_folder_says_the_same)
{
	char *before = json_dumps(sb.certs.all, JSON_SORT_KEYS), *after;
	X509 *root = sb.ca.root.cert;
	char dir[SANDBOX_PATH];

	cr_assert(X509_up_ref(root) == 1);
	str_copy(dir, sizeof dir, sb.dir);
	sandbox_close(&sb);
	memset(&sb, 0, sizeof sb);
	str_copy(sb.dir, sizeof sb.dir, dir);
	now_s += 3 * DAY_S;
	open_again();
	after = json_dumps(sb.certs.all, JSON_SORT_KEYS);
	cr_expect(strcmp(before, after) == 0);
	cr_expect(X509_cmp(root, sb.ca.root.cert) == 0);
	X509_free(root);
	free(before);
	free(after);
}

static const char *
token(const char *person)
{
	static char word[TOKEN_TEXT];

	person_token(&sb, word, people_find(&sb.people, person));
	return word;
}

static json_t *
verify_code(const char *code)
{
	return ask("/registry/factor/verify",
	    json_pack("{ss ss ss}", "person", token("hong"), "kind", "phone",
		"answer", code));
}

static void
send_code(char code[static 16])
{
	json_decref(ask("/registry/factor/start",
	    json_pack("{ss ss}", "person", token("hong"), "kind", "phone")));
	str_copy(code, 16, rec_text(records_get(&sb.registry, "hong"), "code"));
}

Test(service, a_texted_code_lives_three_minutes)
{
	char code[16];

	send_code(code);
	now_s += 180;
	expect_member(verify_code(code), "result", "ok");
	send_code(code);
	now_s += 181;
	expect_member(verify_code(code), "result", "expired");
}

Test(service, a_new_code_does_not_forget_wrong_ones)
{
	char code[16];

	for (int i = 0; i < 5; i++) {
		send_code(code);
		expect_member(
		    verify_code("x"), "result", i < 4 ? "wrong" : "locked");
	}
	expect_member(
	    ask("/registry/factor/start",
		json_pack("{ss ss}", "person", token("hong"), "kind", "phone")),
	    "result", "locked");
}

static json_t *
enroll(const char *application)
{
	return ask("/registry/enrollment",
	    json_pack("{ss ss ss}", "person", token("hong"), "serial",
		rec_text(cert_of("hong"), "serial"), "application",
		application));
}

Test(service, an_enrollment_lives_a_week)
{
	json_t *a = enroll("A"), *b, *c;

	now_s += 7 * DAY_S;
	b = enroll("A");
	cr_expect(json_equal(a, b));
	now_s++;
	c = enroll("A");
	cr_expect(json_equal(a, c) == 0);
	cr_expect(strcmp(enroll_state(&sb, records_get(&sb.enrollments,
					       rec_text(a, "refnum"))),
		      "expired") == 0);
	json_decref(a);
	json_decref(b);
	json_decref(c);
}

/* ---- a CMP client without a network ---- */

static OSSL_CMP_MSG *
carry(OSSL_CMP_CTX *ctx, const OSSL_CMP_MSG *req)
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct request r = { "POST", "/cmp", "application/pkixcmp", { 0 } };
	struct reply reply;
	OSSL_CMP_MSG *answer = NULL;
	char *der;

	cr_assert(i2d_OSSL_CMP_MSG_bio(bio, req) == 1);
	r.body.n = (size_t)BIO_get_mem_data(bio, &der);
	r.body.p = (const uint8_t *)der;
	route(&sb, &r, &reply);
	BIO_free(bio);
	bio = BIO_new_mem_buf(reply.body, (int)reply.n);
	if (reply.status == 200)
		answer = d2i_OSSL_CMP_MSG_bio(bio, NULL);
	BIO_free(bio);
	reply_free(&reply);
	return answer;
}

static int
quiet(const char *func, const char *file, int line, OSSL_CMP_severity level,
    const char *msg)
{
	return 1;
}

/* A client for this enrollment; subject as that of the old certificate. */
static OSSL_CMP_CTX *
client(const json_t *pair, EVP_PKEY *key, X509 *old)
{
	const char *ref = rec_text(pair, "refnum");
	const char *code = rec_text(pair, "authcode");
	OSSL_CMP_CTX *c = OSSL_CMP_CTX_new(NULL, NULL);

	OSSL_CMP_CTX_set_log_cb(c, quiet);
	OSSL_CMP_CTX_set_transfer_cb(c, carry);
	OSSL_CMP_CTX_set1_referenceValue(
	    c, (const unsigned char *)ref, (int)strlen(ref));
	OSSL_CMP_CTX_set1_secretValue(
	    c, (const unsigned char *)code, (int)strlen(code));
	OSSL_CMP_CTX_set1_subjectName(c, X509_get_subject_name(old));
	OSSL_CMP_CTX_set1_recipient(c, X509_get_subject_name(sb.ca.ca[0].cert));
	OSSL_CMP_CTX_set_option(c, OSSL_CMP_OPT_UNPROTECTED_ERRORS, 1);
	EVP_PKEY_up_ref(key);
	OSSL_CMP_CTX_set0_newPkey(c, 1, key);
	return c;
}

static void
add_evid(OSSL_CMP_CTX *c, const char *number, const uint8_t r[static NPKI_R])
{
	uint8_t room[VID_EVID_MAX];
	struct buf b = buf_make(room, sizeof room);
	const unsigned char *p = room;

	cr_assert(eq(int,
	    vid_encrypt(&b, span_str(number), r, VID_SHA256, sb.ca.ca[0].cert)
		.code,
	    E_NONE));
	cr_assert(OSSL_CMP_CTX_push0_geninfo_ITAV(c,
		      OSSL_CMP_ITAV_create(
			  OBJ_txt2obj(npki_oid_text(NPKI_OID_ENCRYPTED_VID), 1),
			  d2i_ASN1_TYPE(NULL, &p, (long)b.n))) == 1);
}

/* DER of a certificate, name or key in storage of the caller's. */
static struct span
der_of(uint8_t *room, int n, unsigned char *made)
{
	memcpy(room, made, (size_t)n);
	OPENSSL_free(made);
	return span_make(room, (size_t)n);
}

static struct span
cert_der(uint8_t *room, X509 *cert)
{
	unsigned char *p = NULL;
	int n = i2d_X509(cert, &p);

	return der_of(room, n, p);
}

Test(service, a_reissue_satisfies_every_check_of_the_key_worker)
{
	static uint8_t room[5][NPKI_CERT_MAX];
	uint8_t r[NPKI_R] = { 1, 2, 3 };
	json_t *old = cert_of("hong"), *pair = enroll("A");
	X509 *old_cert = certs_x509(old), *got;
	EVP_PKEY *key = EVP_RSA_gen(2048);
	OSSL_CMP_CTX *c = client(pair, key, old_cert);
	unsigned char *p = NULL, *q = NULL;
	struct npki_expect want = { .r_secret = r };
	struct err e;
	int n;

	want.now = now_s;
	cr_assert(eq(int,
	    certs_move(&sb, old, CERT_SUSPENDED, REASON_HOLD, "test").code,
	    E_NONE));
	add_evid(c, "9001011970015", r);
	got = OSSL_CMP_exec_IR_ses(c);
	cr_assert(got != NULL);
	n = i2d_PUBKEY(key, &p);
	want.spki = der_of(room[0], n, p);
	n = i2d_X509_NAME(X509_get_subject_name(old_cert), &q);
	want.subject = der_of(room[1], n, q);
	want.not_after = rec_int(old, "not_after_s");
	want.policy_oid = rec_text(old, "policy");
	want.issuer = cert_der(room[2], sb.ca.ca[0].cert);
	want.root = cert_der(room[3], sb.ca.root.cert);
	want.idn_secret = span_str("9001011970015");
	e = npki_issued_check(cert_der(room[4], got), &want);
	cr_expect(eq(int, e.code, E_NONE), "%s", e.where);
	expect_member(
	    json_incref(records_get(&sb.enrollments, rec_text(pair, "refnum"))),
	    "state", "used");
	OSSL_CMP_CTX_free(c);
	EVP_PKEY_free(key);
	X509_free(old_cert);
	json_decref(pair);
}

/* The failure bits an ir of hong's gets. */
static int
failure_of(void (*spoil)(OSSL_CMP_CTX *c))
{
	json_t *old = cert_of("hong"), *pair = enroll("A");
	X509 *cert = certs_x509(old);
	EVP_PKEY *key = EVP_RSA_gen(2048);
	OSSL_CMP_CTX *c = client(pair, key, cert);
	int bits;

	if (cert_state_of(old) == CERT_VALID)
		cr_assert(eq(int,
		    certs_move(&sb, old, CERT_SUSPENDED, REASON_HOLD, "test")
			.code,
		    E_NONE));
	spoil(c);
	cr_expect(OSSL_CMP_exec_IR_ses(c) == NULL);
	bits = OSSL_CMP_CTX_get_failInfoCode(c);
	OSSL_CMP_CTX_free(c);
	EVP_PKEY_free(key);
	X509_free(cert);
	json_decref(pair);
	return bits;
}

static void
spoil_clock(OSSL_CMP_CTX *c)
{
	now_s += 2 * DAY_S;
}

static void
spoil_number(OSSL_CMP_CTX *c)
{
	static const uint8_t r[NPKI_R] = { 9 };

	add_evid(c, "9001012970023", r);
}

static void
spoil_code(OSSL_CMP_CTX *c)
{
	OSSL_CMP_CTX_set1_secretValue(c, (const unsigned char *)"wrong", 5);
}

static void
spoil_reference(OSSL_CMP_CTX *c)
{
	OSSL_CMP_CTX_set1_referenceValue(c, (const unsigned char *)"000000", 6);
}

Test(service, each_mistake_has_its_failure_bit)
{
	static const struct {
		void (*spoil)(OSSL_CMP_CTX *);
		int bit;
	} rows[] = {
		{ spoil_number, OSSL_CMP_PKIFAILUREINFO_badRequest },
		{ spoil_code, OSSL_CMP_PKIFAILUREINFO_badMessageCheck },
		{ spoil_reference, OSSL_CMP_PKIFAILUREINFO_badMessageCheck },
		{ spoil_clock, OSSL_CMP_PKIFAILUREINFO_badTime },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect(eq(int, failure_of(rows[i].spoil), 1 << rows[i].bit),
		    "row %zu", i);
}

Test(service, what_nobody_confirms_is_withdrawn_when_its_time_is_over)
{
	json_t *old = cert_of("hong"), *pair = enroll("A"), *rec = NULL;
	X509 *cert = certs_x509(old);
	EVP_PKEY *key = EVP_RSA_gen(2048);
	OSSL_CMP_CTX *c = client(pair, key, cert);
	const char *name;

	cr_assert(eq(int,
	    certs_move(&sb, old, CERT_SUSPENDED, REASON_HOLD, "test").code,
	    E_NONE));
	OSSL_CMP_CTX_set_option(c, OSSL_CMP_OPT_DISABLE_CONFIRM, 1);
	cr_assert(OSSL_CMP_exec_IR_ses(c) != NULL);
	json_object_foreach(sb.certs.all, name, rec)
		if (cert_state_of(rec) == CERT_UNCONFIRMED)
			break;
	cr_assert(rec != NULL);
	now_s += 899;
	certs_sweep(&sb);
	cr_expect(eq(int, (int)cert_state_of(rec), CERT_UNCONFIRMED));
	now_s += 1;
	certs_sweep(&sb);
	cr_expect(eq(int, (int)cert_state_of(rec), CERT_WITHDRAWN));
	cr_expect(eq(sz, json_array_size(json_object_get(rec, "history")), 2));
	OSSL_CMP_CTX_free(c);
	EVP_PKEY_free(key);
	X509_free(cert);
	json_decref(pair);
}
