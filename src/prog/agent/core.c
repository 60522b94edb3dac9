/*
 * agent/core.c - the whole: made, kept going, taken down.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/secret.h"
#include "prog/agent/core.h"
#include "prog/agent/desk.h"
#include "prog/agent/pay.h"
#include "prog/agent/print.h"
#include "prog/agent/rules.h"
#include "store/audit_rows.h"

enum { PROBE_MS = 15000, PROBE_TIMEOUT_MS = 10000 };

/*
 * The audit log of the branch, in the same file and the same transactions.
 * The first epoch key is left beside it, sealed once head office's
 * certificate is known; head office takes it away at installation.
 */
static struct err
open_audit(struct store *store, const struct conf *conf,
    const uint8_t device_key[static SEAL_KEY], struct span head_office)
{
	char branch[ROW_NAME], origin[ROW_NAME * 2], escrow[STORE_PATH];
	struct store_audit_params p = { .branch = branch,
		.origin = origin,
		.device_key = device_key,
		.head_office = head_office,
		.escrow = escrow };

	if ((size_t)snprintf(branch, sizeof branch, "%s-%s", conf->bank_code,
		conf->branch_code) >= sizeof branch ||
	    (size_t)snprintf(origin, sizeof origin, "audit.dasi/%s/%s",
		conf->bank_code, conf->branch_code) >= sizeof origin ||
	    (size_t)snprintf(escrow, sizeof escrow, "%s/audit.escrow",
		conf->state) >= sizeof escrow)
		return err_make(E_LIMIT, 0, "agent: audit names");
	return store_audit_open(store, &p);
}

struct err
agent_new(struct agent **out, const struct conf *conf,
    const uint8_t device_key[static SEAL_KEY], const struct ports *ports)
{
	struct agent *a = calloc(1, sizeof *a);
	struct store_params p = { .folder = conf->state,
		.bank_code = conf->bank_code,
		.branch_code = conf->branch_code,
		.device_key = device_key,
		.clock = ports->clock };
	struct err e;

	*out = NULL;
	if (a == NULL)
		return err_make(E_NOMEM, 0, "agent: new");
	for (int i = 0; i < LINKS_MAX + WORKERS_MAX; i++)
		a->links[i].fd = -1;
	a->conf = conf;
	a->ports = *ports;
	rules_load(a);
	e = issuer_load(&a->issuer, conf);
	if (!err_is(e))
		e = retain_open(a);
	if (!err_is(e))
		e = store_open(&a->store, &p);
	if (!err_is(e))
		e = open_audit(a->store, conf, device_key,
		    span_make(a->retain.cert, a->retain.cert_n));
	if (!err_is(e))
		e = pay_open(a);
	if (err_is(e)) {
		agent_free(a);
		return e;
	}
	a->probe_ms = a->scan_ms = mono_ms(a);
	a->counter.due_ms = a->counter.send_ms = mono_ms(a);
	expire_start(a);
	history_open(a);
	*out = a;
	return err_none();
}

void
agent_free(struct agent *a)
{
	if (a == NULL)
		return;
	a->stopping = true;
	/* Nobody is told anything any more: what is durable is what counts. */
	for (int i = 0; i < LIVES_MAX; i++) {
		if (a->lives[i].used) {
			transfer_clear(&a->lives[i].rr_transfer);
			issue_drop(a, &a->lives[i]);
		}
		a->lives[i].used = false;
	}
	for (int i = 0; i < LINKS_MAX + WORKERS_MAX; i++) {
		if (a->links[i].fd >= 0)
			link_drop(a, &a->links[i]);
	}
	history_close(a);
	if (a->store != NULL)
		record_tick(a);
	pay_close(a);
	store_close(a->store);
	issuer_free(&a->issuer);
	json_decref(a->media_state);
	print_end(a);
	secret_wipe(a, sizeof *a);
	free(a);
}

void
health_set(struct agent *a, struct health now)
{
	struct health was = a->health;
	json_t *view;

	a->health = now;
	if (a->stopping || (was.ca == now.ca && was.registry == now.registry &&
			       was.media == now.media))
		return;
	log_line(LOG_NOTICE, "health: ca %d, registry %d, media %d",
	    a->health.ca, a->health.registry, a->health.media);
	view = view_health(a);
	link_event_all(a, ROLE_KIOSK, "health.changed", view);
	json_decref(view);
}

static void
on_probed(struct agent *a, const struct context *ctx, const struct reply *r)
{
	bool heard = r->error == NULL;

	health_set(a, (struct health){ .ca = heard && rpc_bool(r->result, "ca"),
			  .registry = heard && rpc_bool(r->result, "registry"),
			  .media = link_of_role(a, ROLE_MEDIA) != NULL });
}

static void
probe(struct agent *a)
{
	struct context ctx = { .link = NO_REF, .live = NO_REF };

	a->probe_ms = mono_ms(a) + PROBE_MS;
	call_peer(a, link_of_role(a, ROLE_NET), "health.probe", NULL, -1,
	    PROBE_TIMEOUT_MS, on_probed, &ctx);
}

const char *
store_refusal(struct err e)
{
	return e.code == E_FULL ? "agent.disk_full" : "agent.internal";
}

void
agent_tick(struct agent *a)
{
	call_tick(a);
	live_tick(a);
	pay_tick(a);
	if (a->probe_ms <= mono_ms(a))
		probe(a);
	if (a->scan_ms <= mono_ms(a))
		live_scan(a);
	link_tick(a);
	staff_tick(a);
	message_tick(a);
	expire_tick(a);
	guide_tick(a);
	queue_tick(a);
	retain_tick(a);
	history_tick(a);
	record_tick(a);
	secret_wipe_stack();
}

int64_t
agent_deadline(const struct agent *a)
{
	int64_t call = call_deadline(a), live = live_deadline(a);
	int64_t own = a->probe_ms < a->scan_ms ? a->probe_ms : a->scan_ms;
	int64_t first = call < live ? call : live;

	first = own < first ? own : first;
	first = a->retain.next_ms < first ? a->retain.next_ms : first;
	first = a->history.next_ms < first ? a->history.next_ms : first;
	own = pay_deadline(a);
	first = own < first ? own : first;
	own = link_deadline(a);
	first = own < first ? own : first;
	own = staff_deadline(a);
	first = own < first ? own : first;
	own = message_deadline(a);
	first = own < first ? own : first;
	own = expire_deadline(a);
	first = own < first ? own : first;
	own = guide_deadline(a);
	first = own < first ? own : first;
	own = queue_deadline(a);
	return own < first ? own : first;
}
