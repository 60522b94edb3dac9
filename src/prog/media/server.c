/*
 * media/server.c - one poll loop over signals, mounts and the agent.
 */
#define _GNU_SOURCE
#include "prog/media/server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"
#include "rpc/rpc.h"

enum {
	BACKOFF_FIRST_MS = 200,
	BACKOFF_MOST_MS = 5000,
	DEBOUNCE_MS = 300, /* a stick mounts in several steps */
	SEND_TIMEOUT_S = 10,
	HELLO_ID = 1,
	FOREVER = -1
};

static int64_t
now_ms(const struct server *s)
{
	return s->clock.mono_ms(s->clock.ctx);
}

static void
disconnect(struct server *s)
{
	if (s->sock >= 0)
		close(s->sock);
	s->sock = -1;
	s->greeted = false;
	s->retry_ms = now_ms(s) + s->backoff_ms;
	s->backoff_ms *= 2;
	if (s->backoff_ms > BACKOFF_MOST_MS)
		s->backoff_ms = BACKOFF_MOST_MS;
}

/* Send and release `body`. */
static void
send_frame(struct server *s, json_t *body)
{
	struct err e;

	if (body != NULL && s->sock >= 0) {
		e = rpc_send(s->sock, body, -1);
		if (err_is(e)) {
			log_err(LOG_WARNING, "agent", e);
			if (e.code != E_LIMIT)
				disconnect(s);
		}
	}
	json_decref(body);
}

void
server_event(struct server *s, const char *event, json_t *params)
{
	if (s->greeted)
		send_frame(s, rpc_event(event, params));
	else
		json_decref(params);
}

void
server_look(struct server *s, bool always)
{
	struct stick_status now = watch_look(s->watch);
	bool same = now.state == s->status.state &&
		    strcmp(now.label, s->status.label) == 0 &&
		    now.stick.mount_id == s->status.stick.mount_id;

	s->look_ms = 0;
	s->status = now;
	if (same && !always)
		return;
	log_line(LOG_INFO, "stick: %s", stick_word(now.state));
	server_event(s, "media.changed",
	    json_pack("{s:s,s:s,s:I}", "state", stick_word(now.state), "label",
		now.label, "free_kb", (json_int_t)now.free_kb));
}

void
server_beat(struct server *s)
{
	if (s->beat_every_ms == 0)
		return;
	sd_notify(0, "WATCHDOG=1");
	s->beat_ms = now_ms(s) + s->beat_every_ms;
}

static void
connect_agent(struct server *s)
{
	const struct timeval patience = { SEND_TIMEOUT_S, 0 };
	struct err e = rpc_connect(&s->sock, s->conf->socket);

	if (err_is(e)) {
		if (s->backoff_ms == BACKOFF_FIRST_MS)
			log_err(LOG_NOTICE, "agent", e);
		disconnect(s);
		return;
	}
	(void)setsockopt(
	    s->sock, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	send_frame(
	    s, rpc_request(HELLO_ID, "hello",
		   json_pack("{s:s,s:s}", "role", "media", "terminal", "")));
}

/* The answer to hello; everything else the agent says is a request. */
static void
take_answer(struct server *s, const json_t *frame)
{
	if (s->greeted || rpc_int(frame, "id", 0) != HELLO_ID)
		return;
	if (json_object_get(frame, "result") == NULL) {
		log_line(LOG_ERROR, "agent: hello refused");
		disconnect(s);
		return;
	}
	log_line(LOG_INFO, "agent: connected");
	s->greeted = true;
	s->backoff_ms = BACKOFF_FIRST_MS;
	server_look(s, true);
}

static void
take_frame(struct server *s)
{
	json_t *frame = NULL;
	struct err e = rpc_recv(s->sock, &frame, NULL);

	if (err_is(e)) {
		if (e.code != E_GONE)
			log_err(LOG_WARNING, "agent", e);
		disconnect(s);
		return;
	}
	if (json_object_get(frame, "method") != NULL)
		send_frame(s, method_answer(s, frame));
	else
		take_answer(s, frame);
	json_decref(frame);
	secret_wipe_stack();
}

/* Milliseconds until the nearest of our appointments, or FOREVER. */
static int
nearest(const struct server *s)
{
	const int64_t at[] = { s->sock < 0 ? s->retry_ms : 0, s->look_ms,
		s->beat_ms };
	int64_t now = now_ms(s), best = -1;

	for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
		int64_t in = at[i] > now ? at[i] - now : 0;
		if (at[i] != 0 && (best < 0 || in < best))
			best = in;
	}
	return best < 0 ? FOREVER : (int)best;
}

static void
keep_appointments(struct server *s)
{
	int64_t now = now_ms(s);

	if (s->look_ms != 0 && now >= s->look_ms)
		server_look(s, false);
	if (s->beat_ms != 0 && now >= s->beat_ms)
		server_beat(s);
	if (s->sock < 0 && now >= s->retry_ms)
		connect_agent(s);
}

static struct err
turn(struct server *s)
{
	int fds[WATCH_FDS];
	struct signalfd_siginfo si;

	watch_fds(s->watch, fds);
	struct pollfd p[] = { { s->signals, POLLIN, 0 }, { fds[0], POLLIN, 0 },
		{ fds[1], POLLIN, 0 }, { s->sock, POLLIN, 0 } };
	if (poll(p, sizeof p / sizeof p[0], nearest(s)) < 0 && errno != EINTR)
		return err_sys("media: poll");
	if (p[0].revents != 0 && read(s->signals, &si, sizeof si) > 0)
		s->ending = true;
	if ((p[1].revents | p[2].revents) != 0 && watch_drain(s->watch) &&
	    s->look_ms == 0)
		s->look_ms = now_ms(s) + DEBOUNCE_MS;
	if (s->sock >= 0 && p[3].revents != 0 && !s->ending)
		take_frame(s);
	keep_appointments(s);
	return err_none();
}

static struct err
open_signals(struct server *s)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return err_sys("media: signals");
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signals < 0 ? err_sys("media: signalfd") : err_none();
}

struct err
server_run(const struct conf *conf, struct watch *watch)
{
	struct server s = { .conf = conf,
		.watch = watch,
		.sock = -1,
		.clock = clock_system(),
		.backoff_ms = BACKOFF_FIRST_MS };
	struct err e = open_signals(&s);
	uint64_t watchdog_us = 0;

	if (err_is(e))
		return e;
	if (sd_watchdog_enabled(0, &watchdog_us) > 0)
		s.beat_every_ms = (int)(watchdog_us / 3000);
	server_beat(&s);
	s.status = watch_look(watch);
	sd_notify(0, "READY=1");
	s.retry_ms = now_ms(&s);
	while (!err_is(e) && !s.ending)
		e = turn(&s);
	sd_notify(0, "STOPPING=1");
	if (s.sock >= 0)
		close(s.sock);
	close(s.signals);
	return e;
}
