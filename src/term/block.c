/*
 * term/block.c - is a half block one column wide here?
 *
 * U+2580 is of ambiguous width: a terminal set up for Korean may draw it two
 * columns wide, whatever the C library believes (facts/handoff.md 4).
 */
#include "term/inside.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_MS = 300 };

/* From the first column: the block, then "where is the cursor?" (CPR). */
static const char question[] = "\r\342\226\200\033[6n";
static const char wipe[] = "\r\033[2K";

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* "ESC [ row ; column R" somewhere in the bytes: where, and the column. */
static bool
find_answer(const struct term *t, size_t *from, size_t *to, int *column)
{
	for (size_t i = 0; i + 1 < t->byte_n; i++) {
		size_t at = i + 2;
		int numbers = 0, n = 0;

		if (t->bytes[i] != 033 || t->bytes[i + 1] != '[')
			continue;
		while (at < t->byte_n &&
		       ((t->bytes[at] >= '0' && t->bytes[at] <= '9') ||
			   t->bytes[at] == ';')) {
			if (t->bytes[at] == ';') {
				numbers++;
				n = 0;
			} else if (n < 10000) {
				n = n * 10 + (t->bytes[at] - '0');
			}
			at++;
		}
		if (at < t->byte_n && t->bytes[at] == 'R' && numbers == 1) {
			*from = i;
			*to = at + 1;
			*column = n;
			return true;
		}
	}
	return false;
}

/* More bytes; false when nothing came until `due`. */
static bool
more(struct term *t, int64_t due)
{
	struct pollfd fd = { t->in_fd, POLLIN, 0 };
	int64_t left = due - now_ms();
	ssize_t n;

	if (left <= 0 || t->byte_n == sizeof t->bytes ||
	    poll(&fd, 1, (int)left) <= 0 || (fd.revents & POLLIN) == 0)
		return false;
	n = read(t->in_fd, t->bytes + t->byte_n, sizeof t->bytes - t->byte_n);
	if (n <= 0)
		return n < 0 && errno == EINTR;
	t->byte_n += (size_t)n;
	return true;
}

void
term_measure_block(struct term *t)
{
	int64_t due = now_ms() + ANSWER_MS;
	size_t from, to;
	int column;

	if (write(t->out_fd, question, sizeof question - 1) < 0)
		return;
	while (!find_answer(t, &from, &to, &column)) {
		if (!more(t, due))
			goto out;
	}
	t->wide_blocks = column != 2;
	/* what was typed before and behind the answer stays */
	memmove(t->bytes + from, t->bytes + to, t->byte_n - to);
	t->byte_n -= to - from;
out:
	if (write(t->out_fd, wipe, sizeof wipe - 1) < 0)
		return;
}
