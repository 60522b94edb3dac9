/*
 * agent/staff.c - who sits at the counter, and calls from the kiosks to them.
 *
 * A call lives in memory: it ends when somebody answers, when the kiosk goes,
 * or after ten minutes.
 */
#include <string.h>

#include "base/log.h"
#include "prog/agent/creds.h"
#include "prog/agent/desk.h"

enum { CALL_MS = 10 * 60 * 1000, STRANGER_MS = 10000, STAFF_NAME = 32 };

bool
staff_is(enum rpc_role role)
{
	return role == ROLE_COUNTER || role == ROLE_SUPERVISOR ||
	       role == ROLE_AUDITOR;
}

/* Names go into rows of the log and onto screens. */
static bool
plain_name(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n < STAFF_NAME &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == n;
}

void
staff_hello(struct agent *a, struct link *l, const json_t *params)
{
	const char *says = rpc_str(params, "staff");

	creds_person(l->fd, &l->uid, l->staff, sizeof l->staff);
	if (a->conf->practice && plain_name(says)) {
		(void)str_copy(l->staff, sizeof l->staff, says);
		l->uid = -1;
	}
	log_line(LOG_INFO, "%s is here", rpc_role_name(l->role));
	queue_touch(a);
}

void
staff_refused(struct agent *a, const struct link *l, const char *role)
{
	char name[WORD], both[WORD * 2];
	int64_t uid;

	creds_person(l->fd, &uid, name, sizeof name);
	str_copy(both, sizeof both, name);
	str_copy(both + strlen(both), sizeof both - strlen(both), " as ");
	str_copy(both + strlen(both), sizeof both - strlen(both), role);
	record_row(a, l, "login.refused", "user", both);
}

/* Audited, but not so often that strangers could fill the log. */
void
staff_stranger(struct agent *a, int sock)
{
	char name[WORD];
	int64_t uid, now = mono_ms(a);

	creds_person(sock, &uid, name, sizeof name);
	log_line(LOG_WARNING, "somebody without a role was turned away");
	if (now < a->stranger_ms)
		return;
	a->stranger_ms = now + STRANGER_MS;
	record_row(a, NULL, "login.refused", "user", name);
}

void
staff_event(
    struct agent *a, const char *event, json_t *params, const struct link *but)
{
	for (int i = 0; i < LINKS_MAX; i++) {
		struct link *l = &a->links[i];
		if (l->fd >= 0 && l != but &&
		    (l->role == ROLE_COUNTER || l->role == ROLE_SUPERVISOR))
			link_event(a, l, event, json_incref(params));
	}
	json_decref(params);
}

bool
staff_there(struct agent *a)
{
	return link_of_role(a, ROLE_COUNTER) != NULL ||
	       link_of_role(a, ROLE_SUPERVISOR) != NULL;
}

/* ---- calls ---- */

static json_t *
view_call(const struct staff_call *c)
{
	return json_pack("{s:I,s:s,s:s,s:I}", "call", (json_int_t)c->call,
	    "terminal", c->terminal, "screen", c->screen, "at",
	    (json_int_t)c->at);
}

/* The kiosk's own, else a free one, else the oldest. */
static struct staff_call *
call_slot(struct agent *a, struct ref kiosk)
{
	struct staff_call *pick = &a->counter.calls[0];

	for (int i = 0; i < STAFF_CALLS; i++) {
		struct staff_call *c = &a->counter.calls[i];
		if (c->call != 0 && c->kiosk.slot == kiosk.slot &&
		    c->kiosk.gen == kiosk.gen)
			return c;
		if (c->call < pick->call)
			pick = c;
	}
	return pick;
}

bool
staff_is_screen(const char *name)
{
	return strlen(name) < WORD / 2 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789.") ==
		   strlen(name);
}

const char *
ask_staff_call(struct agent *a, struct ask *q)
{
	const char *screen = rpc_str(q->params, "screen");
	struct ref kiosk = link_ref(a, q->link);
	struct staff_call *c;

	if (!staff_there(a))
		return "staff.nobody";
	if (!staff_is_screen(screen))
		screen = "";
	c = call_slot(a, kiosk);
	/* pressed again: the same call, further on */
	if (c->call == 0 || c->kiosk.slot != kiosk.slot ||
	    c->kiosk.gen != kiosk.gen)
		*c = (struct staff_call){ .call = ++a->counter.last_call,
			.kiosk = kiosk,
			.at = wall_s(a) };
	c->until_ms = mono_ms(a) + CALL_MS;
	str_copy(c->terminal, sizeof c->terminal, q->link->terminal);
	str_copy(c->screen, sizeof c->screen, screen);
	log_line(LOG_NOTICE, "staff called");
	staff_event(a, "staff.call", view_call(c), NULL);
	queue_touch(a);
	answer(a, kiosk, q->id, json_object());
	return NULL;
}

const char *
ask_call_answer(struct agent *a, struct ask *q)
{
	json_int_t call = rpc_int(q->params, "call", 0);
	struct ref asker = link_ref(a, q->link);

	for (int i = 0; i < STAFF_CALLS; i++) {
		struct staff_call *c = &a->counter.calls[i];
		struct link *kiosk;
		if (call <= 0 || c->call != call)
			continue;
		kiosk = link_get(a, c->kiosk);
		*c = (struct staff_call){ 0 };
		record_row(a, q->link, "call.answered", "terminal",
		    kiosk == NULL ? "" : kiosk->terminal);
		if (kiosk != NULL)
			link_event(a, kiosk, "staff.coming",
			    json_pack("{s:I}", "call", call));
		queue_touch(a);
		answer(a, asker, q->id, json_object());
		return NULL;
	}
	return "call.none";
}

bool
staff_called_for(struct agent *a, int64_t case_id)
{
	for (int i = 0; i < STAFF_CALLS; i++) {
		const struct staff_call *c = &a->counter.calls[i];
		const struct link *kiosk = c->call == 0 ? NULL
							: link_get(a, c->kiosk);
		const struct live *l = kiosk == NULL ? NULL : live_of(a, kiosk);
		if (l != NULL && l->c.id == case_id)
			return true;
	}
	return false;
}

json_t *
staff_calls(struct agent *a)
{
	json_t *list = json_array();
	int64_t last = 0;

	/* in the order of their numbers */
	for (;;) {
		const struct staff_call *next = NULL;
		for (int i = 0; i < STAFF_CALLS; i++) {
			const struct staff_call *c = &a->counter.calls[i];
			if (c->call > last &&
			    (next == NULL || c->call < next->call))
				next = c;
		}
		if (next == NULL)
			return list;
		last = next->call;
		json_array_append_new(list, view_call(next));
	}
}

void
staff_link_lost(struct agent *a, struct ref gone)
{
	for (int i = 0; i < STAFF_CALLS; i++) {
		struct staff_call *c = &a->counter.calls[i];
		if (c->call != 0 && c->kiosk.slot == gone.slot &&
		    c->kiosk.gen == gone.gen) {
			*c = (struct staff_call){ 0 };
			queue_touch(a);
		}
	}
}

void
staff_tick(struct agent *a)
{
	for (int i = 0; i < STAFF_CALLS; i++) {
		struct staff_call *c = &a->counter.calls[i];
		if (c->call == 0 || c->until_ms > mono_ms(a))
			continue;
		*c = (struct staff_call){ 0 };
		queue_touch(a);
	}
}

int64_t
staff_deadline(const struct agent *a)
{
	int64_t first = INT64_MAX;

	for (int i = 0; i < STAFF_CALLS; i++) {
		const struct staff_call *c = &a->counter.calls[i];
		if (c->call != 0 && c->until_ms < first)
			first = c->until_ms;
	}
	return first;
}
