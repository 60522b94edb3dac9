/*
 * sandbox/http.h - the HTTP server around the peers (libmicrohttpd).
 *
 * One thread per connection, so that a delayed answer holds up nobody else;
 * the peers themselves run one at a time under the sandbox's lock.
 */
#ifndef SANDBOX_HTTP_H
#define SANDBOX_HTTP_H

#include "sandbox.h"

struct http;

/*
 * Listen on 127.0.0.1, on `port` or, when it is 0, any free one; *port gets
 * the number.  The caller owns *fd.  E_EXISTS when the port is taken; E_SYS.
 */
MUST_USE struct err http_listen(int *fd, uint16_t *port);

/* Serve on `fd`, which is taken over on success.  E_NOMEM, E_SYS. */
MUST_USE struct err http_start(struct http **out, struct sandbox *sb, int fd);

/* End all connections, also those whose answer is delayed. */
void http_stop(struct http *h);

#endif
