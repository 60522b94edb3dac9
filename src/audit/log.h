/*
 * audit/log.h - the audit log of a branch: append, checkpoint, sign.
 *
 * One log belongs to one database and one thread.  Appending happens inside
 * the transaction that does what the row tells of:
 *
 *	audit_log_begin(log);		after BEGIN
 *	audit_log_append(log, &seq, &event); ...
 *	audit_log_commit(log);		after a COMMIT that went well
 *	audit_log_rollback(log);	or after ROLLBACK
 *	audit_log_sign(log);		outside any transaction
 *
 * A checkpoint is cut in the same transaction after AUDIT_EPOCH_ROWS rows or
 * AUDIT_EPOCH_MS; its signature is made once it is durable.  The key that
 * seals rows moves one step with every checkpoint and cannot be stepped back.
 */
#ifndef AUDIT_LOG_H
#define AUDIT_LOG_H

#include "audit/store.h"
#include "base/clock.h"

/* What happened.  Texts as struct audit_row wants them; NULL case: none. */
struct audit_event {
	const char *actor;   /* "kiosk-2", "teller:kim" */
	const char *role;    /* "kiosk" "teller" "supervisor" "system" ... */
	const char *case_no; /* or NULL */
	const char *kind;    /* "case.hold", "login.refused", "unmask" */
	const struct row_field *fields;
	size_t field_count;
	struct span personal; /* sealed to head office; n 0 for none */
};

struct audit_log;

struct audit_params {
	struct audit_port port;
	const char *branch;	   /* in every row, "004-0123" */
	const char *origin;	   /* of checkpoints, "audit.dasi/004/0123" */
	const uint8_t *device_key; /* SEAL_KEY bytes */
	uint8_t boot_id[ROW_BOOT]; /* of the running system */
	struct clock clock;
	struct span head_office; /* DER certificate; n 0 for none */
	/*
	 * Called once in the life of a log, before its first row: hand the
	 * first epoch key to head office, durably.  Whoever has it can seal
	 * rows of any epoch, so it must not stay at the branch.
	 */
	struct err (*escrow)(
	    void *ctx, const uint8_t key_secret[static HASH_KEY]);
	void *escrow_ctx;
};

/*
 * Start a log where there is none, inside a transaction.  E_EXISTS when there
 * is one; E_CORRUPT when there was one (a signed checkpoint is remembered);
 * E_ARG (names), the port's and the escrow's.
 */
MUST_USE struct err audit_log_create(const struct audit_params *p);

/*
 * Open the log and check its end: the newest checkpoint, and the rows after
 * it to the byte.  E_NOTFOUND: no log here, see audit_log_create; E_CORRUPT:
 * rows or checkpoints do not hold together, or the newest signed checkpoint
 * is not in it (an old copy was put back); E_MISMATCH: of another branch,
 * origin or device key; E_NOMEM, E_CRYPTO, the port's.  The caller closes.
 */
MUST_USE struct err audit_log_open(
    struct audit_log **out, const struct audit_params *p);
void audit_log_close(struct audit_log *log); /* wipes; NULL is fine */

/* Remember where the log stands, for audit_log_rollback. */
void audit_log_begin(struct audit_log *log);
void audit_log_commit(struct audit_log *log);
void audit_log_rollback(struct audit_log *log);

/*
 * Append one row; *seq (NULL is fine) gets its number.  E_ARG, E_LIMIT as
 * row_encode; E_STATE: personal data without a head office certificate;
 * E_EXPIRED and others of cms_seal; E_CRYPTO, the port's.  After an error the
 * transaction must be rolled back.
 */
MUST_USE struct err audit_log_append(
    struct audit_log *log, uint64_t *seq, const struct audit_event *event);

/* Whether rows wait for a checkpoint longer than they may. */
bool audit_log_is_due(const struct audit_log *log);

/* Cut a checkpoint now, inside a transaction; none when no row is new. */
MUST_USE struct err audit_log_cut(struct audit_log *log);

/* Whether a durable checkpoint has no signature yet. */
bool audit_log_must_sign(const struct audit_log *log);

/*
 * Sign every checkpoint that is durable and not signed.  E_CORRUPT when one
 * does not continue the one signed before it: then nothing is signed, now or
 * later.
 */
MUST_USE struct err audit_log_sign(struct audit_log *log);

/* Append the newest signed checkpoint.  E_NOTFOUND before the first. */
MUST_USE struct err audit_log_newest(struct audit_log *log, struct buf *note);

/* Rows so far. */
uint64_t audit_log_size(const struct audit_log *log);

/* The key that signs, for head office to know. */
const struct note_key *audit_log_key(const struct audit_log *log);

/* As every row names it. */
const char *audit_log_branch(const struct audit_log *log);

/* K(i+1) = HKDF-SHA-256(K(i), info "dasi audit epoch").  E_CRYPTO. */
MUST_USE struct err audit_epoch_next(uint8_t key_secret[static HASH_KEY]);

/* The seal of a checkpoint under the key of the epoch it ends. */
MUST_USE struct err audit_checkpoint_mac(struct hasher *h,
    uint8_t out[static HASH_SIZE], const uint8_t key_secret[static HASH_KEY],
    const struct audit_checkpoint *c);

#endif
