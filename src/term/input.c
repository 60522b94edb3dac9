/*
 * term/input.c - waiting: bytes, signals, other descriptors, time.
 */
#define _GNU_SOURCE
#include "term/inside.h"

#include <errno.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/secret.h"

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static struct event
event_of(enum event_kind kind)
{
	return (struct event){ .kind = kind, .item = -1, .now_ms = now_ms() };
}

bool
term_pending(const struct term *t)
{
	return t->byte_at < t->byte_n;
}

static void
gone(struct term *t)
{
	t->gone = t->ended = true;
	secret_wipe(t->bytes, sizeof t->bytes);
	t->byte_at = t->byte_n = 0;
}

static void
read_bytes(struct term *t)
{
	ssize_t n = read(t->in_fd, t->bytes, sizeof t->bytes);

	if (n > 0) {
		t->byte_at = 0;
		t->byte_n = (size_t)n;
	} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
		gone(t);
	}
}

/* Decodes waiting bytes, wiping them, up to the first event. */
static bool
decode(struct term *t, struct event *ev)
{
	int64_t now = now_ms();
	bool made = false;

	while (!made && t->byte_at < t->byte_n) {
		uint8_t byte = t->bytes[t->byte_at];

		t->bytes[t->byte_at++] = 0;
		made = decode_byte(&t->decoder, ev, byte, now);
	}
	return made;
}

static void
resized(struct term *t, struct event *ev)
{
	term_fit(t);
	ev->kind = EV_RESIZE;
	ev->rows = t->rows;
	ev->cols = t->cols;
}

/* Reads all waiting signals; true when the size changed. */
static bool
read_signals(struct term *t)
{
	struct signalfd_siginfo info;
	bool winch = false;

	while (read(t->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
		if (info.ssi_signo == SIGWINCH)
			winch = true;
		else if (info.ssi_signo == SIGHUP)
			gone(t);
		else if (info.ssi_signo != SIGPIPE && info.ssi_signo != SIGTSTP)
			t->ended = true;
	}
	return winch;
}

/* poll until `due` (-1: for ever, 0: not at all); 0 when none got ready. */
static int
wait_fds(struct pollfd *fds, nfds_t count, int64_t due)
{
	for (;;) {
		int64_t left = due < 0 ? -1 : due - now_ms();
		int n = poll(fds, count,
		    due < 0    ? -1
		    : left < 0 ? 0
			       : (int)left);

		if (n >= 0 || errno != EINTR)
			return n;
	}
}

/* The earlier of two times, -1 being never. */
static int64_t
earlier(int64_t a, int64_t b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

/*
 * Waits once.  True when *ev is to be returned; false to go on waiting, with
 * new bytes or after a decoder's timeout that meant nothing.
 */
static bool
wait_once(struct term *t, struct event *ev, struct pollfd *fds, int count,
    int64_t due)
{
	struct pollfd all[2 + TERM_FDS] = { { t->in_fd, POLLIN, 0 },
		{ t->signal_fd, POLLIN, 0 } };
	int esc = decode_wait_ms(&t->decoder, now_ms());
	int64_t esc_due = esc < 0 ? -1 : now_ms() + esc;
	int ready;

	for (int i = 0; i < count; i++)
		all[2 + i] = fds[i];
	ready = wait_fds(all, (nfds_t)(2 + count), 0);
	if (ready == 0) {
		decode_idle(&t->decoder);
		ready = wait_fds(
		    all, (nfds_t)(2 + count), earlier(due, esc_due));
	}
	for (int i = 0; i < count; i++)
		fds[i].revents = all[2 + i].revents;
	*ev = event_of(EV_NONE);
	if (ready < 0) {
		gone(t);
		return false;
	}
	if ((all[1].revents & POLLIN) && read_signals(t)) {
		resized(t, ev);
		return true;
	}
	if (t->ended)
		return false;
	if (all[0].revents & (POLLHUP | POLLERR | POLLNVAL)) {
		gone(t);
		return false;
	}
	if (all[0].revents & POLLIN)
		read_bytes(t);
	/* Told even while keys flood in, or they would keep the agent out. */
	for (int i = 0; i < count; i++) {
		if (fds[i].revents != 0)
			return true;
	}
	if (ready == 0 && decode_timeout(&t->decoder, ev, now_ms()))
		return true;
	if (due >= 0 && now_ms() >= due) {
		*ev = event_of(EV_TICK);
		return true;
	}
	return false;
}

struct event
term_wait(struct term *t, struct pollfd *fds, int count, int timeout_ms)
{
	int64_t due = timeout_ms < 0 ? -1 : now_ms() + timeout_ms;
	struct event ev = event_of(EV_NONE);

	if (count > TERM_FDS)
		count = TERM_FDS;
	for (int i = 0; i < count; i++)
		fds[i].revents = 0;
	for (;;) {
		if (t->ended)
			return event_of(EV_HANGUP);
		if (term_pending(t)) {
			if (!decode(t, &ev))
				return event_of(EV_NONE);
			if (ev.kind == EV_RESIZE)
				resized(t, &ev);
			return ev;
		}
		if (wait_once(t, &ev, fds, count, due))
			return ev;
	}
}
