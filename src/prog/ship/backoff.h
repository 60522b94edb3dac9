/*
 * ship/backoff.h - how long to wait after a failure: full jitter, so that six
 * thousand branches do not come back in step when head office does.
 */
#ifndef SHIP_BACKOFF_H
#define SHIP_BACKOFF_H

#include <stdint.h>

struct backoff {
	int64_t least_ms, most_ms; /* ceiling of the first and the last wait */
	unsigned failures;	   /* in a row; 0 after a success */
};

/*
 * The wait before the next try: evenly anywhere up to a ceiling that doubles
 * with each failure.  `random` is 64 random bits.
 */
int64_t backoff_next(struct backoff *b, uint64_t random);

#endif
