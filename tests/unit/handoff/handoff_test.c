/*
 * handoff_test.c - keys against vectors that python's standard library and
 * the openssl tool agree on, the envelope against a phone played with
 * OpenSSL, and the machine over every order of events.
 */
#include <criterion/criterion.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/text.h"
#include "handoff/session.h"

static const char ID[] = "ABCDEFGHIJKLMNOP";

static void
counted(uint8_t *out, size_t n, uint8_t from)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(from + i);
}

static void
hex_is(const uint8_t *got, size_t n, const char *want)
{
	char text[HEX_TEXT(SEAL_DIGEST)];

	hex_encode(text, sizeof text, span_make(got, n));
	cr_expect_str_eq(text, want);
}

/* secret 00..1f, point 04 00..3f, nonce a0..af; by hmac and hashlib */
Test(handoff, keys_macs_and_digits_are_those_of_an_independent_program)
{
	uint8_t secret[HANDOFF_SECRET], phone[HANDOFF_POINT] = { 4 };
	uint8_t nonce[HANDOFF_NONCE], out[SEAL_DIGEST];
	char digits[HANDOFF_DIGITS_TEXT];

	counted(secret, sizeof secret, 0);
	counted(phone + 1, sizeof phone - 1, 0);
	counted(nonce, sizeof nonce, 0xa0);
	cr_assert_not(err_is(handoff_key(out, secret, HANDOFF_AUTH)));
	hex_is(out, sizeof out,
	    "676f075aec0ec50d435beba2c46294af2090f0a042fb2554a873406eca657c62");
	cr_assert_not(err_is(handoff_claim_mac(out, secret, ID, phone)));
	hex_is(out, sizeof out,
	    "0a0bbdec3f9fd935e18951939d01b8f9db59c83f989f9b8815a9afea504056cf");
	cr_assert_not(err_is(handoff_digits(digits, secret, ID, phone, nonce)));
	cr_expect_str_eq(digits, "788051");
	cr_assert_not(err_is(handoff_ack_mac(out, secret, ID, secret)));
	hex_is(out, sizeof out,
	    "195fe3cba2ebecb6a9538c1b9776fa090c02dbbc05a38a553bfb74b125e203fb");
}

/* ---- the phone, in OpenSSL's words ---- */

struct phone {
	EVP_PKEY *key;
	uint8_t point[HANDOFF_POINT];
	uint8_t claim[SEAL_DIGEST];
};

static struct phone
phone_new(const struct handoff *h)
{
	struct phone p = { .key = EVP_EC_gen("P-256") };
	unsigned char *raw = NULL;
	size_t n = EVP_PKEY_get1_encoded_public_key(p.key, &raw);

	cr_assert_eq(n, HANDOFF_POINT);
	memcpy(p.point, raw, n);
	OPENSSL_free(raw);
	cr_assert_not(
	    err_is(handoff_claim_mac(p.claim, h->secret, h->id, p.point)));
	return p;
}

static void
phone_types(const struct phone *p, const struct handoff *h,
    char digits[static HANDOFF_DIGITS_TEXT])
{
	cr_assert_not(err_is(
	    handoff_digits(digits, h->secret, h->id, p->point, h->nonce)));
}

static struct handoff
begun(void)
{
	struct handoff h = { .state = HANDOFF_NONE };

	cr_assert_not(
	    err_is(handoff_begin(&h, HANDOFF_TTL_S, 1000, 1800000000)));
	return h;
}

/* What the phone calculates from the point it is sent. */
static void
phone_key(uint8_t key[static SEAL_KEY], const struct phone *p,
    const struct handoff *h, const uint8_t ours[static HANDOFF_POINT])
{
	EVP_PKEY *agent = EVP_PKEY_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(p->key, NULL);
	uint8_t text[256], wrap[SEAL_KEY];
	struct buf b = buf_make(text, sizeof text);
	size_t n = 32;

	EVP_PKEY_copy_parameters(agent, p->key);
	cr_assert_eq(
	    EVP_PKEY_set1_encoded_public_key(agent, ours, HANDOFF_POINT), 1);
	cr_assert_eq(EVP_PKEY_derive_init(ctx), 1);
	cr_assert_eq(EVP_PKEY_derive_set_peer(ctx, agent), 1);
	cr_assert_eq(EVP_PKEY_derive(ctx, text, &n), 1);
	b.n = n;
	buf_add_str(&b, h->id);
	buf_add(&b, p->point, HANDOFF_POINT);
	buf_add(&b, ours, HANDOFF_POINT);
	cr_assert_not(err_is(handoff_key(wrap, h->secret, HANDOFF_WRAP)));
	cr_assert_not(err_is(seal_tag(key, wrap, buf_span(&b))));
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(agent);
}

Test(handoff, a_phone_opens_what_was_sealed_for_it_and_nothing_else)
{
	struct handoff h = begun();
	struct phone p = phone_new(&h), other = phone_new(&h);
	uint8_t key[SEAL_KEY], same[SEAL_KEY], ours[HANDOFF_POINT];

	cr_assert_not(err_is(handoff_wrap(key, ours, h.secret, h.id, p.point)));
	phone_key(same, &p, &h, ours);
	cr_expect_arr_eq(key, same, sizeof key);
	phone_key(same, &other, &h, ours);
	cr_expect_arr_neq(key, same, sizeof key);
	EVP_PKEY_free(p.key);
	EVP_PKEY_free(other.key);
}

Test(handoff, a_point_beside_the_curve_is_refused_and_locks_nothing)
{
	struct handoff h = begun();
	uint8_t bad[HANDOFF_POINT] = { 4, 1, 2, 3 }, tag[SEAL_DIGEST];

	cr_assert_not(err_is(handoff_claim_mac(tag, h.secret, h.id, bad)));
	cr_expect_eq((int)handoff_claim(&h, bad, tag, 2000).code, E_FORMAT);
	cr_expect_eq((int)h.state, HANDOFF_OPEN);
	bad[0] = 2; /* compressed */
	cr_assert_not(err_is(handoff_claim_mac(tag, h.secret, h.id, bad)));
	cr_expect_eq((int)handoff_claim(&h, bad, tag, 2000).code, E_FORMAT);
}

Test(handoff, the_first_phone_locks_it_and_a_second_is_told_so)
{
	struct handoff h = begun();
	struct phone p = phone_new(&h), other = phone_new(&h);
	uint8_t nonce[HANDOFF_NONCE];

	cr_assert_not(err_is(handoff_claim(&h, p.point, p.claim, 2000)));
	memcpy(nonce, h.nonce, sizeof nonce);
	cr_expect_eq(
	    (int)handoff_claim(&h, other.point, other.claim, 2000).code,
	    E_STATE);
	cr_expect_not(err_is(handoff_claim(&h, p.point, p.claim, 2000)));
	cr_expect_arr_eq(nonce, h.nonce, sizeof nonce, "not ground anew");
	EVP_PKEY_free(p.key);
	EVP_PKEY_free(other.key);
}

Test(handoff, without_the_secret_of_the_qr_there_is_no_claim)
{
	struct handoff h = begun();
	struct phone p = phone_new(&h);

	p.claim[0] ^= 1;
	cr_expect_eq(
	    (int)handoff_claim(&h, p.point, p.claim, 2000).code, E_MISMATCH);
	cr_expect_eq((int)h.state, HANDOFF_OPEN);
	EVP_PKEY_free(p.key);
}

Test(handoff, three_wrong_digits_end_it_and_wipe_it)
{
	static const struct handoff none;
	struct handoff h = begun();
	struct phone p = phone_new(&h);
	char right[HANDOFF_DIGITS_TEXT], wrong[HANDOFF_DIGITS_TEXT];
	int left = 0;

	cr_assert_not(err_is(handoff_claim(&h, p.point, p.claim, 2000)));
	phone_types(&p, &h, right);
	memcpy(wrong, right, sizeof wrong);
	wrong[5] = wrong[5] == '0' ? '1' : '0';
	for (int i = 2; i >= 0; i--) {
		cr_expect_eq((int)handoff_typed(&h, &left, wrong, 2000).code,
		    E_MISMATCH);
		cr_expect_eq(left, i);
	}
	cr_expect_eq((int)h.state, HANDOFF_WRONG);
	cr_expect_arr_eq(h.secret, none.secret, sizeof h.secret);
	cr_expect_eq((int)handoff_typed(&h, &left, right, 2000).code, E_STATE);
	EVP_PKEY_free(p.key);
}

Test(handoff, it_is_delivered_only_when_the_phone_says_what_it_got)
{
	struct handoff h = begun();
	struct phone p = phone_new(&h);
	char digits[HANDOFF_DIGITS_TEXT];
	uint8_t tag[SEAL_DIGEST];
	int left;

	cr_assert_not(err_is(handoff_claim(&h, p.point, p.claim, 2000)));
	counted(h.files, sizeof h.files, 7);
	cr_assert_not(err_is(handoff_ack_mac(tag, h.secret, h.id, h.files)));
	cr_expect_eq((int)handoff_acked(&h, tag, 2000).code, E_STATE,
	    "not before the digits");
	phone_types(&p, &h, digits);
	cr_assert_not(err_is(handoff_typed(&h, &left, digits, 2000)));
	tag[0] ^= 1;
	cr_expect_eq((int)handoff_acked(&h, tag, 2000).code, E_MISMATCH);
	tag[0] ^= 1;
	cr_expect_not(err_is(handoff_acked(&h, tag, 2000)));
	cr_expect_eq((int)h.state, HANDOFF_DONE);
	cr_expect_not(err_is(handoff_acked(&h, tag, 2000)),
	    "the answer may have been lost");
	EVP_PKEY_free(p.key);
}

Test(handoff, its_time_is_over_at_180_seconds_and_not_at_179)
{
	struct handoff h = begun();
	struct phone p = phone_new(&h);

	cr_expect_not(handoff_expire(&h, 1000 + 179999));
	cr_expect_eq(
	    (int)handoff_claim(&h, p.point, p.claim, 1000 + 180000).code,
	    E_STATE);
	cr_expect(handoff_expire(&h, 1000 + 180000));
	cr_expect_eq((int)h.state, HANDOFF_EXPIRED);
	cr_expect_not(handoff_expire(&h, 1000 + 190000), "once");
	EVP_PKEY_free(p.key);
}

static const struct {
	int left_s, life_s; /* until the certificate is taken back */
} lives[] = {
	{ 100000, 180 },
	{ 180, 180 },
	{ 179, 179 },
	{ 95, 95 },
	{ 60, 60 },
	{ 59, 0 },
	{ 1, 0 },
	{ 0, 0 },
	{ -5, 0 },
};

Test(handoff, it_lives_as_long_as_the_ca_waits_or_is_not_begun)
{
	struct handoff h;

	cr_expect_eq(handoff_life_s(1000, 0), 180, "no limit");
	for (size_t i = 0; i < sizeof lives / sizeof *lives; i++)
		cr_expect_eq(handoff_life_s(500000,
				 500000 + lives[i].left_s * INT64_C(1000)),
		    lives[i].life_s, "%d s left", lives[i].left_s);
	cr_expect_eq(handoff_life_s(1000, 1000 + 59999), 0);
	cr_assert_not(err_is(handoff_begin(&h, 95, 1000, 1800000000)));
	cr_expect_eq(h.until_ms, 96000);
	cr_expect_eq(h.expiry, 1800000095);
	cr_expect_not(handoff_expire(&h, 95999));
	cr_expect(handoff_expire(&h, 96000));
}

Test(handoff, the_qr_holds_84_bytes_and_says_so_when_it_is_more)
{
	struct handoff h = begun();
	char url[HANDOFF_URL_MAX + 1];

	cr_assert_not(
	    err_is(handoff_url(url, "https://h.hanbit.test", h.id, h.secret)));
	cr_expect_eq(strlen(url), 21u + 3 + 16 + 1 + 43);
	cr_expect_eq(strspn(strchr(url, '#') + 1,
			 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			 "0123456789-_"),
	    43u);
	cr_expect_eq((int)handoff_url(url, "https://handoff.of.a.bank.example",
			 h.id, h.secret)
			 .code,
	    E_LIMIT);
}

Test(handoff, ids_are_of_their_alphabet_and_all_different)
{
	char ids[64][HANDOFF_ID_TEXT];

	for (int i = 0; i < 64; i++) {
		cr_assert_not(err_is(handoff_id_new(ids[i])));
		cr_expect(handoff_id_ok(ids[i]), "%s", ids[i]);
		for (int k = 0; k < i; k++)
			cr_expect_str_neq(ids[i], ids[k]);
	}
	cr_expect_not(handoff_id_ok("ABCDEFGHIJKLMNO"));
	cr_expect_not(handoff_id_ok("ABCDEFGHIJKLMNO1"));
	cr_expect_not(handoff_id_ok("../../etc/passwd"));
}
