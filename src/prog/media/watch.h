/*
 * media/watch.h - kernel events about mounts below one folder (libmount's
 * monitor) and, for practice, about plain folders in it (inotify).
 */
#ifndef MEDIA_WATCH_H
#define MEDIA_WATCH_H

#include <stdbool.h>

#include "base/err.h"
#include "prog/media/stick.h"

enum { WATCH_FDS = 2 };

struct watch;

/*
 * Watch `folder` (made when `folders` is set; else it must exist).  All files
 * it will need are opened here, before the jail.  The caller owns *out.
 * E_NOTFOUND, E_SYS, E_NOMEM.
 */
MUST_USE struct err watch_open(
    struct watch **out, const char *folder, bool folders);
void watch_close(struct watch *w); /* NULL is fine */

/* Descriptors to poll for reading; -1 where there is none. */
void watch_fds(const struct watch *w, int fds[static WATCH_FDS]);
/* Take the pending events; true when anything may have changed. */
bool watch_drain(struct watch *w);
/* The folder with all links resolved. */
const char *watch_folder(const struct watch *w);

/* What is there now.  Does not block longer than statvfs does. */
struct stick_status watch_look(struct watch *w);

/*
 * Is this very stick still there?  Ask while its root is still open: the
 * kernel gives numbers of mounts and devices again once nobody holds them.
 */
bool watch_present(struct watch *w, const struct stick *stick);

#endif
