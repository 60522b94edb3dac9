/*
 * net/children.h - the exchanges under way, one forked process each.
 *
 * A hostile answer can at worst kill the child that reads it; the parent then
 * answers in its place.
 */
#ifndef PROG_NET_CHILDREN_H
#define PROG_NET_CHILDREN_H

#include <jansson.h>
#include <signal.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "conf/conf.h"

enum { CHILDREN_MAX = 16, CHILDREN_METHOD = 32, CHILDREN_GRACE_MS = 3000 };

struct child {
	pid_t pid; /* 0: a free place */
	json_int_t id;
	char method[CHILDREN_METHOD];
	int64_t deadline_ms;
	bool late; /* killed for its time */
};

struct children {
	struct child list[CHILDREN_MAX];
	size_t count;
};

/*
 * Fork a child that carries out this request and answers on `sock` itself,
 * with the signals of `mask` unblocked.  E_FULL without a place; E_SYS.
 */
MUST_USE struct err children_start(struct children *c, const struct conf *conf,
    int sock, const json_t *request, const sigset_t *mask);

/* Collect those that ended; answer on `sock` (-1: do not) for those that did
 * not answer themselves. */
void children_reap(struct children *c, int sock);

/* Kill those past their time.  The milliseconds until the next one's, or -1. */
int children_expire(struct children *c);

/* Kill and collect all, without answers. */
void children_end(struct children *c);

#endif
