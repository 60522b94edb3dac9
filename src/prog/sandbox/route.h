/*
 * sandbox/route.h - from an HTTP request to an answer, without sockets.
 */
#ifndef SANDBOX_ROUTE_H
#define SANDBOX_ROUTE_H

#include "sandbox.h"

struct request {
	const char *method; /* "GET", "POST", others are refused */
	const char *path;
	const char *type; /* Content-Type, or "" */
	struct span body;
};

/*
 * Answer one request, with the fault that is due for it.  Takes the lock.  The
 * reply is zeroed first; the caller frees it.
 */
void route(struct sandbox *sb, const struct request *r, struct reply *out);

#endif
