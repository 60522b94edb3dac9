/*
 * handoff/serve.c - one poll(2) over the web server, the agent and signals.
 */
#define _GNU_SOURCE
#include "prog/handoff/serve.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "prog/handoff/jail.h"
#include "prog/handoff/owner.h"
#include "prog/handoff/web.h"

enum { PEM_MAX = 64 * 1024, FD_WEB = 0, FD_SIGNAL, FD_AGENT, FD_COUNT };

struct server {
	struct desk desk;
	struct owner owner;
	struct web *web;
	int signals;
	bool ended;
};

static int64_t
now_ms(void)
{
	return clock_system().mono_ms(NULL);
}

static json_int_t
port_ask(void *ctx, int owner, const char *method, json_t *params)
{
	return owner_ask(&((struct server *)ctx)->owner, method, params);
}

static void
port_tell(void *ctx, int owner, const char *event, json_t *params)
{
	owner_tell(&((struct server *)ctx)->owner, event, params);
}

static void
port_resume(void *ctx, void *asking)
{
	web_resume(((struct server *)ctx)->web, asking);
}

static struct err
watch_signals(struct server *s)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0 ||
	    (s->signals = signalfd(-1, &set, SFD_CLOEXEC)) < 0)
		return err_sys("handoff: signals");
	signal(SIGPIPE, SIG_IGN);
	return err_none();
}

static struct err
read_pem(struct span *out, char *room, const char *path)
{
	struct buf b = buf_make(room, PEM_MAX - 1);
	struct err e = file_read(&b, path);

	room[b.n] = '\0';
	*out = span_make(room, b.n + 1);
	return e;
}

static struct err
start_web(struct server *s, const struct conf *conf)
{
	static char cert[PEM_MAX], key_secret[PEM_MAX];
	struct web_params p = { .listen = conf->handoff_listen,
		.desk = &s->desk,
		.now_ms = now_ms };
	struct err e = read_pem(&p.cert, cert, conf->handoff_cert);

	if (!err_is(e))
		e = read_pem(&p.key, key_secret, conf->handoff_key);
	if (!err_is(e))
		e = web_start(&s->web, &p);
	secret_wipe(key_secret, sizeof key_secret);
	return e;
}

static void
turn(struct server *s)
{
	struct pollfd fds[FD_COUNT] = {
		[FD_WEB] = { web_fd(s->web), POLLIN, 0 },
		[FD_SIGNAL] = { s->signals, POLLIN, 0 },
		[FD_AGENT] = { owner_fd(&s->owner, now_ms()), POLLIN, 0 },
	};

	if (poll(fds, FD_COUNT, web_timeout_ms(s->web)) < 0)
		return;
	if (fds[FD_SIGNAL].revents != 0)
		s->ended = true;
	if (fds[FD_AGENT].revents != 0)
		owner_read(&s->owner, now_ms());
	desk_tick(&s->desk, now_ms());
	web_run(s->web);
}

struct err
serve_local(const struct conf *conf)
{
	static struct server s;
	static char base[CONF_PATH];
	struct desk_port port = { port_ask, port_tell, port_resume, &s };
	struct err e = watch_signals(&s);

	desk_init(&s.desk, &port);
	if (!err_is(e))
		e = start_web(&s, conf);
	if (err_is(e))
		return e;
	if (conf->handoff_base[0] != '\0')
		(void)str_copy(base, sizeof base, conf->handoff_base);
	else /* this machine's, short enough for the QR (HANDOFF_URL_MAX) */
		snprintf(
		    base, sizeof base, "https://127.1:%d", web_port(s.web));
	printf("{\"port\":%d,\"base\":\"%s\"}\n", web_port(s.web), base);
	fflush(stdout);
	owner_init(&s.owner, conf->socket, base, "local", &s.desk);
	(void)sd_notify(0, "READY=1");
	e = jail_enter();
	while (!err_is(e) && !s.ended)
		turn(&s);
	web_stop(s.web);
	desk_end(&s.desk);
	client_drop(&s.owner.client, now_ms());
	close(s.signals);
	return e;
}
