/*
 * print/main.c - dasi-print: slips and forms, nothing else.
 *
 * It has no database, no key and no person's number; what it prints comes
 * masked from the agent and is looked over once more before it is ink.
 */
#include "base/log.h"
#include "conf/start.h"
#include "prog/print/server.h"

int
main(int argc, char **argv)
{
	static struct conf conf;
	int status = conf_start(&conf, "dasi-print", LOG_INFO, argc, argv);
	struct err e;

	if (status != EXIT_GOOD)
		return status;
	e = server_run(&conf);
	if (err_is(e)) {
		log_err(LOG_ERROR, "ended", e);
		return EXIT_ENVIRONMENT;
	}
	return EXIT_GOOD;
}
