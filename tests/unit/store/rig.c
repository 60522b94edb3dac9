/*
 * rig.c - see the header.
 */
#include "rig.h"

#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/audit_rows.h"

char folder[64];
uint8_t device_key[SEAL_KEY];
int64_t now_ms;
struct store *store;

static int64_t
fake_clock(void *ctx)
{
	return now_ms;
}

char *
path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

struct store_params
rig_params(void)
{
	return (struct store_params){ .folder = folder,
		.bank_code = "004",
		.branch_code = "0123",
		.device_key = device_key,
		.clock = { fake_clock, fake_clock, NULL } };
}

void
rig_close(void)
{
	store_close(store);
	store = NULL;
}

struct err
rig_open(bool audited)
{
	struct store_params p = rig_params();
	struct store_audit_params ap = { .branch = "004-0123",
		.origin = "audit.dasi/004/0123",
		.device_key = device_key,
		.escrow = path_of("audit.escrow") };
	struct err e;

	rig_close();
	e = store_open(&store, &p);
	return err_is(e) || !audited ? e : store_audit_open(store, &ap);
}

static void
begin_with(bool audited)
{
	struct err e;

	strcpy(folder, "/tmp/dasi-store-XXXXXX");
	cr_assert_not_null(mkdtemp(folder));
	memset(device_key, 7, sizeof device_key);
	now_ms = 1795330800000;
	e = rig_open(audited);
	cr_assert_not(err_is(e), "%s", e.where);
}

void
rig_begin(void)
{
	begin_with(false);
}

void
rig_begin_audited(void)
{
	begin_with(true);
}

void
rig_end(void)
{
	static const char *const names[] = { "dasi.db", "dasi.db-wal",
		"dasi.db-journal", "dasi.ballast", "dasi.signed",
		"audit.escrow" };

	rig_close();
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(path_of(names[i]));
	rmdir(folder);
}

struct store_case
new_case(const char *serial)
{
	struct store_case c = { .fee_won = -1 };
	struct store_blob blob = { BLOB_PERSON, span_str("{\"name\":\"a\"}") };
	struct store_change ch = { .blobs = &blob, .blob_count = 1 };
	struct err e;

	strcpy(c.serial, serial);
	strcpy(c.issuer, "cn=yessignCA-Test,o=yessign,c=kr");
	e = store_case_create(store, &c, &ch);
	cr_assert_not(err_is(e), "%s %s", err_name(e.code), e.where);
	return c;
}

int
rig_sql(const char *text)
{
	sqlite3 *db;
	int rc;

	cr_assert_eq(sqlite3_open(path_of("dasi.db"), &db), SQLITE_OK);
	rc = sqlite3_exec(db, text, NULL, NULL, NULL);
	sqlite3_close(db);
	return rc;
}
