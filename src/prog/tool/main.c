/*
 * dasi - the tool for staff and engineers: one table of subcommands.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "prog/tool/tool.h"

static const struct tool_command commands[] = {
	{ "cert", tool_cert,
	    "dasi cert inspect|verify|passwd|export|vid PATH [options]" },
	{ "audit", tool_audit,
	    "dasi audit verify|prove|checkpoint [DB] [options]" },
	{ "case", tool_case, "dasi case list|show NUMBER [options]" },
	{ "doctor", tool_doctor, "dasi doctor [--json] [--config FILE]" },
};

static int
usage(void)
{
	fputs("usage:\n", stderr);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		fprintf(stderr, "  %s\n", commands[i].usage);
	return TOOL_USAGE;
}

int
main(int argc, char **argv)
{
	struct err e;

	log_open("dasi", LOG_NOTICE);
	e = secret_harden(NULL);
	if (err_is(e)) {
		log_err(LOG_ERROR, "start", e);
		return TOOL_ENVIRONMENT;
	}
	if (argc < 2)
		return usage();
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	return usage();
}
