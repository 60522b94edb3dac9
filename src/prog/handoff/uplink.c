/*
 * handoff/uplink.c - two connections that live and end together.
 */
#define _GNU_SOURCE
#include "prog/handoff/uplink.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "prog/handoff/pass.h"
#include "rpc/rpc.h"

enum { FD_AGENT, FD_RELAY, AT_ONCE = 16, SOON_MS = 1000 };

/* ---- ends ---- */

static void
drop_relay(struct uplink *u, int64_t now_ms)
{
	uint16_t chance = 0;

	if (u->relay != NULL && u->base[0] != '\0')
		log_line(LOG_NOTICE, "the relay is gone");
	stream_free(u->relay);
	u->relay = NULL;
	u->base[0] = '\0';
	/* all branches lose a relay at once: they shall not come at once */
	(void)!getrandom(&chance, sizeof chance, GRND_NONBLOCK);
	u->wait_ms = u->wait_ms == 0 ? UPLINK_RETRY_MS : 2 * u->wait_ms;
	if (u->wait_ms > UPLINK_RETRY_MAX_MS)
		u->wait_ms = UPLINK_RETRY_MAX_MS;
	u->retry_ms = now_ms + u->wait_ms / 2 + u->wait_ms * chance / 131072;
}

static void
drop_agent(struct uplink *u, int64_t now_ms)
{
	client_drop(&u->agent, now_ms);
	u->hello_id = 0;
	u->known = false;
}

/* What was begun is gone on both sides. */
static void
drop_both(struct uplink *u, int64_t now_ms)
{
	drop_agent(u, now_ms);
	drop_relay(u, now_ms);
}

/* ---- the agent ---- */

/* Takes `body`. */
static void
to_agent(struct uplink *u, json_t *body, int64_t now_ms)
{
	struct err e = u->agent.sock < 0 ? err_none()
					 : rpc_send(u->agent.sock, body, -1);

	json_decref(body);
	if (!err_is(e))
		return;
	log_err(LOG_WARNING, "agent", e);
	drop_both(u, now_ms);
}

static void
call_agent(struct uplink *u, int64_t now_ms)
{
	if (u->base[0] == '\0' || !client_connect(&u->agent, u->socket, now_ms))
		return;
	u->hello_id = client_send(
	    &u->agent, "hello", json_pack("{s:s}", "role", "handoff"), -1);
	if (u->hello_id == 0)
		drop_agent(u, now_ms);
}

static void
welcomed(struct uplink *u, const json_t *body, int64_t now_ms)
{
	u->hello_id = 0;
	if (json_object_get(body, "error") != NULL) {
		log_line(LOG_ERROR, "the agent refused us");
		drop_agent(u, now_ms);
		return;
	}
	u->known = true;
	to_agent(u,
	    rpc_event("handoff.ready",
		json_pack("{s:s,s:s}", "base", u->base, "placement", "relay")),
	    now_ms);
}

static void
from_agent(struct uplink *u, json_t *body, int64_t now_ms)
{
	if (u->hello_id != 0 && rpc_int(body, "id", 0) == u->hello_id &&
	    pass_answer(body))
		welcomed(u, body, now_ms);
	else if (!u->known || !pass_up(body))
		log_line(LOG_WARNING, "not for the relay: dropped");
	else if (!stream_send(u->relay, json_incref(body)))
		drop_both(u, now_ms);
}

static void
read_agent(struct uplink *u, int64_t now_ms)
{
	json_t *body = NULL;
	enum client_got got = client_read(&u->agent, &body, NULL, now_ms);

	if (got == CLIENT_LOST)
		drop_both(u, now_ms);
	if (got != CLIENT_FRAME)
		return;
	from_agent(u, body, now_ms);
	json_decref(body);
}

/* ---- the relay ---- */

static void
call_relay(struct uplink *u, int64_t now_ms)
{
	struct addrinfo *at = u->next;
	int fd;

	if (u->relay != NULL || now_ms < u->retry_ms)
		return;
	u->next = at->ai_next != NULL ? at->ai_next : u->places;
	fd = socket(
	    at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) != 0 &&
	    errno != EINPROGRESS) {
		close(fd);
		fd = -1;
	}
	if (fd >= 0)
		u->relay = stream_new(fd, &u->trust, u->host, true, now_ms);
	if (u->relay == NULL) {
		log_err(LOG_WARNING, "relay", err_sys("uplink: connect"));
		drop_relay(u, now_ms);
	}
}

static void
ready(struct uplink *u, const json_t *body, int64_t now_ms)
{
	const char *said = rpc_str(json_object_get(body, "params"), "base");

	if (u->own_base[0] != '\0')
		said = u->own_base;
	if (strncmp(said, "https://", 8) != 0 ||
	    !str_copy(u->base, sizeof u->base, said)) {
		log_line(LOG_ERROR, "the relay names no https address");
		drop_both(u, now_ms);
		return;
	}
	u->wait_ms = 0;
	log_line(LOG_NOTICE, "the relay is there: phones open %s", u->base);
}

static void
from_relay(struct uplink *u, json_t *body, int64_t now_ms)
{
	if (u->base[0] == '\0' &&
	    strcmp(rpc_str(body, "event"), "handoff.ready") == 0)
		ready(u, body, now_ms);
	else if (!u->known || !pass_down(body))
		log_line(LOG_WARNING, "not for the agent: dropped");
	else
		to_agent(u, json_incref(body), now_ms);
}

static void
read_relay(struct uplink *u, int64_t now_ms)
{
	for (int i = 0; i < AT_ONCE && u->relay != NULL; i++) {
		json_t *body;
		enum stream_got got = stream_step(u->relay, &body);

		if (got == STREAM_NOTHING)
			return;
		if (got == STREAM_LOST)
			drop_both(u, now_ms);
		else if (got == STREAM_FRAME)
			from_relay(u, body, now_ms);
		json_decref(body);
	}
}

/* ---- the loop's side ---- */

int
uplink_watch(
    struct uplink *u, struct pollfd fds[static UPLINK_FDS], int64_t now_ms)
{
	int64_t wait = SOON_MS;

	call_relay(u, now_ms);
	call_agent(u, now_ms);
	fds[FD_AGENT] = (struct pollfd){ u->agent.sock, POLLIN, 0 };
	fds[FD_RELAY] = (struct pollfd){ -1, 0, 0 };
	if (u->relay != NULL)
		fds[FD_RELAY] = (struct pollfd){ u->relay->fd,
			stream_events(u->relay), 0 };
	else if (u->retry_ms - now_ms < wait)
		wait = u->retry_ms < now_ms ? 0 : u->retry_ms - now_ms;
	return u->relay != NULL && stream_waits(u->relay) ? 0 : (int)wait;
}

void
uplink_run(struct uplink *u, const struct pollfd fds[static UPLINK_FDS],
    int64_t now_ms)
{
	if (u->base[0] != '\0')
		u->heard_ms = now_ms;
	else if (u->relay != NULL &&
		 now_ms - u->relay->since_ms > STREAM_OPEN_MS)
		drop_both(u, now_ms);
	if (u->relay != NULL &&
	    (fds[FD_RELAY].revents != 0 || stream_waits(u->relay)))
		read_relay(u, now_ms);
	if (u->agent.sock >= 0 && fds[FD_AGENT].revents != 0)
		read_agent(u, now_ms);
}

bool
uplink_tired(const struct uplink *u, int64_t now_ms)
{
	return now_ms - u->heard_ms > UPLINK_GIVE_UP_MS;
}

struct err
uplink_start(struct uplink *u, const struct conf *conf, struct span cert,
    struct span key, struct span ca, int64_t now_ms)
{
	struct err e = stream_trust_load(&u->trust, cert, key, ca);

	client_init(&u->agent);
	u->socket = conf->socket;
	u->own_base = conf->handoff_base;
	u->heard_ms = u->retry_ms = now_ms;
	if (!err_is(e))
		e = place_resolve(
		    &u->places, u->host, conf->handoff_relay, true);
	u->next = u->places;
	return e;
}

void
uplink_stop(struct uplink *u)
{
	client_drop(&u->agent, 0);
	stream_free(u->relay);
	u->relay = NULL;
	if (u->places != NULL)
		freeaddrinfo(u->places);
	u->places = u->next = NULL;
	stream_trust_free(&u->trust);
}
