/*
 * handoff/main.c - dasi-handoff: the page that phones open, here at the branch
 * or, with --relay, at head office for many branches.  Ends with 0 on SIGTERM,
 * 2 on bad usage, 3 when its surroundings are unfit.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "conf/conf.h"
#include "prog/handoff/serve.h"

enum { EXIT_GOOD, EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

static struct err
serve(const struct conf *conf, bool relay)
{
	if (relay)
		return serve_relay(conf);
	if (strcmp(conf->handoff, "relay") == 0)
		return serve_branch(conf);
	return serve_local(conf);
}

int
main(int argc, char **argv)
{
	static struct conf conf;
	char message[CONF_MESSAGE];
	const char *path = NULL;
	bool relay = false;
	struct err e;

	log_open("dasi-handoff", LOG_NOTICE);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--relay") == 0) {
			relay = true;
		} else if (strcmp(argv[i], "--config") == 0 && i + 1 < argc) {
			path = argv[++i];
		} else {
			fprintf(stderr, "usage: dasi-handoff [--relay] "
					"[--config FILE]\n");
			return EXIT_USAGE;
		}
	}
	e = secret_harden(NULL);
	if (err_is(e)) {
		log_err(LOG_ERROR, "harden", e);
		return EXIT_ENVIRONMENT;
	}
	e = relay ? conf_load_relay(&conf, conf_path(path), message)
		  : conf_load(&conf, conf_path(path), message);
	if (err_is(e)) {
		fprintf(stderr, "dasi-handoff: %s\n", message);
		return EXIT_ENVIRONMENT;
	}
	e = serve(&conf, relay);
	if (err_is(e)) {
		log_err(LOG_ERROR, "handoff", e);
		return EXIT_ENVIRONMENT;
	}
	return EXIT_GOOD;
}
