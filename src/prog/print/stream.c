/*
 * print/stream.c - bytes to the printer and its few bytes back.
 */
#define _GNU_SOURCE
#include "prog/print/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/lp.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

enum { ANSWERS = 64 };

typedef enum escpos_state reader(const uint8_t *answer, size_t n);

static int64_t
now(const struct stream *s)
{
	return s->clock.mono_ms(s->clock.ctx);
}

static bool
wait_for(const struct stream *s, short events, int64_t until)
{
	struct pollfd p = { s->fd, events, 0 };
	int64_t left = until - now(s);

	while (left >= 0) {
		int n = poll(&p, 1, (int)left);

		if (n > 0)
			return true;
		if (n == 0 || errno != EINTR)
			return false;
		left = until - now(s);
	}
	return false;
}

/* ---- opening ---- */

static struct err
connect_one(struct stream *s, const struct addrinfo *a, int64_t until)
{
	int failure = 0;
	socklen_t n = sizeof failure;

	s->fd = socket(a->ai_family,
	    a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol);
	if (s->fd < 0)
		return err_sys("print: socket");
	if (connect(s->fd, a->ai_addr, a->ai_addrlen) == 0)
		return err_none();
	if (errno != EINPROGRESS)
		return err_make(E_UNREACHABLE, errno, "print: connect");
	if (!wait_for(s, POLLOUT, until))
		return err_make(E_TIMEOUT, 0, "print: connect");
	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &failure, &n) != 0 ||
	    failure != 0)
		return err_make(E_UNREACHABLE, failure, "print: connect");
	return err_none();
}

struct err
stream_connect(struct stream *s, const char *host, const char *port, int ms)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL;
	int64_t until = now(s) + ms;
	struct err e = err_make(E_UNREACHABLE, 0, "print: host");

	s->fd = -1;
	s->is_socket = true;
	if (getaddrinfo(host, port, &hints, &list) != 0)
		return e;
	for (const struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		e = connect_one(s, a, until);
		if (!err_is(e))
			break;
		stream_close(s);
	}
	freeaddrinfo(list);
	return e;
}

struct err
stream_device(struct stream *s, const char *path)
{
	struct termios t;

	s->is_socket = false;
	s->fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (s->fd < 0 && errno == EACCES)
		s->fd = open(
		    path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (s->fd < 0)
		return err_make(E_UNREACHABLE, errno, "print: device");
	if (tcgetattr(s->fd, &t) == 0) {
		cfmakeraw(&t);
		(void)tcsetattr(s->fd, TCSANOW, &t);
	}
	return err_none();
}

void
stream_close(struct stream *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

/* ---- talking ---- */

/* Read until `heard` knows, the time is over or nobody is there. */
static enum escpos_state
listen_for(struct stream *s, reader *heard, int ms)
{
	uint8_t answer[ANSWERS];
	size_t n = 0;
	int64_t until = now(s) + ms;
	enum escpos_state state = ESCPOS_SILENT;

	while (state == ESCPOS_SILENT && n < sizeof answer &&
	       wait_for(s, POLLIN, until)) {
		ssize_t got = read(s->fd, answer + n, sizeof answer - n);

		if (got > 0)
			n += (size_t)got;
		else if (got == 0 || (errno != EAGAIN && errno != EINTR))
			return s->is_socket ? ESCPOS_OFFLINE : ESCPOS_SILENT;
		state = heard(answer, n);
	}
	return state;
}

/* What the kernel's usblp knows of a printer that does not answer. */
static enum escpos_state
ask_kernel(const struct stream *s)
{
	int bits = 0;

	if (ioctl(s->fd, LPGETSTATUS, &bits) != 0)
		return ESCPOS_SILENT;
	if ((bits & LP_POUTPA) != 0)
		return ESCPOS_OUT;
	return (bits & LP_PERRORP) == 0 ? ESCPOS_OFFLINE : ESCPOS_SILENT;
}

enum escpos_state
stream_ask(struct stream *s, int ms)
{
	enum escpos_state state;

	if (err_is(
		stream_write(s, span_make(escpos_ask, sizeof escpos_ask), ms)))
		return ESCPOS_OFFLINE;
	state = listen_for(s, escpos_heard, ms);
	return state == ESCPOS_SILENT ? ask_kernel(s) : state;
}

struct err
stream_write(struct stream *s, struct span bytes, int ms)
{
	size_t done = 0;

	while (done < bytes.n) {
		ssize_t n = write(s->fd, bytes.p + done, bytes.n - done);

		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && errno == EINTR)
			continue;
		else if (n < 0 && errno != EAGAIN)
			return err_make(E_GONE, errno, "print: write");
		else if (!wait_for(s, POLLOUT, now(s) + ms))
			return err_make(E_TIMEOUT, 0, "print: write");
	}
	return err_none();
}

enum escpos_state
stream_end(struct stream *s, int ms)
{
	return listen_for(s, escpos_ended, ms);
}
