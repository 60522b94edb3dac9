/*
 * handoff/web.c - routes, bodies and headers.
 */
#define _GNU_SOURCE
#include "prog/handoff/web.h"

#include <gnutls/gnutls.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "prog/handoff/limit.h"
#include "prog/handoff/page.h"
#include "prog/handoff/place.h"

enum { BODY_MAX = 1024, MEMORY = 32 * 1024, SOON_MS = 1000 };

/* A connection, and since when: idle or not, it has WEB_WHOLE_MS. */
struct seat {
	struct MHD_Connection *taken;
	int64_t since_ms;
};

struct web {
	struct MHD_Daemon *daemon;
	struct seat seats[WEB_CONNECTIONS];
	struct MHD_Response *page;
	struct web_params p;
	struct limit limit;
	int fd;
};

/* One request under way; the asking of the desk. */
struct visit {
	struct MHD_Connection *connection;
	char id[HANDOFF_ID_TEXT];
	char what[8]; /* "claim" "fetch" "ack" */
	size_t n;
	bool too_large, waits;
	char body[BODY_MAX + 1];
};

/* ---- answers ---- */

static void
headers(struct MHD_Response *r)
{
	static const char *const rows[][2] = {
		{ MHD_HTTP_HEADER_CACHE_CONTROL, "no-store" },
		{ "Referrer-Policy", "no-referrer" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "X-Robots-Tag", "noindex" },
		{ "Strict-Transport-Security", "max-age=31536000" },
		/* few connections: everybody gives theirs back */
		{ MHD_HTTP_HEADER_CONNECTION, "close" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		(void)MHD_add_response_header(r, rows[i][0], rows[i][1]);
}

/* Takes the body. */
static enum MHD_Result
reply(struct MHD_Connection *c, unsigned status, char *body)
{
	struct MHD_Response *r = NULL;
	enum MHD_Result did = MHD_NO;

	if (body != NULL)
		r = MHD_create_response_from_buffer(
		    strlen(body), body, MHD_RESPMEM_MUST_FREE);
	if (r == NULL) {
		free(body);
		return MHD_NO;
	}
	headers(r);
	(void)MHD_add_response_header(
	    r, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json; charset=utf-8");
	did = MHD_queue_response(c, status, r);
	MHD_destroy_response(r);
	return did;
}

static enum MHD_Result
reply_state(struct MHD_Connection *c, unsigned status, const char *state)
{
	json_t *o = json_pack("{s:s}", "state", state);
	char *text = json_dumps(o, JSON_COMPACT);

	json_decref(o);
	return reply(c, status, text);
}

static struct MHD_Response *
make_page(void)
{
	/* the library's older word for bytes that stay */
	struct MHD_Response *r = MHD_create_response_from_buffer(
	    handoff_page_size, (void *)(uintptr_t)handoff_page,
	    MHD_RESPMEM_PERSISTENT);

	if (r == NULL)
		return NULL;
	headers(r);
	(void)MHD_add_response_header(
	    r, MHD_HTTP_HEADER_CONTENT_TYPE, "text/html; charset=utf-8");
	(void)MHD_add_response_header(
	    r, "Content-Security-Policy", handoff_policy);
	return r;
}

/* ---- requests ---- */

/* "/d/ID" or "/d/ID/WHAT"; false when it is neither. */
static bool
route(struct visit *v, const char *url)
{
	const char *rest;

	if (strncmp(url, "/d/", 3) != 0 ||
	    strlen(url) < 3 + HANDOFF_ID_TEXT - 1)
		return false;
	memcpy(v->id, url + 3, HANDOFF_ID_TEXT - 1);
	rest = url + 3 + HANDOFF_ID_TEXT - 1;
	if (!handoff_id_ok(v->id))
		return false;
	if (*rest == '\0')
		return true;
	return *rest == '/' && rest[1] != '\0' &&
	       str_copy(v->what, sizeof v->what, rest + 1);
}

static enum MHD_Result
finish(struct web *w, struct visit *v, struct desk_answer a)
{
	if (a.status != 0)
		return reply(v->connection, a.status, a.body);
	v->waits = true;
	MHD_suspend_connection(v->connection);
	return MHD_YES;
}

static enum MHD_Result
post(struct web *w, struct visit *v)
{
	json_t *in;
	struct desk_answer a;

	if (v->waits) {
		v->waits = false;
		return finish(w, v,
		    desk_resumed(w->p.desk, v->id, v->what, w->p.now_ms()));
	}
	if (v->too_large)
		return reply_state(v->connection, 413, "unknown");
	in = json_loadb(v->body, v->n, JSON_REJECT_DUPLICATES, NULL);
	a = desk_post(w->p.desk, v->id, v->what, in, v, w->p.now_ms());
	json_decref(in);
	return finish(w, v, a);
}

static enum MHD_Result
page(struct web *w, struct visit *v, bool get)
{
	if (get)
		desk_opened(w->p.desk, v->id);
	return MHD_queue_response(v->connection, MHD_HTTP_OK, w->page);
}

static void
take(struct visit *v, const char *data, size_t *n)
{
	if (*n > BODY_MAX - v->n)
		v->too_large = true;
	else
		memcpy(v->body + v->n, data, *n);
	v->n += v->too_large ? 0 : *n;
	*n = 0;
}

static bool
allowed(struct web *w, struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(
	    c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	return i == NULL ||
	       limit_allow(&w->limit, i->client_addr, w->p.now_ms());
}

static enum MHD_Result
on_request(void *ctx, struct MHD_Connection *c, const char *url,
    const char *method, const char *version, const char *data, size_t *n,
    void **state)
{
	struct web *w = ctx;
	struct visit *v = *state;
	bool get = strcmp(method, "GET") == 0;

	if (v == NULL) {
		v = calloc(1, sizeof *v);
		if (v == NULL)
			return MHD_NO;
		v->connection = c;
		*state = v;
		return MHD_YES;
	}
	if (*n > 0) {
		take(v, data, n);
		return MHD_YES;
	}
	if (!v->waits && !allowed(w, c))
		return reply_state(c, 429, "busy");
	if (!route(v, url))
		return reply_state(c, 404, "unknown");
	if (v->what[0] == '\0' && (get || strcmp(method, "HEAD") == 0))
		return page(w, v, get);
	if (v->what[0] != '\0' && strcmp(method, "POST") == 0)
		return post(w, v);
	return reply_state(c, 404, "unknown");
}

static void
on_completed(void *ctx, struct MHD_Connection *c, void **state,
    enum MHD_RequestTerminationCode why)
{
	struct web *w = ctx;
	struct visit *v = *state;

	if (v == NULL)
		return;
	desk_forget(w->p.desk, v);
	secret_wipe(v, sizeof *v);
	free(v);
	*state = NULL;
}

void
web_resume(struct web *w, void *asking)
{
	struct visit *v = asking;

	MHD_resume_connection(v->connection);
}

/* ---- the server ---- */

/* Whose bucket is empty is not worth a handshake. */
static enum MHD_Result
on_door(void *ctx, const struct sockaddr *from, socklen_t n)
{
	struct web *w = ctx;

	return limit_open(&w->limit, from, w->p.now_ms()) ? MHD_YES : MHD_NO;
}

static void
on_seat(void *ctx, struct MHD_Connection *c, void **state,
    enum MHD_ConnectionNotificationCode what)
{
	struct web *w = ctx;
	const struct MHD_Connection
	    *find = what == MHD_CONNECTION_NOTIFY_STARTED ? NULL : c;

	for (int i = 0; i < WEB_CONNECTIONS; i++) {
		struct seat *s = &w->seats[i];
		if (s->taken != find)
			continue;
		*s = find != NULL ? (struct seat){ NULL, 0 }
				  : (struct seat){ c, w->p.now_ms() };
		return;
	}
}

/* A byte a second never is idle: the library would wait for ever. */
static void
clear_seats(struct web *w, int64_t now_ms)
{
	int64_t most = WEB_CROWDED_MS;

	for (int i = 0; i < WEB_CONNECTIONS; i++) {
		if (w->seats[i].taken == NULL)
			most = WEB_WHOLE_MS;
	}
	for (int i = 0; i < WEB_CONNECTIONS; i++) {
		const struct seat *s = &w->seats[i];
		if (s->taken != NULL && now_ms - s->since_ms >= most)
			(void)shutdown(MHD_get_connection_info(s->taken,
					   MHD_CONNECTION_INFO_CONNECTION_FD)
					   ->connect_fd,
			    SHUT_RDWR);
	}
}

static struct MHD_Daemon *
start(struct web *w, const struct sockaddr *at)
{
	unsigned flags = MHD_USE_EPOLL | MHD_USE_TLS |
			 MHD_ALLOW_SUSPEND_RESUME |
			 MHD_USE_SUPPRESS_DATE_NO_CLOCK |
			 (at->sa_family == AF_INET6 ? MHD_USE_IPv6 : 0u);

	return MHD_start_daemon(flags, 0, on_door, w, on_request, w,
	    MHD_OPTION_SOCK_ADDR, at, MHD_OPTION_HTTPS_MEM_CERT,
	    (const char *)w->p.cert.p, MHD_OPTION_HTTPS_MEM_KEY,
	    (const char *)w->p.key.p, MHD_OPTION_HTTPS_PRIORITIES,
	    "SECURE128:+SECURE192:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2",
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)WEB_CONNECTIONS,
	    MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)WEB_PER_ADDRESS,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(WEB_WHOLE_MS / 1000),
	    MHD_OPTION_NOTIFY_CONNECTION, on_seat, w,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY,
	    MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_NOTIFY_COMPLETED,
	    on_completed, w, MHD_OPTION_END);
}

struct err
web_start(struct web **out, const struct web_params *p)
{
	struct web *w = calloc(1, sizeof *w);
	struct addrinfo *at = NULL;
	char host[PLACE_HOST];
	struct err e = w == NULL ? err_make(E_NOMEM, 0, "handoff: web")
				 : place_resolve(&at, host, p->listen, false);

	if (err_is(e))
		goto out;
	w->p = *p;
	e = err_make(E_CONFIG, 0, "handoff: certificate, key or address");
	w->page = make_page();
	if (w->page == NULL || (w->daemon = start(w, at->ai_addr)) == NULL)
		goto out;
	w->fd = MHD_get_daemon_info(w->daemon, MHD_DAEMON_INFO_EPOLL_FD)
		    ->listen_fd;
	e = err_none();
out:
	if (at != NULL)
		freeaddrinfo(at);
	if (err_is(e)) {
		web_stop(w);
		w = NULL;
	}
	*out = w;
	return e;
}

void
web_stop(struct web *w)
{
	if (w == NULL)
		return;
	if (w->daemon != NULL)
		MHD_stop_daemon(w->daemon);
	if (w->page != NULL)
		MHD_destroy_response(w->page);
	free(w);
}

int
web_fd(const struct web *w)
{
	return w->fd;
}

int
web_timeout_ms(const struct web *w)
{
	MHD_UNSIGNED_LONG_LONG ms;

	if (MHD_get_timeout(w->daemon, &ms) != MHD_YES || ms > SOON_MS)
		return SOON_MS;
	return (int)ms;
}

void
web_run(struct web *w)
{
	clear_seats(w, w->p.now_ms());
	(void)MHD_run(w->daemon);
}

int
web_port(const struct web *w)
{
	const union MHD_DaemonInfo *i = MHD_get_daemon_info(
	    w->daemon, MHD_DAEMON_INFO_BIND_PORT);

	return i == NULL ? 0 : i->port;
}
