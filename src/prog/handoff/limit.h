/*
 * handoff/limit.h - how often one address may ask.
 */
#ifndef PROG_HANDOFF_LIMIT_H
#define PROG_HANDOFF_LIMIT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
	LIMIT_ROWS = 256,
	LIMIT_BURST = 30,   /* requests at once, */
	LIMIT_A_SECOND = 3, /* then so many: a page asks once */
};

struct limit_row {
	uint64_t who; /* the address's network; 0: free */
	int64_t at_ms;
	int tokens_milli;
};

struct limit {
	struct limit_row rows[LIMIT_ROWS];
};

/* Whether this request may go on. */
bool limit_allow(struct limit *l, const struct sockaddr *from, int64_t now_ms);
/* Whether the next one would; takes nothing. */
bool limit_open(struct limit *l, const struct sockaddr *from, int64_t now_ms);

#endif
