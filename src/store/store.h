/*
 * store/store.h - the branch's memory: cases, their journal, their secrets.
 *
 * One SQLite file, one process, one connection.  Every arrow of the case
 * machine is one transaction holding the new state, its journal rows and the
 * sealed records that belong to it.  Calls block for one fdatasync.
 *
 * Personal data and the exact bytes sent to peers are sealed under a key of
 * the case, which is wrapped by the device key; store_change.forget destroys
 * it, and with it everything sealed.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/seal.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/span.h"
#include "case/machine.h"

enum {
	STORE_PATH = 512,
	STORE_TEXT = 128,	/* words, text keys, numbers */
	STORE_NAME = 1024,	/* a distinguished name */
	STORE_BLOB = 48 * 1024, /* largest sealed record */
	STORE_BALLAST = 1024 * 1024
};

/* What has become of the hold on the old certificate. */
enum store_hold {
	HOLD_NONE,
	HOLD_PENDING, /* reported; the CA has not confirmed yet */
	HOLD_CONFIRMED,
	HOLD_COUNT
};

/* One row.  Texts are "" and times 0 when not known yet; nothing in it is
 * personal but the tag, which only this device can make. */
struct store_case {
	int64_t id;
	int64_t version; /* one more with every change */
	char case_no[STORE_TEXT];
	enum case_state state;
	uint8_t person_tag[SEAL_DIGEST];
	char purpose[STORE_TEXT]; /* "reissue" "report" */
	char route[STORE_TEXT];	  /* "reissue_then_renew" ... */
	/* the old certificate */
	char serial[STORE_TEXT]; /* lower-case hexadecimal */
	char issuer[STORE_NAME];
	char issuer_o[STORE_TEXT];
	char policy[STORE_TEXT]; /* OID */
	int64_t not_after;
	char old_status[STORE_TEXT]; /* as last heard from a peer */
	/* the loss */
	enum store_hold hold;
	char loss_no[STORE_TEXT];
	char loss_kind[STORE_TEXT]; /* "lost" "stolen" ... */
	int64_t reported_at, held_at;
	/* the application */
	int64_t fee_won, fee_vat; /* won is -1 before a fee is set */
	char waiver[STORE_TEXT];  /* text key */
	char promise[STORE_TEXT]; /* "2026-11-24" */
	char review[STORE_TEXT], problem[STORE_TEXT]; /* text keys */
	int64_t p12; /* 1: PKCS#12 asked for as well */
	/* the new certificate */
	int64_t attempt; /* issues begun */
	char transaction_id[STORE_TEXT];
	char spki_sha256[STORE_TEXT];
	char new_serial[STORE_TEXT];
	int64_t new_not_after;
	char new_status[STORE_TEXT];
	/* times, Unix seconds */
	char terminal[STORE_TEXT];		 /* where it was opened */
	int64_t opened_at, changed_at, ended_at; /* changed: last arrow */
};

/* Sealed records of a case. */
enum store_blob_kind {
	BLOB_PERSON,   /* JSON: holder, contact, circumstances */
	BLOB_OLD_CERT, /* DER */
	BLOB_SIGN_PRI, /* signPri.key under the customer's password */
	BLOB_NEW_CERT, /* DER */
	BLOB_P12,
	BLOB_ENROL, /* JSON: what the registry gave for the attempt */
	BLOB_PHONE, /* PKCS#12 for a phone, compatible */
	BLOB_PHONE_STRONG,
	BLOB_WAYS, /* deliveries: chosen, proven */
	BLOB_COUNT
};

struct store_blob {
	enum store_blob_kind kind;
	struct span data; /* n 0: delete */
};

enum store_row_kind { ROW_INTENT, ROW_RESULT, ROW_EVENT, ROW_COUNT };

/* One row of the journal: before an effect, after it, or a plain fact. */
struct store_row {
	enum store_row_kind kind;
	const char *effect;  /* "cmp.ir", "media.write" */
	const char *key;     /* idempotency key, NULL for none */
	const char *outcome; /* "ok" or an error word; NULL: none */
	struct span bytes;   /* exact bytes; n 0 for none */
};

struct store;

/* Everything one transaction does to a case besides its columns. */
struct store_change {
	bool moves; /* `event` is applied to the state */
	enum case_event event;
	const struct store_row *rows;
	size_t row_count;
	const struct store_blob *blobs;
	size_t blob_count;
	bool forget; /* destroy the case key */
	/* what must be kept of the person nevertheless, sealed for head office
	 * with an audit row "case.sealed"; n 0 for nothing.  Needs an audit log
	 * with head office's certificate */
	struct span kept;
	/* who it was, for the audit log: a terminal and its role, or NULL for
	 * the agent itself */
	const char *actor, *role;
	/* more of the same transaction, or NULL: called after the row has its
	 * new version and while the case's key is there; once more when the
	 * first try finds the disk full */
	struct err (*also)(
	    struct store *s, const struct store_case *c, void *arg);
	void *also_arg;
};

struct store_params {
	const char *folder; /* made when absent */
	const char *bank_code, *branch_code;
	const uint8_t *device_key; /* SEAL_KEY bytes, copied */
	struct clock clock;
};

/*
 * Open dasi.db in the folder, or make it.  E_EXISTS when another process has
 * it open; E_CORRUPT when the file is damaged or not ours (it is left exactly
 * as found); E_MISMATCH when it belongs to another branch or device key;
 * E_UNSUPPORTED when a newer version wrote it; E_FULL, E_SYS, E_CRYPTO,
 * E_NOMEM.  The caller closes *out.
 */
MUST_USE struct err store_open(
    struct store **out, const struct store_params *p);

/* Checkpoint, remove the -wal file, wipe the keys.  NULL is fine. */
void store_close(struct store *s);

/*
 * Whether only closing rows fit any more (the ballast is spent): new cases
 * must be refused.  Tries to lay new ballast first.
 */
bool store_is_low(struct store *s);

/* After a failed fsync nothing may be trusted: end the process. */
bool store_is_broken(const struct store *s);

/* The tag of a person by the 13 digits of their number.  E_CRYPTO. */
MUST_USE struct err store_person_tag(uint8_t out[static SEAL_DIGEST],
    const struct store *s, const char *number_secret);

/*
 * A new row: fills id, version, state, case_no and the times of *c, takes all
 * else from it, and applies `ch` (its event is ignored) in one transaction.
 * E_EXISTS when a case for the same certificate is open; E_FULL.
 */
MUST_USE struct err store_case_create(
    struct store *s, struct store_case *c, const struct store_change *ch);

/*
 * Change a row in one transaction: the columns of *c, the machine's step, the
 * journal rows, the sealed records.  A loss reported for the first time gets
 * its number.  *c gets the new state, version, times
 * and is left as it was on failure.  What tells a case from others (case_no,
 * person_tag, issuer, serial) does not change.  E_STATE when the machine knows
 * no such step, somebody else changed the row, or it is not of this case;
 * E_FULL when not even the ballast helps; E_LIMIT, E_CRYPTO, E_CORRUPT, E_SYS.
 */
MUST_USE struct err store_case_step(
    struct store *s, struct store_case *c, const struct store_change *ch);

/* E_NOTFOUND. */
MUST_USE struct err store_case_by_no(
    struct store *s, struct store_case *out, const char *case_no);
/* The case not yet ended for this certificate.  E_NOTFOUND. */
MUST_USE struct err store_case_live(struct store *s, struct store_case *out,
    const char *issuer, const char *serial);
/*
 * Up to `cap` cases that have not ended, oldest first, after the id `after`;
 * *n of them.
 */
MUST_USE struct err store_cases_live(struct store *s, struct store_case *out,
    size_t cap, size_t *n, int64_t after);
/* Cases waiting for staff. */
MUST_USE struct err store_count_waiting(struct store *s, int64_t *n);

/* Append the opened record.  E_NOTFOUND, E_LIMIT, E_MISMATCH. */
MUST_USE struct err store_blob_get(struct store *s, struct buf *out,
    const struct store_case *c, enum store_blob_kind kind);

/*
 * The newest intent of `effect` of this case that has not gone well yet (no
 * result "ok" of the same key): its key (cap bytes) and exact bytes, to be
 * done again.  E_NOTFOUND.
 */
MUST_USE struct err store_open_intent(struct store *s, struct buf *out,
    char *key, size_t cap, const struct store_case *c, const char *effect);

/*
 * The exact bytes of the newest intent, or of the newest result that went
 * well, of `effect`; *seq orders them.  E_NOTFOUND.
 */
MUST_USE struct err store_journal_last(struct store *s, struct buf *out,
    int64_t *seq, const struct store_case *c, const char *effect,
    enum store_row_kind kind);

/* Rows of a case's journal: how many, for tools and tests. */
MUST_USE struct err store_journal_count(
    struct store *s, int64_t *n, const struct store_case *c);

/*
 * Remove journal and row of cases that ended before `before` (Unix seconds);
 * *n of them.  The only way rows leave the journal.  When there were any, an
 * audit row "purged" says so in the same transaction.
 */
MUST_USE struct err store_purge(struct store *s, int64_t *n, int64_t before);

/*
 * The same for personal data sealed for head office before `before`: the
 * records go, the audit rows with their hashes stay, so every proof holds.
 */
MUST_USE struct err store_purge_sealed(
    struct store *s, int64_t *n, int64_t before);

#endif
