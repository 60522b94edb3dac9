/*
 * handoff/keys.h - what both ends of a handoff calculate (README.md, Values).
 *
 * Records are sealed by audit/seal.h; here are the names, the six digits and
 * the key that ECDH and the QR's secret make together.  Nothing is kept.
 */
#ifndef HANDOFF_KEYS_H
#define HANDOFF_KEYS_H

#include <stdint.h>

#include "audit/seal.h"

enum {
	HANDOFF_SECRET = 32,	 /* S */
	HANDOFF_ID_TEXT = 17,	 /* 16 letters and a NUL */
	HANDOFF_POINT = 65,	 /* P-256, uncompressed */
	HANDOFF_NONCE = 16,	 /* N */
	HANDOFF_DIGITS_TEXT = 7, /* six digits and a NUL */
	HANDOFF_URL_MAX = 84,	 /* bytes that version 5, level M holds */
	HANDOFF_NAME_MAX = 64
};

enum handoff_label {
	HANDOFF_AUTH,
	HANDOFF_CLAIM,
	HANDOFF_DIGITS,
	HANDOFF_WRAP,
	HANDOFF_ACK,
	HANDOFF_LABEL_COUNT
};

/* K(label) of the secret.  E_CRYPTO. */
MUST_USE struct err handoff_key(uint8_t out[static SEAL_KEY],
    const uint8_t secret[static HANDOFF_SECRET], enum handoff_label label);

/* A new id.  E_CRYPTO. */
MUST_USE struct err handoff_id_new(char out[static HANDOFF_ID_TEXT]);
/* 16 letters of A-Z and 2-7. */
bool handoff_id_ok(const char *id);

/* "<base>/d/<id>#<secret>"; E_LIMIT above HANDOFF_URL_MAX. */
MUST_USE struct err handoff_url(char out[static HANDOFF_URL_MAX + 1],
    const char *base, const char *id,
    const uint8_t secret[static HANDOFF_SECRET]);

/* The mac of a claim: over id and the phone's point.  E_CRYPTO. */
MUST_USE struct err handoff_claim_mac(uint8_t out[static SEAL_DIGEST],
    const uint8_t secret[static HANDOFF_SECRET], const char *id,
    const uint8_t phone[static HANDOFF_POINT]);

/* What the phone shows and the customer types.  E_CRYPTO. */
MUST_USE struct err handoff_digits(char out[static HANDOFF_DIGITS_TEXT],
    const uint8_t secret[static HANDOFF_SECRET], const char *id,
    const uint8_t phone[static HANDOFF_POINT],
    const uint8_t nonce[static HANDOFF_NONCE]);

/* The mac of the phone's receipt, over id and the files' digest.  E_CRYPTO. */
MUST_USE struct err handoff_ack_mac(uint8_t out[static SEAL_DIGEST],
    const uint8_t secret[static HANDOFF_SECRET], const char *id,
    const uint8_t files[static SEAL_DIGEST]);

/*
 * A fresh key pair of ours and what it makes with the phone's point: `ours`
 * goes to the phone, `key` seals the files.  The pair is gone afterwards.
 * E_FORMAT: no point of the curve; E_CRYPTO.
 */
MUST_USE struct err handoff_wrap(uint8_t key[static SEAL_KEY],
    uint8_t ours[static HANDOFF_POINT],
    const uint8_t secret[static HANDOFF_SECRET], const char *id,
    const uint8_t phone[static HANDOFF_POINT]);

/* aad of a file: id | "|" | expiry | "|" | name, appended.  E_LIMIT. */
MUST_USE struct err handoff_about(
    struct buf *out, const char *id, int64_t expiry, const char *name);

#endif
