/*
 * handoff/place.h - "host:port", "[v6]:port": where to listen and whom to
 * call.
 */
#ifndef PROG_HANDOFF_PLACE_H
#define PROG_HANDOFF_PLACE_H

#include <netdb.h>

#include "base/err.h"

enum { PLACE_HOST = 128 };

/*
 * The host alone in `host` and its addresses in *out (freeaddrinfo), names
 * allowed only with `names`.  E_CONFIG for the shape, E_UNREACHABLE when
 * nobody knows the name.  Names may block.
 */
MUST_USE struct err place_resolve(struct addrinfo **out,
    char host[static PLACE_HOST], const char *place, bool names);

/* A listening socket, not blocking, close-on-exec.  E_CONFIG, E_SYS. */
MUST_USE struct err place_listen(int *fd, const char *place);

/* Its port, 0 when there is none. */
int place_port(int fd);

#endif
