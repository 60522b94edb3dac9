/*
 * handoff/owner.c - frames between the desk and the agent.
 */
#include "prog/handoff/owner.h"

#include <string.h>

#include "base/log.h"
#include "rpc/rpc.h"

void
owner_init(struct owner *o, const char *socket, const char *base,
    const char *placement, struct desk *desk)
{
	memset(o, 0, sizeof *o);
	client_init(&o->client);
	o->socket = socket;
	o->base = base;
	o->placement = placement;
	o->desk = desk;
}

static void
drop(struct owner *o, int64_t now_ms)
{
	client_drop(&o->client, now_ms);
	desk_owner_lost(o->desk, OWNER_AGENT, now_ms);
}

/* Takes `body`. */
static void
send_body(struct owner *o, json_t *body)
{
	struct err e = rpc_send(o->client.sock, body, -1);

	json_decref(body);
	if (err_is(e))
		log_err(LOG_WARNING, "agent", e);
}

void
owner_tell(struct owner *o, const char *event, json_t *params)
{
	if (o->client.sock < 0)
		json_decref(params);
	else
		send_body(o, rpc_event(event, params));
}

json_int_t
owner_ask(struct owner *o, const char *method, json_t *params)
{
	if (o->client.sock < 0) {
		json_decref(params);
		return 0;
	}
	return client_send(&o->client, method, params, -1);
}

int
owner_fd(struct owner *o, int64_t now_ms)
{
	if (!client_connect(&o->client, o->socket, now_ms))
		return o->client.sock;
	o->hello_id = client_send(
	    &o->client, "hello", json_pack("{s:s}", "role", "handoff"), -1);
	if (o->hello_id == 0)
		drop(o, now_ms);
	return o->client.sock;
}

static void
welcomed(struct owner *o, const json_t *body, int64_t now_ms)
{
	o->hello_id = 0;
	if (json_object_get(body, "error") != NULL) {
		log_line(LOG_ERROR, "the agent refused us");
		drop(o, now_ms);
		return;
	}
	owner_tell(o, "handoff.ready",
	    json_pack("{s:s,s:s}", "base", o->base, "placement", o->placement));
}

static void
serve(struct owner *o, const json_t *body, int64_t now_ms)
{
	json_int_t id = rpc_int(body, "id", 0);
	const char *refused = desk_request(o->desk, OWNER_AGENT,
	    rpc_str(body, "method"), json_object_get(body, "params"), now_ms);

	send_body(
	    o, refused != NULL ? rpc_error(id, refused) : rpc_result(id, NULL));
}

void
owner_read(struct owner *o, int64_t now_ms)
{
	json_t *body = NULL;
	enum client_got got = client_read(&o->client, &body, NULL, now_ms);

	if (got == CLIENT_LOST)
		desk_owner_lost(o->desk, OWNER_AGENT, now_ms);
	if (got != CLIENT_FRAME)
		return;
	if (json_is_string(json_object_get(body, "method")))
		serve(o, body, now_ms);
	else if (rpc_int(body, "id", 0) == o->hello_id && o->hello_id != 0)
		welcomed(o, body, now_ms);
	else
		desk_answered(o->desk, OWNER_AGENT, body, now_ms);
	json_decref(body);
}
