/*
 * What a certificate says, and whether it is the one that was asked for.
 */
#include "support.h"

#include <string.h>

#include <openssl/x509v3.h>

#include "npki/pair.h"
#include "npki/vid.h"

TestSuite(cert, .init = npki_setup, .timeout = 120);
TestSuite(profile, .init = npki_setup, .timeout = 120);
TestSuite(issued, .init = npki_setup, .timeout = 120);
TestSuite(pair, .init = npki_setup, .timeout = 120);
TestSuite(policy);

Test(cert, the_fixture_says_what_was_published)
{
	X509 *cert = fixture_cert();
	struct npki_cert_info info;

	cr_assert(eq(int, npki_cert_info(&info, cert).code, E_NONE));
	expect_text(info.org, "yessign");
	expect_text(info.cn, "HKD(KILDONG.HONG)009104120200225191000030");
	expect_text(info.person, "HKD");
	expect_text(info.issuer_cn, "yessignCA-Test Class 4");
	expect_text(info.serial, "459c75");
	expect_text(info.policy_oid, "1.2.410.200005.1.1.4");
	cr_assert(info.policy != NULL);
	expect_text(info.policy->product, "product.bank_personal");
	expect_text(info.ocsp_url, "http://snoopy.yessign.or.kr:4612");
	expect_text(info.crl_url,
	    "ldap://snoopy.yessign.or.kr:6020/ou=dp18p395,ou=AccreditedCA,"
	    "o=yessign,c=kr?certificateRevocationList");
	expect_text(info.key_type, "RSA");
	cr_expect(eq(int, info.key_bits, 2048));
	cr_expect(info.has_key_usage);
	cr_expect(
	    eq(u32, info.key_usage, KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION));
	cr_expect(eq(i64, info.not_before, INT64_C(1582556400)));
	cr_expect(eq(i64, info.not_after, INT64_C(1585148399)));
	cr_expect(info.has_identify);
	expect_text(info.identify.name, "HKD");
	X509_free(cert);
}

Test(cert, the_fixture_fits_the_profile_without_a_finding)
{
	X509 *cert = fixture_cert();
	uint32_t findings;

	npki_profile_check(&findings, cert);
	cr_expect(eq(u32, findings, 0));
	X509_free(cert);
}

Test(cert, only_der_that_fills_the_bytes_is_a_certificate)
{
	struct bytes file;
	X509 *cert;

	bytes_read(&file, DATA "signCert.der");
	file.p[file.n] = 0;
	cr_expect(
	    eq(int, npki_cert_parse(&cert, span_make(file.p, file.n + 1)).code,
		E_FORMAT));
	cr_expect(cert == NULL);
	for (size_t i = 0; i < file.n; i++)
		cr_expect(ne(int,
		    npki_cert_parse(&cert, span_make(file.p, i)).code, E_NONE));
	cr_expect(eq(int,
	    npki_cert_parse(&cert, span_make(file.p, NPKI_CERT_MAX + 1)).code,
	    E_LIMIT));
}

Test(profile, each_planted_fault_is_found_alone)
{
	struct npki_key key;
	struct pki pki;

	pki_make(&pki);
	fixture_key(&key);
	for (int f = 0; f <= FIND_COUNT; f++) {
		X509 *made = pki_issue(&pki, key.pkey, f), *cert;
		struct bytes der = cert_bytes(made);
		uint32_t findings;

		cr_assert(eq(int, npki_cert_parse(&cert, bytes_span(&der)).code,
		    E_NONE));
		npki_profile_check(&findings, cert);
		cr_expect(
		    eq(u32, findings, f == FIND_COUNT ? 0 : UINT32_C(1) << f),
		    "%s", npki_finding_name((enum npki_finding)f));
		X509_free(cert);
		X509_free(made);
	}
	npki_key_free(&key);
	pki_free(&pki);
}

Test(profile, every_finding_has_a_name_and_a_sentence)
{
	for (int f = 0; f < FIND_COUNT; f++) {
		cr_expect(npki_finding_name((enum npki_finding)f) != NULL);
		cr_expect(npki_finding_text((enum npki_finding)f)[0] != '\0');
	}
	expect_text(npki_finding_name(FIND_COUNT), "unknown");
}

/* A whole expectation around one issued certificate. */
struct ordered {
	struct pki pki;
	struct npki_key key;
	X509 *made;
	struct bytes der, ca, root, spki, subject;
	struct npki_expect x;
};

static void
order_from(struct ordered *o, int planted, void (*make)(struct pki *))
{
	struct buf b = buf_make(o->spki.p, sizeof o->spki.p);
	const uint8_t *name;

	make(&o->pki);
	fixture_key(&o->key);
	o->made = pki_issue(&o->pki, o->key.pkey, planted);
	o->der = cert_bytes(o->made);
	o->ca = cert_bytes(o->pki.ca);
	o->root = cert_bytes(o->pki.root);
	cr_assert(eq(int, npki_cert_spki(&b, o->made).code, E_NONE));
	o->spki.n = b.n;
	X509_NAME_get0_der(
	    X509_get_subject_name(o->made), &name, &o->subject.n);
	memcpy(o->subject.p, name, o->subject.n);
	o->x = (struct npki_expect){ .spki = bytes_span(&o->spki),
		.subject = bytes_span(&o->subject),
		.not_after = LEAF_ENDS,
		.policy_oid = "1.2.410.200005.1.1.4",
		.issuer = bytes_span(&o->ca),
		.root = bytes_span(&o->root),
		.idn_secret = span_str(IDN),
		.r_secret = fixture_r,
		.now = NOW };
}

static void
order(struct ordered *o, int planted)
{
	order_from(o, planted, pki_make);
}

static void
order_free(struct ordered *o)
{
	X509_free(o->made);
	npki_key_free(&o->key);
	pki_free(&o->pki);
}

static void
expect_check(const struct ordered *o, enum err_code code, const char *where)
{
	struct err e = npki_issued_check(bytes_span(&o->der), &o->x);

	expect_quiet();
	cr_expect(eq(int, e.code, code), "%s", where);
	expect_text(e.where, where);
}

Test(issued, the_certificate_asked_for_passes)
{
	static struct ordered o;

	order(&o, NOTHING_WRONG);
	expect_check(&o, E_NONE, "");
	order_free(&o);
}

Test(issued, each_difference_from_the_order_is_named)
{
	static struct ordered o, w;
	static const uint8_t other_r[NPKI_R];

	order(&o, NOTHING_WRONG);
	w = o;
	w.x.spki = bytes_span(&o.subject);
	expect_check(&w, E_MISMATCH, "issued: key");
	w = o;
	w.x.subject = bytes_span(&o.spki);
	expect_check(&w, E_MISMATCH, "issued: subject");
	w = o;
	w.x.not_after = LEAF_ENDS + 86400;
	expect_check(&w, E_MISMATCH, "issued: expiry");
	w = o;
	w.x.policy_oid = "1.2.410.200005.1.1.1";
	expect_check(&w, E_MISMATCH, "issued: policy");
	w = o;
	w.x.issuer = bytes_span(&o.root);
	expect_check(&w, E_MISMATCH, "issued: issuer");
	w = o;
	w.x.now = LEAF_ENDS + 1;
	expect_check(&w, E_EXPIRED, "issued: validity");
	w.x.now = LEAF_BEGINS - 1;
	expect_check(&w, E_EXPIRED, "issued: validity");
	w = o;
	w.x.root = bytes_span(&o.ca);
	expect_check(&w, E_MISMATCH, "issued: chain");
	w = o;
	w.x.idn_secret = span_str("9001011970016");
	expect_check(&w, E_MISMATCH, "issued: vid");
	w = o;
	w.x.r_secret = other_r;
	expect_check(&w, E_MISMATCH, "issued: vid");
	w = o;
	w.x.root.n = 0;
	expect_check(&w, E_ARG, "issued: expectation");
	w = o;
	w.x.r_secret = NULL;
	expect_check(&w, E_ARG, "issued: expectation");
	w = o;
	w.x.root = bytes_span(&o.spki);
	expect_check(&w, E_ARG, "issued: issuer or root");
	order_free(&o);
}

Test(issued, a_ca_of_the_same_name_but_another_key_does_not_pass)
{
	static struct ordered o, other;

	order(&o, NOTHING_WRONG);
	order(&other, NOTHING_WRONG);
	o.x.issuer = bytes_span(&other.ca);
	o.x.root = bytes_span(&other.root);
	expect_check(&o, E_MISMATCH, "issued: chain");
	order_free(&o);
	order_free(&other);
}

Test(issued, a_profile_finding_refuses_unless_it_is_ignored)
{
	static struct ordered o;

	order(&o, FIND_CRL_DP);
	expect_check(&o, E_MISMATCH, "issued: profile");
	o.x.ignore = 1u << FIND_CRL_DP;
	expect_check(&o, E_NONE, "");
	order_free(&o);
}

Test(issued, intermediate_cas_that_are_given_complete_the_path_to_the_root)
{
	static struct ordered o, other;
	STACK_OF(X509) *chain = sk_X509_new_null();

	order_from(&o, NOTHING_WRONG, pki_make_long);
	expect_check(&o, E_MISMATCH, "issued: chain");
	o.x.chain = chain;
	expect_check(&o, E_MISMATCH, "issued: chain");

	/* a CA of the same name, but not the one that signed */
	order_from(&other, NOTHING_WRONG, pki_make_long);
	sk_X509_push(chain, other.pki.middle);
	expect_check(&o, E_MISMATCH, "issued: chain");
	/* given is not trusted: that whole other path does not count */
	other.x.chain = chain;
	expect_check(&other, E_NONE, "");
	other.x.root = bytes_span(&o.root);
	sk_X509_push(chain, other.pki.root);
	expect_check(&other, E_MISMATCH, "issued: chain");

	/* in any order, beside others */
	sk_X509_push(chain, o.pki.middle);
	expect_check(&o, E_NONE, "");
	cr_expect(eq(int, sk_X509_num(chain), 3));
	o.x.root = bytes_span(&o.ca);
	expect_check(&o, E_MISMATCH, "issued: chain");
	sk_X509_free(chain);
	order_free(&o);
	order_free(&other);
}

Test(issued, the_given_chain_is_bounded)
{
	static struct ordered o;
	STACK_OF(X509) *chain = sk_X509_new_null();

	order_from(&o, NOTHING_WRONG, pki_make_long);
	o.x.chain = chain;
	for (int i = 0; i < NPKI_CHAIN_MAX; i++)
		sk_X509_push(chain, o.pki.middle);
	expect_check(&o, E_NONE, "");
	sk_X509_push(chain, o.pki.middle);
	expect_check(&o, E_ARG, "issued: expectation");
	sk_X509_free(chain);
	order_free(&o);
}

/* Any profile is not any certificate. */
Test(issued, a_ca_with_another_profile_still_has_to_issue_what_was_asked_for)
{
	/* clang-format off */
	static const struct { int planted; bool passes; } rows[] = {
		{ OTHER_NO_USAGE,	true },
		{ OTHER_SIGN_ONLY,	true },
		{ FIND_EXT_KEY_USAGE,	true },
		{ FIND_BASIC_CONSTRAINTS, true },
		{ OTHER_NEVER_SIGN,	false },
		{ OTHER_CERT_SIGN,	false },
		{ OTHER_CA,		false },
	};
	/* clang-format on */
	static struct ordered o, w;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		order(&o, rows[i].planted);
		o.x.vid_optional = true;
		expect_check(&o, E_MISMATCH,
		    rows[i].planted < FIND_COUNT ? "issued: profile"
						 : "issued: key usage");
		o.x.ignore = ~0u;
		if (!rows[i].passes) {
			expect_check(&o, E_MISMATCH, "issued: key usage");
			order_free(&o);
			continue;
		}
		expect_check(&o, E_NONE, "");
		w = o;
		w.x.spki = bytes_span(&o.subject);
		expect_check(&w, E_MISMATCH, "issued: key");
		w = o;
		w.x.subject = bytes_span(&o.spki);
		expect_check(&w, E_MISMATCH, "issued: subject");
		w = o;
		w.x.not_after = LEAF_ENDS + 86400;
		expect_check(&w, E_MISMATCH, "issued: expiry");
		w = o;
		w.x.policy_oid = "1.2.3";
		expect_check(&w, E_MISMATCH, "issued: policy");
		w = o;
		w.x.root = bytes_span(&o.ca);
		expect_check(&w, E_MISMATCH, "issued: chain");
		order_free(&o);
	}
}

Test(issued, an_optional_vid_may_be_absent_but_never_wrong)
{
	static const uint8_t other_r[NPKI_R];
	static struct ordered o;

	order(&o, FIND_IDENTIFY_DATA);
	o.x.ignore = ~0u;
	expect_check(&o, E_MISMATCH, "issued: vid");
	o.x.vid_optional = true;
	expect_check(&o, E_NONE, "");
	order_free(&o);

	order(&o, NOTHING_WRONG);
	o.x.ignore = ~0u;
	o.x.vid_optional = true;
	expect_check(&o, E_NONE, "");
	o.x.r_secret = other_r;
	expect_check(&o, E_MISMATCH, "issued: vid");
	order_free(&o);
}

Test(issued, no_damaged_certificate_passes)
{
	static struct ordered o;

	order(&o, NOTHING_WRONG);
	o.x.ignore = ~0u;
	for (size_t i = 0; i < o.der.n; i++) {
		o.der.p[i] ^= (uint8_t)(1u << i % 8);
		cr_expect(
		    ne(int, npki_issued_check(bytes_span(&o.der), &o.x).code,
			E_NONE),
		    "byte %zu", i);
		o.der.p[i] ^= (uint8_t)(1u << i % 8);
	}
	expect_check(&o, E_NONE, "");
	order_free(&o);
}

Test(pair, a_pair_signs_and_its_cms_verifies)
{
	static struct ordered o;
	EVP_PKEY *other = EVP_RSA_gen(2048);

	order(&o, NOTHING_WRONG);
	cr_expect(eq(int, npki_pair_check(o.made, o.key.pkey).code, E_NONE));
	cr_expect(eq(int, npki_test_sign(o.made, o.key.pkey).code, E_NONE));
	cr_expect(eq(int,
	    npki_test_cms(o.made, o.key.pkey, o.pki.cas, o.pki.root, NOW).code,
	    E_NONE));
	cr_expect(eq(int, npki_pair_check(o.made, other).code, E_MISMATCH));
	cr_expect(eq(int, npki_test_sign(o.made, other).code, E_MISMATCH));
	cr_expect(eq(int,
	    npki_test_cms(o.made, other, o.pki.cas, o.pki.root, NOW).code,
	    E_MISMATCH));
	/* no path, and too late */
	cr_expect(eq(int,
	    npki_test_cms(o.made, o.key.pkey, NULL, o.pki.root, NOW).code,
	    E_MISMATCH));
	cr_expect(eq(int,
	    npki_test_cms(
		o.made, o.key.pkey, o.pki.cas, o.pki.root, LEAF_ENDS + 1)
		.code,
	    E_MISMATCH));
	expect_quiet();
	EVP_PKEY_free(other);
	order_free(&o);
}

Test(pair, a_chain_ends_at_the_pinned_root_only)
{
	struct npki_key key;
	struct pki pki, other;
	X509 *cert;

	pki_make(&pki);
	pki_make(&other);
	fixture_key(&key);
	cert = pki_issue(&pki, key.pkey, NOTHING_WRONG);
	cr_expect(eq(
	    int, npki_chain_check(cert, pki.cas, pki.root, NOW).code, E_NONE));
	cr_expect(eq(int, npki_chain_check(cert, pki.cas, other.root, NOW).code,
	    E_MISMATCH));
	cr_expect(eq(
	    int, npki_chain_check(cert, NULL, pki.root, NOW).code, E_MISMATCH));
	cr_expect(eq(int, npki_chain_check(cert, pki.cas, pki.ca, NOW).code,
	    E_MISMATCH));
	cr_expect(eq(int,
	    npki_chain_check(cert, pki.cas, pki.root, LEAF_ENDS + 1).code,
	    E_EXPIRED));
	expect_quiet();
	X509_free(cert);
	npki_key_free(&key);
	pki_free(&pki);
	pki_free(&other);
}

Test(policy, every_row_is_found_by_oid_and_by_product)
{
	size_t n;
	const struct npki_policy *table = npki_policy_table(&n);

	cr_assert(ge(sz, n, 30));
	for (size_t i = 0; i < n; i++) {
		cr_expect(npki_policy_find(table[i].oid) == &table[i], "%s",
		    table[i].oid);
		cr_expect(
		    npki_policy_of(table[i].org, table[i].product) == &table[i],
		    "%s", table[i].oid);
		cr_expect(npki_issuer_name_ko(table[i].org) != NULL);
	}
	cr_expect(npki_policy_find("1.2.3") == NULL);
	cr_expect(
	    npki_policy_of("yessign", "product.securities_personal") == NULL);
	cr_expect(npki_issuer_name_ko("nobody") == NULL);
}
