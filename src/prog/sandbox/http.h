/*
 * sandbox/http.h - the HTTP server around the peers (libmicrohttpd).
 *
 * One thread per connection, so that a delayed answer holds up nobody else;
 * the peers themselves run one at a time under the sandbox's lock.
 */
#ifndef SANDBOX_HTTP_H
#define SANDBOX_HTTP_H

#include "sandbox.h"
#include "tls.h"

struct http;

/*
 * Listen on 127.0.0.1, on `port` or, when it is 0, any free one; *port gets
 * the number.  The caller owns *fd.  E_EXISTS when the port is taken; E_SYS.
 */
MUST_USE struct err http_listen(int *fd, uint16_t *port);

/*
 * Serve on `fd` and, under TLS, on `tls_fd`; both are taken over on success.
 * Everything is served on both.  E_NOMEM, E_SYS.
 */
MUST_USE struct err http_start(struct http **out, struct sandbox *sb, int fd,
    int tls_fd, const struct tls *tls);

/* End all connections, also those whose answer is delayed. */
void http_stop(struct http *h);

#endif
