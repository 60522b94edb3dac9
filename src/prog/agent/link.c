/*
 * agent/link.c - the table of connections: terminals, peers, workers.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"
#include "prog/agent/core.h"
#include "prog/agent/deliver.h"
#include "prog/agent/desk.h"
#include "prog/agent/pay.h"
#include "prog/agent/print.h"

enum { FRAMES_A_TURN = 16, HELLO_MS = 10000 };

struct link *
link_get(struct agent *a, struct ref r)
{
	struct link *l;

	if (r.slot < 0)
		return NULL;
	l = &a->links[r.slot];
	return l->fd >= 0 && l->gen == r.gen ? l : NULL;
}

struct ref
link_ref(const struct agent *a, const struct link *l)
{
	return (struct ref){ (int)(l - a->links), l->gen };
}

struct link *
link_of_role(struct agent *a, enum rpc_role role)
{
	for (int i = 0; i < LINKS_MAX + WORKERS_MAX; i++) {
		if (a->links[i].fd >= 0 && a->links[i].role == role)
			return &a->links[i];
	}
	return NULL;
}

struct link *
link_add(struct agent *a, int fd, enum rpc_role role)
{
	int first = role == ROLE_KEY ? LINKS_MAX : 0;
	int end = role == ROLE_KEY ? LINKS_MAX + WORKERS_MAX : LINKS_MAX;

	for (int i = first; i < end; i++) {
		struct link *l = &a->links[i];
		uint32_t gen = l->gen + 1;
		if (l->fd >= 0)
			continue;
		memset(l, 0, sizeof *l);
		l->fd = fd;
		l->gen = gen;
		l->role = role;
		l->live = l->visit.live = NO_REF;
		return l;
	}
	return NULL;
}

struct err
agent_accept(struct agent *a, int fd, unsigned allowed)
{
	int flags = fcntl(fd, F_GETFL);
	struct link *l;
	struct err e;

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0) {
		e = err_sys("agent: socket");
		close(fd);
		return e;
	}
	if ((l = link_add(a, fd, ROLE_NONE)) == NULL) {
		close(fd);
		return err_make(E_FULL, 0, "agent: connections");
	}
	l->allowed = allowed;
	l->hello_by_ms = mono_ms(a) + HELLO_MS;
	e = a->ports.watch(a->ports.ctx, l);
	if (err_is(e))
		link_drop(a, l);
	return e;
}

/* Without dasi-media there is no stick, as far as anybody can tell. */
static void
peer_lost(struct agent *a, enum rpc_role role)
{
	struct health now = a->health;

	if (role == ROLE_NET) {
		now.ca = now.registry = false;
		pay_net_changed(a);
	} else {
		now.media = false;
		json_decref(a->media_state);
		a->media_state = json_pack("{s:s,s:s,s:i}", "state", "none",
		    "label", "", "free_kb", 0);
		if (!a->stopping)
			link_event_all(
			    a, ROLE_KIOSK, "media.changed", a->media_state);
	}
	health_set(a, now);
}

void
link_drop(struct agent *a, struct link *l)
{
	struct ref gone = link_ref(a, l);
	struct live *live = live_get(a, l->live);
	enum rpc_role role = l->role;

	if (l->fd < 0)
		return;
	visit_wipe(a, l);
	a->ports.unwatch(a->ports.ctx, l);
	close(l->fd);
	l->fd = -1;
	l->role = ROLE_NONE;
	if (staff_is(role))
		queue_touch(a);
	l->desk = l->shown = 0;
	if (role != ROLE_NONE && role != ROLE_KEY)
		log_line(LOG_INFO, "%s disconnected", rpc_role_name(role));
	call_link_lost(a, gone);
	staff_link_lost(a, gone);
	if (role == ROLE_NET || role == ROLE_MEDIA)
		peer_lost(a, role);
	if (role == ROLE_PRINT)
		print_lost(a);
	if (role == ROLE_TOKEN && !a->stopping)
		token_tell(a);
	if (role == ROLE_HANDOFF)
		phone_server_lost(a);
	if (live != NULL && (role == ROLE_KEY || role == ROLE_TOKEN))
		worker_lost(a, live, gone);
}

void
link_tick(struct agent *a)
{
	for (int i = 0; i < LINKS_MAX; i++) {
		struct link *l = &a->links[i];
		if (l->fd < 0 || l->role != ROLE_NONE ||
		    l->hello_by_ms > mono_ms(a))
			continue;
		log_line(LOG_NOTICE, "a connection without hello is closed");
		link_drop(a, l);
	}
}

int64_t
link_deadline(const struct agent *a)
{
	int64_t first = INT64_MAX;

	for (int i = 0; i < LINKS_MAX; i++) {
		const struct link *l = &a->links[i];
		if (l->fd >= 0 && l->role == ROLE_NONE &&
		    l->hello_by_ms < first)
			first = l->hello_by_ms;
	}
	return first;
}

bool
link_send(struct agent *a, struct link *l, json_t *body, int fd)
{
	struct err e = body == NULL ? err_make(E_NOMEM, 0, "agent: message")
				    : rpc_send(l->fd, body, fd);

	json_decref(body);
	if (!err_is(e))
		return true;
	log_err(LOG_WARNING, rpc_role_name(l->role), e);
	/* who waits for a message that was never made must hear of it */
	if (e.code != E_LIMIT)
		link_drop(a, l);
	return false;
}

void
link_event(struct agent *a, struct link *l, const char *event, json_t *params)
{
	(void)link_send(a, l, rpc_event(event, params), -1);
}

void
link_event_all(
    struct agent *a, enum rpc_role role, const char *event, json_t *params)
{
	for (int i = 0; i < LINKS_MAX; i++) {
		struct link *l = &a->links[i];
		if (l->fd >= 0 && l->role == role)
			link_event(a, l, event, json_incref(params));
	}
}

void
answer(struct agent *a, struct ref to, json_int_t id, json_t *result)
{
	struct link *l = link_get(a, to);

	if (l == NULL)
		json_decref(result);
	else
		(void)link_send(a, l, rpc_result(id, result), -1);
}

void
refuse(struct agent *a, struct ref to, json_int_t id, const char *code)
{
	refuse_with(a, to, id, code, NULL);
}

void
refuse_with(struct agent *a, struct ref to, json_int_t id, const char *code,
    const json_t *detail)
{
	struct link *l = link_get(a, to);
	json_t *body, *extra;

	if (l == NULL)
		return;
	record_row(a, l, "refused", "code", code);
	body = rpc_error(id, code);
	/* copied, not shared: what is borrowed may be freed by its owner */
	extra = detail == NULL ? NULL : json_deep_copy(detail);
	if (extra != NULL)
		json_object_update_missing(
		    json_object_get(body, "error"), extra);
	json_decref(extra);
	(void)link_send(a, l, body, -1);
}

/* A frame that was no JSON object, or no message: three of them end it. */
static void
malformed(struct agent *a, struct link *l, const char *code)
{
	struct ref r = link_ref(a, l);

	log_line(LOG_WARNING, "%s sent a malformed frame: %s",
	    rpc_role_name(l->role), code);
	l->malformed++;
	refuse(a, r, 0, code);
	if ((l = link_get(a, r)) != NULL && l->malformed >= MALFORMED_MAX)
		link_drop(a, l);
}

static bool
is_answer(const json_t *body)
{
	return json_is_integer(json_object_get(body, "id")) &&
	       (json_is_object(json_object_get(body, "result")) ||
		   json_is_object(json_object_get(body, "error")));
}

static void
on_event(struct agent *a, struct link *l, const json_t *body)
{
	const char *event = rpc_str(body, "event");
	json_t *params = json_object_get(body, "params");

	if (l->role == ROLE_PRINT && strcmp(event, "print.state") == 0) {
		print_heard(a, params);
	} else if (l->role == ROLE_NET && strcmp(event, "pay.display") == 0) {
		pay_display(a, params);
	} else if (l->role == ROLE_HANDOFF) {
		phone_event(a, event, params);
	} else if (l->role != ROLE_MEDIA || !json_is_object(params)) {
		log_line(LOG_WARNING, "%s sent an event nobody asked for",
		    rpc_role_name(l->role));
	} else if (strcmp(event, "media.changed") == 0) {
		json_decref(a->media_state);
		a->media_state = json_incref(params);
		link_event_all(a, ROLE_KIOSK, "media.changed", params);
	} else if (strcmp(event, "media.progress") == 0) {
		stick_progress(a, (int)rpc_int(params, "percent", -1));
	}
}

/* One message; the link may be gone afterwards.  Takes body and fd. */
static void
on_message(struct agent *a, struct link *l, json_t *body, int fd)
{
	if (json_object_get(body, "method") != NULL) {
		dispatch(a, l, body, fd);
	} else {
		if (json_is_string(json_object_get(body, "event")))
			on_event(a, l, body);
		else if (is_answer(body))
			call_answered(a, l, body, &fd);
		else
			malformed(a, l, "rpc.params");
		if (fd >= 0)
			close(fd);
	}
	json_decref(body);
	secret_wipe_stack();
}

void
agent_readable(struct agent *a, struct link *l)
{
	struct ref r = link_ref(a, l);

	for (int i = 0; i < FRAMES_A_TURN; i++) {
		json_t *body = NULL;
		int fd = -1;
		struct err e;

		if ((l = link_get(a, r)) == NULL)
			return;
		e = rpc_recv(l->fd, &body, &fd);
		if (!err_is(e))
			on_message(a, l, body, fd);
		else if (e.code == E_TIMEOUT)
			return;
		else if (e.code == E_LIMIT || e.code == E_FORMAT)
			malformed(a, l,
			    e.code == E_LIMIT ? "rpc.size" : "rpc.params");
		else
			link_drop(a, l);
	}
}
