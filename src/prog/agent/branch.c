/*
 * agent/branch.c - how the branch stands, for the counter.
 */
#include <string.h>
#include <sys/statvfs.h>

#include "prog/agent/desk.h"
#include "prog/agent/print.h"
#include "prog/agent/rules.h"
#include "prog/agent/ship.h"
#include "store/audit_rows.h"

enum { MEGABYTE = 1024 * 1024 };

/* As the kiosk says, else by the visit. */
static const char *
screen_of(const struct link *l)
{
	if (l->screen[0] != '\0')
		return l->screen;
	return l->visit.standing < STANDING_VISIT ? "idle" : l->visit.purpose;
}

static json_t *
view_kiosks(struct agent *a)
{
	json_t *list = json_array();

	for (int i = 0; i < LINKS_MAX; i++) {
		const struct link *l = &a->links[i];
		if (l->fd < 0 || l->role != ROLE_KIOSK)
			continue;
		json_array_append_new(
		    list, json_pack("{s:s,s:s}", "terminal", l->terminal,
			      "screen", screen_of(l)));
	}
	return list;
}

static json_t *
view_disk(struct agent *a)
{
	struct statvfs v;
	json_int_t free_mb = -1;

	if (statvfs(a->conf->state, &v) == 0)
		free_mb = (json_int_t)((uint64_t)v.f_bavail * v.f_frsize /
				       MEGABYTE);
	return json_pack(
	    "{s:I,s:b}", "free_mb", free_mb, "low", store_is_low(a->store));
}

static json_t *
view_shipping(const struct agent *a)
{
	struct ship_status s;

	agent_ship_status(a, &s);
	return json_pack("{s:b,s:I,s:I,s:I,s:s}", "configured", s.configured,
	    "queue", (json_int_t)s.queued, "oldest_s", (json_int_t)s.oldest_s,
	    "last_ack_at", (json_int_t)s.ack_at, "trouble", s.trouble);
}

static struct err
take_time(void *arg, const struct audit_stored *stored)
{
	int64_t *wall_ms = arg;
	struct audit_row row;
	struct err e = row_decode(&row, stored->row);

	if (!err_is(e))
		*wall_ms = row.wall_ms;
	return e;
}

/* When the newest row under a checkpoint was written; 0: there is none. */
static int64_t
checkpoint_at(struct agent *a)
{
	struct audit_port port = store_audit_port(a->store);
	struct audit_checkpoint c;
	struct audit_bounds b;
	int64_t wall_ms = 0;

	if (err_is(port.bounds(port.ctx, &b)) || b.checkpoints == 0 ||
	    err_is(port.checkpoint(port.ctx, b.checkpoints - 1, &c)) ||
	    err_is(
		port.rows(port.ctx, c.size - 1, c.size, take_time, &wall_ms)))
		return 0;
	return wall_ms / 1000;
}

const char *
branch_history(const struct agent *a)
{
	switch (a->history.state) {
	case HISTORY_GOOD:
		return "good";
	case HISTORY_BAD:
		return "bad";
	case HISTORY_CHECKING:
		break;
	}
	return "checking";
}

static json_t *
view_audit(struct agent *a)
{
	return json_pack("{s:I,s:I,s:s}", "rows",
	    (json_int_t)audit_log_size(store_audit_log(a->store)),
	    "checkpoint_at", (json_int_t)checkpoint_at(a), "history",
	    branch_history(a));
}

static json_t *
view_programs(struct agent *a)
{
	static const enum rpc_role peers[] = { ROLE_NET, ROLE_MEDIA, ROLE_PRINT,
		ROLE_SHIP };
	json_t *v = json_object();

	for (size_t i = 0; i < sizeof peers / sizeof *peers; i++)
		json_object_set_new(v, rpc_role_name(peers[i]),
		    json_boolean(link_of_role(a, peers[i]) != NULL));
	return v;
}

void
branch_tell(struct agent *a)
{
	int64_t waiting = queue_waiting(a);
	bool open = rules_open(a);
	json_t *params;

	if (waiting == a->counter.told_waiting && open == a->counter.told_open)
		return;
	a->counter.told_waiting = waiting;
	a->counter.told_open = open;
	params = json_pack(
	    "{s:I,s:b}", "waiting", (json_int_t)waiting, "now_open", open);
	link_event_all(a, ROLE_KIOSK, "branch.changed", params);
	json_decref(params);
}

/* Where a kiosk stands, for the clerk who helps; never what is typed there. */
const char *
ask_kiosk_screen(struct agent *a, struct ask *q)
{
	const char *screen = rpc_str(q->params, "screen");

	if (!staff_is_screen(screen))
		return "rpc.params";
	str_copy(q->link->screen, sizeof q->link->screen, screen);
	answer(a, link_ref(a, q->link), q->id, json_object());
	return NULL;
}

const char *
ask_branch_status(struct agent *a, struct ask *q)
{
	const struct conf *c = a->conf;
	json_int_t waiting = queue_waiting(a);
	json_t *v = json_pack("{s:{s:s,s:s,s:b},s:o,s:I,s:I,s:s}", "hours",
	    "open", c->opens, "close", c->closes, "now_open", rules_open(a),
	    "health", view_health(a), "waiting", waiting, "ahead", waiting,
	    "paper", print_health(a));

	json_object_set_new(v, "kiosks", view_kiosks(a));
	json_object_set_new(v, "disk", view_disk(a));
	json_object_set_new(v, "ship", view_shipping(a));
	json_object_set_new(v, "audit", view_audit(a));
	json_object_set_new(v, "peers", view_programs(a));
	answer(a, link_ref(a, q->link), q->id, v);
	return NULL;
}
