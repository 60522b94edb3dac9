/*
 * handoff/watcher.h - one file for a server that has no files: a second
 * process, begun before anything secret is read, looks each second whether the
 * file has changed and sends it through a pipe.  It has no socket.
 */
#ifndef PROG_HANDOFF_WATCHER_H
#define PROG_HANDOFF_WATCHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

enum { WATCHER_MAX = 256 * 1024, WATCHER_HEAD = 4 };

struct watcher {
	int fd;	    /* the server's end, or the watcher's own */
	bool child; /* this is the watcher */
	size_t n;
	uint8_t in[WATCHER_HEAD + WATCHER_MAX];
};

enum watcher_news {
	WATCHER_NOTHING,
	WATCHER_FILE,	/* *out is it, with a NUL counted */
	WATCHER_UNREAD, /* it is not there, too large, or may not be read */
	WATCHER_LOST	/* the watcher has ended: nothing will be heard */
};

/* Two processes from here on: w->child tells them apart.  E_SYS. */
MUST_USE struct err watcher_start(struct watcher *w);

/* The watcher's whole life, until the server has ended.  E_SYS. */
MUST_USE struct err watcher_run(struct watcher *w, const char *path);

/* What came; does not block.  *out lives until the next call. */
enum watcher_news watcher_hear(struct watcher *w, struct span *out);

void watcher_stop(struct watcher *w);

#endif
