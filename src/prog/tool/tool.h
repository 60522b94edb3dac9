/*
 * prog/tool/tool.h - what the subcommands of `dasi` share.
 *
 * A subcommand is one row in main.c's table and one or more files here.  It
 * gets argv from its own name on and returns an exit code.  It fills a JSON
 * object; tool_show prints that as JSON or as plain lines.
 */
#ifndef TOOL_TOOL_H
#define TOOL_TOOL_H

#include <stdbool.h>

#include <jansson.h>

#include "base/err.h"

enum tool_exit {
	TOOL_GOOD,
	TOOL_FINDING, /* looked at, and something is wrong with it */
	TOOL_USAGE,
	TOOL_ENVIRONMENT /* could not look: file, memory, terminal */
};

struct tool_command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *usage; /* the lines after "usage:", or one line */
};

/* cert.c */
int tool_cert(int argc, char **argv);

/* audit.c */
int tool_audit(int argc, char **argv);

/* doctor.c */
int tool_doctor(int argc, char **argv);

/* case.c */
int tool_case(int argc, char **argv);

/* Print text that may hold control bytes: those become '?'. */
void tool_print_text(const char *s);

/* Print `out` to stdout: --json as one line, else as "key: value" lines. */
MUST_USE struct err tool_show(json_t *out, bool json);

/* Add "error" to `out` for a failure. */
void tool_add_error(json_t *out, struct err e);

/* Which exit code an error means. */
enum tool_exit tool_exit_of(struct err e);

#endif
