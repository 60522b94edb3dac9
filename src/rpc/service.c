/*
 * rpc/service.c - one poll over signals, the agent and what the program adds.
 */
#define _GNU_SOURCE
#include "rpc/service.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/log.h"
#include "rpc/rpc.h"

enum {
	BACKOFF_FIRST_MS = 200,
	BACKOFF_MOST_MS = 5000,
	SEND_TIMEOUT_S = 10,
	HELLO_ID = 1,
	FOREVER = -1
};

int64_t
service_now_ms(const struct service *s)
{
	return s->clock.mono_ms(s->clock.ctx);
}

void
service_beat(struct service *s)
{
	if (s->beat_every_ms == 0)
		return;
	sd_notify(0, "WATCHDOG=1");
	s->beat_ms = service_now_ms(s) + s->beat_every_ms;
}

/* ---- the agent ---- */

static void
disconnect(struct service *s)
{
	if (s->sock >= 0)
		close(s->sock);
	s->sock = -1;
	s->greeted = false;
	s->retry_ms = service_now_ms(s) + s->backoff_ms;
	s->backoff_ms *= 2;
	if (s->backoff_ms > BACKOFF_MOST_MS)
		s->backoff_ms = BACKOFF_MOST_MS;
}

void
service_send(struct service *s, json_t *body, int fd)
{
	struct err e;

	if (body != NULL && s->sock >= 0) {
		e = rpc_send(s->sock, body, fd);
		if (err_is(e)) {
			log_err(LOG_WARNING, "agent", e);
			if (e.code != E_LIMIT)
				disconnect(s);
		}
	}
	json_decref(body);
	if (fd >= 0)
		close(fd);
}

void
service_event(struct service *s, const char *event, json_t *params)
{
	if (s->greeted)
		service_send(s, rpc_event(event, params), -1);
	else
		json_decref(params);
}

static void
connect_agent(struct service *s)
{
	const struct timeval patience = { SEND_TIMEOUT_S, 0 };
	struct err e = rpc_connect(&s->sock, s->path);

	if (err_is(e)) {
		if (s->backoff_ms == BACKOFF_FIRST_MS)
			log_err(LOG_NOTICE, "agent", e);
		disconnect(s);
		return;
	}
	(void)setsockopt(
	    s->sock, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	service_send(s,
	    rpc_request(HELLO_ID, "hello",
		json_pack("{s:s,s:s}", "role", s->role, "terminal", "")),
	    -1);
}

/* The answer to hello; everything else the agent says is a request. */
static enum service_got
take_answer(struct service *s, const json_t *frame)
{
	if (s->greeted || rpc_int(frame, "id", 0) != HELLO_ID)
		return SERVICE_NOTHING;
	if (json_object_get(frame, "result") == NULL) {
		log_line(LOG_ERROR, "agent: hello refused");
		disconnect(s);
		return SERVICE_NOTHING;
	}
	log_line(LOG_INFO, "agent: connected");
	s->greeted = true;
	s->backoff_ms = BACKOFF_FIRST_MS;
	return SERVICE_READY;
}

static enum service_got
take_frame(struct service *s, json_t **request)
{
	enum service_got got = SERVICE_NOTHING;
	json_t *frame = NULL;
	struct err e = rpc_recv(s->sock, &frame, NULL);

	if (err_is(e)) {
		if (e.code != E_GONE)
			log_err(LOG_WARNING, "agent", e);
		disconnect(s);
	} else if (json_object_get(frame, "method") == NULL) {
		got = take_answer(s, frame);
	} else if (!s->greeted) {
		service_send(
		    s, rpc_error(rpc_int(frame, "id", 0), "rpc.state"), -1);
	} else {
		*request = json_incref(frame);
		got = SERVICE_REQUEST;
	}
	json_decref(frame);
	return got;
}

/* ---- waiting ---- */

/* Milliseconds until the nearest of the appointments, or FOREVER. */
static int
nearest(const struct service *s, int64_t until_ms)
{
	const int64_t at[] = { s->sock < 0 ? s->retry_ms : 0, s->beat_ms,
		until_ms };
	int64_t now = service_now_ms(s), best = FOREVER;

	for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
		int64_t in = at[i] > now ? at[i] - now : 0;

		if (at[i] != 0 && (best < 0 || in < best))
			best = in;
	}
	return (int)best;
}

struct err
service_wait(struct service *s, const int *fds, int64_t until_ms,
    enum service_got *got, json_t **request)
{
	struct pollfd p[2 + SERVICE_FDS] = { { s->signals, POLLIN, 0 },
		{ s->sock, POLLIN, 0 } };
	struct signalfd_siginfo si;
	nfds_t n = 2;
	int64_t now;

	*got = SERVICE_NOTHING;
	*request = NULL;
	for (int i = 0; fds != NULL && i < SERVICE_FDS; i++)
		p[n++] = (struct pollfd){ fds[i], POLLIN, 0 };
	if (poll(p, n, nearest(s, until_ms)) < 0 && errno != EINTR)
		return err_sys("service: poll");
	if (p[0].revents != 0 && read(s->signals, &si, sizeof si) > 0)
		s->ending = true;
	if (s->ending)
		return err_none();
	if (s->sock >= 0 && p[1].revents != 0)
		*got = take_frame(s, request);
	now = service_now_ms(s);
	if (s->beat_ms != 0 && now >= s->beat_ms)
		service_beat(s);
	if (s->sock < 0 && now >= s->retry_ms)
		connect_agent(s);
	return err_none();
}

/* ---- from start to end ---- */

static struct err
open_signals(struct service *s)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0 ||
	    signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return err_sys("service: signals");
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signals < 0 ? err_sys("service: signalfd") : err_none();
}

struct err
service_open(struct service *s, const char *role, const char *path)
{
	uint64_t watchdog_us = 0;
	struct err e;

	*s = (struct service){ .role = role,
		.path = path,
		.clock = clock_system(),
		.sock = -1,
		.signals = -1,
		.backoff_ms = BACKOFF_FIRST_MS };
	e = open_signals(s);
	if (err_is(e))
		return e;
	if (sd_watchdog_enabled(0, &watchdog_us) > 0)
		s->beat_every_ms = (int)(watchdog_us / 3000);
	service_beat(s);
	s->retry_ms = service_now_ms(s);
	sd_notify(0, "READY=1");
	return err_none();
}

void
service_close(struct service *s)
{
	sd_notify(0, "STOPPING=1");
	if (s->sock >= 0)
		close(s->sock);
	close(s->signals);
}
