/*
 * media/stage.c - temporary names, verification, clearing away.
 */
#define _GNU_SOURCE
#include "prog/media/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "prog/media/dirs.h"

enum { STAMP_ROOM = 64, STAMPS = 100 };

struct err
stage_put(int dir, const struct write_file *files, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct err e = dirs_put(dir, files[i].name, files[i].data);
		if (err_is(e))
			return e;
	}
	return dirs_sync(dir);
}

struct err
stage_verify(int dir, struct write_file *files, size_t n, bool *direct)
{
	for (size_t i = 0; i < n; i++) {
		struct write_file *f = &files[i];
		struct buf b = buf_make(f->back, sizeof f->back);
		bool was_direct;
		struct err e = dirs_get_uncached(&b, dir, f->name, &was_direct);

		f->back_n = b.n;
		if (!was_direct)
			*direct = false;
		if (!err_is(e) && !span_eq(buf_span(&b), f->data))
			e = err_make(
			    E_MISMATCH, 0, "media: read back other bytes");
		if (err_is(e))
			return e;
	}
	return err_none();
}

/* "20261122-140509", then "20261122-140509-1" and so on. */
static void
make_stamp(char out[static STAMP_ROOM], int64_t now_s, int again)
{
	struct civil c = civil_from_unix(now_s);
	int n = snprintf(out, STAMP_ROOM, "%04d%02d%02d-%02d%02d%02d", c.year,
	    c.month, c.day, c.hour, c.minute, c.second);

	if (again > 0)
		snprintf(out + n, STAMP_ROOM - (size_t)n, "-%d", again);
}

struct err
stage_aside(int organisation, int dir, const char *name, int64_t now_s)
{
	char stamp[STAMP_ROOM];
	int old = -1, to = -1;
	struct err e = dirs_enter(&old, organisation, "OLD", true);

	for (int again = 0; !err_is(e); again++) {
		make_stamp(stamp, now_s, again);
		e = dirs_enter(&to, old, stamp, true);
		if (err_is(e) || !dirs_has(to, name))
			break;
		close(to);
		to = -1;
		if (again == STAMPS)
			e = err_make(E_EXISTS, 0, "media: OLD is crowded");
	}
	if (!err_is(e) && renameat(dir, name, to, name) != 0)
		e = dirs_err("media: move aside");
	if (!err_is(e))
		e = dirs_sync(to);
	if (!err_is(e))
		e = dirs_sync(old);
	if (to >= 0)
		close(to);
	if (old >= 0)
		close(old);
	return e;
}

static bool
drop_file(void *ctx, int dir, const char *name)
{
	if (name_is_pair_file(name) || name_is_beside(name))
		unlinkat(dir, name, 0);
	return true;
}

void
stage_drop(int dir, const char *name)
{
	int fd = dirs_open(dir, name, O_RDONLY | O_DIRECTORY, 0);

	if (fd >= 0) {
		struct err e = dirs_list(fd, WRITE_LIST, drop_file, NULL);
		if (err_is(e))
			log_err(LOG_NOTICE, "leftover stays", e);
		close(fd);
	}
	/* What we did not put there keeps the folder alive. */
	unlinkat(dir, name, AT_REMOVEDIR);
}

static bool
clean_one(void *ctx, int dir, const char *name)
{
	struct stat st;

	if (!name_is_temp(name) ||
	    fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return true;
	if (S_ISDIR(st.st_mode))
		stage_drop(dir, name);
	else if (S_ISREG(st.st_mode))
		unlinkat(dir, name, 0);
	return true;
}

void
stage_clean(int dir)
{
	struct err e = dirs_list(dir, WRITE_LIST, clean_one, NULL);

	if (err_is(e))
		log_err(LOG_NOTICE, "not all leftovers looked at", e);
}
