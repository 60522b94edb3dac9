/*
 * audit/verify_all.c - a log cut into stretches, a thread for each.
 */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "audit/anchor.h"
#include "audit/verify_part.h"

/* What all stretches share. */
struct verifying {
	const struct audit_port *ports;
	const struct audit_check *check;
	struct audit_bounds bounds;
	uint64_t from, signed_to;
	/* given ones and head office's, by size */
	struct audit_head heads[AUDIT_TRUSTED + 1];
	size_t head_n;
};

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
	[FOUND_ANCHOR] = "anchor",
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

static struct err
stop(struct audit_report *out, enum audit_finding f, uint64_t until)
{
	out->finding = f;
	out->seq = 0;
	out->until = until;
	return err_make(E_CANCELLED, 0, "audit: finding");
}

/*
 * Rows that have gone: up to a checkpoint of ours, signed for by head office.
 * Its own checkpoint then is one more head to arrive at.
 */
static struct err
take_anchor(struct verifying *v, struct audit_report *out)
{
	const struct note_key *office = v->check->office;
	const struct audit_port *port = v->ports;
	struct audit_checkpoint end;
	struct audit_anchor a;
	struct err e = audit_anchor_get(port, &a, &end);

	if (e.code == E_NOTFOUND)
		return err_none();
	if (e.code == E_CORRUPT)
		return stop(out, FOUND_ANCHOR, v->bounds.first);
	if (err_is(e))
		return e;
	out->pruned = a.size;
	v->from = a.number + 1 > v->check->from ? a.number + 1 : v->check->from;
	for (size_t i = 0; i < v->head_n; i++)
		out->heads_pruned += v->heads[i].size < a.size;
	if (office == NULL || v->check->key == NULL)
		return e;
	e = audit_anchor_check(&a, v->check->key->name, office);
	if (e.code == E_MISMATCH)
		return stop(out, FOUND_ANCHOR, a.size);
	if (err_is(e))
		return e;
	out->cosigned = a.cosigned_size;
	v->heads[v->head_n].size = a.cosigned_size;
	memcpy(v->heads[v->head_n++].root, a.cosigned_root, HASH_SIZE);
	return e;
}

/* How many checkpoints there are up to the newest with a signature. */
static struct err
find_signed(struct verifying *v, struct audit_report *out)
{
	struct audit_checkpoint c = { 0 };
	struct err e = err_none();

	v->signed_to = v->bounds.checkpoints;
	while (v->signed_to > v->bounds.first_checkpoint && !err_is(e)) {
		e = v->ports[0].checkpoint(
		    v->ports[0].ctx, v->signed_to - 1, &c);
		if (!err_is(e) && c.note_n > 0)
			break;
		/* one that is not there is found on the walk */
		if (e.code == E_NOTFOUND || e.code == E_CORRUPT)
			return err_none();
		v->signed_to--;
	}
	out->unsigned_checkpoints = v->bounds.checkpoints - v->signed_to;
	return e;
}

static struct err
prepare(struct verifying *v, struct audit_report *out)
{
	struct err e = v->ports[0].bounds(v->ports[0].ctx, &v->bounds);

	v->from = v->check->from;
	v->head_n = v->check->trusted_n;
	if (!err_is(e) && (v->head_n > AUDIT_TRUSTED ||
			      v->check->from > v->bounds.checkpoints))
		e = err_make(E_ARG, 0, "audit: verify");
	if (err_is(e))
		return e;
	memcpy(v->heads, v->check->trusted, sizeof v->check->trusted);
	e = take_anchor(v, out);
	if (!err_is(e))
		e = find_signed(v, out);
	qsort(v->heads, v->head_n, sizeof *v->heads, by_size);
	return e;
}

static struct err
fill_part(struct part *p, const struct verifying *v, size_t i, size_t n)
{
	uint64_t all = v->bounds.checkpoints - v->from;

	p->check = v->check;
	p->port = &v->ports[i];
	p->heads = v->heads;
	p->head_n = v->head_n;
	p->branch = span_str(v->check->branch);
	p->bounds = v->bounds;
	p->signed_to = v->signed_to;
	p->from = v->from + all * i / n;
	p->to = v->from + all * (i + 1) / n;
	p->last = i == n - 1;
	return hasher_open(&p->h);
}

struct err
audit_verify(struct audit_report *out, const struct audit_port *ports, size_t n,
    const struct audit_check *check)
{
	struct part *parts = calloc(AUDIT_PARTS, sizeof *parts);
	struct verifying v = { .ports = ports, .check = check };
	struct err e;

	*out = (struct audit_report){ 0 };
	assert(n >= 1 && n <= AUDIT_PARTS);
	if (parts == NULL)
		return err_make(E_NOMEM, 0, "audit: verify");
	e = prepare(&v, out);
	for (size_t i = 0; i < n && !err_is(e); i++)
		e = fill_part(&parts[i], &v, i, n);
	if (!err_is(e)) {
		run_all(parts, n);
		e = merge(out, parts, n);
	}
	for (size_t i = 0; i < n; i++)
		hasher_close(parts[i].h);
	free(parts);
	return e.code == E_CANCELLED ? err_none() : e;
}

/* ---- a slice at a time ---- */

struct audit_walk {
	struct audit_port port;
	struct audit_check check;
	struct verifying v;
	struct part part;
};

struct err
audit_walk_open(struct audit_walk **out, const struct audit_port *port,
    const struct audit_check *check)
{
	struct audit_walk *w = calloc(1, sizeof *w);
	struct err e;

	*out = NULL;
	if (w == NULL)
		return err_make(E_NOMEM, 0, "audit: walk");
	w->port = *port;
	w->check = *check;
	w->v = (struct verifying){ .ports = &w->port, .check = &w->check };
	e = prepare(&w->v, &w->part.report);
	if (!err_is(e))
		e = fill_part(&w->part, &w->v, 0, 1);
	if (!err_is(e))
		e = part_begin(&w->part);
	if (err_is(e) && e.code != E_CANCELLED) {
		audit_walk_close(w);
		return e;
	}
	*out = w;
	return err_none();
}

struct err
audit_walk_step(struct audit_walk *w, bool *more, struct audit_report *out)
{
	struct part *p = &w->part;
	struct err e = err_none();

	*more = p->report.finding == FOUND_NOTHING && p->epoch < p->to;
	if (*more)
		e = part_epoch(p);
	*more = !err_is(e) && p->epoch < p->to;
	*out = p->report;
	return e.code == E_CANCELLED ? err_none() : e;
}

void
audit_walk_close(struct audit_walk *w)
{
	if (w == NULL)
		return;
	hasher_close(w->part.h);
	free(w);
}

struct err
audit_find_head(uint64_t *from, const struct audit_port *port,
    const struct audit_head *head)
{
	struct audit_bounds bounds;
	struct audit_checkpoint c;
	uint64_t low, high;
	struct err e = port->bounds(port->ctx, &bounds);

	*from = 0;
	if (err_is(e))
		return e;
	low = bounds.first_checkpoint;
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
