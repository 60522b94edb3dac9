/*
 * ship/wait.c - poll(2) over a signalfd and one more.
 */
#define _GNU_SOURCE
#include "prog/ship/wait.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct err
waiter_open(struct waiter *w)
{
	sigset_t mask;

	*w = (struct waiter){ .clock = clock_system(), .signals = -1 };
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGINT);
	if (sigprocmask(SIG_BLOCK, &mask, NULL) != 0)
		return err_sys("ship: signals");
	/* a server that closes must be an error of write(), not the end */
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return err_sys("ship: signals");
	w->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	return w->signals < 0 ? err_sys("ship: signals") : err_none();
}

void
waiter_close(struct waiter *w)
{
	if (w->signals >= 0)
		close(w->signals);
	w->signals = -1;
}

int64_t
waiter_after(const struct waiter *w, int64_t ms)
{
	return w->clock.mono_ms(w->clock.ctx) + ms;
}

struct err
waiter_wait(struct waiter *w, int fd, short events, int64_t until_ms)
{
	while (!w->ended) {
		struct pollfd p[2] = { { w->signals, POLLIN, 0 },
			{ fd, events, 0 } };
		int64_t left = until_ms - waiter_after(w, 0);
		int n;

		if (left < 0)
			left = 0;
		n = poll(p, 2, left > INT_MAX ? INT_MAX : (int)left);
		if (n < 0 && errno != EINTR)
			return err_sys("ship: poll");
		if (n > 0 && p[0].revents != 0)
			w->ended = true;
		else if (n > 0 && p[1].revents != 0)
			return err_none();
		else if (left == 0)
			return err_make(E_TIMEOUT, 0, "ship: time");
	}
	return err_make(E_CANCELLED, 0, "ship: end");
}
