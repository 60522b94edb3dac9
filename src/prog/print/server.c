/*
 * print/server.c - one poll loop over signals, the agent and the time.
 */
#define _GNU_SOURCE
#include "prog/print/server.h"

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
	SEND_TIMEOUT_S = 10,
	HELLO_ID = 1
};

static int64_t
now_ms(const struct server *s)
{
	return s->clock.mono_ms(s->clock.ctx);
}

/* ---- the agent ---- */

static void
disconnect(struct server *s)
{
	if (s->sock >= 0)
		close(s->sock);
	s->sock = -1;
	s->greeted = false;
	s->state = "";
	s->retry_ms = now_ms(s) + s->backoff_ms;
	s->backoff_ms *= 2;
	if (s->backoff_ms > BACKOFF_MOST_MS)
		s->backoff_ms = BACKOFF_MOST_MS;
}

/* Send and release `body`; `fd` (or -1) is closed. */
static void
send_frame(struct server *s, json_t *body, int fd)
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

static void
connect_agent(struct server *s)
{
	const struct timeval patience = { SEND_TIMEOUT_S, 0 };
	struct err e = rpc_connect(&s->sock, s->printer.conf->socket);

	if (err_is(e)) {
		if (s->backoff_ms == BACKOFF_FIRST_MS)
			log_err(LOG_NOTICE, "agent", e);
		disconnect(s);
		return;
	}
	(void)setsockopt(
	    s->sock, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	send_frame(s,
	    rpc_request(HELLO_ID, "hello",
		json_pack("{s:s,s:s}", "role", "print", "terminal", "")),
	    -1);
}

/* ---- the printer ---- */

static const char *
state_word(const struct target *t)
{
	static const char *const words[] = { [ESCPOS_SILENT] = "ok",
		[ESCPOS_OK] = "ok",
		[ESCPOS_LOW] = "low",
		[ESCPOS_OUT] = "out",
		[ESCPOS_OFFLINE] = "offline" };

	return t->kind == TARGET_NONE ? "none" : words[target_state(t)];
}

/* What is told is what is true now: before a fee is asked for it must be
 * known whether there is paper. */
static void
look(struct server *s)
{
	const char *state;

	s->look_ms = now_ms(s) + SERVER_LOOK_MS;
	if (!s->greeted)
		return;
	state = state_word(&s->printer.target);
	s->look_ms = now_ms(s) + SERVER_LOOK_MS;
	if (strcmp(state, s->state) == 0)
		return;
	s->state = state;
	log_line(LOG_NOTICE, "printer: %s", state);
	send_frame(s,
	    rpc_event("print.state", json_pack("{s:s}", "state", state)), -1);
}

/* ---- the loop ---- */

static void
take_hello(struct server *s, const json_t *frame)
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
	look(s);
}

static void
take_frame(struct server *s)
{
	json_t *frame = NULL;
	int fd = -1;
	struct err e = rpc_recv(s->sock, &frame, NULL);

	if (err_is(e)) {
		if (e.code != E_GONE)
			log_err(LOG_WARNING, "agent", e);
		disconnect(s);
		return;
	}
	if (json_object_get(frame, "method") != NULL) {
		json_t *answer = job_answer(&s->printer, frame, &fd);

		/* before the answer: who is told of a failure knows why */
		look(s);
		send_frame(s, answer, fd);
	} else {
		take_hello(s, frame);
	}
	json_decref(frame);
	secret_wipe_stack();
}

static void
beat(struct server *s)
{
	if (s->beat_every_ms == 0)
		return;
	sd_notify(0, "WATCHDOG=1");
	s->beat_ms = now_ms(s) + s->beat_every_ms;
}

static int
nearest(const struct server *s)
{
	const int64_t at[] = { s->sock < 0 ? s->retry_ms : s->look_ms,
		s->beat_ms };
	int64_t now = now_ms(s), best = SERVER_LOOK_MS;

	for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
		int64_t in = at[i] > now ? at[i] - now : 0;

		if (at[i] != 0 && in < best)
			best = in;
	}
	return (int)best;
}

static struct err
turn(struct server *s)
{
	struct pollfd p[] = { { s->signals, POLLIN, 0 },
		{ s->sock, POLLIN, 0 } };
	struct signalfd_siginfo si;
	int64_t now;

	if (poll(p, 2, nearest(s)) < 0 && errno != EINTR)
		return err_sys("print: poll");
	if (p[0].revents != 0 && read(s->signals, &si, sizeof si) > 0)
		s->ending = true;
	if (s->sock >= 0 && p[1].revents != 0 && !s->ending)
		take_frame(s);
	now = now_ms(s);
	if (s->beat_ms != 0 && now >= s->beat_ms)
		beat(s);
	if (s->sock < 0 && now >= s->retry_ms && !s->ending)
		connect_agent(s);
	else if (s->sock >= 0 && now >= s->look_ms && !s->ending)
		look(s);
	return err_none();
}

static struct err
open_signals(struct server *s)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0 ||
	    signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return err_sys("print: signals");
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signals < 0 ? err_sys("print: signalfd") : err_none();
}

struct err
server_run(const struct conf *conf)
{
	struct server s = { .printer = { .conf = conf },
		.sock = -1,
		.signals = -1,
		.clock = clock_system(),
		.backoff_ms = BACKOFF_FIRST_MS,
		.state = "" };
	uint64_t watchdog_us = 0;
	struct err e = target_open(&s.printer.target, conf->print_to);

	if (!err_is(e))
		e = open_signals(&s);
	if (err_is(e))
		return e;
	if (sd_watchdog_enabled(0, &watchdog_us) > 0)
		s.beat_every_ms = (int)(watchdog_us / 3000);
	beat(&s);
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
