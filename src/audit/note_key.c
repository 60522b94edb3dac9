/*
 * audit/note_key.c - keys of signed notes: Ed25519, ids, their text.
 */
#include <openssl/evp.h>
#include <string.h>

#include "audit/note_parts.h"
#include "audit/seal.h"
#include "base/text.h"

enum { TYPE_ED25519 = 1 };

/* Unicode White_Space above ASCII. */
static bool
is_space(uint32_t cp)
{
	return cp == 0x85 || cp == 0xa0 || cp == 0x1680 ||
	       (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 || cp == 0x2029 ||
	       cp == 0x202f || cp == 0x205f || cp == 0x3000;
}

bool
note_name_fits(struct span name)
{
	const char *s = (const char *)name.p;
	uint32_t cp;

	if (name.n == 0 || name.n >= NOTE_NAME)
		return false;
	for (size_t at = 0, n; at < name.n; at += n) {
		n = utf8_decode(&cp, s + at, name.n - at);
		if (n == 0 || cp <= ' ' || cp == '+' || is_space(cp))
			return false;
	}
	return true;
}

struct err
note_key_make(struct note_key *out, struct span name,
    const uint8_t public_key[static NOTE_PUBLIC])
{
	uint8_t room[NOTE_NAME + 2 + NOTE_PUBLIC], digest[SEAL_DIGEST];
	struct buf b = buf_make(room, sizeof room);
	struct err e;

	memset(out, 0, sizeof *out);
	if (!note_name_fits(name))
		return err_make(E_ARG, 0, "note: key name");
	memcpy(out->name, name.p, name.n);
	memcpy(out->public_key, public_key, NOTE_PUBLIC);
	buf_add(&b, name.p, name.n);
	buf_add_byte(&b, '\n');
	buf_add_byte(&b, TYPE_ED25519);
	buf_add(&b, public_key, NOTE_PUBLIC);
	e = seal_digest(digest, buf_span(&b));
	memcpy(out->id, digest, NOTE_ID);
	return e;
}

void
note_key_text(char out[static NOTE_KEY_TEXT], const struct note_key *key)
{
	uint8_t coded[1 + NOTE_PUBLIC] = { TYPE_ED25519 };
	char hex[HEX_TEXT(NOTE_ID)], code[BASE64_TEXT(sizeof coded)];
	struct buf b = buf_make(out, NOTE_KEY_TEXT);

	memcpy(coded + 1, key->public_key, NOTE_PUBLIC);
	hex_encode(hex, sizeof hex, span_make(key->id, NOTE_ID));
	base64_encode(code, sizeof code, span_make(coded, sizeof coded));
	buf_add_str(&b, key->name);
	buf_add_byte(&b, '+');
	buf_add_str(&b, hex);
	buf_add_byte(&b, '+');
	buf_add_str(&b, code);
	buf_add_byte(&b, '\0');
}

struct err
note_key_parse(struct note_key *out, struct span text)
{
	uint8_t coded[1 + NOTE_PUBLIC];
	char hex[HEX_TEXT(NOTE_ID)];
	struct buf b = buf_make(coded, sizeof coded);
	struct span name, code;
	const uint8_t *plus;

	if (text.n == 0 || (plus = memchr(text.p, '+', text.n)) == NULL)
		return err_make(E_FORMAT, 0, "note: key text");
	name = span_make(text.p, (size_t)(plus - text.p));
	code = span_make(plus + 1, text.n - name.n - 1);
	if (code.n < sizeof hex || code.p[sizeof hex - 1] != '+' ||
	    err_is(base64_decode(
		&b, (const char *)code.p + sizeof hex, code.n - sizeof hex)) ||
	    b.n != sizeof coded || coded[0] != TYPE_ED25519 ||
	    err_is(note_key_make(out, name, coded + 1)))
		return err_make(E_FORMAT, 0, "note: key text");
	hex_encode(hex, sizeof hex, span_make(out->id, NOTE_ID));
	if (memcmp(hex, code.p, sizeof hex - 1) != 0)
		return err_make(E_FORMAT, 0, "note: key id");
	return err_none();
}

struct err
note_signer_make(struct note_signer *out, struct span name,
    const uint8_t seed_secret[static NOTE_SEED])
{
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(
	    EVP_PKEY_ED25519, NULL, seed_secret, NOTE_SEED);
	uint8_t public_key[NOTE_PUBLIC];
	size_t n = sizeof public_key;
	bool good = key != NULL &&
		    EVP_PKEY_get_raw_public_key(key, public_key, &n) == 1;

	EVP_PKEY_free(key);
	if (!good)
		return err_make(E_CRYPTO, 0, "note: signer");
	memcpy(out->seed_secret, seed_secret, NOTE_SEED);
	return note_key_make(&out->key, name, public_key);
}

struct err
ed25519_sign(uint8_t out[static NOTE_SIGNATURE],
    const uint8_t seed_secret[static NOTE_SEED], struct span text)
{
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(
	    EVP_PKEY_ED25519, NULL, seed_secret, NOTE_SEED);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = NOTE_SIGNATURE;
	bool good = key != NULL && ctx != NULL &&
		    EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) == 1 &&
		    EVP_DigestSign(ctx, out, &n, text.p, text.n) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return good ? err_none() : err_make(E_CRYPTO, 0, "note: sign");
}

struct err
ed25519_check(const uint8_t signature[static NOTE_SIGNATURE],
    const uint8_t public_key[static NOTE_PUBLIC], struct span text)
{
	EVP_PKEY *key = EVP_PKEY_new_raw_public_key(
	    EVP_PKEY_ED25519, NULL, public_key, NOTE_PUBLIC);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	struct err e = err_make(E_CRYPTO, 0, "note: check");

	if (key != NULL && ctx != NULL &&
	    EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1)
		e = EVP_DigestVerify(
			ctx, signature, NOTE_SIGNATURE, text.p, text.n) == 1
			? err_none()
			: err_make(E_MISMATCH, 0, "note: signature");
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return e;
}
