/*
 * handoff/serve.c - the loops: phones and an agent, phones and branches, an
 * agent and the relay.
 */
#define _GNU_SOURCE
#include "prog/handoff/serve.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "prog/handoff/hub.h"
#include "prog/handoff/jail.h"
#include "prog/handoff/owner.h"
#include "prog/handoff/start.h"
#include "prog/handoff/uplink.h"
#include "prog/handoff/watcher.h"
#include "prog/handoff/web.h"

enum { FD_SIGNAL, FD_WEB, FD_LIST, FD_OWNER, FD_COUNT = FD_OWNER + HUB_FDS };
enum { LAPSE_LOOK_MS = 10000 };

/* Phones on one side; an agent or branches on the other. */
struct server {
	struct desk desk;
	struct owner owner;
	struct hub hub;
	struct web *web;
	char base[CONF_PATH];
	struct watcher watcher; /* of the revocation list */
	int signals;
	bool relay, ended, lapsed, unwatched;
};

static json_int_t
port_ask(void *ctx, int owner, const char *method, json_t *params)
{
	struct server *s = ctx;

	return s->relay ? hub_ask(&s->hub, owner, method, params)
			: owner_ask(&s->owner, method, params);
}

static void
port_tell(void *ctx, int owner, const char *event, json_t *params)
{
	struct server *s = ctx;

	if (s->relay)
		hub_tell(&s->hub, owner, event, params);
	else
		owner_tell(&s->owner, event, params);
}

static void
port_resume(void *ctx, void *asking)
{
	web_resume(((struct server *)ctx)->web, asking);
}

static struct err
start_web(struct server *s, const char *listen, const char *cert,
    const char *key, const char *base)
{
	static struct start_pem pem;
	struct web_params p = {
		.listen = listen, .desk = &s->desk, .now_ms = start_now_ms
	};
	struct err e = start_pem_read(&pem, cert, key, NULL);

	p.cert = pem.cert;
	p.key = pem.key;
	if (!err_is(e))
		e = web_start(&s->web, &p);
	start_pem_wipe(&pem);
	if (err_is(e))
		return e;
	if (base[0] != '\0')
		(void)str_copy(s->base, sizeof s->base, base);
	else /* this machine's, short enough for the QR (HANDOFF_URL_MAX) */
		snprintf(s->base, sizeof s->base, "https://127.1:%d",
		    web_port(s->web));
	return e;
}

/* ---- the revocation list ---- */

/* It is whole before the first branch comes; afterwards the watcher tells. */
static struct err
start_list(struct server *s, const struct conf *conf, struct span ca)
{
	static char room[REVOKED_MAX];
	struct buf b = buf_make(room, sizeof room - 1);
	struct err e;

	if (conf->relay_crl[0] == '\0')
		return err_none();
	e = revoked_start(&s->hub.revoked, ca);
	if (!err_is(e))
		e = file_read(&b, conf->relay_crl);
	if (!err_is(e))
		e = revoked_take(&s->hub.revoked, span_make(room, b.n + 1));
	return e;
}

static void
hear(struct server *s)
{
	struct span list;
	enum watcher_news news;
	struct err e;

	while ((news = watcher_hear(&s->watcher, &list)) != WATCHER_NOTHING) {
		if (news == WATCHER_LOST) {
			log_line(LOG_ERROR, "nobody watches the revocation "
					    "list any more: started again");
			s->ended = s->unwatched = true;
			return;
		}
		e = news == WATCHER_UNREAD
			? err_make(E_NOTFOUND, 0, "relay: crl")
			: revoked_take(&s->hub.revoked, list);
		if (err_is(e))
			log_err(LOG_ERROR,
			    "revocation list, the one before is kept", e);
		else
			hub_recheck(&s->hub, start_now_ms());
	}
}

/* Who is here goes, when it is too old to say that they may be. */
static void
look_lapsed(struct server *s)
{
	bool lapsed = revoked_lapsed(
	    &s->hub.revoked, clock_system().wall_ms(NULL) / 1000);

	if (lapsed && !s->lapsed) {
		log_line(LOG_ERROR, "the revocation list is out of date: no "
				    "branch may come");
		hub_recheck(&s->hub, start_now_ms());
	}
	s->lapsed = lapsed;
}

static struct err
start_hub(struct server *s, const struct conf *conf)
{
	static struct start_pem pem;
	struct err e = start_pem_read(&pem, conf->relay_branch_cert,
	    conf->relay_branch_key, conf->relay_ca);

	s->hub.desk = &s->desk;
	s->hub.base = s->base;
	if (!err_is(e))
		e = hub_start(
		    &s->hub, conf->relay_branches, pem.cert, pem.key, pem.ca);
	if (!err_is(e))
		e = start_list(s, conf, pem.ca);
	start_pem_wipe(&pem);
	return e;
}

static void
turn(struct server *s)
{
	static struct pollfd fds[FD_COUNT];
	int wait = web_timeout_ms(s->web);
	nfds_t count = FD_OWNER + 1;

	fds[FD_SIGNAL] = (struct pollfd){ s->signals, POLLIN, 0 };
	fds[FD_WEB] = (struct pollfd){ web_fd(s->web), POLLIN, 0 };
	fds[FD_LIST] = (struct pollfd){ s->watcher.fd, POLLIN, 0 };
	if (s->relay) {
		wait = hub_watch(&s->hub, fds + FD_OWNER, wait);
		if (s->hub.revoked.wanted && (wait < 0 || wait > LAPSE_LOOK_MS))
			wait = LAPSE_LOOK_MS;
		count = FD_COUNT;
	} else {
		fds[FD_OWNER] = (struct pollfd){
			owner_fd(&s->owner, start_now_ms()), POLLIN, 0
		};
	}
	if (poll(fds, count, wait) < 0)
		return;
	if (fds[FD_SIGNAL].revents != 0)
		s->ended = true;
	if (fds[FD_LIST].revents != 0)
		hear(s);
	if (s->relay) {
		look_lapsed(s);
		hub_run(&s->hub, fds + FD_OWNER, start_now_ms());
	} else if (fds[FD_OWNER].revents != 0) {
		owner_read(&s->owner, start_now_ms());
	}
	desk_tick(&s->desk, start_now_ms());
	web_run(s->web);
}

/* Phones that wait get their answer: it is over. */
static struct err
run(struct server *s, const struct jail *jail)
{
	struct err e;

	fflush(stdout);
	(void)sd_notify(0, "READY=1");
	e = jail_enter(jail);
	while (!err_is(e) && !s->ended)
		turn(s);
	desk_close(&s->desk, start_now_ms());
	web_run(s->web);
	if (!err_is(e) && s->unwatched)
		e = err_make(E_SYS, 0, "relay: watcher");
	return e;
}

static void
stop(struct server *s)
{
	web_stop(s->web);
	desk_end(&s->desk);
	if (s->relay)
		hub_stop(&s->hub);
	else
		client_drop(&s->owner.client, start_now_ms());
	watcher_stop(&s->watcher);
	close(s->signals);
}

struct err
serve_local(const struct conf *conf)
{
	static struct server s;
	static const struct jail jail = { .descriptors = 64, .local = true };
	struct desk_port port = { port_ask, port_tell, port_resume, &s };
	struct err e = start_signals(&s.signals);

	s.watcher.fd = -1;
	desk_init(&s.desk, &port);
	if (!err_is(e))
		e = start_web(&s, conf->handoff_listen, conf->handoff_cert,
		    conf->handoff_key, conf->handoff_base);
	if (err_is(e))
		return e;
	owner_init(&s.owner, conf->socket, s.base, "local", &s.desk);
	printf("{\"port\":%d,\"base\":\"%s\"}\n", web_port(s.web), s.base);
	e = run(&s, &jail);
	stop(&s);
	return e;
}

struct err
serve_relay(const struct conf *conf)
{
	static struct server s = { .relay = true };
	static const struct jail jail = { .descriptors = 256 };
	struct desk_port port = { port_ask, port_tell, port_resume, &s };
	struct err e = err_none();

	s.watcher.fd = -1;
	/* before anything secret is read: the watcher shall not have it */
	if (conf->relay_crl[0] != '\0')
		e = watcher_start(&s.watcher);
	if (s.watcher.child)
		return watcher_run(&s.watcher, conf->relay_crl);
	if (!err_is(e))
		e = start_signals(&s.signals);
	desk_init(&s.desk, &port);
	if (!err_is(e))
		e = start_web(&s, conf->relay_listen, conf->relay_cert,
		    conf->relay_key, conf->relay_base);
	if (!err_is(e)) {
		e = start_hub(&s, conf);
		if (!err_is(e)) {
			printf("{\"port\":%d,\"branches\":%d,\"base\":\"%s\"}"
			       "\n",
			    web_port(s.web), hub_port(&s.hub), s.base);
			e = run(&s, &jail);
		}
		stop(&s);
	}
	return e;
}

struct err
serve_branch(const struct conf *conf)
{
	static struct uplink u;
	static struct start_pem pem;
	static const struct jail jail = {
		.descriptors = 32, .local = true, .internet = true
	};
	struct pollfd fds[1 + UPLINK_FDS];
	int signals = -1;
	struct err e = start_pem_read(
	    &pem, conf->handoff_cert, conf->handoff_key, conf->handoff_ca);

	if (!err_is(e))
		e = uplink_start(
		    &u, conf, pem.cert, pem.key, pem.ca, start_now_ms());
	start_pem_wipe(&pem);
	if (!err_is(e))
		e = start_signals(&signals);
	if (!err_is(e)) {
		(void)sd_notify(0, "READY=1");
		e = jail_enter(&jail);
	}
	fds[0] = (struct pollfd){ signals, POLLIN, 0 };
	while (!err_is(e) && fds[0].revents == 0) {
		int wait = uplink_watch(&u, fds + 1, start_now_ms());
		if (poll(fds, 1 + UPLINK_FDS, wait) < 0)
			continue;
		uplink_run(&u, fds + 1, start_now_ms());
		if (uplink_tired(&u, start_now_ms()))
			e = err_make(E_UNREACHABLE, 0, "handoff: relay");
	}
	uplink_stop(&u);
	if (signals >= 0)
		close(signals);
	return e;
}
