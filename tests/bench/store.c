/*
 * bench/store.c - a durable step of a case against the disk's own sync.
 */
#define _GNU_SOURCE
#include "bench.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/store.h"

enum { BLOCK = 4096, PAIRS = 60 };

static bool
sync_block(int fd)
{
	static const uint8_t block[BLOCK];

	return write(fd, block, sizeof block) == BLOCK && fdatasync(fd) == 0;
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

bool
bench_store(const char *dir)
{
	static const uint8_t key[SEAL_KEY] = { 1 };
	char folder[4096], file[4096];
	struct store_params p = { .folder = folder,
		.bank_code = "004",
		.branch_code = "0417",
		.device_key = key,
		.clock = clock_system() };
	double step[PAIRS], disk[PAIRS];
	struct store *s = NULL;
	bool good;
	int fd;

	snprintf(folder, sizeof folder, "%s/store", dir);
	snprintf(file, sizeof file, "%s/block", dir);
	fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	good = fd >= 0 && !err_is(store_open(&s, &p));
	/* turn by turn, so that both meet the same disk */
	for (int i = 0; i < PAIRS && good; i++) {
		double from;

		good = report(s, i, &step[i]);
		from = bench_now_us();
		good = sync_block(fd) && good;
		disk[i] = bench_now_us() - from;
	}
	store_close(s);
	if (fd >= 0)
		close(fd);
	if (good)
		bench_row("durable step of a case",
		    bench_median(step, PAIRS) / 1e3, "ms",
		    "one fdatasync of 4 KiB", bench_median(disk, PAIRS) / 1e3);
	return good;
}
