/*
 * media/dirs.h - folders and files of a stick, one path component at a time.
 *
 * Nothing here follows a link or leaves the folder it was given: openat2 with
 * RESOLVE_BENEATH, NO_SYMLINKS, NO_MAGICLINKS and NO_XDEV; where the kernel
 * or a filter refuses that call, openat with O_NOFOLLOW, which says the same
 * for a single component apart from NO_XDEV.  `name` never holds a slash
 * (asserted).  All descriptors are close-on-exec.  Errors everywhere: E_FULL,
 * E_READONLY, E_GONE, E_NOTFOUND, E_EXISTS, else E_SYS; all calls may block.
 */
#ifndef MEDIA_DIRS_H
#define MEDIA_DIRS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/span.h"

/* The current errno as an error of this module. */
struct err dirs_err(const char *where);

/* open(2)-like; -1 and errno.  `dirs_open_old` is the way without openat2. */
int dirs_open(int dir, const char *name, int flags, mode_t mode);
int dirs_open_old(int dir, const char *name, int flags, mode_t mode);

/* Open the folder `name`; `make` creates it (0700) when it is not there. */
MUST_USE struct err dirs_enter(int *fd, int dir, const char *name, bool make);

/* Does anything have that name? */
bool dirs_has(int dir, const char *name);

/*
 * Create `name` (0600, never an existing one), write all, fsync, close.  What
 * was created is removed again on failure.
 */
MUST_USE struct err dirs_put(int dir, const char *name, struct span data);

/*
 * Read a regular file, at most out->cap bytes.  E_LIMIT when it is larger,
 * E_FORMAT when it is anything but a regular file.
 */
MUST_USE struct err dirs_get(struct buf *out, int dir, const char *name);

/*
 * As dirs_get, but what the medium holds rather than what memory remembers:
 * clean pages are dropped and the file is read with O_DIRECT.  A file system
 * without O_DIRECT is read plainly after the drop; *direct says which.
 */
MUST_USE struct err dirs_get_uncached(
    struct buf *out, int dir, const char *name, bool *direct);

/* fsync a folder; file systems that cannot are forgiven (syncfs follows). */
MUST_USE struct err dirs_sync(int dir);

/*
 * Call `each` for at most `most` entries except "." and ".."; it returns
 * false to stop.  E_LIMIT when there were more; those seen were told.
 */
MUST_USE struct err dirs_list(int dir, size_t most,
    bool (*each)(void *ctx, int dir, const char *name), void *ctx);

#endif
