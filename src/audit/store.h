/*
 * audit/store.h - the port to whatever keeps the audit log.
 *
 * The log itself knows no database: it calls these functions.  `write` ones
 * are called inside a transaction of the caller; what they did is durable
 * once that transaction is.  src/store/audit_rows.h is the port over SQLite,
 * and tests have one over memory; one contract test runs on both.
 */
#ifndef AUDIT_STORE_H
#define AUDIT_STORE_H

#include <stdint.h>

#include "audit/note.h"
#include "audit/row.h"
#include "audit/seal.h"
#include "audit/tree.h"

enum {
	AUDIT_EPOCH_ROWS = 256,	    /* a checkpoint at least this often */
	AUDIT_EPOCH_MS = 60 * 1000, /* and this long after a row */
	AUDIT_META = 256,	    /* longest value of a setting */
	AUDIT_KEY_SEALED = HASH_KEY + SEAL_OVERHEAD
};

/* A row as it is kept.  The span borrows. */
struct audit_stored {
	uint64_t seq;
	struct span row;
	uint8_t hash[HASH_SIZE]; /* leaf hash */
	uint8_t mac[HASH_SIZE];	 /* HMAC(epoch key, hash) */
};

/* A checkpoint as it is kept; it ends epoch `number`. */
struct audit_checkpoint {
	uint64_t number; /* from 0 without gaps */
	uint64_t size;
	uint8_t root[HASH_SIZE];
	uint8_t mac[HASH_SIZE]; /* under the key of the epoch it ends */
	struct tree frontier;
	size_t note_n; /* 0: not signed yet */
	uint8_t note[NOTE_BYTES / 4];
};

struct audit_bounds {
	uint64_t first, end;			/* rows [first, end) */
	uint64_t first_checkpoint, checkpoints; /* numbers [first, end) */
};

/*
 * What stays of rows that have gone: how many, the checkpoint they end at, the
 * leaf hash of the last, and the checkpoint head office had signed by then.
 */
struct audit_anchor {
	uint64_t size, number;
	uint8_t root[HASH_SIZE];
	uint8_t last[HASH_SIZE];
	uint64_t cosigned_size;
	uint8_t cosigned_root[HASH_SIZE];
	uint8_t cosignature[NOTE_SIGNATURE];
};

/* What is known of the log outside its database; see get_seen. */
struct audit_seen {
	uint64_t number, size;
	uint8_t root[HASH_SIZE];
};

struct audit_port {
	/* Rows arrive in order.  E_EXISTS: this seq is there already. */
	struct err (*add_row)(void *ctx, const struct audit_stored *row);
	struct err (*add_checkpoint)(
	    void *ctx, const struct audit_checkpoint *c);
	/* Keep or replace the signed note of a checkpoint. */
	struct err (*set_note)(void *ctx, uint64_t number, struct span note);
	/* Settings: short values by name.  E_NOTFOUND, E_LIMIT. */
	struct err (*set_meta)(void *ctx, const char *key, struct span value);
	struct err (*get_meta)(void *ctx, const char *key, struct buf *out);

	struct err (*bounds)(void *ctx, struct audit_bounds *out);
	/* The newest.  NULL when rows never go.  E_NOTFOUND: none has. */
	struct err (*anchor)(void *ctx, struct audit_anchor *out);
	/* E_NOTFOUND; E_CORRUPT when its columns have no sense. */
	struct err (*checkpoint)(
	    void *ctx, uint64_t number, struct audit_checkpoint *out);
	/*
	 * Call `each` for the rows of [from, to) that are there, by seq; an
	 * error of it ends the walk and is returned.
	 */
	struct err (*rows)(void *ctx, uint64_t from, uint64_t to,
	    struct err (*each)(void *arg, const struct audit_stored *row),
	    void *arg);
	/* Leaf hashes as kept: the port of tree.h.  E_NOTFOUND: a gap. */
	struct err (*hashes)(
	    void *ctx, uint8_t (*out)[HASH_SIZE], uint64_t first, size_t n);

	/* Sealed personal data by hash; shred is final.  E_NOTFOUND. */
	struct err (*add_blob)(void *ctx, const uint8_t hash[static HASH_SIZE],
	    struct span sealed);
	struct err (*get_blob)(
	    void *ctx, const uint8_t hash[static HASH_SIZE], struct buf *out);
	struct err (*shred_blob)(
	    void *ctx, const uint8_t hash[static HASH_SIZE]);

	/*
	 * The newest checkpoint ever signed, kept where a copy of the database
	 * put back does not reach it.  Both NULL when there is no such place.
	 * E_NOTFOUND before the first.
	 */
	struct err (*get_seen)(void *ctx, struct audit_seen *out);
	struct err (*set_seen)(void *ctx, const struct audit_seen *seen);
	void *ctx;
};

#endif
