/*
 * net/link.c - the loop of dasi-net.
 */
#define _GNU_SOURCE
#include "prog/net/link.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "prog/net/children.h"
#include "prog/net/exchange.h"
#include "rpc/rpc.h"

enum { HELLO_MS = 10000, HELLO_ID = 1, MALFORMED_MAX = 3 };

struct net {
	const struct conf *conf;
	sigset_t mask;
	int signals; /* signalfd */
	int sock;    /* -1: not connected */
	int malformed;
	bool ended;
	struct children children;
};

static struct err
open_signals(struct net *n)
{
	sigemptyset(&n->mask);
	sigaddset(&n->mask, SIGTERM);
	sigaddset(&n->mask, SIGINT);
	sigaddset(&n->mask, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &n->mask, NULL) != 0)
		return err_sys("net: signals");
	n->signals = signalfd(-1, &n->mask, SFD_CLOEXEC | SFD_NONBLOCK);
	return n->signals < 0 ? err_sys("net: signals") : err_none();
}

static void
on_signal(struct net *n)
{
	struct signalfd_siginfo info;

	while (read(n->signals, &info, sizeof info) == (ssize_t)sizeof info)
		if (info.ssi_signo != SIGCHLD)
			n->ended = true;
	children_reap(&n->children, n->sock);
}

/* Wait for signals, and for a frame when `sock` >= 0; true: there is one. */
static bool
wait_for(struct net *n, int sock, int timeout_ms)
{
	struct pollfd p[2] = { { n->signals, POLLIN, 0 }, { sock, POLLIN, 0 } };

	if (poll(p, 2, timeout_ms) < 0)
		return false;
	if (p[0].revents != 0)
		on_signal(n);
	return !n->ended && p[1].revents != 0;
}

static void
hang_up(struct net *n)
{
	children_end(&n->children);
	if (n->sock >= 0)
		close(n->sock);
	n->sock = -1;
	n->malformed = 0;
}

/* Wait for a frame through whatever signals come meanwhile. */
static bool
wait_frame(struct net *n, int64_t timeout_ms)
{
	struct clock c = clock_system();
	int64_t until = c.mono_ms(c.ctx) + timeout_ms, left = timeout_ms;

	while (!n->ended && left > 0) {
		if (wait_for(n, n->sock, (int)left))
			return true;
		left = until - c.mono_ms(c.ctx);
	}
	return false;
}

/* Our own hello, answered with a result and nothing else. */
static struct err
say_hello(struct net *n)
{
	json_t *frame = rpc_request(HELLO_ID, "hello",
	    json_pack("{s:s,s:s}", "role", "net", "terminal", "net"));
	json_t *body = NULL;
	struct err e = rpc_send(n->sock, frame, -1);

	json_decref(frame);
	if (err_is(e))
		return e;
	if (!wait_frame(n, HELLO_MS))
		return err_make(E_TIMEOUT, 0, "net: hello");
	e = rpc_recv(n->sock, &body, NULL);
	if (!err_is(e) && !json_is_object(json_object_get(body, "result")))
		e = err_make(E_ROLE, 0, "net: hello refused");
	json_decref(body);
	return e;
}

static struct err
connect_once(struct net *n)
{
	struct err e = rpc_connect(&n->sock, n->conf->socket);

	if (!err_is(e))
		e = say_hello(n);
	if (err_is(e))
		hang_up(n);
	return e;
}

/* Connected, or ended. */
static void
connect_patiently(struct net *n)
{
	int wait_ms = LINK_WAIT_MIN_MS;
	enum err_code last = E_NONE;

	while (!n->ended) {
		struct err e = connect_once(n);

		if (!err_is(e)) {
			log_line(LOG_NOTICE, "connected to the agent");
			return;
		}
		/* a line per kind of trouble, not one per try */
		if (e.code != last)
			log_err(LOG_NOTICE, "agent", e);
		last = e.code;
		(void)wait_for(n, -1, wait_ms);
		wait_ms = wait_ms * 2 < LINK_WAIT_MAX_MS ? wait_ms * 2
							 : LINK_WAIT_MAX_MS;
	}
}

static struct err
refuse(struct net *n, const json_t *request, const char *code)
{
	json_t *frame = rpc_error(rpc_int(request, "id", 0), code);
	struct err e = rpc_send(n->sock, frame, -1);

	json_decref(frame);
	return e;
}

static struct err
on_request(struct net *n, const json_t *request)
{
	const char *method = rpc_str(request, "method");
	struct err e;

	if (!json_is_integer(json_object_get(request, "id")))
		return err_none(); /* an event */
	if (method[0] == '\0')
		return err_none(); /* an answer nobody waits for */
	if (!exchange_known(method))
		return refuse(n, request, "rpc.method");
	log_line(LOG_DEBUG, "%s", method);
	e = children_start(&n->children, n->conf, n->sock, request, &n->mask);
	if (!err_is(e))
		return e;
	log_err(LOG_ERROR, method, e);
	return refuse(n, request, "net.internal");
}

static struct err
on_frame(struct net *n)
{
	json_t *request = NULL;
	struct err e = rpc_recv(n->sock, &request, NULL);

	if (e.code == E_FORMAT || e.code == E_LIMIT) {
		log_err(LOG_WARNING, "frame", e);
		return ++n->malformed < MALFORMED_MAX
			   ? err_none()
			   : err_make(E_GONE, 0, "net: malformed frames");
	}
	if (!err_is(e))
		e = on_request(n, request);
	json_decref(request);
	secret_wipe_stack();
	return e;
}

/* Until the connection breaks or the end is asked for. */
static void
serve_connection(struct net *n)
{
	struct err e = err_none();

	while (!n->ended && !err_is(e)) {
		int next_ms = children_expire(&n->children);
		/* with all places taken, requests wait in the socket */
		int sock = n->children.count < CHILDREN_MAX ? n->sock : -1;

		if (wait_for(n, sock, next_ms))
			e = on_frame(n);
	}
	if (err_is(e))
		log_err(LOG_NOTICE, "agent", e);
	hang_up(n);
}

struct err
link_serve(const struct conf *conf)
{
	struct net n = { .conf = conf, .sock = -1, .signals = -1 };
	struct err e = open_signals(&n);

	while (!err_is(e) && !n.ended) {
		connect_patiently(&n);
		if (n.sock >= 0)
			serve_connection(&n);
	}
	if (n.signals >= 0)
		close(n.signals);
	return e;
}
