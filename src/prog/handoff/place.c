/*
 * handoff/place.c - getaddrinfo(3) and listen(2).
 */
#define _GNU_SOURCE
#include "prog/handoff/place.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct err
place_resolve(struct addrinfo **out, char host[static PLACE_HOST],
    const char *place, bool names)
{
	struct addrinfo hints = {
		.ai_flags = AI_NUMERICSERV |
			    (names ? 0 : AI_PASSIVE | AI_NUMERICHOST),
		.ai_socktype = SOCK_STREAM
	};
	const char *colon = strrchr(place, ':');
	size_t n = colon == NULL ? 0 : (size_t)(colon - place);

	*out = NULL;
	if (n > 2 && place[0] == '[' && place[n - 1] == ']') {
		place++;
		n -= 2;
	}
	if (n == 0 || n >= PLACE_HOST)
		return err_make(E_CONFIG, 0, "handoff: address");
	memcpy(host, place, n);
	host[n] = '\0';
	switch (getaddrinfo(host, colon + 1, &hints, out)) {
	case 0:
		return err_none();
	case EAI_AGAIN:
	case EAI_FAIL:
		return err_make(E_UNREACHABLE, 0, "handoff: name");
	default:
		return err_make(
		    names ? E_UNREACHABLE : E_CONFIG, 0, "handoff: address");
	}
}

struct err
place_listen(int *fd, const char *place)
{
	char host[PLACE_HOST];
	struct addrinfo *at = NULL;
	struct err e = place_resolve(&at, host, place, false);
	int one = 1;

	*fd = -1;
	if (err_is(e))
		return e;
	*fd = socket(
	    at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (*fd < 0 ||
	    setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
	    bind(*fd, at->ai_addr, at->ai_addrlen) != 0 ||
	    listen(*fd, SOMAXCONN) != 0)
		e = err_sys("handoff: listen");
	freeaddrinfo(at);
	return e;
}

int
place_port(int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} at = { 0 };
	socklen_t n = sizeof at;

	if (fd < 0 || getsockname(fd, &at.any, &n) != 0)
		return 0;
	return ntohs(
	    at.any.sa_family == AF_INET6 ? at.v6.sin6_port : at.v4.sin_port);
}
