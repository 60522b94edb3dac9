/*
 * audit/prove.h - the proof that one row is in the log, small enough for the
 * QR code of a receipt.
 *
 * It leads from the hash of the row to the root of a signed checkpoint, so
 * that whoever has the branch's key can check it without the log.
 */
#ifndef AUDIT_PROVE_H
#define AUDIT_PROVE_H

#include "audit/store.h"

enum {
	PROVE_FORMAT = 1,
	PROVE_BYTES = 2 * 1024 + 512,
	PROVE_TEXT = 8 + PROVE_BYTES * 8 / 5 + 2 /* with its NUL */
};

struct audit_proof {
	char origin[NOTE_NAME];
	uint64_t seq, size; /* row, rows under the checkpoint */
	uint8_t leaf[HASH_SIZE];
	struct tree_proof path;
	uint8_t key_id[NOTE_ID];
	uint8_t signature[NOTE_SIGNATURE];
};

/*
 * Prove row `seq` under the first signed checkpoint that covers it; `key` is
 * the branch's.  E_NOTFOUND: no such row; E_STATE: no signed checkpoint
 * covers it yet; E_MISMATCH: the log does not lead to its own checkpoint;
 * E_CRYPTO, the port's.  Takes time in proportion to that checkpoint's size.
 */
MUST_USE struct err audit_prove(struct audit_proof *out,
    const struct audit_port *port, struct hasher *h, uint64_t seq,
    const struct note_key *key);

/* E_MISMATCH unless the proof leads to a checkpoint signed by `key`; *root
 * gets its root. */
MUST_USE struct err audit_proof_check(const struct audit_proof *proof,
    struct hasher *h, const struct note_key *key,
    uint8_t root[static HASH_SIZE]);

/*
 * "DASI1:" and base32 (RFC 4648 without padding): only characters of a QR
 * code's alphanumeric mode.  README.md has the bytes.
 */
void audit_proof_text(
    char out[static PROVE_TEXT], const struct audit_proof *proof);
/* E_FORMAT. */
MUST_USE struct err audit_proof_parse(
    struct audit_proof *out, struct span text);

/* The smallest version (1-40) of a QR code at level L for `n` characters of
 * alphanumeric mode (ISO/IEC 18004 table 7); 0 when none. */
int audit_qr_version(size_t n);

#endif
