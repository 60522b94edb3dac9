/*
 * store/sql.c - the statements and the schema steps.
 *
 * The columns of `cases` stand in the order of columns[] in row.c: bound as
 * ?1.. when written, read back in the same order.
 */
#include "store/sql.h"

#include "store/pay_sql.h"

#define COLUMNS                                                                \
	"version, case_no, state, person_tag, purpose, route, serial, issuer," \
	" issuer_o, policy, not_after, old_status, hold, loss_no, loss_kind,"  \
	" reported_at, held_at, fee_won, fee_vat, waiver, promise, review,"    \
	" problem, p12, attempt, transaction_id, spki_sha256, new_serial,"     \
	" new_not_after, new_status, terminal, opened_at, changed_at, "        \
	"ended_at"

#define PLACES                                                                 \
	"?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"    \
	" ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28,"    \
	" ?29, ?30, ?31, ?32, ?33, ?34"

/* What a step may change.  Naming an indexed column would write its index,
 * changed or not: what the indexes hold stays as it was created. */
#define CHANGES                                                                \
	"version = ?1, state = ?3, purpose = ?5, route = ?6, issuer_o = ?9,"   \
	" policy = ?10, not_after = ?11, old_status = ?12, hold = ?13,"        \
	" loss_no = ?14, loss_kind = ?15, reported_at = ?16, held_at = ?17,"   \
	" fee_won = ?18, fee_vat = ?19, waiver = ?20, promise = ?21,"          \
	" review = ?22, problem = ?23, p12 = ?24, attempt = ?25,"              \
	" transaction_id = ?26, spki_sha256 = ?27, new_serial = ?28,"          \
	" new_not_after = ?29, new_status = ?30, terminal = ?31,"              \
	" opened_at = ?32, changed_at = ?33"

#define SAME_CASE                                                              \
	" WHERE id = ?35 AND version = ?1 - 1 AND case_no = ?2"                \
	" AND person_tag = ?4 AND serial = ?7 AND issuer = ?8"

const char store_settings[] = "PRAGMA locking_mode = EXCLUSIVE;"
			      "PRAGMA foreign_keys = ON;"
			      "PRAGMA trusted_schema = OFF;"
			      "PRAGMA secure_delete = ON;"
			      "PRAGMA temp_store = MEMORY;"
			      "PRAGMA cell_size_check = ON;";

/* EXTRA before WAL: the unlink of the first rollback journal must be synced
 * too, or a power cut can bring the empty file back. */
const char store_creation[] = "PRAGMA synchronous = EXTRA;"
			      "PRAGMA journal_mode = WAL;"
			      "PRAGMA application_id = 1684108137;";

const char store_running[] = "PRAGMA synchronous = FULL;"
			     "PRAGMA journal_size_limit = 4194304;";

const char store_careless[] = "PRAGMA synchronous = NORMAL;";

const char *const store_schema[STORE_SCHEMA] = {
	"CREATE TABLE meta ("
	" key TEXT PRIMARY KEY,"
	" value BLOB NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE number (" /* last one given out per kind and day */
	" kind INTEGER NOT NULL,"
	" day TEXT NOT NULL CHECK (length(day) = 10),"
	" last INTEGER NOT NULL CHECK (last > 0),"
	" PRIMARY KEY (kind, day)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE cases ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" version INTEGER NOT NULL CHECK (version > 0),"
	" case_no TEXT NOT NULL UNIQUE CHECK (length(case_no) > 0),"
	" state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 63),"
	" person_tag BLOB NOT NULL CHECK (length(person_tag) = 32),"
	" purpose TEXT NOT NULL,"
	" route TEXT NOT NULL,"
	" serial TEXT NOT NULL CHECK (serial NOT GLOB '*[^0-9a-f]*'"
	"  AND serial <> ''),"
	" issuer TEXT NOT NULL CHECK (issuer <> ''),"
	" issuer_o TEXT NOT NULL,"
	" policy TEXT NOT NULL,"
	" not_after INTEGER NOT NULL,"
	" old_status TEXT NOT NULL,"
	" hold INTEGER NOT NULL CHECK (hold BETWEEN 0 AND 2),"
	" loss_no TEXT NOT NULL,"
	" loss_kind TEXT NOT NULL,"
	" reported_at INTEGER NOT NULL,"
	" held_at INTEGER NOT NULL,"
	" fee_won INTEGER NOT NULL CHECK (fee_won >= -1),"
	" fee_vat INTEGER NOT NULL CHECK (fee_vat >= 0),"
	" waiver TEXT NOT NULL,"
	" promise TEXT NOT NULL,"
	" review TEXT NOT NULL,"
	" problem TEXT NOT NULL,"
	" p12 INTEGER NOT NULL CHECK (p12 BETWEEN 0 AND 1),"
	" attempt INTEGER NOT NULL CHECK (attempt >= 0),"
	" transaction_id TEXT NOT NULL,"
	" spki_sha256 TEXT NOT NULL,"
	" new_serial TEXT NOT NULL,"
	" new_not_after INTEGER NOT NULL,"
	" new_status TEXT NOT NULL,"
	" terminal TEXT NOT NULL,"
	" opened_at INTEGER NOT NULL CHECK (opened_at > 0),"
	" changed_at INTEGER NOT NULL CHECK (changed_at > 0),"
	" ended_at INTEGER NOT NULL CHECK (ended_at >= 0),"
	" CHECK ((hold = 0) = (reported_at = 0)),"
	" CHECK ((hold = 2) = (held_at <> 0))"
	") STRICT;"
	/* one open application for a certificate, whoever asks */
	"CREATE UNIQUE INDEX one_live_case ON cases (issuer, serial)"
	" WHERE ended_at = 0;"
	"CREATE INDEX case_person ON cases (person_tag);"
	"CREATE TABLE case_secret ("
	" case_id INTEGER PRIMARY KEY REFERENCES cases (id),"
	" wrapped_key BLOB NOT NULL CHECK (length(wrapped_key) = 60)"
	") STRICT;"
	"CREATE TABLE case_blob ("
	" case_id INTEGER NOT NULL REFERENCES case_secret (case_id)"
	"  ON DELETE CASCADE,"
	" kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 15),"
	" sealed BLOB NOT NULL CHECK (length(sealed) >= 28),"
	" PRIMARY KEY (case_id, kind)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE journal ("
	" seq INTEGER PRIMARY KEY AUTOINCREMENT,"
	" case_id INTEGER NOT NULL REFERENCES cases (id),"
	" kind TEXT NOT NULL CHECK (kind IN ('intent', 'result', 'event')),"
	" effect TEXT NOT NULL CHECK (effect <> ''),"
	" idem TEXT NOT NULL,"
	" outcome TEXT NOT NULL,"
	" state INTEGER NOT NULL," /* of the case after this row */
	" version INTEGER NOT NULL,"
	" digest BLOB CHECK (digest IS NULL OR length(digest) = 32),"
	" sealed BLOB CHECK ((sealed IS NULL) = (digest IS NULL)),"
	" wall_ms INTEGER NOT NULL,"
	" mono_ms INTEGER NOT NULL,"
	" boot_id TEXT NOT NULL,"
	" CHECK (kind <> 'intent' OR idem <> '')"
	") STRICT;"
	"CREATE INDEX journal_case ON journal (case_id, effect, idem);"
	"CREATE TABLE purge (" /* cases whose rows may go; empty at rest */
	" case_id INTEGER PRIMARY KEY REFERENCES cases (id)"
	"  ON DELETE CASCADE"
	") STRICT;"
	"CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal"
	" BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;"
	"CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal"
	" WHEN NOT EXISTS (SELECT 1 FROM purge WHERE case_id = old.case_id)"
	" BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;"
	"CREATE TRIGGER purge_only_ended BEFORE INSERT ON purge"
	" WHEN (SELECT ended_at FROM cases WHERE id = new.case_id) = 0"
	" BEGIN SELECT RAISE(ABORT, 'the case has not ended'); END;"
	"CREATE TRIGGER case_version_grows BEFORE UPDATE ON cases"
	" WHEN new.version <> old.version + 1 OR new.id <> old.id"
	"  OR new.case_no <> old.case_no OR old.ended_at <> 0"
	" BEGIN SELECT RAISE(ABORT, 'a case changes one step at a time'); END;",

	/* 2: the audit log; src/audit/README.md has what the columns hold */
	"CREATE TABLE audit_row ("
	" seq INTEGER PRIMARY KEY CHECK (seq >= 0),"
	" row BLOB NOT NULL CHECK (length(row) BETWEEN 1 AND 4096),"
	" hash BLOB NOT NULL CHECK (length(hash) = 32),"
	" mac BLOB NOT NULL CHECK (length(mac) = 32)"
	") STRICT;"
	"CREATE TABLE audit_checkpoint ("
	" number INTEGER PRIMARY KEY CHECK (number >= 0),"
	" size INTEGER NOT NULL UNIQUE CHECK (size > 0),"
	" root BLOB NOT NULL CHECK (length(root) = 32),"
	" mac BLOB NOT NULL CHECK (length(mac) = 32),"
	" frontier BLOB NOT NULL CHECK (length(frontier) % 32 = 0),"
	" note BLOB" /* NULL until signed */
	") STRICT;"
	"CREATE TABLE audit_blob ("
	" hash BLOB PRIMARY KEY CHECK (length(hash) = 32),"
	" sealed BLOB NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE TRIGGER audit_row_no_update BEFORE UPDATE ON audit_row"
	" BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;"
	"CREATE TRIGGER audit_row_no_delete BEFORE DELETE ON audit_row"
	" BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;"
	"CREATE TRIGGER audit_checkpoint_note BEFORE UPDATE ON audit_checkpoint"
	" WHEN new.number <> old.number OR new.size <> old.size"
	"  OR new.root <> old.root OR new.mac <> old.mac"
	"  OR new.frontier <> old.frontier"
	" BEGIN SELECT RAISE(ABORT, 'a checkpoint only gets its note'); END;"
	"CREATE TRIGGER audit_checkpoint_stays BEFORE DELETE"
	" ON audit_checkpoint"
	" BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;"
	"CREATE TRIGGER audit_blob_no_update BEFORE UPDATE ON audit_blob"
	" BEGIN SELECT RAISE(ABORT, 'a sealed record may only go'); END;",

	/* 3: when a sealed record was kept; before, there were none */
	"ALTER TABLE audit_blob ADD COLUMN kept_at INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX audit_blob_age ON audit_blob (kept_at);",

	/* 4: what the counter adds; gone with its case */
	"CREATE TABLE desk_entry ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" case_id INTEGER NOT NULL REFERENCES cases (id) ON DELETE CASCADE,"
	" version INTEGER NOT NULL,"
	" at INTEGER NOT NULL,"
	" moves INTEGER NOT NULL CHECK (moves BETWEEN 0 AND 1),"
	" staff TEXT NOT NULL CHECK (staff <> ''),"
	" key TEXT NOT NULL CHECK (key <> ''),"
	" detail TEXT NOT NULL,"
	" kept INTEGER NOT NULL CHECK (kept BETWEEN 0 AND 1),"
	" sealed BLOB CHECK (sealed IS NULL OR length(sealed) >= 28)"
	") STRICT;"
	"CREATE INDEX desk_entry_case ON desk_entry (case_id);"
	"CREATE TABLE desk_doc ("
	" case_id INTEGER NOT NULL REFERENCES cases (id) ON DELETE CASCADE,"
	" doc TEXT NOT NULL CHECK (doc <> ''),"
	" issued TEXT NOT NULL,"
	" PRIMARY KEY (case_id, doc)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE desk_proposal ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" case_id INTEGER NOT NULL REFERENCES cases (id) ON DELETE CASCADE,"
	" state INTEGER NOT NULL," /* of the case it is meant for */
	" at INTEGER NOT NULL,"
	" staff TEXT NOT NULL CHECK (staff <> ''),"
	" uid INTEGER NOT NULL,"
	" level TEXT NOT NULL,"
	" action TEXT NOT NULL,"
	" kept INTEGER NOT NULL CHECK (kept BETWEEN 0 AND 1),"
	" sealed BLOB NOT NULL CHECK (length(sealed) >= 28),"
	" closed_at INTEGER NOT NULL DEFAULT 0"
	") STRICT;"
	"CREATE UNIQUE INDEX one_proposal ON desk_proposal (case_id, action)"
	" WHERE closed_at = 0;"
	"CREATE INDEX desk_proposal_case ON desk_proposal (case_id);"
	"CREATE TABLE desk_guide ("
	" case_id INTEGER PRIMARY KEY REFERENCES cases (id)"
	"  ON DELETE CASCADE,"
	" sent_at INTEGER NOT NULL,"
	" expires_at INTEGER NOT NULL,"
	" attempts_left INTEGER NOT NULL CHECK (attempts_left >= 0),"
	" channel TEXT NOT NULL,"
	" sealed BLOB NOT NULL CHECK (length(sealed) >= 28)"
	") STRICT;"
	"CREATE TABLE desk_message ("
	" key TEXT PRIMARY KEY CHECK (key <> ''),"
	" case_id INTEGER NOT NULL REFERENCES cases (id) ON DELETE CASCADE,"
	" kind TEXT NOT NULL,"
	" made_at INTEGER NOT NULL,"
	" sent_at INTEGER NOT NULL DEFAULT 0"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX desk_message_case ON desk_message (case_id);"
	"CREATE INDEX desk_message_open ON desk_message (made_at)"
	" WHERE sent_at = 0;"
	"CREATE INDEX case_ended ON cases (ended_at) WHERE ended_at <> 0;",

	/* 5: rows head office has signed for may go, behind an anchor; the
	 * newest anchor is what the triggers let rows be deleted before */
	"CREATE TABLE audit_anchor ("
	" size INTEGER PRIMARY KEY CHECK (size > 0)," /* rows gone */
	" number INTEGER NOT NULL," /* of the checkpoint that ends there */
	" root BLOB NOT NULL CHECK (length(root) = 32),"
	" last_hash BLOB NOT NULL CHECK (length(last_hash) = 32),"
	" cosigned_size INTEGER NOT NULL CHECK (cosigned_size >= size),"
	" cosigned_root BLOB NOT NULL CHECK (length(cosigned_root) = 32),"
	" cosignature BLOB NOT NULL CHECK (length(cosignature) = 64),"
	" pruned_at INTEGER NOT NULL"
	") STRICT;"
	"CREATE TRIGGER audit_anchor_fits BEFORE INSERT ON audit_anchor"
	" WHEN NOT EXISTS (SELECT 1 FROM audit_checkpoint AS c, audit_row AS r,"
	"  meta AS m WHERE c.number = new.number AND c.size = new.size"
	"  AND c.root = new.root AND c.note IS NOT NULL"
	"  AND r.seq = new.size - 1 AND r.hash = new.last_hash"
	"  AND m.key = 'cosigned'"
	"  AND hex(m.value) = printf('%016X', new.cosigned_size)"
	"  || hex(new.cosigned_root) || hex(new.cosignature))"
	" BEGIN SELECT RAISE(ABORT, 'head office did not sign for that'); END;"
	"CREATE TRIGGER audit_anchor_no_update BEFORE UPDATE ON audit_anchor"
	" BEGIN SELECT RAISE(ABORT, 'an anchor stays'); END;"
	"CREATE TRIGGER audit_anchor_no_delete BEFORE DELETE ON audit_anchor"
	" BEGIN SELECT RAISE(ABORT, 'an anchor stays'); END;"
	"DROP TRIGGER audit_row_no_delete;"
	"CREATE TRIGGER audit_row_no_delete BEFORE DELETE ON audit_row"
	" WHEN old.seq >="
	"  coalesce((SELECT max(size) FROM audit_anchor), 0)"
	" BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;"
	"DROP TRIGGER audit_checkpoint_stays;"
	"CREATE TRIGGER audit_checkpoint_stays BEFORE DELETE"
	" ON audit_checkpoint WHEN old.size >="
	"  coalesce((SELECT max(size) FROM audit_anchor), 0)"
	" BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;",

	/* 6: payments */
	PAY_SCHEMA,
};

/* clang-format off */
const char *const store_sql[Q_COUNT] = {
	[Q_BEGIN] = "BEGIN IMMEDIATE",
	[Q_COMMIT] = "COMMIT",
	[Q_ROLLBACK] = "ROLLBACK",
	[Q_META_GET] = "SELECT value FROM meta WHERE key = ?1",
	[Q_META_PUT] = "INSERT INTO meta (key, value) VALUES (?1, ?2)",
	[Q_NUMBER_NEXT] =
	    "INSERT INTO number (kind, day, last) VALUES (?1, ?2, 1)"
	    " ON CONFLICT (kind, day) DO UPDATE SET last = last + 1"
	    " RETURNING last",
	[Q_CASE_INSERT] =
	    "INSERT INTO cases (" COLUMNS ") VALUES (" PLACES ")",
	[Q_CASE_UPDATE] =
	    "UPDATE cases SET " CHANGES SAME_CASE " AND ended_at = ?34",
	[Q_CASE_END] =
	    "UPDATE cases SET " CHANGES ", ended_at = ?34" SAME_CASE,
	[Q_CASE_BY_NO] = "SELECT " COLUMNS ", id FROM cases WHERE case_no = ?1",
	[Q_CASE_LIVE] =
	    "SELECT " COLUMNS ", id FROM cases"
	    " WHERE issuer = ?1 AND serial = ?2 AND ended_at = 0",
	[Q_CASES_LIVE] =
	    "SELECT " COLUMNS ", id FROM cases"
	    " WHERE ended_at = 0 AND id > ?1 ORDER BY id LIMIT ?2",
	[Q_COUNT_STATE] =
	    "SELECT count(*) FROM cases WHERE ended_at = 0 AND state = ?1",
	[Q_KEY_INSERT] =
	    "INSERT INTO case_secret (case_id, wrapped_key) VALUES (?1, ?2)",
	[Q_KEY_GET] = "SELECT wrapped_key FROM case_secret WHERE case_id = ?1",
	[Q_KEY_DELETE] = "DELETE FROM case_secret WHERE case_id = ?1",
	[Q_BLOB_PUT] =
	    "INSERT INTO case_blob (case_id, kind, sealed) VALUES (?1, ?2, ?3)"
	    " ON CONFLICT (case_id, kind) DO UPDATE SET sealed = ?3",
	[Q_BLOB_GET] =
	    "SELECT sealed FROM case_blob WHERE case_id = ?1 AND kind = ?2",
	[Q_BLOB_DELETE] =
	    "DELETE FROM case_blob WHERE case_id = ?1 AND kind = ?2",
	[Q_JOURNAL_ADD] =
	    "INSERT INTO journal (case_id, kind, effect, idem, outcome, state,"
	    " version, digest, sealed, wall_ms, mono_ms, boot_id)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
	[Q_JOURNAL_OPEN] =
	    "SELECT idem, sealed FROM journal AS i"
	    " WHERE case_id = ?1 AND effect = ?2 AND kind = 'intent'"
	    " AND NOT EXISTS (SELECT 1 FROM journal AS r"
	    "  WHERE r.case_id = i.case_id AND r.effect = i.effect"
	    "  AND r.idem = i.idem AND r.kind = 'result' AND r.outcome = 'ok')"
	    " ORDER BY seq DESC LIMIT 1",
	[Q_JOURNAL_LAST] =
	    "SELECT seq, sealed FROM journal WHERE case_id = ?1"
	    " AND effect = ?2 AND kind = ?3 AND (?3 <> 'result' OR"
	    " outcome = 'ok') ORDER BY seq DESC LIMIT 1",
	[Q_JOURNAL_COUNT] = "SELECT count(*) FROM journal WHERE case_id = ?1",
	[Q_PURGE_MARK] =
	    "INSERT INTO purge (case_id) SELECT id FROM cases"
	    " WHERE ended_at <> 0 AND ended_at < ?1"
	    " AND id NOT IN (SELECT case_id FROM pay WHERE state IN "
	    PAY_OPEN_STATES " OR state = " PAY_REFUND_DUE ")",
	[Q_PURGE_JOURNAL] =
	    "DELETE FROM journal WHERE case_id IN (SELECT case_id FROM purge)",
	[Q_PURGE_CASES] =
	    "DELETE FROM cases WHERE id IN (SELECT case_id FROM purge)",
	[Q_PURGE_CLEAR] = "DELETE FROM purge",
	[Q_PURGE_SEALED] = "DELETE FROM audit_blob WHERE kept_at < ?1",
	[Q_AUDIT_ADD] =
	    "INSERT INTO audit_row (seq, row, hash, mac)"
	    " VALUES (?1, ?2, ?3, ?4)",
	[Q_AUDIT_CUT] =
	    "INSERT INTO audit_checkpoint (number, size, root, mac, frontier)"
	    " VALUES (?1, ?2, ?3, ?4, ?5)",
	[Q_AUDIT_SIGN] =
	    "UPDATE audit_checkpoint SET note = ?2 WHERE number = ?1",
	[Q_AUDIT_META] =
	    "INSERT INTO meta (key, value) VALUES (?1, ?2)"
	    " ON CONFLICT (key) DO UPDATE SET value = ?2",
	[Q_AUDIT_BOUNDS] =
	    "SELECT coalesce((SELECT min(seq) FROM audit_row), 0),"
	    " coalesce((SELECT max(seq) FROM audit_row), -1) + 1,"
	    " coalesce((SELECT max(number) FROM audit_checkpoint), -1) + 1,"
	    " coalesce((SELECT min(number) FROM audit_checkpoint), 0)",
	[Q_AUDIT_CHECKPOINT] =
	    "SELECT size, root, mac, frontier, note FROM audit_checkpoint"
	    " WHERE number = ?1",
	[Q_AUDIT_ROWS] =
	    "SELECT seq, row, hash, mac FROM audit_row"
	    " WHERE seq >= ?1 AND seq < ?2 ORDER BY seq",
	[Q_AUDIT_HASHES] =
	    "SELECT hash FROM audit_row"
	    " WHERE seq >= ?1 AND seq < ?2 ORDER BY seq",
	[Q_AUDIT_ANCHOR] =
	    "SELECT size, number, root, last_hash, cosigned_size,"
	    " cosigned_root, cosignature FROM audit_anchor"
	    " ORDER BY size DESC LIMIT 1",
	[Q_AUDIT_ANCHOR_ADD] =
	    "INSERT INTO audit_anchor (size, number, root, last_hash,"
	    " cosigned_size, cosigned_root, cosignature, pruned_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[Q_AUDIT_PRUNE_ROWS] = "DELETE FROM audit_row WHERE seq < ?1",
	[Q_AUDIT_PRUNE_CHECKPOINTS] =
	    "DELETE FROM audit_checkpoint WHERE size < ?1",
	[Q_AUDIT_BLOB_ADD] =
	    "INSERT INTO audit_blob (hash, sealed, kept_at)"
	    " VALUES (?1, ?2, ?3)",
	[Q_AUDIT_BLOB_GET] = "SELECT sealed FROM audit_blob WHERE hash = ?1",
	[Q_AUDIT_BLOB_SHRED] = "DELETE FROM audit_blob WHERE hash = ?1",
	[Q_REPORT_CASES] =
	    "SELECT " COLUMNS ", id FROM cases"
	    " WHERE (?1 < 0 OR state = ?1) AND (?2 = 0 OR ended_at = 0)"
	    " AND opened_at >= ?3 AND (?4 = 0 OR id < ?4)"
	    " ORDER BY id DESC LIMIT ?5",
	[Q_REPORT_JOURNAL] =
	    "SELECT seq, kind, effect, outcome, state, version, digest, wall_ms"
	    " FROM journal WHERE case_id = ?1 AND seq > ?2"
	    " ORDER BY seq LIMIT ?3",
	[Q_REPORT_STATES] = "SELECT state, count(*) FROM cases GROUP BY state",
	[Q_REPORT_INTENTS] =
	    "SELECT count(*) OVER (), i.wall_ms, i.effect, c.case_no"
	    " FROM cases AS c CROSS JOIN journal AS i ON i.case_id = c.id"
	    " WHERE c.ended_at = 0 AND i.kind = 'intent'"
	    " AND NOT EXISTS (SELECT 1 FROM journal AS r"
	    "  WHERE r.case_id = i.case_id AND r.effect = i.effect"
	    "  AND r.idem = i.idem AND r.kind = 'result')"
	    " ORDER BY i.seq LIMIT 1",
	[Q_REPORT_HOLDS] =
	    "SELECT count(*), coalesce(min(reported_at), 0) FROM cases"
	    " WHERE hold = 1",
	/* BLOB_SIGN_PRI, BLOB_P12, BLOB_PHONE, BLOB_PHONE_STRONG */
	[Q_REPORT_SPOOL] =
	    "SELECT count(*), coalesce(min(changed_at), 0) FROM cases"
	    " WHERE ended_at = 0 AND EXISTS (SELECT 1 FROM case_blob AS b"
	    "  WHERE b.case_id = cases.id AND b.kind IN (2, 4, 6, 7))",
	[Q_REPORT_LEFTOVER] =
	    "SELECT count(*) FROM case_secret AS k"
	    " JOIN cases AS c ON c.id = k.case_id WHERE c.ended_at <> 0",
	[Q_REPORT_VERSION] = "SELECT user_version FROM pragma_user_version",
	[Q_REPORT_CHECK] =
	    "SELECT quick_check FROM pragma_quick_check LIMIT 1",
	[Q_DESK_ADD] =
	    "INSERT INTO desk_entry (case_id, version, at, moves, staff, key,"
	    " detail, kept, sealed)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	[Q_DESK_ENTRIES] =
	    "SELECT id, version, at, moves, staff, key, detail, kept, sealed"
	    " FROM desk_entry WHERE case_id = ?1 ORDER BY id DESC LIMIT ?2",
	[Q_DESK_LAST] =
	    "SELECT id, version, at, moves, staff, key, detail, kept, sealed"
	    " FROM desk_entry WHERE case_id = ?1 AND key = ?2"
	    " ORDER BY id DESC LIMIT 1",
	[Q_DESK_STEPS] =
	    "SELECT seq, version, wall_ms, effect FROM journal"
	    " WHERE case_id = ?1 AND kind = 'event'"
	    " AND effect NOT IN ('hold_lost', 'revoke_lost', 'release_lost')"
	    " ORDER BY seq DESC LIMIT ?2",
	[Q_DESK_DOCS_CLEAR] = "DELETE FROM desk_doc WHERE case_id = ?1",
	[Q_DESK_DOC_PUT] =
	    "INSERT INTO desk_doc (case_id, doc, issued) VALUES (?1, ?2, ?3)",
	[Q_DESK_DOCS] =
	    "SELECT doc, issued FROM desk_doc WHERE case_id = ?1 ORDER BY doc",
	[Q_DESK_PROPOSE] =
	    "INSERT INTO desk_proposal (case_id, state, at, staff, uid, level,"
	    " action, kept, sealed)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	[Q_DESK_PROPOSALS] =
	    "SELECT id, state, at, staff, uid, level, action, kept, sealed"
	    " FROM desk_proposal WHERE case_id = ?1 AND state = ?2"
	    " AND closed_at = 0 ORDER BY id",
	[Q_DESK_PROPOSAL_DROP] =
	    "UPDATE desk_proposal SET closed_at = ?3"
	    " WHERE case_id = ?1 AND action = ?2 AND closed_at = 0",
	[Q_DESK_PROPOSAL_CLOSE] =
	    "UPDATE desk_proposal SET closed_at = ?2 WHERE id = ?1",
	[Q_DESK_GUIDE_PUT] =
	    "INSERT INTO desk_guide (case_id, sent_at, expires_at,"
	    " attempts_left, channel, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
	    " ON CONFLICT (case_id) DO UPDATE SET sent_at = ?2,"
	    " expires_at = ?3, attempts_left = ?4, channel = ?5, sealed = ?6",
	[Q_DESK_GUIDE] =
	    "SELECT sent_at, expires_at, attempts_left, channel, sealed"
	    " FROM desk_guide WHERE case_id = ?1",
	[Q_DESK_MESSAGE_PUT] =
	    "INSERT INTO desk_message (key, case_id, kind, made_at)"
	    " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (key) DO NOTHING",
	[Q_DESK_MESSAGES] =
	    "SELECT m.key, m.kind, m.case_id, c.case_no"
	    " FROM desk_message AS m JOIN cases AS c ON c.id = m.case_id"
	    " WHERE m.sent_at = 0 AND c.ended_at = 0"
	    " ORDER BY m.made_at LIMIT ?1",
	[Q_DESK_MESSAGE_SENT] =
	    "UPDATE desk_message SET sent_at = ?2 WHERE key = ?1",
	[Q_QUEUE_OPEN] =
	    "SELECT id, version, state, opened_at, changed_at, fee_won,"
	    " case_no, policy, promise, terminal, review, problem FROM cases"
	    " WHERE ended_at = 0 ORDER BY id LIMIT ?1",
	[Q_QUEUE_ENDED] =
	    "SELECT id, version, state, opened_at, changed_at, fee_won,"
	    " case_no, policy, promise, terminal, review, problem FROM cases"
	    " WHERE ended_at <> 0 ORDER BY ended_at DESC, id DESC LIMIT ?1",
	[Q_QUEUE_OPENED] =
	    "SELECT count(*) FROM cases WHERE case_no >= ?1 AND case_no < ?2",
	[Q_QUEUE_DAY] =
	    "SELECT state, count(*) FROM cases WHERE ended_at <> 0"
	    " AND ended_at >= ?1 AND ended_at < ?2 GROUP BY state",
	PAY_STATEMENTS,
};
/* clang-format on */
