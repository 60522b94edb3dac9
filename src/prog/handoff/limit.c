/*
 * handoff/limit.c - a bucket of tokens for each address, /64 for IPv6.  The
 * stalest bucket gives way: it is full again anyway.
 */
#include "prog/handoff/limit.h"

#include <netinet/in.h>
#include <string.h>

enum { FULL = LIMIT_BURST * 1000, ONE = 1000 };

static uint64_t
network(const struct sockaddr *from)
{
	uint64_t n = 0;

	if (from->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)from;
		n = (uint64_t)in->sin_addr.s_addr | 1ull << 32;
	} else if (from->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in = (const void *)from;
		memcpy(&n, &in->sin6_addr, sizeof n);
	}
	return n == 0 ? 1 : n;
}

/* The bucket of `from` as full as it is now. */
static struct limit_row *
bucket(struct limit *l, const struct sockaddr *from, int64_t now_ms)
{
	uint64_t who = network(from);
	struct limit_row *r = &l->rows[0];

	for (int i = 0; i < LIMIT_ROWS; i++) {
		if (l->rows[i].who == who) {
			r = &l->rows[i];
			break;
		}
		if (l->rows[i].who == 0 || l->rows[i].at_ms < r->at_ms)
			r = &l->rows[i];
	}
	if (r->who != who)
		*r = (struct limit_row){ who, now_ms, FULL };
	if (now_ms > r->at_ms) {
		int64_t more = (now_ms - r->at_ms) * LIMIT_A_SECOND;
		r->tokens_milli = more > FULL - r->tokens_milli
				      ? FULL
				      : r->tokens_milli + (int)more;
		r->at_ms = now_ms;
	}
	return r;
}

bool
limit_allow(struct limit *l, const struct sockaddr *from, int64_t now_ms)
{
	struct limit_row *r = bucket(l, from, now_ms);

	if (r->tokens_milli < ONE)
		return false;
	r->tokens_milli -= ONE;
	return true;
}

bool
limit_open(struct limit *l, const struct sockaddr *from, int64_t now_ms)
{
	return bucket(l, from, now_ms)->tokens_milli >= ONE;
}
