/*
 * sandbox/printer.c - the line to the printer, and its moods.
 */
#define _GNU_SOURCE
#include "printer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/span.h"
#include "printer_paper.h"

enum {
	FOLDER = 512,
	CUT_AFTER = 200, /* bytes of a job before the line breaks */
	STATUS = 0x12,	 /* the bits every real-time answer has */
	COVER_OPEN = 0x08,
	NEAR_END = 0x0c,
	AT_END = 0x60,
	ROLL_LOW = 0x03,
	ROLL_OUT = 0x0c
};

enum mood {
	MOOD_OK,
	MOOD_LOW,
	MOOD_OUT,
	MOOD_OFFLINE,
	MOOD_MUTE,
	MOOD_ENDS,
	MOOD_CUT,
	MOOD_GONE,
	MOOD_COUNT
};

static const char *const moods[MOOD_COUNT] = { "ok", "low", "out", "offline",
	"mute", "ends", "cut", "gone" };

struct printer {
	int listener, stop;
	pthread_t thread;
	pthread_mutex_t lock; /* of mood */
	enum mood mood;
	char folder[FOLDER];
	int jobs;
	struct paper paper;
};

static enum mood
mood_of(struct printer *p)
{
	enum mood m;

	pthread_mutex_lock(&p->lock);
	m = p->mood;
	pthread_mutex_unlock(&p->lock);
	return m;
}

static void
become(struct printer *p, enum mood m)
{
	pthread_mutex_lock(&p->lock);
	p->mood = m;
	pthread_mutex_unlock(&p->lock);
}

bool
printer_set(struct printer *p, const char *state)
{
	for (int i = 0; i < MOOD_COUNT; i++) {
		if (strcmp(moods[i], state) == 0) {
			become(p, (enum mood)i);
			return true;
		}
	}
	return false;
}

/* ---- answers ---- */

static void
say(int fd, uint8_t byte)
{
	/* a client that has gone will not miss it */
	(void)!send(fd, &byte, 1, MSG_NOSIGNAL);
}

static void
say_now(struct printer *p, int fd)
{
	enum mood m = mood_of(p);
	uint8_t answer = STATUS;

	if (m == MOOD_MUTE)
		return;
	if (p->paper.asked == 1 && (m == MOOD_OFFLINE || m == MOOD_OUT))
		answer |= COVER_OPEN;
	if (p->paper.asked == 4 && m == MOOD_LOW)
		answer |= NEAR_END;
	if (p->paper.asked == 4 && m == MOOD_OUT)
		answer |= NEAR_END | AT_END;
	say(fd, answer);
}

static void
say_done(struct printer *p, int fd)
{
	enum mood m = mood_of(p);

	if (m == MOOD_MUTE)
		return;
	if (m == MOOD_ENDS)
		become(p, m = MOOD_OUT);
	say(fd, m == MOOD_OUT ? ROLL_OUT : m == MOOD_LOW ? ROLL_LOW : 0);
}

/* ---- paper ---- */

static void
tear(struct printer *p)
{
	char stem[FOLDER + 16];
	struct err e;

	snprintf(stem, sizeof stem, "%s/%04d", p->folder, ++p->jobs);
	e = paper_tear(&p->paper, stem);
	if (err_is(e))
		log_err(LOG_WARNING, "printer", e);
	else
		log_line(LOG_INFO, "printer: a slip");
}

/* False when the line is to be cut. */
static bool
take(struct printer *p, int fd, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		switch (paper_feed(&p->paper, bytes[i])) {
		case PAPER_ASKED_NOW:
			say_now(p, fd);
			break;
		case PAPER_ASKED_DONE:
			say_done(p, fd);
			break;
		case PAPER_CUT:
			tear(p);
			break;
		case PAPER_NOTHING:
			break;
		}
		if (p->paper.job_n > CUT_AFTER && mood_of(p) == MOOD_CUT) {
			become(p, MOOD_OK);
			return false;
		}
	}
	return true;
}

/* Whether `fd` has something before the end is asked for. */
static bool
ready(struct printer *p, int fd)
{
	struct pollfd f[2] = { { p->stop, POLLIN, 0 }, { fd, POLLIN, 0 } };

	while (poll(f, 2, -1) < 0) {
		if (errno != EINTR)
			return false;
	}
	return f[0].revents == 0;
}

static void
serve(struct printer *p, int fd)
{
	uint8_t room[4096];
	ssize_t n;

	while (ready(p, fd) && (n = recv(fd, room, sizeof room, 0)) > 0) {
		if (!take(p, fd, room, (size_t)n))
			break;
	}
	/* what a broken line left unfinished lies on the floor */
	memset(&p->paper, 0, sizeof p->paper);
}

static void *
run(void *arg)
{
	struct printer *p = arg;

	while (ready(p, p->listener)) {
		int fd = accept4(p->listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			continue;
		if (mood_of(p) != MOOD_GONE)
			serve(p, fd);
		close(fd);
	}
	return NULL;
}

/* ---- on and off ---- */

static struct err
listen_here(struct printer *p, uint16_t *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof a;

	p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	p->stop = eventfd(0, EFD_CLOEXEC);
	if (p->listener < 0 || p->stop < 0 ||
	    bind(p->listener, (struct sockaddr *)&a, sizeof a) != 0 ||
	    listen(p->listener, 8) != 0 ||
	    getsockname(p->listener, (struct sockaddr *)&a, &n) != 0)
		return err_sys("printer: socket");
	*port = ntohs(a.sin_port);
	return err_none();
}

static void
close_all(struct printer *p)
{
	if (p->listener >= 0)
		close(p->listener);
	if (p->stop >= 0)
		close(p->stop);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

/* The number after those an earlier start left. */
static void
count_jobs(struct printer *p)
{
	char path[FOLDER + 32];

	do
		snprintf(
		    path, sizeof path, "%s/%04d.txt", p->folder, ++p->jobs);
	while (access(path, F_OK) == 0);
	p->jobs--;
}

struct err
printer_start(struct printer **out, const char *folder, uint16_t *port)
{
	struct printer *p = calloc(1, sizeof *p);
	struct err e;

	*out = NULL;
	if (p == NULL)
		return err_make(E_NOMEM, 0, "printer");
	p->listener = p->stop = -1;
	pthread_mutex_init(&p->lock, NULL);
	e = str_copy(p->folder, sizeof p->folder, folder)
		? file_make_dirs(folder)
		: err_make(E_LIMIT, 0, "printer: folder");
	if (!err_is(e))
		e = listen_here(p, port);
	if (!err_is(e)) {
		count_jobs(p);
		if (pthread_create(&p->thread, NULL, run, p) != 0)
			e = err_make(E_SYS, 0, "printer: thread");
	}
	if (err_is(e)) {
		close_all(p);
		return e;
	}
	*out = p;
	return e;
}

void
printer_stop(struct printer *p)
{
	const uint64_t one = 1;

	if (p == NULL)
		return;
	if (write(p->stop, &one, sizeof one) == (ssize_t)sizeof one)
		(void)pthread_join(p->thread, NULL);
	close_all(p);
}
