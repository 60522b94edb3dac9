/*
 * agent/status.c - status.get, case.list and case.timeline, for the tool.
 *
 * The objects are report/report.h's, which the tool also makes by itself of a
 * database at rest; here is what only a running agent knows.  Holders are
 * shown masked, as far as the case's key still opens their record.
 */
#include "prog/agent/status.h"

#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/secret.h"
#include "prog/agent/core.h"
#include "prog/agent/desk.h"
#include "prog/agent/ship.h"
#include "report/report.h"

/* ---- status.get ---- */

static json_t *
view_self(const struct agent *a)
{
	uint64_t usec = 0;
	bool watched = sd_watchdog_enabled(0, &usec) > 0;
	int workers = 0, links = 0;

	for (int i = 0; i < LINKS_MAX + WORKERS_MAX; i++) {
		if (a->links[i].fd >= 0)
			*(i < LINKS_MAX ? &links : &workers) += 1;
	}
	return json_pack("{s:s,s:i,s:I,s:I,s:o,s:i,s:i}", "version",
	    REPORT_VERSION, "pid", (int)getpid(), "started_at",
	    (json_int_t)a->retain.wall_s, "uptime_s",
	    (json_int_t)(mono_ms(a) / 1000 - a->retain.mono_s), "watchdog_s",
	    watched ? json_integer((json_int_t)(usec / 1000000)) : json_null(),
	    "connections", links, "workers", workers);
}

static json_t *
view_ship(const struct agent *a)
{
	struct ship_status s;

	agent_ship_status(a, &s);
	return json_pack("{s:b,s:I,s:I,s:I,s:I,s:I,s:o,s:s}", "configured",
	    s.configured, "rows", (json_int_t)s.rows, "acked",
	    (json_int_t)s.acked, "queued", (json_int_t)s.queued, "cosigned",
	    (json_int_t)s.cosigned, "oldest_s", (json_int_t)s.oldest_s,
	    "ack_at", s.ack_at == 0 ? json_null() : json_integer(s.ack_at),
	    "trouble", s.trouble);
}

static json_t *
view_peers(struct agent *a)
{
	json_t *v = view_health(a);

	json_object_set_new(
	    v, "net", json_boolean(link_of_role(a, ROLE_NET) != NULL));
	json_object_set_new(
	    v, "ship", json_boolean(link_of_role(a, ROLE_SHIP) != NULL));
	return v;
}

/* The file was looked through when it was opened, and is ours alone since. */
static json_t *
view_store(struct agent *a)
{
	json_t *v = NULL;

	if (err_is(report_store(&v, a->store, false)))
		return json_null();
	json_object_set_new(v, "integrity", json_string("ok"));
	json_object_set_new(v, "low", json_boolean(store_is_low(a->store)));
	json_object_set_new(
	    v, "broken", json_boolean(store_is_broken(a->store)));
	return v;
}

static json_t *
view_office(const struct agent *a)
{
	if (a->retain.cert_n == 0)
		return json_null();
	return report_certificate(a->conf->head_office,
	    span_make(a->retain.cert, a->retain.cert_n), wall_s(a));
}

/* The log as it stands, and what reading all of it again has found so far. */
static json_t *
view_audit(struct agent *a)
{
	bool found = a->history.found != NULL;
	json_t *v = NULL;

	if (err_is(report_audit(&v, a->store)))
		return json_null();
	json_object_set_new(v, "history", json_string(branch_history(a)));
	json_object_set_new(
	    v, "history_read", json_integer((json_int_t)a->history.read));
	json_object_set_new(v, "history_found",
	    found ? json_string(a->history.found) : json_null());
	json_object_set_new(v, "history_row",
	    found ? json_integer((json_int_t)a->history.bad) : json_null());
	return v;
}

json_t *
agent_status(struct agent *a)
{
	json_t *v = json_object(), *part = NULL;

	if (!err_is(report_summary(&part, a->store)))
		(void)json_object_update(v, part);
	json_decref(part);
	json_object_set_new(v, "audit", view_audit(a));
	json_object_set_new(v, "agent", view_self(a));
	json_object_set_new(v, "store", view_store(a));
	json_object_set_new(v, "folder", report_folder(a->conf->state));
	json_object_set_new(v, "device_key", report_file(a->conf->device_key));
	json_object_set_new(v, "ship", view_ship(a));
	json_object_set_new(v, "office", view_office(a));
	json_object_set_new(v, "peers", view_peers(a));
	return v;
}

const char *
ask_status_get(struct agent *a, struct ask *q)
{
	answer(a, link_ref(a, q->link), q->id, agent_status(a));
	return NULL;
}

/* ---- cases ---- */

static void
holder(char out[static MASK_TEXT], void *ctx, const struct store_case *c)
{
	static uint8_t room_secret[STORE_BLOB];
	struct buf b = buf_make(room_secret, sizeof room_secret);
	struct agent *a = ctx;
	json_t *person = NULL;

	out[0] = '\0';
	if (!err_is(store_blob_get(a->store, &b, c, BLOB_PERSON)))
		person = json_loadb((const char *)room_secret, b.n, 0, NULL);
	if (rpc_str(person, "name")[0] != '\0')
		mask_name(out, rpc_str(person, "name"));
	json_decref(person);
	secret_wipe(room_secret, b.n);
}

static const char *
report_refusal(struct err e)
{
	return e.code == E_NOTFOUND ? "case.none" : "agent.internal";
}

const char *
ask_case_list(struct agent *a, struct ask *q)
{
	const char *state = rpc_str(q->params, "state");
	struct store_filter filter = { .state = -1,
		.open = rpc_bool(q->params, "open"),
		.since = rpc_int(q->params, "since", 0),
		.before = rpc_int(q->params, "before", 0) };
	json_t *list = NULL;
	struct err e;

	for (int i = 0; i < CASE_STATE_COUNT; i++)
		if (strcmp(case_state_name((enum case_state)i), state) == 0)
			filter.state = i;
	if (state[0] != '\0' && filter.state < 0)
		return "rpc.params";
	e = report_cases(&list, a->store, &filter, holder, a);
	if (err_is(e))
		return report_refusal(e);
	answer(a, link_ref(a, q->link), q->id, list);
	return NULL;
}

const char *
ask_case_timeline(struct agent *a, struct ask *q)
{
	const char *case_no = rpc_str(q->params, "case_no");
	struct ref asker = link_ref(a, q->link);
	json_t *page = NULL;
	struct err e = report_timeline(&page, a->store, case_no,
	    rpc_int(q->params, "after", 0), holder, a);

	if (err_is(e))
		return report_refusal(e);
	record_row(a, q->link, "case.read", "case", case_no);
	answer(a, asker, q->id, page);
	return NULL;
}
