/*
 * handoff/watcher.c - four bytes of length and the file; length 0: unread.
 */
#define _GNU_SOURCE
#include "prog/handoff/watcher.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "prog/handoff/jail.h"

enum { LOOK_MS = 1000 };

struct err
watcher_start(struct watcher *w)
{
	int fds[2];
	pid_t pid;

	w->n = 0;
	w->fd = -1;
	w->child = false;
	if (pipe2(fds, O_CLOEXEC) != 0)
		return err_sys("watcher: pipe");
	pid = fork();
	if (pid < 0) {
		close(fds[0]);
		close(fds[1]);
		return err_sys("watcher: fork");
	}
	w->child = pid == 0;
	w->fd = fds[w->child ? 1 : 0];
	close(fds[w->child ? 0 : 1]);
	if (!w->child && fcntl(w->fd, F_SETFL, O_NONBLOCK) != 0)
		return err_sys("watcher: pipe");
	return err_none();
}

void
watcher_stop(struct watcher *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

/* ---- the watcher ---- */

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static struct err
send_file(struct watcher *w, const char *path)
{
	struct buf b = buf_make(w->in + WATCHER_HEAD, WATCHER_MAX - 1);
	struct err e = file_read(&b, path);
	uint32_t n = err_is(e) ? 0 : (uint32_t)b.n;

	for (int i = 0; i < WATCHER_HEAD; i++)
		w->in[i] = (uint8_t)(n >> (24 - 8 * i));
	return file_write_all(w->fd, span_make(w->in, WATCHER_HEAD + n));
}

struct err
watcher_run(struct watcher *w, const char *path)
{
	static const struct jail jail = { .descriptors = 16, .files = true };
	struct pollfd fd = { w->fd, 0, 0 };
	struct stat last, now;
	bool there = true;
	struct err e;

	memset(&last, 0, sizeof last); /* what is there now is news, too */
	signal(SIGPIPE, SIG_IGN);
	e = jail_enter(&jail);
	while (!err_is(e) && (fd.revents & (POLLERR | POLLHUP)) == 0) {
		bool found = stat(path, &now) == 0;
		if (found ? !there || !is_same(&last, &now) : there)
			e = send_file(w, path);
		there = found;
		last = now;
		if (!err_is(e) && poll(&fd, 1, LOOK_MS) < 0 && errno != EINTR)
			e = err_sys("watcher: poll");
	}
	return (fd.revents & (POLLERR | POLLHUP)) != 0 || e.sys == EPIPE
		   ? err_none()
		   : e;
}

/* ---- the server ---- */

enum watcher_news
watcher_hear(struct watcher *w, struct span *out)
{
	for (;;) {
		size_t want = WATCHER_HEAD;
		ssize_t n;

		if (w->n >= WATCHER_HEAD) {
			size_t length = 0;
			for (int i = 0; i < WATCHER_HEAD; i++)
				length = length << 8 | w->in[i];
			if (length >= WATCHER_MAX)
				return WATCHER_LOST;
			want += length;
		}
		if (w->n == want && w->n >= WATCHER_HEAD) {
			w->in[want] = '\0';
			*out = span_make(
			    w->in + WATCHER_HEAD, want - WATCHER_HEAD + 1);
			w->n = 0;
			return want > WATCHER_HEAD ? WATCHER_FILE
						   : WATCHER_UNREAD;
		}
		n = read(w->fd, w->in + w->n, want - w->n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return WATCHER_NOTHING;
		if (n <= 0)
			return WATCHER_LOST;
		w->n += (size_t)n;
	}
}
