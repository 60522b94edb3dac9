/*
 * handoff/keys.c - HKDF and HMAC by audit/seal, ECDH by OpenSSL.
 */
#include "handoff/keys.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"

enum { ID_BYTES = 10, ID_LETTERS = 16, SHARED = 32 };

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

struct err
handoff_key(uint8_t out[static SEAL_KEY],
    const uint8_t secret[static HANDOFF_SECRET], enum handoff_label label)
{
	static const char *const purposes[HANDOFF_LABEL_COUNT] = {
		[HANDOFF_AUTH] = "dasi-handoff-1 auth",
		[HANDOFF_CLAIM] = "dasi-handoff-1 claim",
		[HANDOFF_DIGITS] = "dasi-handoff-1 digits",
		[HANDOFF_WRAP] = "dasi-handoff-1 wrap",
		[HANDOFF_ACK] = "dasi-handoff-1 ack",
	};

	return seal_key_derive(out, secret, purposes[label]);
}

/* HMAC under K(label). */
static struct err
mac(uint8_t out[static SEAL_DIGEST],
    const uint8_t secret[static HANDOFF_SECRET], enum handoff_label label,
    const struct buf *text)
{
	uint8_t key_secret[SEAL_KEY];
	struct err e = handoff_key(key_secret, secret, label);

	if (!err_is(e) && text->full)
		e = err_make(E_LIMIT, 0, "handoff: text");
	if (!err_is(e))
		e = seal_tag(out, key_secret, buf_span(text));
	secret_wipe(key_secret, sizeof key_secret);
	return e;
}

/* ---- names ---- */

struct err
handoff_id_new(char out[static HANDOFF_ID_TEXT])
{
	uint8_t raw[ID_BYTES];
	unsigned bits = 0, n = 0;
	size_t at = 0;

	if (RAND_bytes(raw, sizeof raw) != 1)
		return err_make(E_CRYPTO, 0, "handoff: random");
	for (size_t i = 0; i < sizeof raw; i++) {
		bits = bits << 8 | raw[i];
		for (n += 8; n >= 5; n -= 5)
			out[at++] = letters[bits >> (n - 5) & 31];
	}
	out[at] = '\0';
	return err_none();
}

bool
handoff_id_ok(const char *id)
{
	return strlen(id) == ID_LETTERS && strspn(id, letters) == ID_LETTERS;
}

struct err
handoff_url(char out[static HANDOFF_URL_MAX + 1], const char *base,
    const char *id, const uint8_t secret[static HANDOFF_SECRET])
{
	char text[BASE64_TEXT(HANDOFF_SECRET)];
	int n;

	base64_encode(text, sizeof text, span_make(secret, HANDOFF_SECRET));
	for (char *c = text; *c != '\0'; c++)
		*c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
	text[strcspn(text, "=")] = '\0';
	n = snprintf(out, HANDOFF_URL_MAX + 1, "%s/d/%s#%s", base, id, text);
	secret_wipe(text, sizeof text);
	return n <= HANDOFF_URL_MAX ? err_none()
				    : err_make(E_LIMIT, 0, "handoff: url");
}

/* ---- what is compared ---- */

struct err
handoff_claim_mac(uint8_t out[static SEAL_DIGEST],
    const uint8_t secret[static HANDOFF_SECRET], const char *id,
    const uint8_t phone[static HANDOFF_POINT])
{
	uint8_t room[HANDOFF_ID_TEXT + HANDOFF_POINT];
	struct buf b = buf_make(room, sizeof room);

	buf_add_str(&b, id);
	buf_add(&b, phone, HANDOFF_POINT);
	return mac(out, secret, HANDOFF_CLAIM, &b);
}

struct err
handoff_digits(char out[static HANDOFF_DIGITS_TEXT],
    const uint8_t secret[static HANDOFF_SECRET], const char *id,
    const uint8_t phone[static HANDOFF_POINT],
    const uint8_t nonce[static HANDOFF_NONCE])
{
	uint8_t room[HANDOFF_ID_TEXT + HANDOFF_POINT + HANDOFF_NONCE];
	uint8_t tag[SEAL_DIGEST];
	struct buf b = buf_make(room, sizeof room);
	uint32_t v = 0;
	struct err e;

	buf_add_str(&b, id);
	buf_add(&b, phone, HANDOFF_POINT);
	buf_add(&b, nonce, HANDOFF_NONCE);
	e = mac(tag, secret, HANDOFF_DIGITS, &b);
	if (err_is(e))
		return e;
	for (int i = 0; i < 4; i++)
		v = v << 8 | tag[i];
	snprintf(out, HANDOFF_DIGITS_TEXT, "%06u", (unsigned)(v % 1000000u));
	return err_none();
}

struct err
handoff_ack_mac(uint8_t out[static SEAL_DIGEST],
    const uint8_t secret[static HANDOFF_SECRET], const char *id,
    const uint8_t files[static SEAL_DIGEST])
{
	uint8_t room[HANDOFF_ID_TEXT + SEAL_DIGEST];
	struct buf b = buf_make(room, sizeof room);

	buf_add_str(&b, id);
	buf_add(&b, files, SEAL_DIGEST);
	return mac(out, secret, HANDOFF_ACK, &b);
}

/* ---- the envelope's key ---- */

/* The phone's point as a key: `like` lends the curve. */
static EVP_PKEY *
point_of_phone(EVP_PKEY *like, const uint8_t phone[static HANDOFF_POINT])
{
	EVP_PKEY *key = EVP_PKEY_new();

	if (key == NULL || EVP_PKEY_copy_parameters(key, like) != 1 ||
	    EVP_PKEY_set1_encoded_public_key(key, phone, HANDOFF_POINT) != 1) {
		EVP_PKEY_free(key);
		return NULL;
	}
	return key;
}

static bool
shared(uint8_t out[static SHARED], EVP_PKEY *ours, EVP_PKEY *theirs)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(ours, NULL);
	size_t n = SHARED;
	bool ok = ctx != NULL && EVP_PKEY_derive_init(ctx) == 1 &&
		  EVP_PKEY_derive_set_peer(ctx, theirs) == 1 &&
		  EVP_PKEY_derive(ctx, out, &n) == 1 && n == SHARED;

	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static bool
point_of(uint8_t out[static HANDOFF_POINT], EVP_PKEY *key)
{
	unsigned char *raw = NULL;
	size_t n = EVP_PKEY_get1_encoded_public_key(key, &raw);
	bool ok = n == HANDOFF_POINT;

	if (ok)
		memcpy(out, raw, HANDOFF_POINT);
	OPENSSL_free(raw);
	return ok;
}

struct err
handoff_wrap(uint8_t key[static SEAL_KEY], uint8_t ours[static HANDOFF_POINT],
    const uint8_t secret[static HANDOFF_SECRET], const char *id,
    const uint8_t phone[static HANDOFF_POINT])
{
	uint8_t room_secret[SHARED + HANDOFF_ID_TEXT + 2 * HANDOFF_POINT];
	struct buf b = buf_make(room_secret, sizeof room_secret);
	EVP_PKEY *mine = EVP_EC_gen("P-256"), *theirs = NULL;
	struct err e = err_make(E_CRYPTO, 0, "handoff: key pair");

	if (mine == NULL || !point_of(ours, mine))
		goto out;
	e = err_make(E_FORMAT, 0, "handoff: the phone's point");
	if (phone[0] != POINT_CONVERSION_UNCOMPRESSED ||
	    (theirs = point_of_phone(mine, phone)) == NULL)
		goto out;
	e = err_make(E_CRYPTO, 0, "handoff: agreement");
	if (!shared(room_secret, mine, theirs))
		goto out;
	b.n = SHARED;
	buf_add_str(&b, id);
	buf_add(&b, phone, HANDOFF_POINT);
	buf_add(&b, ours, HANDOFF_POINT);
	e = mac(key, secret, HANDOFF_WRAP, &b);
out:
	secret_wipe(room_secret, sizeof room_secret);
	EVP_PKEY_free(mine);
	EVP_PKEY_free(theirs);
	return e;
}

struct err
handoff_about(struct buf *out, const char *id, int64_t expiry, const char *name)
{
	char text[HANDOFF_ID_TEXT + HANDOFF_NAME_MAX + 32];
	int n = snprintf(
	    text, sizeof text, "%s|%lld|%s", id, (long long)expiry, name);

	if (n < 0 || (size_t)n >= sizeof text)
		return err_make(E_LIMIT, 0, "handoff: name");
	buf_add(out, text, (size_t)n);
	return out->full ? err_make(E_LIMIT, 0, "handoff: about") : err_none();
}
