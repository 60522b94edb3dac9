/*
 * handoff/hub.c - branches come, ask and go.
 */
#define _GNU_SOURCE
#include "prog/handoff/hub.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "prog/handoff/place.h"
#include "rpc/rpc.h"

static int
owner_of(const struct hub *h, const struct hub_slot *s)
{
	return (int)(s - h->slots) + 1;
}

static void
drop(struct hub *h, struct hub_slot *s, int64_t now_ms)
{
	bool known = s->branch[0] != '\0';

	stream_free(s->stream);
	if (known)
		log_line(LOG_NOTICE, "branch %s is gone", s->branch);
	*s = (struct hub_slot){ NULL, "" };
	if (known)
		desk_owner_lost(h->desk, owner_of(h, s), now_ms);
}

/* ---- out ---- */

/* What cannot be sent is lost at the next turn, not in the desk's middle. */
static bool
send_body(struct hub_slot *s, json_t *body)
{
	if (s->stream != NULL && s->branch[0] != '\0')
		return stream_send(s->stream, body);
	json_decref(body);
	return false;
}

json_int_t
hub_ask(struct hub *h, int owner, const char *method, json_t *params)
{
	json_int_t id = ++h->last_id;

	return send_body(&h->slots[owner - 1], rpc_request(id, method, params))
		   ? id
		   : 0;
}

void
hub_tell(struct hub *h, int owner, const char *event, json_t *params)
{
	(void)send_body(&h->slots[owner - 1], rpc_event(event, params));
}

/* ---- in ---- */

static void
serve(struct hub *h, struct hub_slot *s, const json_t *body, int64_t now_ms)
{
	json_int_t id = rpc_int(body, "id", 0);
	const char *refused;

	if (!json_is_string(json_object_get(body, "method"))) {
		desk_answered(h->desk, owner_of(h, s), body, now_ms);
		return;
	}
	refused = desk_request(h->desk, owner_of(h, s), rpc_str(body, "method"),
	    json_object_get(body, "params"), now_ms);
	if (!send_body(s, refused != NULL ? rpc_error(id, refused)
					  : rpc_result(id, NULL)))
		drop(h, s, now_ms);
}

/* False, and the log says why, for a certificate that was taken back. */
static bool
stands(const struct hub *h, const struct hub_slot *s, const char *branch)
{
	static const char *const why[] = {
		[REVOKED_LISTED] = "its certificate is revoked",
		[REVOKED_LAPSED] = "the revocation list is out of date",
		[REVOKED_UNREAD] = "its certificate cannot be looked up",
	};
	const gnutls_datum_t *der = stream_certificate(s->stream);
	enum revoked_word word = der == NULL
				     ? REVOKED_UNREAD
				     : revoked_ask(&h->revoked, der,
					   clock_system().wall_ms(NULL) / 1000);

	if (word != REVOKED_NOT)
		log_line(
		    LOG_WARNING, "branch %s refused: %s", branch, why[word]);
	return word == REVOKED_NOT;
}

void
hub_recheck(struct hub *h, int64_t now_ms)
{
	for (int i = 0; i < HUB_SLOTS; i++) {
		struct hub_slot *s = &h->slots[i];
		if (s->branch[0] != '\0' && !stands(h, s, s->branch))
			drop(h, s, now_ms);
	}
}

/* A branch has one connection: the latest. */
static void
welcome(struct hub *h, struct hub_slot *s, int64_t now_ms)
{
	char branch[HUB_CODE];

	if (!stream_peer(s->stream, branch, sizeof branch)) {
		log_line(LOG_WARNING, "a certificate that names no branch");
		drop(h, s, now_ms);
		return;
	}
	if (!stands(h, s, branch)) {
		drop(h, s, now_ms);
		return;
	}
	for (int i = 0; i < HUB_SLOTS; i++) {
		if (strcmp(h->slots[i].branch, branch) == 0)
			drop(h, &h->slots[i], now_ms);
	}
	memcpy(s->branch, branch, sizeof s->branch);
	log_line(LOG_NOTICE, "branch %s is here", branch);
	hub_tell(h, owner_of(h, s), "handoff.ready",
	    json_pack("{s:s,s:s}", "base", h->base, "placement", "relay"));
}

static void
read_slot(struct hub *h, struct hub_slot *s, int64_t now_ms)
{
	for (int i = 0; i < HUB_AT_ONCE && s->stream != NULL; i++) {
		json_t *body;
		enum stream_got got = stream_step(s->stream, &body);

		if (got == STREAM_NOTHING)
			return;
		if (got == STREAM_LOST)
			drop(h, s, now_ms);
		else if (got == STREAM_OPENED)
			welcome(h, s, now_ms);
		else
			serve(h, s, body, now_ms);
		json_decref(body);
	}
}

/* A free place's number, or -1 when others are greeted first. */
static int
room(const struct hub *h)
{
	int found = -1, greeting = 0;

	for (int i = 0; i < HUB_SLOTS; i++) {
		const struct hub_slot *s = &h->slots[i];
		if (s->stream == NULL)
			found = i;
		else if (s->branch[0] == '\0')
			greeting++;
	}
	return greeting < HUB_GREETING ? found : -1;
}

static void
admit(struct hub *h, int64_t now_ms)
{
	int at = room(h);
	int fd = at < 0 ? -1
			: accept4(h->listener, NULL, NULL,
			      SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd >= 0)
		h->slots[at].stream = stream_new(
		    fd, &h->trust, NULL, false, now_ms);
}

/* ---- the loop's side ---- */

int
hub_watch(const struct hub *h, struct pollfd fds[static HUB_FDS], int most)
{
	for (int i = 0; i < HUB_SLOTS; i++) {
		const struct stream *s = h->slots[i].stream;
		fds[i] = (struct pollfd){ .fd = s == NULL ? -1 : s->fd,
			.events = s == NULL ? 0 : stream_events(s) };
		if (s != NULL && stream_waits(s))
			most = 0;
	}
	/* who cannot be greeted yet waits outside, in turn */
	fds[HUB_SLOTS] = (struct pollfd){ room(h) < 0 ? -1 : h->listener,
		POLLIN, 0 };
	return most;
}

void
hub_run(struct hub *h, const struct pollfd fds[static HUB_FDS], int64_t now_ms)
{
	for (int i = 0; i < HUB_SLOTS; i++) {
		struct hub_slot *s = &h->slots[i];
		if (s->stream == NULL)
			continue;
		if (!s->stream->open &&
		    now_ms - s->stream->since_ms > STREAM_OPEN_MS)
			drop(h, s, now_ms);
		else if (fds[i].revents != 0 || stream_waits(s->stream))
			read_slot(h, s, now_ms);
	}
	if (fds[HUB_SLOTS].revents != 0)
		admit(h, now_ms);
}

struct err
hub_start(struct hub *h, const char *at, struct span cert, struct span key,
    struct span ca)
{
	struct err e = stream_trust_load(&h->trust, cert, key, ca);

	h->listener = -1;
	return err_is(e) ? e : place_listen(&h->listener, at);
}

void
hub_stop(struct hub *h)
{
	for (int i = 0; i < HUB_SLOTS; i++)
		stream_free(h->slots[i].stream);
	memset(h->slots, 0, sizeof h->slots);
	if (h->listener > 0)
		close(h->listener);
	h->listener = -1;
	stream_trust_free(&h->trust);
	revoked_stop(&h->revoked);
}

int
hub_port(const struct hub *h)
{
	return place_port(h->listener);
}
