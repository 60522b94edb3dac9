/*
 * print/main.c - dasi-print: slips and forms, nothing else.
 *
 * It has no database, no key and no person's number; what it prints comes
 * masked from the agent and is looked over once more before it is ink.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "conf/conf.h"
#include "prog/print/server.h"

enum { EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

static int
failed(const char *what, struct err e)
{
	log_err(LOG_ERROR, what, e);
	return EXIT_ENVIRONMENT;
}

int
main(int argc, char **argv)
{
	static struct conf conf;
	char message[CONF_MESSAGE];
	struct err e = secret_harden(NULL);

	log_open("dasi-print", LOG_INFO);
	if (err_is(e))
		return failed("hardening", e);
	if (argc != 1 && (argc != 3 || strcmp(argv[1], "--config") != 0)) {
		fprintf(stderr, "usage: dasi-print [--config FILE]\n");
		return EXIT_USAGE;
	}
	e = conf_load(&conf, conf_path(argc == 3 ? argv[2] : NULL), message);
	if (err_is(e)) {
		fprintf(stderr, "dasi-print: %s\n", message);
		return EXIT_ENVIRONMENT;
	}
	e = server_run(&conf);
	return err_is(e) ? failed("ended", e) : 0;
}
