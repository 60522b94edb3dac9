/*
 * media/stage.h - the steps that write_pair and write_replace share.
 */
#ifndef MEDIA_STAGE_H
#define MEDIA_STAGE_H

#include "prog/media/write.h"

/* Errors as in write.h; all block. */

/* Write each file into `dir` and fsync the folder. */
MUST_USE struct err stage_put(
    int dir, const struct write_file *files, size_t n);

/*
 * Read each file from `dir` past the page cache into its `back`.  E_MISMATCH
 * when the bytes differ from `data`.  *direct is cleared when any was read
 * without O_DIRECT.
 */
MUST_USE struct err stage_verify(
    int dir, struct write_file *files, size_t n, bool *direct);

/*
 * Move `name` out of `dir` to <organisation folder>/OLD/<stamp>/, under a
 * stamp where nothing has that name yet.
 */
MUST_USE struct err stage_aside(
    int organisation, int dir, const char *name, int64_t now_s);

/* Remove temporary files and folders in `dir`, as far as they are ours. */
void stage_clean(int dir);

/* Remove the temporary folder `name` with the files a job may put there. */
void stage_drop(int dir, const char *name);

#endif
