/*
 * base/file.h - whole small files, read and written so that a crash leaves
 * either the old content or the new, never a mixture.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <sys/types.h>

#include "base/err.h"
#include "base/span.h"

/*
 * Read the whole of `path`, at most out->cap bytes.  Follows no link in the
 * last component.  E_NOTFOUND, E_LIMIT (larger than the room), E_SYS.  Blocks.
 */
MUST_USE struct err file_read(struct buf *out, const char *path);

/*
 * Write `path` as a whole: temporary name, write, fsync, rename, fsync of the
 * folder.  An existing file is replaced.  `mode` applies to the new file.
 * E_FULL, E_READONLY, E_SYS.  Blocks.
 */
MUST_USE struct err file_write(const char *path, struct span data, mode_t mode);

/* Make `path` and its parents (0700).  An existing folder is no error. */
MUST_USE struct err file_make_dirs(const char *path);

/* Write all of `data` to `fd`, through short writes and EINTR. */
MUST_USE struct err file_write_all(int fd, struct span data);

/* E_FULL for ENOSPC/EDQUOT, E_READONLY for EROFS, else E_SYS, of errno. */
struct err file_err(const char *where);

#endif
