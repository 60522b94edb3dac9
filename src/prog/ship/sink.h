/*
 * ship/sink.h - head office's PostgreSQL, the only user of libpq here.
 *
 * One connection over TLS with the server's name checked, statements prepared
 * once, arrays in binary, never blocking longer than the waiter allows.
 */
#ifndef SHIP_SINK_H
#define SHIP_SINK_H

#include "prog/ship/ports.h"
#include "prog/ship/wait.h"

enum { SINK_CONNECT_MS = 15000, SINK_ANSWER_MS = 60000 };

struct sink;

/*
 * `conninfo` is borrowed.  Does not connect.  E_CONFIG: libpq does not
 * understand it, or it does not say sslmode=verify-full; E_NOMEM.  The caller
 * closes *out.
 */
MUST_USE struct err sink_open(
    struct sink **out, struct waiter *wait, const char *conninfo);
void sink_close(struct sink *s); /* NULL is fine */

struct ship_sink sink_port(struct sink *s);

#endif
