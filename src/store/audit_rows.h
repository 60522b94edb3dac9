/*
 * store/audit_rows.h - the audit log in the branch's database.
 *
 * The port of audit/store.h over SQLite, in two forms: inside the agent's
 * store, where rows join its transactions; and for reading only, over a file
 * nobody writes, for tools.
 */
#ifndef STORE_AUDIT_ROWS_H
#define STORE_AUDIT_ROWS_H

#include "audit/log.h"
#include "store/store.h"

/* The port.  It lives as long as the store. */
struct audit_port store_audit_port(struct store *s);

struct store_audit_params {
	const char *branch, *origin; /* as struct audit_params */
	const uint8_t *device_key;
	struct span head_office; /* DER certificate; n 0 for none */
	/*
	 * The file that gets the first epoch key, once, for head office:
	 * sealed to its certificate (CMS), or as 32 raw bytes without one.
	 */
	const char *escrow;
};

/*
 * Open the audit log of the store, or start it in an empty one.  From here on
 * it follows the transactions of the store and closes with it.  Errors as
 * audit_log_open and audit_log_create: E_CORRUPT and E_MISMATCH mean that no
 * case may be served.  Blocks.
 */
MUST_USE struct err store_audit_open(
    struct store *s, const struct store_audit_params *p);

/*
 * Append a row: in the open transaction of the store when there is one (an
 * error must then fail it), else in one of its own.  *seq may be NULL.
 * E_STATE before store_audit_open; errors as audit_log_append.
 */
MUST_USE struct err store_audit_append(
    struct store *s, uint64_t *seq, const struct audit_event *event);

/*
 * To be called after every message and by a timer of some seconds: cut the
 * checkpoint that is due, sign what is durable, forget old keys.  Cheap when
 * there is nothing to do.  E_CORRUPT: something signed would be contradicted;
 * E_FULL, E_SYS...
 */
MUST_USE struct err store_audit_tick(struct store *s);

/*
 * Keep head office's signature under one of our checkpoints durably (as size,
 * root and signature: with them the note can be made again); only rows before
 * it may ever be pruned.  An older one than is kept changes nothing.
 * E_MISMATCH when this log never had a checkpoint of that size and root;
 * E_STATE, E_LIMIT, E_FULL, E_SYS.
 */
MUST_USE struct err store_audit_cosigned(struct store *s,
    const struct note_checkpoint *c,
    const uint8_t signature[static NOTE_SIGNATURE]);

/* Rows before the newest checkpoint kept so; 0 when there is none. */
uint64_t store_audit_cosigned_size(struct store *s);

/*
 * Delete rows from the front, and the checkpoints between them, for good: those
 * whose wall clock, and that of all before them, is before `before` (Unix
 * seconds), up to the newest checkpoint that ends there and is covered by the
 * kept signature of `office`, head office's key.  They must lead to that
 * checkpoint.  An anchor stays (audit/anchor.h) and a row "purged" is appended,
 * all in one transaction; *n rows have gone, at most AUDIT_PRUNE_ROWS a call.
 * E_MISMATCH: the signature kept is not head office's; E_CORRUPT: the rows do
 * not hold together; then nothing has gone.  E_STATE, E_FULL, E_SYS, E_CRYPTO.
 */
enum { AUDIT_PRUNE_ROWS = 64 * AUDIT_EPOCH_ROWS };
MUST_USE struct err store_audit_prune(
    struct store *s, int64_t *n, int64_t before, const struct note_key *office);

/* Before a clean stop: a signed checkpoint over every row so far. */
MUST_USE struct err store_audit_finish(struct store *s);

/* The log, for audit_log_newest, audit_log_key, audit_log_size; or NULL. */
struct audit_log *store_audit_log(struct store *s);

/* Destroy a sealed record; every proof stays valid.  E_NOTFOUND. */
MUST_USE struct err store_audit_shred(
    struct store *s, const uint8_t hash[static HASH_SIZE]);

/*
 * Open a database for reading its audit log, and only its rows, checkpoints
 * and settings (blobs and writing fail with E_SYS): no lock is taken
 * and nothing is written, so nobody else may write the file meanwhile; see
 * store_snapshot.  E_NOTFOUND, E_CORRUPT (not a database of ours, no audit
 * log), E_SYS.  store_close ends it.
 */
MUST_USE struct err store_open_audit(struct store **out, const char *path);

/* A database at rest: the file itself, or a private copy of a live one. */
struct store_snapshot {
	char path[STORE_PATH];
	char folder[STORE_PATH]; /* "" when it is the file itself */
};

/*
 * Make `path` safe to read while an agent may be writing it.  With a -wal file
 * beside it both are copied into a folder of ours (mode 0700, in TMPDIR or
 * /tmp) and folded into one; the original is only read.  E_NOTFOUND, E_FULL,
 * E_TIMEOUT (it changed too fast, again and again), E_SYS, E_CORRUPT.  The
 * caller drops it.
 */
MUST_USE struct err store_snapshot_take(
    struct store_snapshot *out, const char *path);
void store_snapshot_drop(struct store_snapshot *snap);

#endif
