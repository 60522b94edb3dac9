/*
 * ship/main.c - dasi-ship: carries the audit log to head office.
 *
 * It holds no database and no key; rows come from the agent, go to PostgreSQL
 * over TLS, and what head office cosigned goes back.  --once ships all there
 * is: 0 shipped, 1 head office refuses it, 2 usage, 3 not reached or unfit.
 */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <systemd/sd-daemon.h>

#include "base/log.h"
#include "base/secret.h"
#include "conf/conf.h"
#include "prog/ship/agent.h"
#include "prog/ship/loop.h"
#include "prog/ship/sink.h"

enum { EXIT_GOOD, EXIT_FINDING, EXIT_USAGE, EXIT_ENVIRONMENT };

static struct batch batches[2];

static uint64_t
random64(void *ctx)
{
	uint64_t v = 0;

	/* without it all branches would come back at once: no secret */
	if (getrandom(&v, sizeof v, 0) != (ssize_t)sizeof v)
		v = (uint64_t)clock_system().mono_ms(NULL);
	return v;
}

static int
ship_once(struct ship *ship)
{
	struct err e = ship_pass(ship);

	if (!err_is(e))
		return EXIT_GOOD;
	log_err(LOG_ERROR, "shipment", e);
	return e.code == E_MISMATCH || e.code == E_REFUSED ||
		       e.code == E_PROTOCOL || e.code == E_FORMAT ||
		       e.code == E_CRYPTO || e.code == E_STATE
		   ? EXIT_FINDING
		   : EXIT_ENVIRONMENT;
}

static int
ship_forever(struct ship *ship, struct waiter *wait)
{
	struct ship_loop loop = {
		.ship = ship, .clock = wait->clock, .random = random64
	};
	enum err_code last = E_NONE;
	int64_t wait_ms;

	ship_loop_begin(&loop);
	while (!wait->ended) {
		struct err e = ship_loop_turn(&loop, &wait_ms);

		/* a line per kind of trouble, not one per try */
		if (err_is(e) && e.code != last && !wait->ended)
			log_err(LOG_WARNING, "shipment", e);
		else if (!err_is(e) && last != E_NONE)
			log_line(LOG_NOTICE, "shipping again");
		last = e.code;
		e = waiter_wait(wait, -1, 0, waiter_after(wait, wait_ms));
		if (err_is(e) && e.code == E_SYS)
			return EXIT_ENVIRONMENT;
	}
	return EXIT_GOOD;
}

static int
run(const struct conf *conf, bool once)
{
	struct waiter wait = { .signals = -1 };
	struct sink *sink = NULL;
	struct agent agent;
	struct ship ship = { .batch = &batches[0], .next = &batches[1] };
	int status = EXIT_ENVIRONMENT;
	struct err e = note_key_parse(
	    &ship.cosigner, span_str(conf->ship_cosign_key));

	if (!err_is(e))
		e = waiter_open(&wait);
	if (!err_is(e))
		e = sink_open(&sink, &wait, conf->ship_conninfo);
	if (err_is(e)) {
		log_err(LOG_ERROR, "section ship of dasi.conf", e);
	} else {
		ship.source = agent_source(&agent, &wait, conf->socket);
		ship.sink = sink_port(sink);
		(void)sd_notify(0, "READY=1");
		status = once ? ship_once(&ship) : ship_forever(&ship, &wait);
		agent_close(&agent);
	}
	sink_close(sink);
	waiter_close(&wait);
	return status;
}

int
main(int argc, char **argv)
{
	static struct conf conf;
	char message[CONF_MESSAGE];
	const char *path = NULL;
	bool once = false;
	struct err e = secret_harden(NULL);

	log_open("dasi-ship", LOG_NOTICE);
	if (err_is(e)) {
		log_err(LOG_ERROR, "harden", e);
		return EXIT_ENVIRONMENT;
	}
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--once") == 0) {
			once = true;
		} else if (strcmp(argv[i], "--config") == 0 && i + 1 < argc) {
			path = argv[++i];
		} else {
			fprintf(stderr,
			    "usage: dasi-ship [--config FILE] [--once]\n");
			return EXIT_USAGE;
		}
	}
	e = conf_load(&conf, conf_path(path), message);
	if (err_is(e)) {
		fprintf(stderr, "dasi-ship: %s\n", message);
		return EXIT_ENVIRONMENT;
	}
	return run(&conf, once);
}
