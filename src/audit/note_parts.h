/*
 * audit/note_parts.h - what the two halves of note.h share: Ed25519 and the
 * form of a key name.
 */
#ifndef AUDIT_NOTE_PARTS_H
#define AUDIT_NOTE_PARTS_H

#include "audit/note.h"
#include "base/utf8.h"

/* UTF-8 without spaces, '+' and control bytes, shorter than NOTE_NAME. */
bool note_name_fits(struct span name);

/* RFC 8032; E_CRYPTO. */
MUST_USE struct err ed25519_sign(uint8_t out[static NOTE_SIGNATURE],
    const uint8_t seed_secret[static NOTE_SEED], struct span text);

/* E_MISMATCH: the signature is not right; E_CRYPTO. */
MUST_USE struct err ed25519_check(
    const uint8_t signature[static NOTE_SIGNATURE],
    const uint8_t public_key[static NOTE_PUBLIC], struct span text);

#endif
