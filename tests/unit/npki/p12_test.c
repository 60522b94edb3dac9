/*
 * PKCS#12: the fixture, our own files, other writers' files, and R in all.
 */
#include "support.h"

#include <string.h>

#include <openssl/pkcs12.h>

#include "npki/p12.h"

TestSuite(p12, .init = npki_setup, .timeout = 120);

Test(p12, the_fixture_gives_key_certificate_and_r)
{
	struct bytes file;
	struct npki_p12 p12;
	struct npki_key key;
	X509 *cert = fixture_cert();

	bytes_read(&file, DATA "test.pfx");
	cr_assert(eq(int,
	    npki_p12_read(&p12, bytes_span(&file), fixture_password()).code,
	    E_NONE));
	fixture_key(&key);
	cr_expect(eq(int, EVP_PKEY_eq(p12.key.pkey, key.pkey), 1));
	cr_expect(p12.key.has_r);
	cr_expect(memcmp(p12.key.r_secret, fixture_r, NPKI_R) == 0);
	cr_expect(eq(int, X509_cmp(p12.cert, cert), 0));
	cr_expect(eq(int, sk_X509_num(p12.chain), 0));
	npki_p12_free(&p12);
	npki_key_free(&key);
	X509_free(cert);
}

Test(p12, ours_has_the_size_and_the_order_of_the_fixture)
{
	struct bytes fixture;
	struct npki_p12 p12;
	uint8_t out[8192];
	struct buf b = buf_make(out, sizeof out);

	bytes_read(&fixture, DATA "test.pfx");
	cr_assert(eq(int,
	    npki_p12_read(&p12, bytes_span(&fixture), fixture_password()).code,
	    E_NONE));
	cr_assert(eq(int,
	    npki_p12_write(
		&b, &p12.key, p12.cert, NULL, P12_KOREAN, fixture_password())
		.code,
	    E_NONE));
	cr_expect(eq(sz, b.n, fixture.n));
	/* up to the key's salt nothing is random: header, certificate, bags */
	for (size_t i = 0; i < b.n; i++)
		if (out[i] != fixture.p[i]) {
			cr_expect(gt(sz, i, 1650), "byte %zu", i);
			break;
		}
	npki_p12_free(&p12);
}

Test(p12, r_of_any_ending_survives_with_and_without_a_chain)
{
	static const uint8_t ending[] = { 0x00, 0x78, 0x79, 0x80 };
	struct npki_key key;
	struct pki pki;
	X509 *cert;

	pki_make(&pki);
	fixture_key(&key);
	cert = pki_issue(&pki, key.pkey, NOTHING_WRONG);
	for (size_t i = 0; i < 6 * sizeof ending; i++) {
		uint8_t out[8192];
		struct buf b = buf_make(out, sizeof out);
		STACK_OF(X509) *chain = i % 2 == 0 ? NULL : pki.cas;
		struct npki_p12 p12;

		key.r_secret[NPKI_R - 1] = ending[i / 2 % sizeof ending];
		cr_assert(eq(int,
		    npki_p12_write(&b, &key, cert, chain,
			(enum p12_profile)(i / 8), span_str("Dasi#2026"))
			.code,
		    E_NONE));
		cr_assert(eq(int,
		    npki_p12_read(&p12, buf_span(&b), span_str("Dasi#2026"))
			.code,
		    E_NONE));
		cr_expect(memcmp(p12.key.r_secret, key.r_secret, NPKI_R) == 0);
		cr_expect(eq(int, X509_cmp(p12.cert, cert), 0));
		cr_expect(eq(int, sk_X509_num(p12.chain), (int)(i % 2)));
		npki_p12_free(&p12);
	}
	X509_free(cert);
	npki_key_free(&key);
	pki_free(&pki);
}

/* As `openssl pkcs12 -export` makes them: encrypted certificates, no R. */
static struct bytes
openssl_p12(int key_nid, int cert_nid, const char *mac_password, EVP_PKEY *key,
    X509 *cert, STACK_OF(X509) * chain)
{
	PKCS12 *p12 = PKCS12_create("pw", "friendly", key, cert, chain, key_nid,
	    cert_nid, 2048, mac_password == NULL ? -1 : 2048, 0);
	struct bytes out;
	uint8_t *p = out.p;

	cr_assert(p12 != NULL);
	out.n = (size_t)i2d_PKCS12(p12, &p);
	PKCS12_free(p12);
	return out;
}

Test(p12, files_of_other_writers_are_read)
{
	static const int schemes[][2] = {
		{ NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
		    NID_pbe_WithSHA1And40BitRC2_CBC },
		{ NID_aes_256_cbc, NID_aes_256_cbc },
		{ NID_aes_128_cbc, NID_aes_128_cbc },
		{ NID_seed_cbc, NID_seed_cbc },
		{ NID_aria_256_cbc, NID_aria_256_cbc },
		{ NID_pbe_WithSHA1And3_Key_TripleDES_CBC, -1 },
	};
	struct npki_key key;
	struct pki pki;
	X509 *cert;

	pki_make(&pki);
	fixture_key(&key);
	cert = pki_issue(&pki, key.pkey, NOTHING_WRONG);
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		struct bytes file = openssl_p12(schemes[i][0], schemes[i][1],
		    i % 2 == 0 ? "pw" : NULL, key.pkey, cert, pki.cas);
		struct npki_p12 p12;

		cr_assert(
		    eq(int,
			npki_p12_read(&p12, bytes_span(&file), span_str("pw"))
			    .code,
			E_NONE),
		    "scheme %zu", i);
		cr_expect(not(p12.key.has_r));
		cr_expect(eq(int, EVP_PKEY_eq(p12.key.pkey, key.pkey), 1));
		cr_expect(eq(int, X509_cmp(p12.cert, cert), 0));
		cr_expect(eq(int, sk_X509_num(p12.chain), 1));
		npki_p12_free(&p12);
		cr_expect(
		    eq(int,
			npki_p12_read(&p12, bytes_span(&file), span_str("no"))
			    .code,
			E_PASSWORD),
		    "scheme %zu", i);
	}
	X509_free(cert);
	npki_key_free(&key);
	pki_free(&pki);
}

Test(p12, a_file_without_a_key_or_its_certificate_says_so)
{
	struct npki_key key;
	struct npki_p12 p12;
	struct pki pki;
	struct bytes file;

	pki_make(&pki);
	fixture_key(&key);
	file = openssl_p12(0, 0, "pw", NULL, pki.ca, NULL);
	cr_expect(
	    eq(int, npki_p12_read(&p12, bytes_span(&file), span_str("pw")).code,
		E_NOTFOUND));
	file = openssl_p12(0, 0, "pw", key.pkey, NULL, pki.cas);
	cr_expect(
	    eq(int, npki_p12_read(&p12, bytes_span(&file), span_str("pw")).code,
		E_NOTFOUND));
	npki_key_free(&key);
	pki_free(&pki);
}

Test(p12, a_file_may_not_ask_for_millions_of_iterations)
{
	/* the fixture ends in MacData { ..., INTEGER 1024 }, 51 bytes */
	static const uint8_t two_million[] = { 0x02, 0x03, 0x1e, 0x84, 0x80 };
	struct bytes file;
	struct npki_p12 p12;

	bytes_read(&file, DATA "test.pfx");
	cr_assert(eq(u8, file.p[file.n - 51], 0x30));
	file.p[file.n - 50]++;
	file.p[3]++;
	memcpy(file.p + file.n - 4, two_million, sizeof two_million);
	file.n++;
	cr_expect(eq(int,
	    npki_p12_read(&p12, bytes_span(&file), fixture_password()).code,
	    E_LIMIT));
}

Test(p12, arguments_out_of_range_are_refused)
{
	struct npki_key key;
	X509 *cert = fixture_cert();
	uint8_t out[512];
	struct buf b = buf_make(out, sizeof out);
	struct span pw = span_str("pw");

	fixture_key(&key);
	cr_expect(eq(int,
	    npki_p12_write(&b, &key, cert, NULL, P12_KOREAN, span_str("")).code,
	    E_ARG));
	cr_expect(
	    eq(int, npki_p12_write(&b, &key, cert, NULL, P12_STRONG, pw).code,
		E_LIMIT));
	cr_expect(eq(sz, b.n, 0));
	npki_key_free(&key);
	X509_free(cert);
}

/* What the profiles promise, read by OpenSSL's own words for the file. */
Test(p12, each_profile_is_encrypted_as_it_says)
{
	static const struct {
		enum p12_profile profile;
		int safes, mac_nid, iterations;
	} rows[] = {
		{ P12_KOREAN, 1, NID_sha1, P12_ITER },
		{ P12_COMPATIBLE, 2, NID_sha1, P12_PHONE_ITER },
		{ P12_STRONG, 2, NID_sha256, P12_PHONE_ITER },
	};
	struct npki_key key;
	X509 *cert = fixture_cert();

	fixture_key(&key);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t out[8192];
		struct buf b = buf_make(out, sizeof out);
		const uint8_t *p = out;
		const ASN1_INTEGER *iterations;
		const X509_ALGOR *mac;
		const ASN1_OBJECT *md;
		STACK_OF(PKCS7) * safes;
		PKCS12 *p12;

		cr_assert(eq(int,
		    npki_p12_write(&b, &key, cert, NULL, rows[i].profile,
			span_str("Dasi#2026"))
			.code,
		    E_NONE));
		p12 = d2i_PKCS12(NULL, &p, (long)b.n);
		cr_assert(p12 != NULL);
		PKCS12_get0_mac(NULL, &mac, NULL, &iterations, p12);
		X509_ALGOR_get0(&md, NULL, NULL, mac);
		cr_expect(eq(int, OBJ_obj2nid(md), rows[i].mac_nid));
		cr_expect(eq(int, (int)ASN1_INTEGER_get(iterations),
		    rows[i].iterations));
		safes = PKCS12_unpack_authsafes(p12);
		cr_expect(eq(int, sk_PKCS7_num(safes), rows[i].safes));
		sk_PKCS7_pop_free(safes, PKCS7_free);
		PKCS12_free(p12);
	}
	npki_key_free(&key);
	X509_free(cert);
}
