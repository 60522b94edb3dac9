/*
 * handoff/web.h - the phone's side: HTTPS by libmicrohttpd in the loop's own
 * thread.  Small bodies, few connections, the same answer for every unknown.
 */
#ifndef PROG_HANDOFF_WEB_H
#define PROG_HANDOFF_WEB_H

#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "prog/handoff/desk.h"

enum {
	WEB_CONNECTIONS = 16,
	WEB_PER_ADDRESS = 4,
	WEB_WHOLE_MS = 10000, /* a request, from the connection to its answer */
	WEB_CROWDED_MS = 3000 /* the same when all places are taken */
};

struct web;

struct web_params {
	const char *listen;    /* "127.0.0.1:8443"; port 0: any */
	struct span cert, key; /* PEM, NUL-terminated */
	struct desk *desk;
	int64_t (*now_ms)(void);
};

/* E_CONFIG for an address, certificate or key that will not do; E_SYS. */
MUST_USE struct err web_start(struct web **out, const struct web_params *p);
void web_stop(struct web *w);

/* Readable when web_run() has something to do; how long it may wait, ms. */
int web_fd(const struct web *w);
int web_timeout_ms(const struct web *w);
void web_run(struct web *w);
int web_port(const struct web *w);

/* desk_port.resume: the request `asking` goes on. */
void web_resume(struct web *w, void *asking);

#endif
