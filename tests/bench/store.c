/*
 * bench/store.c - a durable step of a case, its audit rows included, against
 * the disk's own sync: one fdatasync of as many bytes.
 *
 * Twice, because a file that grows costs the disk more than one written over:
 * appended, as a log is, and in place, as the laid out -wal file is.
 */
#define _GNU_SOURCE
#include "bench.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/audit_rows.h"

/* a step writes six pages into the -wal file (tests/unit/store/wal_test.c) */
enum { BYTES = 6 * (24 + 4096), PAIRS = 200 };

static const uint8_t bytes[BYTES];

static bool
sync_bytes(int fd, double *took)
{
	double from = bench_now_us();
	bool good = write(fd, bytes, sizeof bytes) == BYTES &&
		    fdatasync(fd) == 0;

	*took = bench_now_us() - from;
	return good;
}

/* A file to append to, or to write over. */
static int
make_file(const char *dir, const char *name, bool laid)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	for (int i = 0; i < PAIRS && laid && fd >= 0; i++) {
		if (write(fd, bytes, sizeof bytes) != BYTES)
			return -1;
	}
	return fd >= 0 && fsync(fd) == 0 && lseek(fd, 0, SEEK_SET) == 0 ? fd
									: -1;
}

/* The loss report of a new case: state, journal row and sealed record. */
static bool
report(struct store *s, int i, double *took)
{
	struct store_case c = { .fee_won = -1, .hold = HOLD_NONE };
	struct store_blob blob = { BLOB_PERSON, span_str("{\"name\":\"a\"}") };
	struct store_row row = { .kind = ROW_INTENT,
		.effect = "cmp.rr",
		.key = "bench",
		.bytes = span_str("the exact bytes of a request") };
	struct store_change opened = { .blobs = &blob, .blob_count = 1 };
	struct store_change reported = { .moves = true,
		.event = CASE_EV_REPORT_LOSS,
		.rows = &row,
		.row_count = 1 };
	double from;
	bool good;

	snprintf(c.serial, sizeof c.serial, "%08x", (unsigned)i);
	snprintf(c.issuer, sizeof c.issuer, "cn=bench,c=kr");
	if (err_is(store_case_create(s, &c, &opened)))
		return false;
	c.hold = HOLD_PENDING;
	c.reported_at = 1795323909;
	from = bench_now_us();
	good = !err_is(store_case_step(s, &c, &reported));
	*took = bench_now_us() - from;
	return good;
}

static bool
steps(struct store *s, int grows, int laid)
{
	double step[PAIRS], append[PAIRS], over[PAIRS];
	bool good = true;

	/* turn by turn, so that all meet the same disk */
	for (int i = 0; i < PAIRS && good; i++)
		good = report(s, i, &step[i]) && !err_is(store_audit_tick(s)) &&
		       sync_bytes(grows, &append[i]) &&
		       sync_bytes(laid, &over[i]);
	if (!good)
		return false;
	bench_row("durable step of a case", bench_median(step, PAIRS) / 1e3,
	    "ms", "fdatasync, same bytes appended",
	    bench_median(append, PAIRS) / 1e3);
	bench_row("durable step of a case", bench_median(step, PAIRS) / 1e3,
	    "ms", "fdatasync, same bytes in place",
	    bench_median(over, PAIRS) / 1e3);
	return true;
}

bool
bench_store(const char *dir)
{
	static const uint8_t key[SEAL_KEY] = { 1 };
	char folder[4096], escrow[4096 + 16];
	struct store_params p = { .folder = folder,
		.bank_code = "004",
		.branch_code = "0417",
		.device_key = key,
		.clock = clock_system() };
	struct store_audit_params ap = { .branch = "004-0417",
		.origin = "audit.dasi/004/0417",
		.device_key = key,
		.escrow = escrow };
	int grows = make_file(dir, "grows", false);
	int laid = make_file(dir, "laid", true);
	struct store *s = NULL;
	bool good;

	snprintf(folder, sizeof folder, "%s/store", dir);
	snprintf(escrow, sizeof escrow, "%s/escrow", folder);
	good = grows >= 0 && laid >= 0 && !err_is(store_open(&s, &p)) &&
	       !err_is(store_audit_open(s, &ap)) && steps(s, grows, laid);
	store_close(s);
	if (grows >= 0)
		close(grows);
	if (laid >= 0)
		close(laid);
	return good;
}
