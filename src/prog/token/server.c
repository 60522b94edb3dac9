/*
 * token/server.c - one job after the other, for one agent.
 *
 * A job blocks: while a token works and while its certificate waits for the
 * decision nothing else is to be done with it.  A signal ends the connection,
 * and with it the job, as if the agent had gone.
 */
#include "prog/token/server.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"
#include "prog/token/jobs.h"
#include "rpc/rpc.h"

enum { RETRY_FIRST_MS = 100, RETRY_MOST_MS = 5000, HELLO_MS = 10000 };

static volatile sig_atomic_t ending, connection = -1;

static void
on_signal(int number)
{
	ending = 1;
	if (connection >= 0)
		(void)shutdown(connection, SHUT_RDWR);
}

static struct err
catch_signals(void)
{
	struct sigaction act = { .sa_handler = on_signal };

	sigemptyset(&act.sa_mask);
	if (sigaction(SIGTERM, &act, NULL) != 0 ||
	    sigaction(SIGINT, &act, NULL) != 0 ||
	    signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return err_sys("token: signals");
	return err_none();
}

static struct err
say_hello(struct port *port)
{
	char code[PORT_CODE];
	json_t *welcome = NULL;
	struct err e = port_ask(port, "hello",
	    json_pack("{s:s,s:s}", "role", "token", "terminal", ""),
	    port_now_ms() + HELLO_MS, &welcome, code);

	json_decref(welcome);
	if (e.code == E_REFUSED)
		log_line(LOG_ERROR, "agent: hello refused: %s", code);
	return e;
}

/* Until the agent has gone. */
static void
serve(struct module *m, struct port *port)
{
	struct err e = say_hello(port);

	if (!err_is(e))
		log_line(LOG_INFO, "agent: connected");
	while (!err_is(e) && !ending) {
		struct request r;

		e = port_next(port, &r, PORT_NO_LIMIT);
		if (!err_is(e))
			e = jobs_run(m, port, &r);
		secret_wipe_stack();
	}
	if (e.code != E_GONE && !ending)
		log_err(LOG_WARNING, "agent", e);
}

static void
connect_and_serve(struct module *m, const char *path, int *retry_ms)
{
	struct port port = { .sock = -1 };
	struct err e = rpc_connect(&port.sock, path);

	if (err_is(e)) {
		if (*retry_ms == RETRY_FIRST_MS)
			log_err(LOG_NOTICE, "agent", e);
		*retry_ms *= *retry_ms < RETRY_MOST_MS ? 2 : 1;
		return;
	}
	connection = port.sock;
	*retry_ms = RETRY_FIRST_MS;
	if (!ending)
		serve(m, &port);
	connection = -1;
	close(port.sock);
}

struct err
server_run(const struct conf *conf)
{
	struct module m;
	int retry_ms = RETRY_FIRST_MS;
	struct err e = catch_signals();

	if (!err_is(e))
		e = module_open(&m, conf->token_module);
	if (err_is(e))
		return e;
	sd_notify(0, "READY=1");
	while (!ending) {
		connect_and_serve(&m, conf->socket, &retry_ms);
		if (!ending)
			(void)poll(NULL, 0, retry_ms);
	}
	sd_notify(0, "STOPPING=1");
	module_close(&m);
	return err_none();
}
