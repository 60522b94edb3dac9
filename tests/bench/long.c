/*
 * bench/long.c - an agent whose branch has a million audit rows.
 *
 * The rows are appended once by the store's own functions, into the database
 * the agent itself has made.  The reference is the same agent without them.
 */
#include "bench.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "conf/conf.h"
#include "store/audit_rows.h"
#include "store/internal.h"

enum { ROWS = 1000 * 1000, RUNS = 9 };

static struct err
append_all(struct store *s)
{
	const struct row_field fields[] = { row_text("event", "HOLD_DONE"),
		row_text("state", "HELD"), row_int("version", 3),
		row_bool("forgotten", false) };
	const struct audit_event event = { .actor = "agent",
		.role = "system",
		.case_no = "R-20261122-0001",
		.kind = "case",
		.fields = fields,
		.field_count = 4 };
	struct err e = store_begin(s);

	if (err_is(e))
		return e;
	for (int i = 0; i < ROWS && !err_is(e); i++)
		e = audit_log_append(store_audit_log(s), NULL, &event);
	e = store_end(s, e);
	if (!err_is(e))
		e = store_audit_tick(s);
	return err_is(e) ? e : store_audit_finish(s);
}

static bool
fill(const struct conf *c)
{
	uint8_t key[SEAL_KEY];
	struct buf b = buf_make(key, sizeof key);
	char branch[2 * CONF_TEXT + 2], origin[2 * CONF_TEXT + 16];
	struct store_params p = { .folder = c->state,
		.bank_code = c->bank_code,
		.branch_code = c->branch_code,
		.device_key = key,
		.clock = clock_system() };
	struct store_audit_params ap = { .branch = branch,
		.origin = origin,
		.device_key = key,
		.escrow = "" };
	struct store *s = NULL;
	struct err e = file_read(&b, c->device_key);

	snprintf(branch, sizeof branch, "%s-%s", c->bank_code, c->branch_code);
	snprintf(origin, sizeof origin, "audit.dasi/%s/%s", c->bank_code,
	    c->branch_code);
	if (!err_is(e))
		e = store_open(&s, &p);
	if (!err_is(e))
		e = store_audit_open(s, &ap);
	if (!err_is(e))
		e = append_all(s);
	store_close(s);
	if (err_is(e))
		fprintf(stderr, "bench: %s: %s\n", e.where, err_name(e.code));
	return !err_is(e);
}

static bool
run(struct agent_bench *b, double *ms, double *kib)
{
	double took[RUNS], size[RUNS];

	for (int i = 0; i < RUNS; i++) {
		if (!agent_bench_run(b))
			return false;
		took[i] = b->took_us / 1e3;
		size[i] = (double)b->rss_kib;
	}
	*ms = bench_median(took, RUNS);
	*kib = bench_median(size, RUNS);
	return true;
}

bool
bench_long(const char *bin, const char *dir)
{
	static struct conf conf;
	static struct agent_bench b;
	char message[CONF_MESSAGE];
	double ms, kib, empty_ms, empty_kib;

	if (!agent_bench_make(&b, bin, dir, "long") ||
	    err_is(conf_load(&conf, b.conf, message)) ||
	    !run(&b, &empty_ms, &empty_kib) || !fill(&conf) ||
	    !run(&b, &ms, &kib))
		return false;
	bench_row("agent start, a million audit rows", ms, "ms",
	    "the same agent without", empty_ms);
	bench_row(
	    "memory of it", kib, "KiB", "the same agent without", empty_kib);
	return true;
}
