/*
 * store/sql.h - every SQL statement of the program, by index.
 *
 * For the files of this folder.  Parameters are bound, never pasted.
 */
#ifndef STORE_SQL_H
#define STORE_SQL_H

enum { STORE_SCHEMA = 6, STORE_APPLICATION = 0x64617369 /* "dasi" */ };

enum query {
	Q_BEGIN,
	Q_COMMIT,
	Q_ROLLBACK,
	Q_META_GET,
	Q_META_PUT,
	Q_NUMBER_NEXT,
	Q_CASE_INSERT,
	Q_CASE_UPDATE,
	Q_CASE_END,
	Q_CASE_BY_NO,
	Q_CASE_LIVE,
	Q_CASES_LIVE,
	Q_COUNT_STATE,
	Q_KEY_INSERT,
	Q_KEY_GET,
	Q_KEY_DELETE,
	Q_BLOB_PUT,
	Q_BLOB_GET,
	Q_BLOB_DELETE,
	Q_JOURNAL_ADD,
	Q_JOURNAL_OPEN,
	Q_JOURNAL_LAST,
	Q_JOURNAL_COUNT,
	Q_PURGE_MARK,
	Q_PURGE_JOURNAL,
	Q_PURGE_CASES,
	Q_PURGE_CLEAR,
	Q_PURGE_SEALED,
	/* the audit log */
	Q_AUDIT_ADD,
	Q_AUDIT_CUT,
	Q_AUDIT_SIGN,
	Q_AUDIT_META,
	Q_AUDIT_BOUNDS,
	Q_AUDIT_CHECKPOINT,
	Q_AUDIT_ROWS,
	Q_AUDIT_HASHES,
	Q_AUDIT_ANCHOR,
	Q_AUDIT_ANCHOR_ADD,
	Q_AUDIT_PRUNE_ROWS,
	Q_AUDIT_PRUNE_CHECKPOINTS,
	Q_AUDIT_BLOB_ADD,
	Q_AUDIT_BLOB_GET,
	Q_AUDIT_BLOB_SHRED,
	/* reports for tools */
	Q_REPORT_CASES,
	Q_REPORT_JOURNAL,
	Q_REPORT_STATES,
	Q_REPORT_INTENTS,
	Q_REPORT_HOLDS,
	Q_REPORT_SPOOL,
	Q_REPORT_LEFTOVER,
	Q_REPORT_VERSION,
	Q_REPORT_CHECK,
	/* the counter */
	Q_DESK_ADD,
	Q_DESK_ENTRIES,
	Q_DESK_LAST,
	Q_DESK_STEPS,
	Q_DESK_DOCS_CLEAR,
	Q_DESK_DOC_PUT,
	Q_DESK_DOCS,
	Q_DESK_PROPOSE,
	Q_DESK_PROPOSALS,
	Q_DESK_PROPOSAL_DROP,
	Q_DESK_PROPOSAL_CLOSE,
	Q_DESK_GUIDE_PUT,
	Q_DESK_GUIDE,
	Q_DESK_MESSAGE_PUT,
	Q_DESK_MESSAGES,
	Q_DESK_MESSAGE_SENT,
	Q_QUEUE_OPEN,
	Q_QUEUE_ENDED,
	Q_QUEUE_OPENED,
	Q_QUEUE_DAY,
	/* payments */
	Q_PAY_NUMBER,
	Q_PAY_INSERT,
	Q_PAY_UPDATE,
	Q_PAY_EVENT,
	Q_PAY_LIVE,
	Q_PAY_OF_CASE,
	Q_PAY_OPEN,
	Q_PAY_OWED,
	Q_PAY_STAFF,
	Q_PAY_DAY,
	Q_PURGE_PAY_EVENTS,
	Q_PURGE_PAYS,
	Q_COUNT
};

extern const char *const store_sql[Q_COUNT];

/* Step n brings a file of user_version n to n + 1. */
extern const char *const store_schema[STORE_SCHEMA];

/* Run on every connection before anything else, and at creation only. */
extern const char store_settings[], store_creation[], store_running[];

/* A commit is not synced until the next under store_running is. */
extern const char store_careless[];

#endif
