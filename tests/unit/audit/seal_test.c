/*
 * seal: published vectors for the primitives, properties for the record.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "audit/seal.h"
#include "base/text.h"

static void
from_hex(uint8_t *out, size_t n, const char *hex)
{
	struct buf b = buf_make(out, n);

	cr_assert(not(err_is(hex_decode(&b, hex, strlen(hex)))));
	cr_assert(eq(sz, b.n, n));
}

static void
to_hex(char out[static 65], const uint8_t digest[static 32])
{
	hex_encode(out, 65, span_make(digest, 32));
}

/* RFC 4231 test case 2 has a 4-byte key; HMAC pads keys with zeros, so the
 * same key zero-filled to 32 bytes gives the published tag. */
Test(seal, tag_is_hmac_sha256_of_rfc_4231)
{
	uint8_t key[SEAL_KEY] = "Jefe", tag[SEAL_DIGEST];
	char hex[65];

	cr_assert(not(err_is(
	    seal_tag(tag, key, span_str("what do ya want for nothing?")))));
	to_hex(hex, tag);
	cr_expect_str_eq(hex,
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

/* HKDF with a 32-byte input key, info and no salt, checked against RFC 5869's
 * two HMAC steps written out with seal_tag. */
Test(seal, derived_key_is_hkdf_without_salt)
{
	uint8_t device[SEAL_KEY], prk[SEAL_DIGEST], zero[SEAL_KEY] = { 0 };
	uint8_t want[SEAL_DIGEST], got[SEAL_KEY], other[SEAL_KEY];

	for (int i = 0; i < SEAL_KEY; i++)
		device[i] = (uint8_t)i;
	cr_assert(
	    not(err_is(seal_tag(prk, zero, span_make(device, sizeof device)))));
	cr_assert(not(err_is(seal_tag(want, prk, span_str("tag\x01")))));
	cr_assert(not(err_is(seal_key_derive(got, device, "tag"))));
	cr_expect(eq(int, memcmp(got, want, sizeof got), 0));
	cr_assert(not(err_is(seal_key_derive(other, device, "case"))));
	cr_expect(ne(int, memcmp(got, other, sizeof got), 0));
}

Test(seal, digest_is_sha256)
{
	uint8_t d[SEAL_DIGEST];
	char hex[65];

	cr_assert(not(err_is(seal_digest(d, span_str("abc")))));
	to_hex(hex, d);
	cr_expect_str_eq(hex,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* The GCM specification's test case 14: zero key, nonce and plaintext. */
Test(seal, opens_the_published_gcm_record)
{
	uint8_t key[SEAL_KEY] = { 0 }, rec[SEAL_OVERHEAD + 16], out[16];
	uint8_t zero[16] = { 0 };
	size_t n;

	from_hex(rec, sizeof rec,
	    "000000000000000000000000"
	    "cea7403d4d606b6e074ec5d3baf39d18"
	    "d0d1c8a799996bf0265b98b5d48ab919");
	cr_assert(not(err_is(seal_open(out, sizeof out, &n, key,
	    span_make(NULL, 0), span_make(rec, sizeof rec)))));
	cr_expect(eq(sz, n, 16));
	cr_expect(eq(int, memcmp(out, zero, 16), 0));
}

static const size_t lengths[] = { 0, 1, 15, 16, 17, 255, 4096 };

Test(seal, what_was_sealed_opens_again)
{
	static uint8_t msg[4096], rec[4096 + SEAL_OVERHEAD], out[4096];
	uint8_t key[SEAL_KEY];
	size_t n, m;

	memset(msg, 0x5a, sizeof msg);
	cr_assert(not(err_is(seal_key_new(key))));
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		size_t len = lengths[i];
		cr_assert(not(err_is(seal(rec, len + SEAL_OVERHEAD, &n, key,
		    span_str("case 1"), span_make(msg, len)))));
		cr_expect(eq(sz, n, len + SEAL_OVERHEAD));
		cr_assert(not(err_is(seal_open(out, len, &m, key,
		    span_str("case 1"), span_make(rec, n)))));
		cr_expect(eq(sz, m, len));
		cr_expect(eq(int, memcmp(out, msg, len), 0));
	}
}

Test(seal, every_flipped_bit_is_noticed_and_leaves_no_plaintext)
{
	uint8_t key[SEAL_KEY], rec[6 + SEAL_OVERHEAD], out[6];
	uint8_t zero[6] = { 0 };
	size_t n, m;

	cr_assert(not(err_is(seal_key_new(key))));
	cr_assert(not(err_is(seal(
	    rec, sizeof rec, &n, key, span_str("a"), span_str("secret")))));
	for (size_t bit = 0; bit < n * 8; bit++) {
		rec[bit / 8] ^= (uint8_t)(1u << bit % 8);
		struct err e = seal_open(
		    out, sizeof out, &m, key, span_str("a"), span_make(rec, n));
		cr_expect(eq(int, e.code, E_MISMATCH), "bit %zu", bit);
		cr_expect(eq(int, memcmp(out, zero, sizeof out), 0));
		rec[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

Test(seal, a_record_of_another_case_or_key_does_not_open)
{
	uint8_t key[SEAL_KEY], other[SEAL_KEY], rec[64], out[64];
	size_t n, m;

	cr_assert(not(err_is(seal_key_new(key))));
	cr_assert(not(err_is(seal_key_new(other))));
	cr_assert(not(err_is(seal(
	    rec, sizeof rec, &n, key, span_str("case 1"), span_str("x")))));
	struct err e = seal_open(
	    out, sizeof out, &m, key, span_str("case 2"), span_make(rec, n));
	cr_expect(eq(int, e.code, E_MISMATCH));
	e = seal_open(
	    out, sizeof out, &m, other, span_str("case 1"), span_make(rec, n));
	cr_expect(eq(int, e.code, E_MISMATCH));
}

Test(seal, refuses_too_little_room_and_too_short_records)
{
	uint8_t key[SEAL_KEY] = { 0 }, rec[SEAL_OVERHEAD + 1];
	size_t n;
	struct err e = seal(
	    rec, SEAL_OVERHEAD, &n, key, span_str(""), span_str("x"));

	cr_expect(eq(int, e.code, E_LIMIT));
	cr_expect(eq(sz, n, 0));
	e = seal_open(rec, sizeof rec, &n, key, span_str(""),
	    span_make(rec, SEAL_OVERHEAD - 1));
	cr_expect(eq(int, e.code, E_FORMAT));
}

Test(seal, two_records_of_one_message_differ)
{
	uint8_t key[SEAL_KEY], a[32], b[32];
	size_t n, m;

	cr_assert(not(err_is(seal_key_new(key))));
	cr_assert(not(
	    err_is(seal(a, sizeof a, &n, key, span_str(""), span_str("x")))));
	cr_assert(not(
	    err_is(seal(b, sizeof b, &m, key, span_str(""), span_str("x")))));
	cr_expect(ne(int, memcmp(a, b, n), 0));
}
