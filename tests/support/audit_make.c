/*
 * audit_make - a branch database with an audit log, for tests of the tool.
 *
 *	audit_make FOLDER ROWS [hold | prune]
 *
 * Leaves FOLDER/dasi.db, FOLDER/escrow (the first epoch key, raw) and
 * FOLDER/key (the branch's key as text).  With `hold` the database stays open
 * with unsynced rows in its -wal file until standard input ends, as a running
 * agent's; "ready" is printed first.  With `prune` the rows are of seven years
 * ago, head office (FOLDER/office, its key) signs for them, and they go.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "store/audit_rows.h"

static struct err
fill(struct store *s, const char *folder, long rows)
{
	char path[STORE_PATH], key[NOTE_KEY_TEXT];
	struct err e = err_none();

	for (long i = 0; i < rows && !err_is(e); i++) {
		struct row_field fields[] = { row_int("n", i),
			row_text("note", "synthetic"), row_bool("ok", true) };
		struct audit_event event = { .actor = "kiosk-1",
			.role = "kiosk",
			.case_no = "R-20261122-0001",
			.kind = "test.row",
			.fields = fields,
			.field_count = 3 };

		e = store_audit_append(s, NULL, &event);
		if (!err_is(e))
			e = store_audit_tick(s);
	}
	if (err_is(e))
		return e;
	note_key_text(key, audit_log_key(store_audit_log(s)));
	snprintf(path, sizeof path, "%s/key", folder);
	return file_write(path, span_str(key), 0600);
}

static int64_t ago_ms;

static int64_t
long_ago(void *ctx)
{
	struct clock now = clock_system();

	return now.wall_ms(now.ctx) - ago_ms;
}

/* As head office does, and the agent then. */
static struct err
prune(struct store *s, const char *folder)
{
	const uint8_t seed[NOTE_SEED] = { 3 };
	uint8_t room[NOTE_BYTES], signature[NOTE_SIGNATURE];
	struct buf note = buf_make(room, sizeof room);
	char path[STORE_PATH], key[NOTE_KEY_TEXT];
	struct note_checkpoint c;
	struct note_signer office;
	struct span text;
	int64_t n;
	struct err e = note_signer_make(
	    &office, span_str("headoffice.dasi"), seed);

	note_key_text(key, &office.key);
	snprintf(path, sizeof path, "%s/office", folder);
	if (!err_is(e))
		e = file_write(path, span_str(key), 0600);
	if (!err_is(e))
		e = audit_log_newest(store_audit_log(s), &note);
	if (!err_is(e))
		e = note_cosign(&note, &office);
	if (!err_is(e))
		e = note_parts(&text, signature, buf_span(&note), &office.key);
	if (!err_is(e))
		e = note_checkpoint_parse(&c, text);
	if (!err_is(e))
		e = store_audit_cosigned(s, &c, signature);
	ago_ms = 0;
	return err_is(e) ? e
			 : store_audit_prune(s, &n,
			       long_ago(NULL) / 1000 - 3600, &office.key);
}

int
main(int argc, char **argv)
{
	uint8_t device_key[SEAL_KEY] = { 7 };
	char escrow[STORE_PATH];
	struct store *s = NULL;
	struct store_params p = { .bank_code = "004",
		.branch_code = "0123",
		.device_key = device_key,
		.clock = clock_system() };
	struct store_audit_params ap = { .branch = "004-0123",
		.origin = "audit.dasi/004/0123",
		.device_key = device_key,
		.escrow = escrow };
	struct err e;

	bool prunes = argc > 3 && strcmp(argv[3], "prune") == 0;

	log_open("audit-make", LOG_NOTICE);
	if (argc < 3)
		return 2;
	if (prunes) {
		ago_ms = (int64_t)7 * 366 * 24 * 3600 * 1000;
		p.clock.wall_ms = long_ago;
	}
	p.folder = argv[1];
	snprintf(escrow, sizeof escrow, "%s/escrow", argv[1]);
	e = store_open(&s, &p);
	if (!err_is(e))
		e = store_audit_open(s, &ap);
	if (!err_is(e))
		e = fill(s, argv[1], strtol(argv[2], NULL, 10));
	if (!err_is(e) && prunes)
		e = prune(s, argv[1]);
	if (!err_is(e) && argc > 3 && !prunes) {
		puts("ready");
		fflush(stdout);
		while (getchar() != EOF)
			;
	}
	store_close(s);
	if (err_is(e))
		log_err(LOG_ERROR, "make", e);
	return err_is(e) ? 1 : 0;
}
