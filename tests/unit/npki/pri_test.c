/*
 * signPri.key: the published vectors, every form we read, and R on every path.
 */
#include "support.h"

#include <string.h>

#include <openssl/pkcs12.h>

#include "base/text.h"
#include "npki/der.h"
#include "npki/pbe.h"

TestSuite(pri, .init = npki_setup, .timeout = 60);

static struct span
str(const char *s)
{
	return span_str(s);
}

Test(pri, key_derivation_gives_the_published_bytes)
{
	struct bytes salt = bytes_hex("c8ea2fa25023c285");
	uint8_t dk[20], iv[16];

	cr_assert(eq(int,
	    npki_pbkdf1(dk, fixture_password(), bytes_span(&salt), 2048).code,
	    E_NONE));
	expect_hex(
	    span_make(dk, 20), "6240e2686a6abbc48c922ccba906bb91c58eec36");
	cr_assert(eq(int, npki_seed_iv(iv, dk).code, E_NONE));
	expect_hex(span_make(iv, 16), "4471a1fd154167f22848770d578a5b73");
	cr_expect(eq(int,
	    npki_pbkdf1(dk, fixture_password(), bytes_span(&salt), 0).code,
	    E_ARG));
}

Test(pri, pbkdf2_gives_the_published_key)
{
	struct bytes salt = bytes_hex("28ce9089e2828009");
	uint8_t key[16];

	PKCS5_PBKDF2_HMAC((const char *)fixture_password().p,
	    (int)fixture_password().n, salt.p, (int)salt.n, 1024, EVP_sha1(),
	    16, key);
	expect_hex(span_make(key, 16), "01739401d7f3df5319eff4edb0afa66f");
}

Test(pri, the_fixture_opens_to_its_published_plaintext_and_r)
{
	uint8_t plain[PRI_PLAIN_MAX], digest[32];
	struct buf b = buf_make(plain, sizeof plain);
	struct npki_key key;

	fixture_key(&key);
	cr_expect(key.has_r);
	cr_expect(eq(int, key.form, PRI_FORM_SEED_SHA1));
	cr_expect(eq(sz, key.attrs_n, 0));
	cr_expect(memcmp(key.r_secret, fixture_r, NPKI_R) == 0);
	cr_assert(eq(int, npki_pri_plain_encode(&b, &key).code, E_NONE));
	cr_expect(eq(sz, b.n, 1258));
	EVP_Digest(b.p, b.n, digest, NULL, EVP_sha256(), NULL);
	expect_hex(span_make(digest, 32),
	    "c39e707b3191e5b8d0cb98187e99bc41facdfd55b31780158168f9f754c658c5");
	npki_key_free(&key);
}

Test(pri, what_we_write_begins_with_the_thirty_six_known_bytes)
{
	uint8_t out[4096];
	struct buf b = buf_make(out, sizeof out);
	struct npki_key key;

	fixture_key(&key);
	cr_assert(eq(int,
	    npki_pri_write(&b, &key, PRI_FORM_SEED_SHA1, str("Dasi#Again2026"))
		.code,
	    E_NONE));
	cr_expect(eq(sz, b.n, 1300));
	expect_hex(
	    span_make(out, 20), "30820510301a06082a831a8c9a44010f300e0408");
	expect_hex(span_make(out + 28, 8), "02020800048204f0");
	npki_key_free(&key);
}

Test(pri, the_second_form_has_sha1_prf_and_no_key_length)
{
	char name[PRI_ALGORITHM_TEXT];
	uint8_t out[4096];
	struct buf b = buf_make(out, sizeof out);
	struct npki_key key;

	fixture_key(&key);
	cr_assert(eq(int,
	    npki_pri_write(&b, &key, PRI_FORM_PBES2, str("Dasi#Again2026"))
		.code,
	    E_NONE));
	expect_hex(span_make(out + 4, 32),
	    "304806092a864886f70d01050d303b301b06092a864886f70d01050c300e0408");
	expect_hex(
	    span_make(out + 44, 18), "02020800301c06082a831a8c9a4401040410");
	cr_assert(eq(int, npki_pri_algorithm(name, buf_span(&b)).code, E_NONE));
	expect_text(name, "PBES2 (PBKDF2 hmacWithSHA1, SEED-CBC)");
	npki_key_free(&key);
}

static void
same_key(const struct npki_key *a, const struct npki_key *b)
{
	cr_expect(eq(int, EVP_PKEY_eq(a->pkey, b->pkey), 1));
	cr_expect(eq(int, a->has_r, b->has_r));
	cr_expect(memcmp(a->r_secret, b->r_secret, NPKI_R) == 0);
	cr_expect(eq(sz, a->attrs_n, b->attrs_n));
	cr_expect(memcmp(a->attrs, b->attrs, a->attrs_n) == 0);
}

/* friendlyName "dasi", an attribute that is not ours */
static const char foreign_attr[] =
    "301706092a864886f70d010914310a1e080064006100730069";

Test(pri, r_of_any_ending_and_other_attributes_survive_both_forms)
{
	static const uint8_t ending[] = { 0x00, 0x78, 0x79, 0x80, 0x01, 0xff };
	static const enum pri_form forms[] = { PRI_FORM_SEED_SHA1,
		PRI_FORM_PBES2 };
	struct bytes attr = bytes_hex(foreign_attr);
	struct npki_key key, again;
	uint8_t out[4096];

	fixture_key(&key);
	memcpy(key.attrs, attr.p, attr.n);
	for (size_t i = 0; i < 2 * sizeof ending; i++) {
		struct buf b = buf_make(out, sizeof out);
		enum pri_form form = forms[i % 2];

		key.r_secret[NPKI_R - 1] = ending[i / 2];
		key.attrs_n = i < sizeof ending ? 0 : attr.n;
		cr_assert(eq(int,
		    npki_pri_write(&b, &key, form, str("pw")).code, E_NONE));
		cr_assert(
		    eq(int, npki_pri_read(&again, buf_span(&b), str("pw")).code,
			E_NONE));
		same_key(&key, &again);
		cr_expect(eq(int, again.form, form));
		npki_key_free(&again);
	}
	npki_key_free(&key);
}

Test(pri, r_is_always_written_as_twenty_whole_bytes)
{
	static const uint8_t ending[] = { 0x00, 0x78, 0x79, 0x80 };
	struct npki_key key;
	uint8_t plain[PRI_PLAIN_MAX];

	fixture_key(&key);
	for (size_t i = 0; i < sizeof ending; i++) {
		struct buf b = buf_make(plain, sizeof plain);

		key.r_secret[NPKI_R - 1] = ending[i];
		cr_assert(
		    eq(int, npki_pri_plain_encode(&b, &key).code, E_NONE));
		expect_hex(span_make(b.p + b.n - 41, 21),
		    "a0273025060a2a831a8c9a440a0101033117031500");
		cr_expect(
		    memcmp(b.p + b.n - NPKI_R, key.r_secret, NPKI_R) == 0);
	}
	npki_key_free(&key);
}

/* PrivateKeyInfo of the fixture with this text as its attributes */
static struct bytes
plain_with_attributes(const char *hex)
{
	struct bytes out, attrs = bytes_hex(hex);
	struct buf b = buf_make(out.p, sizeof out.p);
	struct npki_key key;
	size_t at;

	fixture_key(&key);
	key.has_r = false;
	cr_assert(eq(int, npki_pri_plain_encode(&b, &key).code, E_NONE));
	memmove(b.p, b.p + 4, b.n - 4); /* open the SEQUENCE again */
	b.n -= 4;
	at = b.n;
	buf_add(&b, attrs.p, attrs.n);
	der_wrap(&b, at, DER_CONTEXT);
	der_wrap(&b, 0, DER_SEQUENCE);
	out.n = b.n;
	npki_key_free(&key);
	return out;
}

Test(pri, an_r_whose_zero_bits_were_trimmed_is_made_whole)
{
	static const struct {
		const char *hex;
		uint8_t last;
	} rows[] = {
		/* three unused bits; the last byte gone */
		{ "3025060a2a831a8c9a440a01010331170315030102030405060708090a"
		  "0b0c0d0e0f1011121378",
		    0x78 },
		{ "3024060a2a831a8c9a440a01010331160314000102030405060708090a"
		  "0b0c0d0e0f10111213",
		    0x00 },
	};

	for (size_t i = 0; i < 2; i++) {
		struct bytes plain = plain_with_attributes(rows[i].hex);
		struct npki_key key;

		cr_assert(eq(int,
		    npki_pri_plain_decode(&key, bytes_span(&plain)).code,
		    E_NONE));
		cr_expect(key.has_r);
		cr_expect(eq(u8, key.r_secret[0], 1));
		cr_expect(eq(u8, key.r_secret[18], 0x13));
		cr_expect(eq(u8, key.r_secret[19], rows[i].last));
		npki_key_free(&key);
	}
}

Test(pri, a_key_without_r_says_so)
{
	struct bytes plain = plain_with_attributes("");
	struct npki_key key;
	uint8_t out[4096];
	struct buf b = buf_make(out, sizeof out);

	cr_assert(eq(
	    int, npki_pri_plain_decode(&key, bytes_span(&plain)).code, E_NONE));
	cr_expect(not(key.has_r));
	cr_assert(eq(int,
	    npki_pri_write(&b, &key, PRI_FORM_SEED_SHA1, str("pw")).code,
	    E_NONE));
	npki_key_free(&key);
	cr_assert(
	    eq(int, npki_pri_read(&key, buf_span(&b), str("pw")).code, E_NONE));
	cr_expect(not(key.has_r));
	npki_key_free(&key);
}

/* Encrypt the fixture's key as OpenSSL would, R included. */
static struct bytes
openssl_pbes2(const EVP_CIPHER *cipher, int prf_nid)
{
	struct npki_key key;
	uint8_t plain[PRI_PLAIN_MAX];
	struct buf b = buf_make(plain, sizeof plain);
	const uint8_t *p = plain;
	PKCS8_PRIV_KEY_INFO *p8;
	struct bytes out;
	uint8_t *q = out.p;
	X509_SIG *sig;

	fixture_key(&key);
	cr_assert(eq(int, npki_pri_plain_encode(&b, &key).code, E_NONE));
	p8 = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)b.n);
	sig = PKCS8_set0_pbe("pw", 2, p8,
	    PKCS5_pbe2_set_iv(cipher, 2048, NULL, 8, NULL, prf_nid));
	cr_assert(sig != NULL);
	out.n = (size_t)i2d_X509_SIG(sig, &q);
	PKCS8_PRIV_KEY_INFO_free(p8);
	X509_SIG_free(sig);
	npki_key_free(&key);
	return out;
}

Test(pri, every_listed_cipher_and_prf_of_openssl_is_read)
{
	const EVP_CIPHER *ciphers[] = { EVP_seed_cbc(), EVP_aes_128_cbc(),
		EVP_aes_192_cbc(), EVP_aes_256_cbc(), EVP_aria_128_cbc(),
		EVP_aria_192_cbc(), EVP_aria_256_cbc() };
	static const int prfs[] = { NID_hmacWithSHA1, NID_hmacWithSHA224,
		NID_hmacWithSHA256, NID_hmacWithSHA384, NID_hmacWithSHA512 };
	struct npki_key want, got;

	fixture_key(&want);
	for (size_t c = 0; c < sizeof ciphers / sizeof *ciphers; c++)
		for (size_t f = 0; f < sizeof prfs / sizeof *prfs; f++) {
			struct bytes file = openssl_pbes2(ciphers[c], prfs[f]);

			cr_assert(eq(int,
			    npki_pri_read(&got, bytes_span(&file), str("pw"))
				.code,
			    E_NONE));
			cr_expect(eq(int, got.form, PRI_FORM_PBES2));
			same_key(&want, &got);
			npki_key_free(&got);
		}
	npki_key_free(&want);
}

/* An envelope made by hand: algorithm's content in hex, ciphertext of pbe. */
static struct bytes
by_hand(const char *algorithm_hex, const struct pbe *pbe)
{
	struct bytes out, plain, algorithm = bytes_hex(algorithm_hex);
	struct buf b = buf_make(out.p, sizeof out.p);
	struct buf p = buf_make(plain.p, sizeof plain.p);
	uint8_t data[4096];
	struct buf d = buf_make(data, sizeof data);
	struct npki_key key;

	fixture_key(&key);
	cr_assert(eq(int, npki_pri_plain_encode(&p, &key).code, E_NONE));
	cr_assert(eq(int,
	    pbe_crypt(&d, pbe, buf_span(&p), str("pw"), true).code, E_NONE));
	der_put(&b, DER_SEQUENCE, bytes_span(&algorithm));
	der_put(&b, DER_OCTET_STRING, buf_span(&d));
	der_wrap(&b, 0, DER_SEQUENCE);
	out.n = b.n;
	npki_key_free(&key);
	return out;
}

Test(pri, the_old_form_is_read_and_never_written)
{
	struct pbe pbe = { .form = PRI_FORM_SEED_OLD,
		.salt = { (const uint8_t *)"\1\2\3\4\5\6\7\10", 8 },
		.iterations = 1024,
		.cipher = EVP_seed_cbc() };
	struct bytes file = by_hand(
	    "06082a831a8c9a440104300e0408010203040506070802020400", &pbe);
	struct npki_key want, got;
	uint8_t out[4096];
	struct buf b = buf_make(out, sizeof out);

	fixture_key(&want);
	cr_assert(eq(int,
	    npki_pri_read(&got, bytes_span(&file), str("pw")).code, E_NONE));
	cr_expect(eq(int, got.form, PRI_FORM_SEED_OLD));
	same_key(&want, &got);
	cr_expect(
	    eq(int, npki_pri_write(&b, &got, PRI_FORM_SEED_OLD, str("pw")).code,
		E_ARG));
	npki_key_free(&got);
	npki_key_free(&want);
}

Test(pri, a_key_length_of_sixteen_or_thirty_two_is_tolerated_for_seed)
{
	static const uint8_t iv[17] = "abcdefghijklmnop";
	static const struct {
		const char *length;
		int code;
	} rows[] = { { "020110", E_NONE }, { "020120", E_NONE },
		{ "020118", E_UNSUPPORTED }, { "020108", E_UNSUPPORTED } };
	struct pbe pbe = { .form = PRI_FORM_PBES2,
		.salt = { (const uint8_t *)"\1\2\3\4\5\6\7\10", 8 },
		.iterations = 1024,
		.cipher = EVP_seed_cbc(),
		.prf = EVP_sha1(),
		.iv = { iv, 16 } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char hex[256];
		struct bytes file;
		struct npki_key got;

		snprintf(hex, sizeof hex,
		    "06092a864886f70d01050d303e301e06092a864886f70d01050c3011"
		    "0408010203040506070802020400%s"
		    "301c06082a831a8c9a4401040410"
		    "6162636465666768696a6b6c6d6e6f70",
		    rows[i].length);
		file = by_hand(hex, &pbe);
		cr_expect(
		    eq(int,
			npki_pri_read(&got, bytes_span(&file), str("pw")).code,
			rows[i].code),
		    "%s", rows[i].length);
		if (rows[i].code == E_NONE)
			npki_key_free(&got);
	}
}

Test(pri, a_wrong_password_is_always_told_as_such)
{
	struct bytes file;
	struct npki_key key;
	char password[32];

	/* more than 256 tries: a valid padding by chance must not pass */
	bytes_read(&file, DATA "signPri.key");
	for (int i = 0; i < 600; i++) {
		snprintf(password, sizeof password, "wrong%d", i);
		cr_assert(eq(int,
		    npki_pri_read(&key, bytes_span(&file), str(password)).code,
		    E_PASSWORD));
	}
	cr_expect(eq(int, npki_pri_read(&key, bytes_span(&file), str("")).code,
	    E_PASSWORD));
}

static const struct {
	const char *algorithm, *name;
	int code;
} others[] = {
	/* pbeWithSHAAnd3-KeyTripleDES-CBC */
	{ "060a2a864886f70d010c0103300e0408010203040506070802020800",
	    "PBE-SHA1-3DES", E_UNSUPPORTED },
	/* PBES2, PBKDF2, DES-EDE3-CBC */
	{ "06092a864886f70d01050d3033301b06092a864886f70d01050c300e0408"
	  "010203040506070802020800301406082a864886f70d03070408010203040506070"
	  "8",
	    "PBES2 (PBKDF2 hmacWithSHA1, DES-EDE3-CBC)", E_UNSUPPORTED },
	/* PBES2, scrypt, AES-256-CBC */
	{ "06092a864886f70d01050d3042302106092b06010401da47040b30140408"
	  "01020304050607080202400002010802010130"
	  "1d060960864801650304012a0410000102030405060708090a0b0c0d0e0f",
	    "PBES2 (id-scrypt, AES-256-CBC)", E_UNSUPPORTED },
	/* an arc nobody has */
	{ "06052a837f01020500", "1.2.511.1.2", E_UNSUPPORTED },
	/* .1.15 with too many iterations, and with none */
	{ "06082a831a8c9a44010f300f040801020304050607080203"
	  "0f4241",
	    "seedCBCWithSHA1", E_UNSUPPORTED },
	{ "06082a831a8c9a44010f300d04080102030405060708020100",
	    "seedCBCWithSHA1", E_UNSUPPORTED },
};

Test(pri, what_we_cannot_read_is_named)
{
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct bytes file, algorithm = bytes_hex(others[i].algorithm);
		struct buf b = buf_make(file.p, sizeof file.p);
		char name[PRI_ALGORITHM_TEXT];
		struct npki_key key;

		der_put(&b, DER_SEQUENCE, bytes_span(&algorithm));
		der_put(
		    &b, DER_OCTET_STRING, span_make("0123456789abcdef", 16));
		der_wrap(&b, 0, DER_SEQUENCE);
		cr_expect(
		    eq(int, npki_pri_read(&key, buf_span(&b), str("pw")).code,
			others[i].code),
		    "%s", others[i].name);
		cr_expect(eq(int, npki_pri_algorithm(name, buf_span(&b)).code,
			      E_NONE),
		    "%s", others[i].name);
		expect_text(name, others[i].name);
	}
}

Test(pri, a_buffer_too_small_is_left_as_it_was)
{
	struct npki_key key;
	uint8_t out[1024] = { 7 };
	struct buf b = buf_make(out, sizeof out);

	fixture_key(&key);
	b.n = 1;
	cr_expect(eq(int,
	    npki_pri_write(&b, &key, PRI_FORM_SEED_SHA1, str("pw")).code,
	    E_LIMIT));
	cr_expect(eq(sz, b.n, 1));
	cr_expect(not(b.full));
	cr_expect(eq(int,
	    npki_pri_write(&b, &key, PRI_FORM_SEED_SHA1, str("")).code, E_ARG));
	npki_key_free(&key);
}

Test(pri, an_elliptic_curve_key_keeps_its_r_too)
{
	struct npki_key key = { .pkey = EVP_EC_gen("P-256"), .has_r = true };
	struct npki_key again;
	uint8_t out[1024];
	struct buf b = buf_make(out, sizeof out);

	cr_assert(eq(int, npki_make_r(key.r_secret).code, E_NONE));
	cr_assert(eq(int,
	    npki_pri_write(&b, &key, PRI_FORM_SEED_SHA1, str("pw")).code,
	    E_NONE));
	cr_assert(eq(
	    int, npki_pri_read(&again, buf_span(&b), str("pw")).code, E_NONE));
	same_key(&key, &again);
	npki_key_free(&key);
	npki_key_free(&again);
}
