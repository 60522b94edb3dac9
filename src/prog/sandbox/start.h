/*
 * sandbox/start.h - from a command line to a serving sandbox.
 */
#ifndef SANDBOX_START_H
#define SANDBOX_START_H

#include "http.h"

struct options {
	const char *dir;
	const char *people; /* NULL: the shipped ones */
	uint16_t port;	    /* 0: the last one if free, else any */
	int confirm_wait_s;
};

enum { START_USAGE = 512 };

/* False, and one sentence in `why`, for a command line we do not take. */
bool options_parse(
    struct options *o, int argc, char **argv, char why[static START_USAGE]);

/*
 * Open the folder, listen, write peers.conf, print the line of endpoints on
 * stdout and serve.  What goes wrong is logged.  Blocks.
 */
MUST_USE struct err start(
    struct sandbox *sb, struct http **http, const struct options *o);

/* End everything, also what a failed start left.  `http` may be NULL. */
void stop(struct sandbox *sb, struct http *http);

#endif
