/*
 * Revocation lists of a CA made here: only its own, fresh and whole one says
 * anything about a certificate.
 */
#include <criterion/criterion.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "npki/npki.h"
#include "peer/crl.h"

enum { DAY = 86400, ROOM = 8192, NO_ENTRY = -2 };

static EVP_PKEY *ca_key, *other_key;
static X509 *ca, *leaf, *forged;
static uint8_t ca_der[ROOM], leaf_der[ROOM], forged_der[ROOM];
static size_t ca_n, leaf_n, forged_n;
static int64_t now;

static void
extend(X509 *c, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *x;

	X509V3_set_ctx(&ctx, issuer, c, NULL, NULL, 0);
	x = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	cr_assert_not_null(x);
	X509_add_ext(c, x, -1);
	X509_EXTENSION_free(x);
}

static X509 *
make(const char *cn, X509 *issuer, EVP_PKEY *key, EVP_PKEY *signer)
{
	X509 *c = X509_new();
	X509_NAME *name = X509_get_subject_name(c);

	X509_set_version(c, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(c), issuer == NULL ? 1 : 0x1234);
	X509_NAME_add_entry_by_txt(
	    name, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0);
	X509_set_issuer_name(
	    c, issuer == NULL ? name : X509_get_subject_name(issuer));
	X509_gmtime_adj(X509_getm_notBefore(c), -DAY);
	X509_gmtime_adj(X509_getm_notAfter(c), 365L * DAY);
	X509_set_pubkey(c, key);
	if (issuer == NULL) {
		extend(c, c, NID_basic_constraints, "critical,CA:TRUE");
		extend(c, c, NID_key_usage, "critical,keyCertSign,cRLSign");
	} else {
		extend(c, issuer, NID_crl_distribution_points,
		    "URI:http://ca.example/dp5.crl");
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
	cr_assert_not(err_is(npki_init()));
	now = time(NULL);
	ca_key = EVP_RSA_gen(2048);
	other_key = EVP_RSA_gen(2048);
	ca = make("CA", NULL, ca_key, ca_key);
	leaf = make("customer", ca, other_key, ca_key);
	forged = make("customer", ca, other_key, other_key);
	ca_n = to_der(ca_der, ca);
	leaf_n = to_der(leaf_der, leaf);
	forged_n = to_der(forged_der, forged);
}

static void
tear_down(void)
{
	X509_free(ca);
	X509_free(leaf);
	X509_free(forged);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(other_key);
}

TestSuite(crl, .init = set_up, .fini = tear_down);

struct play {
	int reason;	     /* of the leaf's entry; NO_ENTRY, CRL_NO_REASON */
	long this_s, next_s; /* from now; next 0: absent */
	EVP_PKEY *key;
	const char *issuer; /* NULL: the CA's */
	const char *scope;  /* of an issuing distribution point, or NULL */
};

static void
add_entry(X509_CRL *crl, int reason)
{
	X509_REVOKED *r = X509_REVOKED_new();
	ASN1_TIME *when = X509_gmtime_adj(NULL, -3600);
	ASN1_ENUMERATED *e = ASN1_ENUMERATED_new();

	X509_REVOKED_set_serialNumber(r, X509_get_serialNumber(leaf));
	X509_REVOKED_set_revocationDate(r, when);
	ASN1_ENUMERATED_set(e, reason);
	if (reason >= 0)
		X509_REVOKED_add1_ext_i2d(r, NID_crl_reason, e, 0, 0);
	X509_CRL_add0_revoked(crl, r);
	ASN1_ENUMERATED_free(e);
	ASN1_TIME_free(when);
}

static void
name_issuer(X509_CRL *crl, const char *cn)
{
	X509_NAME *name = X509_NAME_new();

	X509_NAME_add_entry_by_txt(
	    name, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0);
	X509_CRL_set_issuer_name(crl, name);
	X509_NAME_free(name);
}

static void
add_scope(X509_CRL *crl, const char *scope)
{
	X509_EXTENSION *x = X509V3_EXT_conf_nid(
	    NULL, NULL, NID_issuing_distribution_point, scope);

	cr_assert_not_null(x);
	X509_CRL_add_ext(crl, x, -1);
	X509_EXTENSION_free(x);
}

static size_t
list(uint8_t room[static ROOM], const struct play *p)
{
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *from = X509_gmtime_adj(NULL, p->this_s);
	ASN1_TIME *until = X509_gmtime_adj(NULL, p->next_s);
	unsigned char *out = room;
	size_t n;

	X509_CRL_set_version(crl, X509_CRL_VERSION_2);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(ca));
	if (p->issuer != NULL)
		name_issuer(crl, p->issuer);
	X509_CRL_set1_lastUpdate(crl, from);
	if (p->next_s != 0)
		X509_CRL_set1_nextUpdate(crl, until);
	if (p->reason != NO_ENTRY)
		add_entry(crl, p->reason);
	if (p->scope != NULL)
		add_scope(crl, p->scope);
	cr_assert(X509_CRL_sign(crl, p->key, EVP_sha256()) > 0);
	n = (size_t)i2d_X509_CRL(crl, &out);
	X509_CRL_free(crl);
	ASN1_TIME_free(from);
	ASN1_TIME_free(until);
	return n;
}

static struct err
judge(struct crl_answer *a, const struct play *p)
{
	static uint8_t room[ROOM];
	size_t n = list(room, p);

	memset(a, 0x55, sizeof *a);
	return crl_status(a, span_make(room, n), span_make(leaf_der, leaf_n),
	    span_make(ca_der, ca_n), now);
}

static struct play
honest(int reason)
{
	return (struct play){
		.reason = reason, .this_s = -60, .next_s = 3600, .key = ca_key
	};
}

Test(crl, a_certificate_that_is_not_listed_is_good)
{
	struct play p = honest(NO_ENTRY);
	struct crl_answer a;
	struct err e = judge(&a, &p);

	cr_assert_not(err_is(e), "%s", e.where);
	cr_expect_not(a.revoked);
	cr_expect_eq(a.reason, CRL_NO_REASON);
	cr_expect(a.made >= now - 65 && a.made <= now - 55);
	cr_expect_eq(a.at, a.made);
}

Test(crl, a_listed_one_is_revoked_with_its_reason_and_time)
{
	static const int reasons[] = { 6, 1, 4, CRL_NO_REASON };

	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		struct play p = honest(reasons[i]);
		struct crl_answer a;
		struct err e = judge(&a, &p);
		cr_assert_not(err_is(e), "%s", e.where);
		cr_expect(a.revoked);
		cr_expect_eq(a.reason, reasons[i]);
		cr_expect(a.at >= now - 3605 && a.at <= now - 3595);
	}
}

Test(crl, a_list_of_somebody_else_says_nothing)
{
	struct play p = honest(NO_ENTRY);
	struct crl_answer a;

	p.key = other_key;
	cr_expect_str_eq(judge(&a, &p).where, "crl: signature");
	p = honest(NO_ENTRY);
	p.issuer = "another CA";
	cr_expect_str_eq(judge(&a, &p).where, "crl: issuer");
	cr_expect_eq(a.reason, 0x55555555, "nothing is written");
}

Test(crl, a_list_of_another_part_says_nothing)
{
	struct play p = honest(NO_ENTRY);
	struct crl_answer a;

	p.scope = "critical,fullname:URI:http://ca.example/dp6.crl";
	cr_expect_str_eq(judge(&a, &p).where, "crl: certificate");
	p.scope = "critical,fullname:URI:http://ca.example/dp5.crl";
	cr_expect_not(err_is(judge(&a, &p)));
	p.scope = "critical,onlyCA:TRUE";
	cr_expect_str_eq(judge(&a, &p).where, "crl: certificate");
}

Test(crl, a_certificate_somebody_else_signed_is_not_vouched_for)
{
	struct play p = honest(NO_ENTRY);
	static uint8_t room[ROOM];
	size_t n = list(room, &p);
	struct crl_answer a;

	cr_expect_str_eq(
	    crl_status(&a, span_make(room, n), span_make(forged_der, forged_n),
		span_make(ca_der, ca_n), now)
		.where,
	    "crl: certificate");
}

Test(crl, old_future_and_endless_lists_are_refused)
{
	/* clang-format off */
	static const struct { long from, until; enum err_code code; } rows[] = {
		{ -3600, -CRL_SKEW_S + 30,	E_NONE },
		{ -3600, -CRL_SKEW_S - 30,	E_EXPIRED },
		{ CRL_SKEW_S - 30, 7200,	E_NONE },
		{ CRL_SKEW_S + 30, 7200,	E_EXPIRED },
		{ -60, 0,			E_EXPIRED },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct play p = honest(6);
		struct crl_answer a;
		struct err e;
		p.this_s = rows[i].from;
		p.next_s = rows[i].until;
		e = judge(&a, &p);
		cr_expect_eq(e.code, rows[i].code, "row %zu: %s", i,
		    e.code == E_NONE ? "" : e.where);
	}
}

Test(crl, no_byte_of_a_list_can_be_another_and_make_it_good)
{
	static uint8_t room[ROOM];
	struct play p = honest(6);
	size_t n = list(room, &p);
	struct span cert = span_make(leaf_der, leaf_n);
	struct span issuer = span_make(ca_der, ca_n);
	struct crl_answer a;

	for (size_t i = 0; i < n; i++) {
		room[i] ^= 0x04;
		cr_expect(err_is(crl_status(
			      &a, span_make(room, n), cert, issuer, now)) ||
			      a.revoked,
		    "byte %zu", i);
		room[i] ^= 0x04;
	}
	for (size_t i = 0; i < n; i++)
		cr_expect(err_is(crl_status(
			      &a, span_make(room, i), cert, issuer, now)),
		    "%zu bytes", i);
	room[n] = 0;
	cr_expect_eq(
	    (int)crl_status(&a, span_make(room, n + 1), cert, issuer, now).code,
	    E_FORMAT);
}
