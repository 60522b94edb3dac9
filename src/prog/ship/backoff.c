/*
 * ship/backoff.c - exponential backoff with full jitter.
 */
#include "prog/ship/backoff.h"

int64_t
backoff_next(struct backoff *b, uint64_t random)
{
	int64_t ceiling = b->least_ms;

	for (unsigned i = 0; i < b->failures && ceiling < b->most_ms; i++)
		ceiling *= 2;
	if (ceiling > b->most_ms)
		ceiling = b->most_ms;
	b->failures++;
	return (int64_t)(random % ((uint64_t)ceiling + 1));
}
