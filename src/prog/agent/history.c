/*
 * agent/history.c - the whole audit log read again, in the background.
 *
 * A start reads its end alone, so that a branch with years of rows serves at
 * once.  The rest is gone through some milliseconds at a time, and again every
 * day; when it does not hold, no new case begins until head office has looked.
 */
#include <stdlib.h>

#include "base/log.h"
#include "prog/agent/core.h"
#include "store/audit_rows.h"

enum {
	FIRST_MS = 1000, /* a busy start comes first */
	SLICE = 4,	 /* epochs: about a millisecond */
	PAUSE_MS = 10,
	AGAIN_MS = 24 * 3600 * 1000
};

static struct err
open_walk(struct agent *a)
{
	struct audit_port port = store_audit_port(a->store);
	struct audit_log *log = store_audit_log(a->store);
	struct audit_check check = { .branch = audit_log_branch(log),
		.key = audit_log_key(log),
		.newest_only = true };

	return audit_walk_open(&a->history.walk, &port, &check);
}

static void
tell(struct agent *a, const char *what, uint64_t seq)
{
	log_line(LOG_ERROR,
	    "the audit log does not hold together (%s, row %llu): no new "
	    "cases; call head office, and keep the file as it is",
	    what, (unsigned long long)seq);
	if (a->history.state != HISTORY_BAD) {
		record_row(a, NULL, "audit.history", "finding", what);
		a->history.bad = seq;
		a->history.found = what;
	}
	a->history.state = HISTORY_BAD;
}

static void
ended(struct agent *a, struct err e, const struct audit_report *r)
{
	audit_walk_close(a->history.walk);
	a->history.walk = NULL;
	a->history.next_ms = mono_ms(a) + AGAIN_MS;
	if (r->finding != FOUND_NOTHING)
		tell(a, audit_finding_name(r->finding), r->seq);
	else if (e.code == E_CORRUPT)
		tell(a, "damaged", r->size);
	else if (err_is(e))
		log_err(LOG_WARNING, "history", e);
	else if (a->history.state == HISTORY_CHECKING)
		a->history.state = HISTORY_GOOD;
}

void
history_open(struct agent *a)
{
	a->history.next_ms = mono_ms(a) + FIRST_MS;
}

void
history_close(struct agent *a)
{
	audit_walk_close(a->history.walk);
	a->history.walk = NULL;
}

void
history_tick(struct agent *a)
{
	struct audit_report r = { 0 };
	struct err e = err_none();
	bool more = true;

	if (a->history.next_ms > mono_ms(a))
		return;
	a->history.next_ms = mono_ms(a) + PAUSE_MS;
	if (a->history.walk == NULL)
		e = open_walk(a);
	for (int i = 0; i < SLICE && more && !err_is(e); i++)
		e = audit_walk_step(a->history.walk, &more, &r);
	if (!err_is(e))
		a->history.read = r.pruned + r.rows;
	if (!more || err_is(e))
		ended(a, e, &r);
}
