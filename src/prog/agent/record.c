/*
 * agent/record.c - what the audit log hears of beside the cases: who came,
 * and what was refused to whom, failed identity checks included.
 */
#include "base/log.h"
#include "prog/agent/core.h"
#include "store/audit_rows.h"

const char *
link_actor(const struct link *l)
{
	if (l->staff[0] != '\0')
		return l->staff;
	return l->terminal[0] != '\0' ? l->terminal : rpc_role_name(l->role);
}

void
record_row(struct agent *a, const struct link *l, const char *kind,
    const char *key, const char *value)
{
	struct row_field field = row_text(key, value);
	struct audit_event event = {
		.actor = l == NULL ? "agent" : link_actor(l),
		.role = l == NULL ? "system" : rpc_role_name(l->role),
		.kind = kind,
		.fields = &field,
		.field_count = 1,
	};
	struct err e = store_audit_append(a->store, NULL, &event);

	if (err_is(e))
		log_err(LOG_ERROR, "audit row", e);
}

void
record_tick(struct agent *a)
{
	struct err e = a->stopping ? store_audit_finish(a->store)
				   : store_audit_tick(a->store);

	if (!err_is(e))
		return;
	log_err(LOG_ERROR, "audit checkpoint", e);
	/* What is signed is never contradicted: better no service at all. */
	if (e.code == E_CORRUPT)
		a->audit_failed = true;
}
