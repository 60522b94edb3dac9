/*
 * sandbox/smtp_server.c - the socket and the thread around the dialogue.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "outbox.h"
#include "smtp.h"

enum { QUIET_MS = 30000, LINE_ROOM = 8192 };

struct smtp_server {
	struct sandbox *sb;
	pthread_t thread;
	int listener, stop; /* eventfd */
	struct smtp smtp;
	uint8_t line[LINE_ROOM];
	size_t n;
};

/* True when there is something to read. */
static bool
readable(const struct smtp_server *v, int fd, int timeout_ms)
{
	struct pollfd p[2] = { { fd, POLLIN, 0 }, { v->stop, POLLIN, 0 } };

	return poll(p, 2, timeout_ms) > 0 && p[1].revents == 0;
}

static bool
send_reply(const struct smtp_server *v, int fd)
{
	size_t n = strlen(v->smtp.reply);

	return n == 0 || send(fd, v->smtp.reply, n, MSG_NOSIGNAL) == (ssize_t)n;
}

/* Keep a message; false: the connection ends here (a fault). */
static bool
deliver(struct smtp_server *v)
{
	struct smtp *s = &v->smtp;
	struct fault fault;
	struct err e = err_make(E_REFUSED, 0, "smtp: fault");

	pthread_mutex_lock(&v->sb->lock);
	fault = fault_take(&v->sb->faults, AT_MAIL);
	if (fault.action != FAULT_HTTP500 &&
	    fault.action != FAULT_DROP_BEFORE && fault.action != FAULT_REFUSE)
		e = outbox_mail(v->sb, s->from, s->to, buf_span(&s->message));
	pthread_mutex_unlock(&v->sb->lock);
	if (err_is(e) && fault.action == FAULT_NONE)
		log_err(LOG_ERROR, "mail not kept", e);
	smtp_delivered(s, !err_is(e));
	if (fault.action == FAULT_REFUSE)
		str_copy(s->reply, sizeof s->reply, "554 refused\r\n");
	return fault.action != FAULT_DROP_BEFORE &&
	       fault.action != FAULT_DROP_AFTER;
}

/* All whole lines that have arrived; false when the client is done. */
static bool
take_lines(struct smtp_server *v, int fd)
{
	uint8_t *end;

	while ((end = memmem(v->line, v->n, "\r\n", 2)) != NULL) {
		size_t n = (size_t)(end - v->line);
		enum smtp_next next = smtp_line(
		    &v->smtp, span_make(v->line, n));

		if (next == SMTP_DELIVER && !deliver(v))
			return false;
		v->n -= n + 2;
		memmove(v->line, end + 2, v->n);
		if (!send_reply(v, fd) || next == SMTP_QUIT)
			return false;
	}
	return v->n < sizeof v->line; /* else a line without end */
}

static void
serve(struct smtp_server *v, int fd)
{
	ssize_t n;

	smtp_begin(&v->smtp);
	v->n = 0;
	if (!send_reply(v, fd))
		return;
	while (readable(v, fd, QUIET_MS) &&
	       (n = recv(fd, v->line + v->n, sizeof v->line - v->n, 0)) > 0) {
		v->n += (size_t)n;
		if (!take_lines(v, fd))
			return;
	}
}

static void *
server_main(void *arg)
{
	struct smtp_server *v = arg;
	int fd;

	while (readable(v, v->listener, -1)) {
		fd = accept4(v->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue;
		serve(v, fd);
		(void)close(fd);
	}
	return NULL;
}

struct err
smtp_start(struct smtp_server **out, struct sandbox *sb, int fd)
{
	struct smtp_server *v = calloc(1, sizeof *v);

	if (v == NULL)
		return err_make(E_NOMEM, 0, "smtp: start");
	v->sb = sb;
	v->listener = fd;
	v->stop = eventfd(0, EFD_CLOEXEC);
	if (v->stop < 0 ||
	    pthread_create(&v->thread, NULL, server_main, v) != 0) {
		if (v->stop >= 0)
			(void)close(v->stop);
		free(v);
		return err_make(E_SYS, 0, "smtp: start");
	}
	*out = v;
	return err_none();
}

void
smtp_stop(struct smtp_server *v)
{
	const uint64_t one = 1;

	if (v == NULL)
		return;
	if (write(v->stop, &one, sizeof one) == (ssize_t)sizeof one)
		pthread_join(v->thread, NULL);
	(void)close(v->stop);
	(void)close(v->listener);
	free(v);
}
