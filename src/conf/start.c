/*
 * conf/start.c - see the header.
 */
#include "conf/start.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"

int
conf_start(struct conf *c, const char *program, enum log_level level, int argc,
    char **argv)
{
	bool given = argc == 3 && strcmp(argv[1], "--config") == 0;
	char message[CONF_MESSAGE];
	struct err e = secret_harden(NULL);

	log_open(program, level);
	if (err_is(e)) {
		log_err(LOG_ERROR, "hardening", e);
		return EXIT_ENVIRONMENT;
	}
	if (argc != 1 && !given) {
		fprintf(stderr, "usage: %s [--config FILE]\n", program);
		return EXIT_USAGE;
	}
	e = conf_load(c, conf_path(given ? argv[2] : NULL), message);
	if (err_is(e)) {
		log_line(LOG_ERROR, "%s", message);
		return EXIT_ENVIRONMENT;
	}
	return EXIT_GOOD;
}
