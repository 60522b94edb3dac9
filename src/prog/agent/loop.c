/*
 * agent/loop.c - sd-event around the core.
 */
#define _GNU_SOURCE
#include "prog/agent/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "base/log.h"
#include "prog/agent/agent.h"
#include "prog/agent/creds.h"
#include "prog/agent/desk.h"
#include "prog/agent/spawn.h"
#include "rpc/rpc.h"

struct loop {
	const struct conf *conf;
	struct agent *agent;
	sd_event *event;
	sd_event_source *timer;
	int listener;
};

static struct err
sd_err(int rc, const char *where)
{
	return rc < 0 ? err_make(E_SYS, -rc, where) : err_none();
}

/* ---- ports ---- */

struct watch {
	sd_event_source *source;
	struct loop *loop;
	struct link *link;
};

static int
on_input(sd_event_source *source, int fd, uint32_t what, void *ctx)
{
	struct watch *w = ctx;

	agent_readable(w->loop->agent, w->link);
	return 0;
}

static struct err
watch(void *ctx, struct link *link)
{
	struct loop *loop = ctx;
	struct watch *w = calloc(1, sizeof *w);
	int rc;

	if (w == NULL)
		return err_make(E_NOMEM, 0, "loop: watch");
	w->loop = loop;
	w->link = link;
	rc = sd_event_add_io(
	    loop->event, &w->source, link->fd, EPOLLIN, on_input, w);
	if (rc < 0) {
		free(w);
		return sd_err(rc, "loop: watch");
	}
	link->watch = w;
	return err_none();
}

static void
unwatch(void *ctx, struct link *link)
{
	struct watch *w = link->watch;

	if (w == NULL)
		return;
	sd_event_source_disable_unref(w->source);
	free(w);
	link->watch = NULL;
}

static int
on_child(sd_event_source *source, const siginfo_t *si, void *ctx)
{
	if (si->si_code != CLD_EXITED)
		log_line(LOG_WARNING, "key worker ended by signal %d",
		    si->si_status);
	else if (si->si_status != 0)
		log_line(LOG_WARNING, "key worker ended with status %d",
		    si->si_status);
	return 0;
}

static struct err
spawn(void *ctx, int *sock, pid_t *pid)
{
	struct loop *loop = ctx;
	struct err e = spawn_key(loop->conf->key_worker, sock, pid);
	int rc;

	if (err_is(e))
		return e;
	/* Floating: the source frees itself once the child is reaped. */
	rc = sd_event_add_child(
	    loop->event, NULL, *pid, WEXITED, on_child, loop);
	if (rc < 0)
		log_err(LOG_WARNING, "key worker", sd_err(rc, "loop: child"));
	return err_none();
}

/* ---- events ---- */

/* Anybody may knock, as the users of all terminals are strangers to each
 * other's groups; who has no role here gets no slot. */
static void
turn_away(struct agent *a, int sock)
{
	json_t *no = rpc_error(0, "rpc.role"), *said;

	staff_stranger(a, sock);
	if (err_is(rpc_send(sock, no, -1)))
		log_line(LOG_INFO, "who has gone already");
	json_decref(no);
	/* unread words would make the kernel take ours back */
	(void)shutdown(sock, SHUT_RD);
	while (!err_is(rpc_recv(sock, &said, NULL)))
		json_decref(said);
	close(sock);
}

static int
on_connection(sd_event_source *source, int fd, uint32_t what, void *ctx)
{
	struct loop *loop = ctx;
	int sock = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	unsigned roles;
	struct err e;

	if (sock < 0)
		return 0; /* gone again, or out of descriptors: next turn */
	roles = creds_of_peer(loop->conf, sock);
	if (roles == 0) {
		turn_away(loop->agent, sock);
		return 0;
	}
	e = agent_accept(loop->agent, sock, roles);
	if (err_is(e))
		log_err(LOG_WARNING, "connection", e);
	return 0;
}

static int
on_timer(sd_event_source *source, uint64_t usec, void *ctx)
{
	struct loop *loop = ctx;

	agent_tick(loop->agent);
	return 0;
}

/* After whatever happened: the timer to the next thing that is due. */
static int
on_turn(sd_event_source *source, void *ctx)
{
	struct loop *loop = ctx;
	int64_t at = agent_deadline(loop->agent);

	if (store_is_broken(loop->agent->store)) {
		log_line(LOG_ERROR, "the disk failed to keep what was written; "
				    "ending so that nothing is promised");
		return sd_event_exit(loop->event, EIO);
	}
	if (loop->agent->audit_failed) {
		log_line(LOG_ERROR, "the audit log does not continue what was "
				    "signed; call head office");
		return sd_event_exit(loop->event, EIO);
	}
	sd_event_source_set_time(loop->timer, at < 0 ? 0 : (uint64_t)at * 1000);
	return sd_event_source_set_enabled(loop->timer, SD_EVENT_ONESHOT);
}

static struct err
add_signals(struct loop *loop)
{
	static const int ends[] = { SIGTERM, SIGINT };
	sigset_t mask;
	int rc = 0;

	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		sigaddset(&mask, ends[i]);
	if (sigprocmask(SIG_BLOCK, &mask, NULL) != 0 ||
	    signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return err_sys("loop: signals");
	/* no handler: the signal ends the loop between two events */
	for (size_t i = 0; rc >= 0 && i < sizeof ends / sizeof *ends; i++)
		rc = sd_event_add_signal(
		    loop->event, NULL, ends[i], NULL, NULL);
	return sd_err(rc, "loop: signals");
}

static struct err
add_sources(struct loop *loop)
{
	int rc = sd_event_add_time(
	    loop->event, &loop->timer, CLOCK_BOOTTIME, 0, 1000, on_timer, loop);

	if (rc >= 0)
		rc = sd_event_add_post(loop->event, NULL, on_turn, loop);
	if (rc >= 0)
		rc = sd_event_add_io(loop->event, NULL, loop->listener, EPOLLIN,
		    on_connection, loop);
	if (rc >= 0)
		rc = sd_event_set_watchdog(loop->event, 1);
	return sd_err(rc, "loop: sources");
}

/* ---- start and end ---- */

static void
advise(const struct conf *c, struct err e)
{
	log_err(LOG_ERROR, "cannot serve", e);
	if (e.code == E_EXISTS)
		log_line(LOG_ERROR,
		    "another dasi-agent serves %s; stop it "
		    "first",
		    c->state);
	else if (e.code == E_CORRUPT)
		log_line(LOG_ERROR,
		    "%s/dasi.db is damaged or not ours and was "
		    "left as it is: copy the folder, then "
		    "restore a backup or call head office; do "
		    "not delete it",
		    c->state);
	else if (e.code == E_MISMATCH)
		log_line(LOG_ERROR,
		    "%s/dasi.db belongs to another branch or "
		    "device key; check branch and device_key "
		    "in dasi.conf",
		    c->state);
	else if (e.code == E_UNSUPPORTED)
		log_line(LOG_ERROR,
		    "%s/dasi.db was written by a newer dasi; "
		    "install that version",
		    c->state);
	else if (e.code == E_FULL)
		log_line(LOG_ERROR, "no room in %s; free some first", c->state);
}

static struct err
serve(struct loop *loop)
{
	struct err e = add_sources(loop);
	int rc;

	if (err_is(e))
		return e;
	sd_notify(0, "READY=1");
	log_line(LOG_NOTICE, "ready");
	rc = sd_event_loop(loop->event);
	sd_notify(0, "STOPPING=1");
	log_line(LOG_NOTICE, "stopping");
	return rc == 0 ? err_none() : sd_err(rc < 0 ? rc : -rc, "loop: run");
}

struct err
loop_run(const struct conf *conf, const uint8_t device_key[static SEAL_KEY])
{
	struct loop loop = { .conf = conf, .listener = -1 };
	struct ports ports = { clock_system(), watch, unwatch, spawn, &loop };
	struct err e = sd_err(sd_event_default(&loop.event), "loop: event");

	if (!err_is(e))
		e = add_signals(&loop);
	if (!err_is(e))
		e = agent_new(&loop.agent, conf, device_key, &ports);
	if (!err_is(e))
		e = rpc_listen(&loop.listener, conf->socket, 0666);
	if (err_is(e))
		advise(conf, e);
	else
		e = serve(&loop);
	if (loop.listener >= 0) {
		close(loop.listener);
		unlink(conf->socket);
	}
	agent_free(loop.agent);
	sd_event_source_unref(loop.timer);
	sd_event_unref(loop.event);
	return e;
}
