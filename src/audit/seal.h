/*
 * audit/seal.h - encrypt one record for the store (AES-256-GCM), and the keys
 * made of the device key.
 *
 * Layout of a sealed record: nonce[12] | ciphertext[n] | tag[16].  `about` is
 * authenticated with it and says what the record is and whose, so that a
 * record moved to another case or column does not open.  Never logs and never
 * keeps key or message; OpenSSL appears only in seal.c.
 */
#ifndef AUDIT_SEAL_H
#define AUDIT_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

enum {
	SEAL_KEY = 32,
	SEAL_NONCE = 12,
	SEAL_TAG = 16,
	SEAL_OVERHEAD = SEAL_NONCE + SEAL_TAG,
	SEAL_DIGEST = 32
};

/*
 * Seal `msg` into `out`, which holds `cap` bytes; they must not overlap.
 * On success *n = msg.n + SEAL_OVERHEAD; on failure *n = 0 and no part of the
 * result is left in `out`.  E_LIMIT when cap is too small; E_CRYPTO when the
 * library refuses.
 */
MUST_USE struct err seal(uint8_t *out, size_t cap, size_t *n,
    const uint8_t key[static SEAL_KEY], struct span about, struct span msg);

/*
 * The reverse.  On failure nothing of the plaintext is left in `out`.
 * E_FORMAT when shorter than the overhead, E_LIMIT, E_MISMATCH when key,
 * `about` or a bit of the record is not the one it was sealed with, E_CRYPTO.
 */
MUST_USE struct err seal_open(uint8_t *out, size_t cap, size_t *n,
    const uint8_t key[static SEAL_KEY], struct span about, struct span sealed);

/* A fresh random key.  E_CRYPTO. */
MUST_USE struct err seal_key_new(uint8_t key[static SEAL_KEY]);

/*
 * A key for one purpose out of the device key: HKDF-SHA-256 (RFC 5869), no
 * salt, `purpose` as info.  E_CRYPTO.
 */
MUST_USE struct err seal_key_derive(uint8_t out[static SEAL_KEY],
    const uint8_t device_key[static SEAL_KEY], const char *purpose);

/*
 * HMAC-SHA-256 of `text`: the same person gives the same tag on this device
 * and nothing to anybody without the key.  E_CRYPTO.
 */
MUST_USE struct err seal_tag(uint8_t out[static SEAL_DIGEST],
    const uint8_t key[static SEAL_KEY], struct span text);

/* SHA-256.  E_CRYPTO. */
MUST_USE struct err seal_digest(
    uint8_t out[static SEAL_DIGEST], struct span data);

#endif
