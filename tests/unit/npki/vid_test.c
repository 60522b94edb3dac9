/*
 * VID: the published vector, the exact bytes of the SAN, and the way to the CA.
 */
#include "support.h"

#include <string.h>

#include "base/secret.h"
#include "npki/der.h"
#include "npki/vid.h"

TestSuite(vid, .init = npki_setup, .timeout = 60);

Test(vid, the_published_vector_is_computed)
{
	struct bytes r = bytes_hex("79ea7568a2d3776604e18bcd3a1b1b85b7da0872");
	uint8_t vid[VID_MAX];

	cr_assert(eq(int,
	    vid_compute(vid, span_str("1234561234567"), r.p, VID_SHA256).code,
	    E_NONE));
	expect_hex(span_make(vid, 32),
	    "17692c8dd00ead33791de0a64a937c60799634c64ac56fa57570c0e05252ab35");
}

Test(vid, the_number_and_every_bit_of_r_matter)
{
	uint8_t vid[VID_MAX], other[VID_MAX], r[NPKI_R] = { 0 };

	cr_assert(eq(
	    int, vid_compute(vid, span_str(IDN), r, VID_SHA256).code, E_NONE));
	for (int bit = 0; bit < 8 * NPKI_R; bit++) {
		r[bit / 8] ^= (uint8_t)(1u << bit % 8);
		cr_assert(eq(int,
		    vid_compute(other, span_str(IDN), r, VID_SHA256).code,
		    E_NONE));
		cr_expect(memcmp(vid, other, 32) != 0, "bit %d", bit);
		r[bit / 8] = 0;
	}
	cr_assert(eq(int,
	    vid_compute(other, span_str("9001011970016"), r, VID_SHA256).code,
	    E_NONE));
	cr_expect(memcmp(vid, other, 32) != 0);
}

Test(vid, only_digits_are_a_number)
{
	static const char *const bad[] = { "", "900101-1970015",
		"90010119700l5", "123456789012345678901", "９００１", " 9001" };
	uint8_t vid[VID_MAX];

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect(eq(int,
			      vid_compute(
				  vid, span_str(bad[i]), fixture_r, VID_SHA256)
				  .code,
			      E_ARG),
		    "%s", bad[i]);
}

static const char fixture_san[] =
    "3059a05706092a831a8c9a440a0101a04a30480c03484b443041303f060a2a831a8c9a44"
    "0a0101013031300b0609608648016503040201a0220420"
    "8ad4f673412f825da4d1fb4d4216946bbc7f8194a0af01f86622ee23c7ee0de7";

Test(vid, the_fixtures_san_decodes_and_encodes_to_the_same_bytes)
{
	struct bytes san = bytes_hex(fixture_san);
	struct identify_data id, from_cert;
	X509 *cert = fixture_cert();
	uint8_t out[256];
	struct buf b = buf_make(out, sizeof out);

	cr_assert(
	    eq(int, identify_data_decode(&id, bytes_span(&san)).code, E_NONE));
	expect_text(id.name, "HKD");
	cr_expect(id.has_vid);
	cr_expect(eq(int, id.hash, VID_SHA256));
	cr_assert(eq(int, identify_data_encode(&b, &id).code, E_NONE));
	expect_hex(buf_span(&b), fixture_san);
	cr_assert(eq(int, identify_data_of(&from_cert, cert).code, E_NONE));
	cr_expect(memcmp(&id, &from_cert, sizeof id) == 0);
	X509_free(cert);
}

Test(vid, a_san_may_hold_other_names_before_it)
{
	/* rfc822Name a@b, and an otherName of another kind */
	struct bytes id_part = bytes_hex(fixture_san);
	uint8_t out[300];
	struct buf b = buf_make(out, sizeof out);
	struct identify_data id;
	struct span names;

	cr_assert(eq(int,
	    der_only(&names, bytes_span(&id_part), DER_SEQUENCE).code, E_NONE));
	buf_add(&b,
	    "\x81\x03"
	    "a@b",
	    5);
	buf_add(&b, "\xa0\x07\x06\x02\x2a\x03\xa0\x01\x00", 9);
	buf_add(&b, names.p, names.n);
	der_wrap(&b, 0, DER_SEQUENCE);
	cr_expect(
	    eq(int, identify_data_decode(&id, buf_span(&b)).code, E_NONE));
	expect_text(id.name, "HKD");
}

Test(vid, an_identity_without_a_vid_or_without_a_name_is_no_error)
{
	struct identify_data id = { .name = "" }, again;
	uint8_t out[256];
	struct buf b = buf_make(out, sizeof out);

	cr_assert(eq(int, identify_data_encode(&b, &id).code, E_NONE));
	cr_assert(
	    eq(int, identify_data_decode(&again, buf_span(&b)).code, E_NONE));
	cr_expect(not(again.has_vid));
	expect_text(again.name, "");
	cr_expect(
	    eq(int, identify_data_decode(&again, span_make("\x30\x00", 2)).code,
		E_NOTFOUND));
}

Test(vid, a_damaged_san_is_never_taken_for_the_right_one)
{
	struct bytes san = bytes_hex(fixture_san);
	struct identify_data right, id;

	cr_assert(eq(
	    int, identify_data_decode(&right, bytes_span(&san)).code, E_NONE));
	for (size_t i = 0; i < san.n; i++) {
		for (int bit = 0; bit < 8; bit++) {
			san.p[i] ^= (uint8_t)(1 << bit);
			if (!err_is(
				identify_data_decode(&id, bytes_span(&san))))
				cr_expect(memcmp(&id, &right, sizeof id) != 0 ||
					      i == 10 || i == 12,
				    "byte %zu bit %d", i, bit);
			san.p[i] ^= (uint8_t)(1 << bit);
		}
		cr_expect(
		    ne(int, identify_data_decode(&id, span_make(san.p, i)).code,
			E_NONE));
	}
}

Test(vid, a_certificate_verifies_under_its_number_and_r_only)
{
	struct pki pki;
	struct npki_key key;
	uint8_t r[NPKI_R];
	X509 *cert;

	pki_make(&pki);
	fixture_key(&key);
	cert = pki_issue(&pki, key.pkey, NOTHING_WRONG);
	memcpy(r, fixture_r, NPKI_R);
	cr_expect(eq(int, vid_verify(cert, span_str(IDN), r).code, E_NONE));
	cr_expect(eq(int, vid_verify(cert, span_str("9001011970016"), r).code,
	    E_MISMATCH));
	r[19] ^= 1;
	cr_expect(eq(int, vid_verify(cert, span_str(IDN), r).code, E_MISMATCH));
	cr_expect(
	    eq(int, vid_verify(pki.ca, span_str(IDN), r).code, E_NOTFOUND));
	X509_free(cert);
	npki_key_free(&key);
	pki_free(&pki);
}

Test(vid, the_ca_opens_what_was_encrypted_to_it_and_nobody_else_does)
{
	struct pki pki;
	struct evid evid;
	uint8_t out[VID_EVID_MAX], vid[VID_MAX];
	struct buf b = buf_make(out, sizeof out);

	pki_make(&pki);
	for (int hash = 0; hash < VID_HASH_COUNT; hash++) {
		b.n = 0;
		cr_assert(eq(int,
		    vid_encrypt(&b, span_str(IDN), fixture_r,
			(enum vid_hash)hash, pki.ca)
			.code,
		    E_NONE));
		cr_assert(eq(int,
		    vid_decrypt(&evid, buf_span(&b), pki.ca_key).code, E_NONE));
		cr_expect(eq(int, evid.hash, hash));
		cr_expect(memcmp(evid.r_secret, fixture_r, NPKI_R) == 0);
		cr_assert(eq(int,
		    vid_compute(vid, span_str(IDN), fixture_r, evid.hash).code,
		    E_NONE));
		cr_expect(eq(sz, evid.vid_n, vid_size(evid.hash)));
		cr_expect(memcmp(evid.vid, vid, evid.vid_n) == 0);
		/* the CA's certificate is number 2 of the root */
		expect_hex(span_make(evid.serial, evid.serial_n), "02");
		cr_expect(
		    ne(int, vid_decrypt(&evid, buf_span(&b), pki.root_key).code,
			E_NONE));
		cr_expect(eq(sz, evid.vid_n, 0));
		expect_quiet();
	}
	pki_free(&pki);
}

Test(vid, a_damaged_request_is_refused_or_says_the_same)
{
	struct pki pki;
	struct evid evid, right;
	uint8_t out[VID_EVID_MAX];
	struct buf b = buf_make(out, sizeof out);

	pki_make(&pki);
	cr_assert(eq(int,
	    vid_encrypt(&b, span_str(IDN), fixture_r, VID_SHA256, pki.ca).code,
	    E_NONE));
	/* 3082LLLL a003 020100 a10f ...: the shape of facts/npki.md 2 */
	expect_hex(span_make(out + 4, 7), "a003020100a10f");
	cr_assert(eq(
	    int, vid_decrypt(&right, buf_span(&b), pki.ca_key).code, E_NONE));
	for (size_t i = 0; i < b.n; i++) {
		out[i] ^= (uint8_t)(1u << i % 8);
		if (!err_is(vid_decrypt(&evid, buf_span(&b), pki.ca_key)))
			cr_expect(memcmp(evid.r_secret, right.r_secret,
				      NPKI_R) == 0 &&
				      memcmp(evid.vid, right.vid, VID_MAX) == 0,
			    "byte %zu", i);
		out[i] ^= (uint8_t)(1u << i % 8);
		cr_expect(ne(int,
		    vid_decrypt(&evid, span_make(out, i), pki.ca_key).code,
		    E_NONE));
	}
	pki_free(&pki);
}
