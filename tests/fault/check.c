/*
 * fault/check.c - the one judge of all families.
 *
 * Reads the database itself, not through the product's store: what the file
 * says is held against what the children were told (shared memory), against
 * the machine's table, and against the invariants of ARCHITECTURE section 5.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/verify.h"
#include "base/file.h"
#include "fault.h"
#include "store/audit_rows.h"

/* The single number of a question; -1 when there is none. */
static int64_t
number(sqlite3 *db, const char *sql, const char *text, int64_t arg)
{
	sqlite3_stmt *q = NULL;
	int64_t n = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK)
		return -1;
	if (text != NULL)
		sqlite3_bind_text(q, 1, text, -1, SQLITE_STATIC);
	sqlite3_bind_int64(q, 2, arg);
	if (sqlite3_step(q) == SQLITE_ROW)
		n = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return n;
}

static bool
is_whole(sqlite3 *db)
{
	sqlite3_stmt *q = NULL;
	bool ok = false;

	if (sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &q, NULL) ==
		SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		ok = strcmp((const char *)sqlite3_column_text(q, 0), "ok") == 0;
	sqlite3_finalize(q);
	return ok && number(db, "SELECT count(*) FROM pragma_foreign_key_check",
			 NULL, 0) == 0;
}

/* I5: what was acknowledged is there, with all its rows. */
static const char *
check_acked(sqlite3 *db)
{
	for (int i = 0; i < CASES_ACKED; i++) {
		const struct acked *a = &shared->cases[i];
		int64_t version;

		if (a->version == 0)
			continue;
		version = number(db,
		    "SELECT version FROM cases WHERE case_no = ?1", a->case_no,
		    0);
		if (version < 0)
			return "an acknowledged case is lost";
		if (version < a->version)
			return "an acknowledged arrow is lost";
		if (number(db,
			"SELECT count(*) FROM journal JOIN cases ON cases.id ="
			" case_id WHERE case_no = ?1 AND journal.version = ?2",
			a->case_no, a->version) != a->rows)
			return "journal rows of an acknowledged arrow are lost";
		if (number(db,
			"SELECT journal.state FROM journal JOIN cases ON "
			"cases.id ="
			" case_id WHERE case_no = ?1 AND journal.version = ?2",
			a->case_no, a->version) != (int64_t)a->state)
			return "an acknowledged arrow leads elsewhere";
		if (a->hold == HOLD_CONFIRMED &&
		    number(db, "SELECT hold FROM cases WHERE case_no = ?1",
			a->case_no, 0) != HOLD_CONFIRMED)
			return "a hold was given up (I3)";
	}
	return NULL;
}

/* One row of the walk below. */
struct step {
	int64_t case_id, version;
	int state;
	const char *kind, *effect;
};

/* The first row of an arrow names it; the machine must agree. */
static const char *
check_step(const struct step *from, const struct step *to)
{
	enum case_event event;
	struct case_step step;

	if (from->case_id != to->case_id)
		return to->version == 1 && to->state == CASE_OPEN
			   ? NULL
			   : "a case begins in the middle";
	if (to->version != from->version + 1)
		return "an arrow has no journal row";
	if (err_is(case_event_from_name(&event, to->effect)))
		return to->state == from->state
			   ? NULL
			   : "the state changed without an event";
	if (err_is(case_step(&step, (enum case_state)from->state, event)) ||
	    (int)step.next != to->state)
		return "the machine knows no such arrow";
	if (to->state >= CASE_HELD && from->state < CASE_HELD &&
	    to->state <= CASE_CONFIRMED && event != CASE_EV_HOLD_CONFIRMED)
		return "past HELD without a hold";
	return NULL;
}

/* Every arrow of every case, in order, is one the machine knows. */
static const char *
check_walk(sqlite3 *db)
{
	sqlite3_stmt *q = NULL;
	struct step from = { .case_id = -1 };
	const char *bad = NULL;

	if (sqlite3_prepare_v2(db,
		"SELECT case_id, version, state, kind, effect FROM journal AS j"
		" WHERE seq = (SELECT min(seq) FROM journal AS k WHERE"
		" k.case_id = j.case_id AND k.version = j.version)"
		" ORDER BY case_id, version",
		-1, &q, NULL) != SQLITE_OK)
		return "the journal cannot be read";
	while (bad == NULL && sqlite3_step(q) == SQLITE_ROW) {
		struct step to = { sqlite3_column_int64(q, 0),
			sqlite3_column_int64(q, 1), sqlite3_column_int(q, 2),
			(const char *)sqlite3_column_text(q, 3),
			(const char *)sqlite3_column_text(q, 4) };
		bad = strcmp(to.kind, "event") != 0
			  ? "an arrow's first row is not its event"
			  : check_step(&from, &to);
		from = to;
	}
	sqlite3_finalize(q);
	return bad;
}

/* Statements that must count nothing. */
static const struct {
	const char *sql, *what;
} never[] = {
	{ "SELECT count(*) <> coalesce(max(seq), 0) FROM journal",
	    "the journal has a gap" },
	{ "SELECT count(*) FROM cases WHERE version <> (SELECT"
	  " coalesce(max(version), 0) FROM journal WHERE case_id = id)",
	    "half an arrow: the row without its journal row" },
	{ "SELECT count(*) FROM cases WHERE state <> (SELECT state FROM journal"
	  " WHERE case_id = id ORDER BY seq DESC LIMIT 1)",
	    "half an arrow: row and journal know different states" },
	{ "SELECT count(*) FROM journal AS r WHERE kind = 'result' AND"
	  " NOT EXISTS (SELECT 1 FROM journal AS i WHERE i.kind = 'intent' AND"
	  " i.case_id = r.case_id AND i.effect = r.effect AND i.idem = r.idem"
	  " AND i.seq < r.seq)",
	    "a result without an intent (I5)" },
	{ "SELECT count(*) FROM cases WHERE (state BETWEEN 2 AND 12 OR"
	  " state = 14) AND"
	  " purpose = 'reissue' AND hold <> 2",
	    "past HELD without a hold (I3)" },
	{ "SELECT count(*) FROM (SELECT 1 FROM cases WHERE ended_at = 0"
	  " GROUP BY issuer, serial HAVING count(*) > 1)",
	    "two open cases for one certificate" },
	{ "SELECT count(*) FROM case_blob WHERE case_id NOT IN"
	  " (SELECT case_id FROM case_secret)",
	    "a record outlives its key (I4)" },
	{ "SELECT coalesce((SELECT min(seq) FROM audit_row), 0) <>"
	  " coalesce((SELECT max(size) FROM audit_anchor), 0)",
	    "audit rows and their anchor did not go together" },
	{ "SELECT count(*) <> coalesce(max(seq) - min(seq), -1) + 1 FROM"
	  " audit_row",
	    "the audit log has a gap (I5)" },
};

static const char *
check_never(sqlite3 *db)
{
	for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
		if (number(db, never[i].sql, NULL, 0) != 0)
			return never[i].what;
	}
	return NULL;
}

/* I5: what the outside world got was an intent before. */
static const char *
check_sent(sqlite3 *db)
{
	static const char *const effects[EFFECTS] = { "cmp.rr", "cmp.ir",
		"cmp.certConf" };

	for (int i = 0; i < EFFECTS; i++) {
		if (shared->sent[i] > 0 &&
		    number(db,
			"SELECT count(*) FROM journal WHERE effect = ?1 AND"
			" kind = 'intent'",
			effects[i], 0) < 1)
			return "an effect without a durable intent (I5)";
	}
	return NULL;
}

static const char *
check_end(sqlite3 *db)
{
	if (number(db, "SELECT count(*) FROM cases", NULL, 0) < 1)
		return "nothing was done";
	if (number(db, "SELECT count(*) FROM cases WHERE state <> 14", NULL,
		0) != 0)
		return "a case did not reach DONE";
	if (number(db, "SELECT count(*) FROM case_secret", NULL, 0) != 0)
		return "the key of an ended case is left (I4)";
	return NULL;
}

/* I4, I8: planted bytes in any file of the folder. */
static bool
holds_planted(const char *path)
{
	static const char *const planted[] = { PLANTED_NUMBER, "900101-1970015",
		PLANTED_PASSWORD };
	struct stat st;
	bool found = false;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *p;

	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size == 0) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return true;
	for (size_t i = 0; i < sizeof planted / sizeof *planted; i++)
		found |= memmem(p, (size_t)st.st_size, planted[i],
			     strlen(planted[i])) != NULL;
	munmap(p, (size_t)st.st_size);
	return found;
}

static const char *
check_files(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	char path[PATH * 2];
	bool found = false;

	while (d != NULL && (e = readdir(d)) != NULL) {
		/* the ballast is empty pages only */
		if (e->d_type != DT_REG ||
		    strcmp(e->d_name, "dasi.ballast") == 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		found |= holds_planted(path);
	}
	if (d != NULL)
		closedir(d);
	return found ? "planted number or password in a file (I4, I8)" : NULL;
}

/* Only what head office signed for is gone, and what it signed is kept. */
static const char *
check_pruned(sqlite3 *db)
{
	int64_t gone = number(
	    db, "SELECT coalesce(max(size), 0) FROM audit_anchor", NULL, 0);

	if (gone > (int64_t)shared->office_signed)
		return "rows are gone that head office never signed for";
	return gone < (int64_t)shared->pruned ? "rows came back" : NULL;
}

/* The chain, the checkpoints and the promise in dasi.signed. */
static const char *
check_audit(const char *folder)
{
	static char says[64];
	char path[PATH * 2];
	struct store *s = NULL;
	struct audit_check check = { .branch = "HANBIT-0417",
		.key = shared->branch_key.name[0] == '\0' ? NULL
							  : &shared->branch_key,
		.office = office_key(),
		.newest_only = true };
	uint64_t cosigned;
	struct audit_report report;
	struct audit_port port;
	struct err e;

	snprintf(path, sizeof path, "%s/dasi.db", folder);
	e = store_open_audit(&s, path);
	if (err_is(e))
		return shared->audit_rows == 0 ? NULL : "the audit log is gone";
	port = store_audit_port(s);
	cosigned = store_audit_cosigned_size(s);
	e = audit_verify(&report, &port, 1, &check);
	store_close(s);
	if (err_is(e))
		return "the audit log cannot be verified";
	if (report.finding != FOUND_NOTHING) {
		snprintf(says, sizeof says, "audit log: %s",
		    audit_finding_name(report.finding));
		return says;
	}
	if (cosigned < shared->cosigned || cosigned > shared->office_signed)
		return "head office's signature is lost, or is not its own";
	return report.size < shared->audit_rows
		   ? "acknowledged audit rows are lost"
		   : NULL;
}

static const char *
check_db(sqlite3 *db, bool whole)
{
	const char *bad = NULL;

	if (!is_whole(db))
		return "integrity check";
	if (number(db, "SELECT count(*) FROM sqlite_schema", NULL, 0) == 0)
		return shared->cases[0].version == 0 ? NULL
						     : "the file is empty";
	bad = check_acked(db);
	if (bad == NULL)
		bad = check_never(db);
	if (bad == NULL)
		bad = check_walk(db);
	if (bad == NULL)
		bad = check_sent(db);
	if (bad == NULL)
		bad = check_pruned(db);
	if (bad == NULL && whole)
		bad = check_end(db);
	return bad;
}

const char *
judge_folder(const char *folder, bool whole)
{
	char path[PATH * 2];
	const char *bad;
	sqlite3 *db = NULL;

	if (shared->says[0] != '\0')
		return shared->says;
	bad = check_files(folder);
	if (bad != NULL)
		return bad;
	snprintf(path, sizeof path, "%s/dasi.db", folder);
	if (access(path, F_OK) != 0)
		return shared->cases[0].version == 0 && !whole
			   ? NULL
			   : "the file is gone";
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, "unix") ==
	    SQLITE_OK)
		bad = check_db(db, whole);
	else
		bad = "the file cannot be opened";
	sqlite3_close(db);
	return bad != NULL ? bad : check_audit(folder);
}

uint64_t
judge_digest(const char *folder)
{
	static const char *const sql[] = {
		"SELECT group_concat(case_no || version || '/' || state ||"
		" hold || problem || attempt) FROM cases",
		"SELECT group_concat(seq || kind || effect || idem || outcome "
		"||"
		" state || hex(coalesce(digest, ''))) FROM journal",
	};
	char path[PATH * 2];
	uint64_t h = 14695981039346656037u;
	sqlite3 *db = NULL;

	snprintf(path, sizeof path, "%s/dasi.db", folder);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, "unix") ==
	    SQLITE_OK) {
		for (int i = 0; i < 2; i++) {
			sqlite3_stmt *q = NULL;
			const unsigned char *t = NULL;
			if (sqlite3_prepare_v2(db, sql[i], -1, &q, NULL) ==
				SQLITE_OK &&
			    sqlite3_step(q) == SQLITE_ROW)
				t = sqlite3_column_text(q, 0);
			for (; t != NULL && *t != '\0'; t++)
				h = (h ^ *t) * 1099511628211u;
			sqlite3_finalize(q);
		}
	}
	sqlite3_close(db);
	return h;
}
