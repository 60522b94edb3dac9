/*
 * net/http.h - one HTTP exchange by libcurl, in a child that ends after it.
 *
 * http and https only, no redirect, no proxy, no cookie; a body over the limit
 * or an answer over time ends the exchange.
 */
#ifndef PROG_NET_HTTP_H
#define PROG_NET_HTTP_H

#include "base/err.h"
#include "base/span.h"

enum { HTTP_BODY_MAX = 256 * 1024, HTTP_URL = 768, HTTP_TYPE = 64 };

struct http_ask {
	const char *url;
	const char *type; /* of the body; NULL: a GET without one */
	struct span body;
	int timeout_ms;
	const char *peer_ca; /* PEM file for https, "" for the system's */
	/* `peer_ca` must be given, and no byte may go out twice */
	bool strict;
	int silence_ms; /* at most this long without a byte; 0: no limit */
	/* The body of a 200 as it arrives, instead of into the answer; false
	 * ends the exchange.  May be NULL. */
	bool (*piece)(void *ctx, struct span data);
	void *ctx;
};

struct http_answer {
	long status;	      /* 100..599 */
	bool sent;	      /* a byte of the request may have gone out */
	char type[HTTP_TYPE]; /* without parameters, lower case */
	size_t n;
	uint8_t body[HTTP_BODY_MAX];
};

/* Once in the parent, before any child.  E_SYS. */
MUST_USE struct err http_init(void);

/*
 * Perform it.  Any status is an answer.  E_UNREACHABLE when nobody is there or
 * TLS does not verify, E_TIMEOUT, E_LIMIT when the body is too large (or piece
 * ended it), E_GONE when the connection broke, E_PROTOCOL for what is no HTTP,
 * E_CONFIG without the CA that strict asks for.  Blocks.
 */
MUST_USE struct err http_perform(
    struct http_answer *out, const struct http_ask *ask);

#endif
