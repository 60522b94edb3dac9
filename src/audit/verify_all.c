/*
 * audit/verify_all.c - a log cut into stretches, a thread for each.
 */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "audit/verify_part.h"

static const char *const words[FOUND_COUNT] = {
	[FOUND_NOTHING] = "nothing",
	[FOUND_ROW_EDITED] = "row_edited",
	[FOUND_ROW_MISSING] = "row_missing",
	[FOUND_SEQ_GAP] = "seq_gap",
	[FOUND_ROW_ORDER] = "row_order",
	[FOUND_ROW_FORM] = "row_form",
	[FOUND_BRANCH] = "branch",
	[FOUND_CHAIN] = "chain",
	[FOUND_TAIL_CUT] = "tail_cut",
	[FOUND_ROOT] = "root",
	[FOUND_FORK] = "fork",
	[FOUND_SIGNATURE] = "signature",
	[FOUND_SEAL] = "seal",
	[FOUND_LATER_KEY] = "later_key",
	[FOUND_EPOCH_MISSING] = "epoch_missing",
	[FOUND_CHECKPOINT] = "checkpoint",
};

const char *
audit_finding_name(enum audit_finding f)
{
	return (unsigned int)f < FOUND_COUNT ? words[f] : "unknown";
}

static int
by_size(const void *a, const void *b)
{
	const struct audit_head *x = a, *y = b;

	return (x->size > y->size) - (x->size < y->size);
}

static void *
run(void *arg)
{
	struct part *p = arg;

	p->err = part_verify(p);
	return NULL;
}

/* Parts run beside this thread, which takes the first itself. */
static void
run_all(struct part *parts, size_t n)
{
	pthread_t thread[AUDIT_PARTS];
	bool started[AUDIT_PARTS] = { false };

	for (size_t i = 1; i < n; i++)
		started[i] = pthread_create(&thread[i], NULL, run, &parts[i]) ==
			     0;
	run(&parts[0]);
	for (size_t i = 1; i < n; i++) {
		if (started[i])
			pthread_join(thread[i], NULL);
		else
			run(&parts[i]);
	}
}

/* The first part with something to say speaks; counts are sums. */
static struct err
merge(struct audit_report *out, const struct part *parts, size_t n)
{
	*out = (struct audit_report){ 0 };
	for (size_t i = 0; i < n; i++) {
		const struct audit_report *r = &parts[i].report;

		if (err_is(parts[i].err))
			return parts[i].err;
		out->rows += r->rows;
		out->checkpoints += r->checkpoints;
		out->size = r->size;
		if (r->signed_size > 0)
			out->signed_size = r->signed_size;
		if (r->finding == FOUND_NOTHING)
			continue;
		out->finding = r->finding;
		out->seq = r->seq;
		out->until = r->until;
		return err_none();
	}
	memcpy(out->root, parts[n - 1].report.root, HASH_SIZE);
	return err_none();
}

struct err
audit_verify(struct audit_report *out, const struct audit_port *ports, size_t n,
    const struct audit_check *check)
{
	struct part *parts = calloc(AUDIT_PARTS, sizeof *parts);
	struct audit_head heads[AUDIT_TRUSTED];
	struct audit_bounds bounds;
	struct err e;

	*out = (struct audit_report){ 0 };
	assert(n >= 1 && n <= AUDIT_PARTS);
	if (parts == NULL)
		return err_make(E_NOMEM, 0, "audit: verify");
	e = ports[0].bounds(ports[0].ctx, &bounds);
	if (!err_is(e) && (check->trusted_n > AUDIT_TRUSTED ||
			      check->from > bounds.checkpoints))
		e = err_make(E_ARG, 0, "audit: verify");
	if (!err_is(e)) {
		memcpy(heads, check->trusted, sizeof heads);
		qsort(heads, check->trusted_n, sizeof *heads, by_size);
	}
	for (size_t i = 0; i < n && !err_is(e); i++) {
		uint64_t all = bounds.checkpoints - check->from;

		parts[i].check = check;
		parts[i].port = &ports[i];
		parts[i].heads = heads;
		parts[i].branch = span_str(check->branch);
		parts[i].bounds = bounds;
		parts[i].from = check->from + all * i / n;
		parts[i].to = check->from + all * (i + 1) / n;
		parts[i].last = i == n - 1;
		e = hasher_open(&parts[i].h);
	}
	if (!err_is(e)) {
		run_all(parts, n);
		e = merge(out, parts, n);
	}
	for (size_t i = 0; i < n; i++)
		hasher_close(parts[i].h);
	free(parts);
	return e;
}

struct err
audit_find_head(uint64_t *from, const struct audit_port *port,
    const struct audit_head *head)
{
	struct audit_bounds bounds;
	struct audit_checkpoint c;
	uint64_t low = 0, high;
	struct err e = port->bounds(port->ctx, &bounds);

	*from = 0;
	if (err_is(e))
		return e;
	high = bounds.checkpoints;
	while (low < high) {
		uint64_t mid = low + (high - low) / 2;

		e = port->checkpoint(port->ctx, mid, &c);
		if (err_is(e))
			return e;
		if (c.size == head->size &&
		    memcmp(c.root, head->root, HASH_SIZE) == 0) {
			*from = mid + 1;
			return err_none();
		}
		if (c.size < head->size)
			low = mid + 1;
		else
			high = mid;
	}
	return err_make(E_NOTFOUND, 0, "audit: no such checkpoint");
}
