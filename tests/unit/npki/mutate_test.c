/*
 * Every byte of the fixture's files damaged or missing: a clear error, or a
 * result that is right; never a crash, never a wrong key.
 */
#include "support.h"

#include <string.h>

#include "npki/p12.h"

TestSuite(mutate, .init = npki_setup, .timeout = 300);

static bool
right(const struct npki_key *got, const struct npki_key *want)
{
	return EVP_PKEY_eq(got->pkey, want->pkey) == 1 && got->has_r &&
	       memcmp(got->r_secret, want->r_secret, NPKI_R) == 0;
}

static void
expect_known(struct err e, size_t at)
{
	expect_quiet();
	cr_expect(e.code == E_FORMAT || e.code == E_PASSWORD ||
		      e.code == E_UNSUPPORTED || e.code == E_LIMIT ||
		      e.code == E_NOTFOUND,
	    "byte %zu: %s at %s", at, err_name(e.code), e.where);
}

static void
mutate_pri(struct bytes *file, struct span password)
{
	struct npki_key want, got;
	struct err e = npki_pri_read(&want, bytes_span(file), password);

	cr_assert(eq(int, e.code, E_NONE));
	for (size_t i = 0; i < file->n; i++) {
		file->p[i] ^= (uint8_t)(1u << i % 8);
		e = npki_pri_read(&got, bytes_span(file), password);
		if (err_is(e)) {
			expect_known(e, i);
		} else {
			cr_expect(right(&got, &want), "byte %zu", i);
			npki_key_free(&got);
		}
		file->p[i] ^= (uint8_t)(1u << i % 8);
		e = npki_pri_read(&got, span_make(file->p, i), password);
		cr_expect(eq(int, e.code, E_FORMAT), "length %zu", i);
	}
	npki_key_free(&want);
}

Test(mutate, sign_pri_in_the_classic_form)
{
	struct bytes file;

	bytes_read(&file, DATA "signPri.key");
	mutate_pri(&file, fixture_password());
}

Test(mutate, sign_pri_in_the_second_form)
{
	struct bytes file;
	struct buf b = buf_make(file.p, sizeof file.p);
	struct npki_key key;

	fixture_key(&key);
	cr_assert(eq(int,
	    npki_pri_write(&b, &key, PRI_FORM_PBES2, fixture_password()).code,
	    E_NONE));
	file.n = b.n;
	mutate_pri(&file, fixture_password());
	npki_key_free(&key);
}

Test(mutate, the_plaintext_of_a_key)
{
	struct bytes plain;
	struct buf b = buf_make(plain.p, sizeof plain.p);
	struct npki_key want, got;

	fixture_key(&want);
	cr_assert(eq(int, npki_pri_plain_encode(&b, &want).code, E_NONE));
	/* R and the rest of its attribute are nobody's but the VID's check */
	for (size_t i = 0; i < b.n - 41; i++) {
		struct err e;

		plain.p[i] ^= (uint8_t)(1u << i % 8);
		e = npki_pri_plain_decode(&got, buf_span(&b));
		if (err_is(e)) {
			expect_known(e, i);
		} else {
			cr_expect(right(&got, &want), "byte %zu", i);
			npki_key_free(&got);
		}
		plain.p[i] ^= (uint8_t)(1u << i % 8);
	}
	npki_key_free(&want);
}

Test(mutate, pkcs12)
{
	struct bytes file;
	struct npki_p12 want, got;
	struct err e;

	bytes_read(&file, DATA "test.pfx");
	e = npki_p12_read(&want, bytes_span(&file), fixture_password());
	cr_assert(eq(int, e.code, E_NONE));
	for (size_t i = 0; i < file.n; i++) {
		file.p[i] ^= (uint8_t)(1u << i % 8);
		e = npki_p12_read(&got, bytes_span(&file), fixture_password());
		if (err_is(e)) {
			expect_known(e, i);
		} else {
			cr_expect(right(&got.key, &want.key), "byte %zu", i);
			cr_expect(eq(int, X509_cmp(got.cert, want.cert), 0),
			    "byte %zu", i);
			npki_p12_free(&got);
		}
		file.p[i] ^= (uint8_t)(1u << i % 8);
		e = npki_p12_read(
		    &got, span_make(file.p, i), fixture_password());
		cr_expect(eq(int, e.code, E_FORMAT), "length %zu", i);
	}
	npki_p12_free(&want);
}

Test(mutate, a_certificate_is_described_or_refused)
{
	static struct npki_cert_info info;
	struct bytes file;
	uint32_t findings;
	X509 *cert;

	bytes_read(&file, DATA "signCert.der");
	for (size_t i = 0; i < file.n; i++) {
		for (int bit = 0; bit < 8; bit++) {
			struct err e;

			file.p[i] ^= (uint8_t)(1u << bit);
			e = npki_cert_parse(&cert, bytes_span(&file));
			if (!err_is(e)) {
				e = npki_cert_info(&info, cert);
				npki_profile_check(&findings, cert);
			}
			if (err_is(e))
				expect_known(e, i);
			X509_free(cert);
			file.p[i] ^= (uint8_t)(1u << bit);
		}
	}
}
