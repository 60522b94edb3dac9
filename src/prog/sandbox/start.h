/*
 * sandbox/start.h - from a command line to a serving sandbox.
 */
#ifndef SANDBOX_START_H
#define SANDBOX_START_H

#include "http.h"
#include "smtp.h"

struct options {
	const char *dir;
	const char *people; /* NULL: the shipped ones */
	uint16_t port;	    /* 0: the last one if free, else any */
	int confirm_wait_s;
	bool van; /* cards by the VAN, not by the terminal */
};

/* What listens. */
struct servers {
	struct http *http;
	struct smtp_server *smtp;
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
    struct sandbox *sb, struct servers *s, const struct options *o);

/* End everything, also what a failed start left. */
void stop(struct sandbox *sb, struct servers *s);

#endif
