/*
 * store/internal.h - what the files of this folder share.
 */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include <sqlite3.h>

#include "audit/log.h"
#include "store/sql.h"
#include "store/store.h"

enum { STORE_WRAPPED = SEAL_KEY + SEAL_OVERHEAD, BOOT_ID = 40 };

struct store {
	sqlite3 *db;
	sqlite3_stmt *q[Q_COUNT];
	struct clock clock;
	bool broken;
	struct audit_log *audit; /* NULL until store_audit_open */
	bool old_keys;		 /* in the -wal file, since this moment */
	int64_t old_keys_ms;
	uint8_t wrap_secret[SEAL_KEY]; /* wraps case keys */
	uint8_t tag_secret[SEAL_KEY];  /* makes person tags */
	char bank_code[STORE_TEXT], branch_code[STORE_TEXT];
	char boot_id[BOOT_ID];
	char path[STORE_PATH], ballast[STORE_PATH];
};

/* The error of the connection's last call. */
struct err store_err(struct store *s, int rc, const char *where);

/* Step a statement that returns no row and reset it. */
MUST_USE struct err store_run(struct store *s, enum query q, const char *where);

/* One transaction; store_end commits when `e` is none, else rolls back. */
MUST_USE struct err store_begin(struct store *s);
MUST_USE struct err store_end(struct store *s, struct err e);

/* purge.c: the audit row that says what has gone, in the open transaction;
 * nothing for 0. */
MUST_USE struct err store_purged(
    struct store *s, const char *class, int64_t n, int64_t before);

/*
 * wal.c: empty the -wal file into the database and lay it out anew, in zeros:
 * commits then write over blocks the file has already, and their sync need not
 * wait for the file system's journal.  A full disk is no error: the file then
 * grows as it is used.  E_EXISTS, E_SYS.
 */
MUST_USE struct err store_wal_lay(struct store *s);

/* row.c: bind columns ?1..?34, read them back with the id after them. */
enum { STORE_COLUMNS = 34 };
MUST_USE struct err row_bind(sqlite3_stmt *q, const struct store_case *c);
MUST_USE struct err row_read(sqlite3_stmt *q, struct store_case *c);

/* secret.c: the key of a case, its records, its journal rows. */
MUST_USE struct err secret_key_make(
    struct store *s, uint8_t key[static SEAL_KEY], const struct store_case *c);
MUST_USE struct err secret_key_get(
    struct store *s, uint8_t key[static SEAL_KEY], const struct store_case *c);
/* Rows and blobs of `ch`; with nothing in it but an event, one row names it. */
MUST_USE struct err secret_apply(struct store *s, const struct store_case *c,
    const struct store_change *ch, const char *fact);

/*
 * audit_case.c: the audit rows of `ch`, in the open transaction; nothing
 * before store_audit_open.  `fact` names the arrow.
 */
MUST_USE struct err audit_case_rows(struct store *s, const struct store_case *c,
    const struct store_change *ch, const char *fact);

#endif
