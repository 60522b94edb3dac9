/*
 * handoff/main.c - dasi-handoff: the page that phones open, here at the
 * branch.  Ends with 0 on SIGTERM, 2 on bad usage, 3 when its surroundings
 * are unfit.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "conf/conf.h"
#include "prog/handoff/serve.h"

enum { EXIT_GOOD, EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

int
main(int argc, char **argv)
{
	static struct conf conf;
	char message[CONF_MESSAGE];
	bool given = argc == 3 && strcmp(argv[1], "--config") == 0;
	struct err e;

	log_open("dasi-handoff", LOG_NOTICE);
	if (argc != 1 && !given) {
		fprintf(stderr, "usage: dasi-handoff [--config FILE]\n");
		return EXIT_USAGE;
	}
	e = secret_harden(NULL);
	if (err_is(e)) {
		log_err(LOG_ERROR, "harden", e);
		return EXIT_ENVIRONMENT;
	}
	e = conf_load(&conf, conf_path(given ? argv[2] : NULL), message);
	if (err_is(e)) {
		fprintf(stderr, "dasi-handoff: %s\n", message);
		return EXIT_ENVIRONMENT;
	}
	e = serve_local(&conf);
	if (err_is(e)) {
		log_err(LOG_ERROR, "handoff", e);
		return EXIT_ENVIRONMENT;
	}
	return EXIT_GOOD;
}
