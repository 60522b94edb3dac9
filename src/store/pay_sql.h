/*
 * store/pay_sql.h - the payments' part of the schema and the statements, for
 * sql.c.  The numbers of states are those of enum pay_state; a test holds
 * them together.
 */
#ifndef STORE_PAY_SQL_H
#define STORE_PAY_SQL_H

/* clang-format off */
#define PAY_OPEN_STATES "(0, 1, 2, 3, 4, 11)"
#define PAY_VOID_STATES "(6, 7, 8, 9, 10, 12, 16)"
#define PAY_CHARGED_STATES "(5, 13)"
#define PAY_REFUND_DUE "15"

#define PAY_SCHEMA                                                            \
	"CREATE TABLE pay ("                                                  \
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"                              \
	" version INTEGER NOT NULL CHECK (version > 0),"                      \
	" case_id INTEGER NOT NULL REFERENCES cases (id),"                    \
	" method INTEGER NOT NULL CHECK (method BETWEEN 0 AND 2),"            \
	" state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 31),"             \
	" remedy INTEGER NOT NULL CHECK (remedy BETWEEN 0 AND 1),"            \
	" tries INTEGER NOT NULL CHECK (tries >= 0),"                         \
	" not_found INTEGER NOT NULL CHECK (not_found >= 0),"                 \
	" driver TEXT NOT NULL,"                                              \
	" service_id TEXT UNIQUE CHECK (length(service_id) BETWEEN 1 AND 10),"\
	" ask_id TEXT NOT NULL,"                                              \
	" won INTEGER NOT NULL CHECK (won > 0 OR method = 2),"                \
	" charged INTEGER NOT NULL CHECK (charged >= 0),"                     \
	" at_ms INTEGER NOT NULL,"                                            \
	" timeout_ms INTEGER NOT NULL,"                                       \
	" terminal TEXT NOT NULL,"                                            \
	" condition TEXT NOT NULL,"                                           \
	" poi_txn TEXT NOT NULL,"                                             \
	" poi_at TEXT NOT NULL,"                                              \
	" approval TEXT NOT NULL,"                                            \
	" brand TEXT NOT NULL,"                                               \
	" pan TEXT NOT NULL,"                                                 \
	" receipt_no TEXT NOT NULL,"                                          \
	" back_no TEXT NOT NULL,"                                             \
	" reason TEXT NOT NULL,"                                              \
	" note TEXT NOT NULL,"                                                \
	" begun_at INTEGER NOT NULL CHECK (begun_at > 0),"                    \
	" changed_at INTEGER NOT NULL,"                                       \
	" paid_at INTEGER NOT NULL,"                                          \
	" back_at INTEGER NOT NULL,"                                          \
	" CHECK ((service_id IS NOT NULL) = (method = 0))"                    \
	") STRICT;"                                                           \
	/* one payment per case that is open or settled */                    \
	"CREATE UNIQUE INDEX one_live_pay ON pay (case_id)"                   \
	" WHERE state NOT IN " PAY_VOID_STATES ";"                            \
	"CREATE INDEX pay_case ON pay (case_id);"                             \
	"CREATE INDEX pay_work ON pay (state) WHERE state IN "                \
	PAY_OPEN_STATES ";"                                                   \
	"CREATE TABLE pay_event ("                                            \
	" seq INTEGER PRIMARY KEY AUTOINCREMENT,"                             \
	" pay_id INTEGER NOT NULL REFERENCES pay (id),"                       \
	" event TEXT NOT NULL CHECK (event <> ''),"                           \
	" state INTEGER NOT NULL," /* after it */                             \
	" ask_id TEXT NOT NULL,"                                              \
	" condition TEXT NOT NULL,"                                           \
	" actor TEXT NOT NULL,"                                               \
	" wall_ms INTEGER NOT NULL,"                                          \
	" mono_ms INTEGER NOT NULL,"                                          \
	" boot_id TEXT NOT NULL"                                              \
	") STRICT;"                                                           \
	"CREATE INDEX pay_event_pay ON pay_event (pay_id);"                   \
	"CREATE TRIGGER pay_keeps BEFORE UPDATE ON pay"                       \
	" WHEN new.version <> old.version + 1 OR new.id <> old.id"            \
	"  OR new.case_id <> old.case_id OR new.method <> old.method"         \
	"  OR new.service_id IS NOT old.service_id OR new.won <> old.won"     \
	"  OR new.at_ms <> old.at_ms OR old.state IN " PAY_VOID_STATES        \
	" BEGIN SELECT RAISE(ABORT, 'what was asked for stays'); END;"        \
	"CREATE TRIGGER pay_no_delete BEFORE DELETE ON pay"                   \
	" WHEN NOT EXISTS (SELECT 1 FROM purge WHERE case_id = old.case_id)"  \
	" BEGIN SELECT RAISE(ABORT, 'payments stay'); END;"                   \
	"CREATE TRIGGER pay_event_no_update BEFORE UPDATE ON pay_event"       \
	" BEGIN SELECT RAISE(ABORT, 'payments are append-only'); END;"        \
	"CREATE TRIGGER pay_event_no_delete BEFORE DELETE ON pay_event"       \
	" WHEN NOT EXISTS (SELECT 1 FROM purge JOIN pay"                      \
	"  ON pay.case_id = purge.case_id WHERE pay.id = old.pay_id)"         \
	" BEGIN SELECT RAISE(ABORT, 'payments are append-only'); END;"

/* In the order of columns[] in pay_row.c. */
#define PAY_COLUMNS                                                           \
	"version, case_id, method, state, remedy, tries, not_found, driver,"  \
	" service_id, ask_id, won, charged, at_ms, timeout_ms, terminal,"     \
	" condition,"                                                         \
	" poi_txn, poi_at, approval, brand, pan, receipt_no, back_no,"        \
	" reason, note, begun_at, changed_at, paid_at, back_at"
#define PAY_PLACES                                                            \
	"?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"   \
	" ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29"
#define PAY_READ                                                              \
	"SELECT " PAY_READ_COLUMNS ", p.id, c.case_no FROM pay AS p"          \
	" JOIN cases AS c ON c.id = p.case_id"
#define PAY_READ_COLUMNS                                                      \
	"p.version, p.case_id, p.method, p.state, p.remedy, p.tries,"         \
	" p.not_found, p.driver, coalesce(p.service_id, ''), p.ask_id, p.won,"\
	" p.charged,"                                                         \
	" p.at_ms, p.timeout_ms, p.terminal, p.condition, p.poi_txn,"         \
	" p.poi_at, p.approval, p.brand, p.pan, p.receipt_no, p.back_no,"     \
	" p.reason, p.note, p.begun_at, p.changed_at, p.paid_at, p.back_at"

#define PAY_STATEMENTS                                                        \
	[Q_PAY_NUMBER] =                                                      \
	    "INSERT INTO number (kind, day, last)"                            \
	    " VALUES (16, 'service-id', ?1)"                                  \
	    " ON CONFLICT (kind, day) DO UPDATE SET last = max(last + 1, ?1)" \
	    " RETURNING last",                                                \
	[Q_PAY_INSERT] =                                                      \
	    "INSERT INTO pay (" PAY_COLUMNS ") VALUES (" PAY_PLACES ")",      \
	[Q_PAY_UPDATE] =                                                      \
	    "UPDATE pay SET version = ?1, state = ?4, tries = ?6,"            \
	    " not_found = ?7, ask_id = ?10, charged = ?12, condition = ?16,"  \
	    " poi_txn = ?17, poi_at = ?18, approval = ?19, brand = ?20,"      \
	    " pan = ?21, receipt_no = ?22, back_no = ?23, reason = ?24,"      \
	    " note = ?25, changed_at = ?27, paid_at = ?28, back_at = ?29"     \
	    " WHERE id = ?30 AND version = ?1 - 1",                           \
	[Q_PAY_EVENT] =                                                       \
	    "INSERT INTO pay_event (pay_id, event, state, ask_id, condition," \
	    " actor, wall_ms, mono_ms, boot_id)"                              \
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",                   \
	[Q_PAY_LIVE] = PAY_READ                                               \
	    " WHERE p.case_id = ?1 AND p.state NOT IN " PAY_VOID_STATES,      \
	[Q_PAY_OF_CASE] = PAY_READ                                            \
	    " WHERE p.case_id = ?1 AND ?2 = 0 ORDER BY p.id DESC LIMIT ?3",   \
	[Q_PAY_OPEN] = PAY_READ                                               \
	    " WHERE p.state IN " PAY_OPEN_STATES " AND p.id > ?2"             \
	    " ORDER BY p.id LIMIT ?3",                                        \
	[Q_PAY_OWED] = PAY_READ                                               \
	    " WHERE p.state IN " PAY_CHARGED_STATES " AND p.id > ?2"          \
	    " AND c.ended_at <> 0 AND c.state <> ?1 ORDER BY p.id LIMIT ?3",  \
	[Q_PAY_STAFF] = PAY_READ                                              \
	    " WHERE (p.note <> '' OR p.state = " PAY_REFUND_DUE ")"           \
	    " AND p.id > ?2 ORDER BY p.id LIMIT ?3",                          \
	[Q_PAY_DAY] =                                                         \
	    "SELECT method, count(*), sum(iif(charged > 0, charged, won)) FROM pay" \
	    " WHERE paid_at >= ?1 AND paid_at < ?2 GROUP BY method"           \
	    " UNION ALL"                                                      \
	    " SELECT 100 + state, count(*), sum(iif(charged > 0, charged, won)) FROM pay" \
	    " WHERE back_at >= ?1 AND back_at < ?2 GROUP BY state",           \
	[Q_PURGE_PAY_EVENTS] =                                                \
	    "DELETE FROM pay_event WHERE pay_id IN (SELECT pay.id FROM pay"   \
	    " JOIN purge ON purge.case_id = pay.case_id)",                    \
	[Q_PURGE_PAYS] =                                                      \
	    "DELETE FROM pay WHERE case_id IN (SELECT case_id FROM purge)"
/* clang-format on */

#endif
