/*
 * audit/note.h - signed notes and checkpoints (c2sp.org/signed-note,
 * c2sp.org/tlog-checkpoint), Ed25519 only.
 *
 *	audit.dasi/004/0123
 *	512
 *	<base64 of the root>
 *	<empty line>
 *	(em dash) audit.dasi/004/0123 <base64 of key id and signature>
 *
 * Head office cosigns by adding a line of its own name; both lines sign the
 * text above the empty line.  Nothing of a note is used before a signature
 * of a key we were told to trust has been checked.
 */
#ifndef AUDIT_NOTE_H
#define AUDIT_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/hash.h"
#include "base/err.h"
#include "base/span.h"

enum {
	NOTE_NAME = 128, /* longest key name with its NUL */
	NOTE_ID = 4,
	NOTE_PUBLIC = 32,
	NOTE_SEED = 32,
	NOTE_SIGNATURE = 64,
	NOTE_LINE = NOTE_NAME + 128,   /* longest signature line we write */
	NOTE_SIGNATURES = 32,	       /* most lines read */
	NOTE_BYTES = 16 * 1024,	       /* longest note read */
	NOTE_KEY_TEXT = NOTE_NAME + 64 /* a key as text, with its NUL */
};

/* Who may sign: name, id and public key. */
struct note_key {
	char name[NOTE_NAME];
	uint8_t id[NOTE_ID];
	uint8_t public_key[NOTE_PUBLIC];
};

/* Who signs. */
struct note_signer {
	struct note_key key;
	uint8_t seed_secret[NOTE_SEED];
};

/* A tree head.  `origin` borrows from the text. */
struct note_checkpoint {
	struct span origin;
	uint64_t size;
	uint8_t root[HASH_SIZE];
};

/*
 * A key from its name and public key: id = SHA-256(name 0x0A 0x01 key)[:4].
 * E_ARG: a name that is empty, too long, not UTF-8, or has a space or '+'.
 */
MUST_USE struct err note_key_make(struct note_key *out, struct span name,
    const uint8_t public_key[static NOTE_PUBLIC]);

/* "name+hex id+base64(0x01 key)", the usual text of a key.  E_FORMAT. */
void note_key_text(char out[static NOTE_KEY_TEXT], const struct note_key *key);
MUST_USE struct err note_key_parse(struct note_key *out, struct span text);

/* The caller wipes *out.  E_ARG as note_key_make; E_CRYPTO. */
MUST_USE struct err note_signer_make(struct note_signer *out, struct span name,
    const uint8_t seed_secret[static NOTE_SEED]);

/*
 * Append `text` (which ends in a newline), an empty line and the signature.
 * With a whole note as `text` use note_cosign.  E_FORMAT: not a text a note
 * may have; E_LIMIT, E_CRYPTO.
 */
MUST_USE struct err note_sign(
    struct buf *out, struct span text, const struct note_signer *signer);

/* Append to a note in `note` one more signature line.  E_FORMAT as read. */
MUST_USE struct err note_cosign(
    struct buf *note, const struct note_signer *signer);

/*
 * Take a note apart: *text gets the signed text when a line of `key` is there
 * and right.  E_FORMAT: no note; E_NOTFOUND: no line of this key;
 * E_MISMATCH: a line of this key with a wrong signature; E_CRYPTO.
 */
MUST_USE struct err note_open(
    struct span *text, struct span note, const struct note_key *key);

/* The signature of `key` in a note, itself not checked.  Errors as note_open.
 */
MUST_USE struct err note_signature(uint8_t out[static NOTE_SIGNATURE],
    struct span note, const struct note_key *key);

/* Both, the signature not checked.  Errors as note_open. */
MUST_USE struct err note_parts(struct span *text,
    uint8_t signature[static NOTE_SIGNATURE], struct span note,
    const struct note_key *key);

/* A signature of `key` over `text`.  E_MISMATCH: it is not; E_CRYPTO. */
MUST_USE struct err note_check(struct span text, const struct note_key *key,
    const uint8_t signature[static NOTE_SIGNATURE]);

/* Append the three lines of a checkpoint.  E_ARG (origin), E_LIMIT. */
MUST_USE struct err note_checkpoint_text(
    struct buf *out, const struct note_checkpoint *c);

/* Read them; exactly three lines, extension lines are not ours.  E_FORMAT. */
MUST_USE struct err note_checkpoint_parse(
    struct note_checkpoint *out, struct span text);

#endif
