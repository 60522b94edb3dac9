/*
 * media/dirs.c - careful file access on a stranger's stick.
 */
#define _GNU_SOURCE
#include "prog/media/dirs.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "base/secret.h"

enum { BLOCK = 4096, UNCACHED_MAX = 64 * 1024 };

struct err
dirs_err(const char *where)
{
	switch (errno) {
	case ENOENT:
		return err_make(E_NOTFOUND, errno, where);
	case EEXIST:
	case ENOTEMPTY:
		return err_make(E_EXISTS, errno, where);
	case ENODEV:
	case ENXIO:
	case ENOTCONN:
	case ESHUTDOWN:
	case ENOMEDIUM:
	case EREMOTEIO:
		return err_make(E_GONE, errno, where);
	default:
		return file_err(where);
	}
}

int
dirs_open_old(int dir, const char *name, int flags, mode_t mode)
{
	assert(strchr(name, '/') == NULL && strcmp(name, "..") != 0);
	return openat(dir, name, flags | O_NOFOLLOW | O_CLOEXEC, mode);
}

int
dirs_open(int dir, const char *name, int flags, mode_t mode)
{
	struct open_how how = { .flags = (unsigned)(flags | O_NOFOLLOW |
						    O_CLOEXEC),
		.mode = flags & O_CREAT ? mode : 0,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
			   RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV };
	long fd;

	assert(strchr(name, '/') == NULL && strcmp(name, "..") != 0);
	fd = syscall(SYS_openat2, dir, name, &how, sizeof how);
	/* EPERM: containers whose filter does not know the call */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return dirs_open_old(dir, name, flags, mode);
	return (int)fd;
}

struct err
dirs_enter(int *fd, int dir, const char *name, bool make)
{
	if (make && mkdirat(dir, name, 0700) != 0 && errno != EEXIST)
		return dirs_err("media: mkdir");
	*fd = dirs_open(dir, name, O_RDONLY | O_DIRECTORY, 0);
	return *fd < 0 ? dirs_err("media: folder") : err_none();
}

bool
dirs_has(int dir, const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ||
	       errno != ENOENT;
}

struct err
dirs_put(int dir, const char *name, struct span data)
{
	int fd = dirs_open(dir, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
	struct err e;

	if (fd < 0)
		return dirs_err("media: create");
	e = file_write_all(fd, data);
	if (err_is(e)) {
		errno = e.sys;
		e = dirs_err("media: write");
	} else if (fsync(fd) != 0) {
		e = dirs_err("media: fsync");
	}
	/* Network-like and FUSE file systems report late errors here. */
	if (close(fd) != 0 && !err_is(e))
		e = dirs_err("media: close");
	if (err_is(e))
		unlinkat(dir, name, 0);
	return e;
}

/* A regular file of at most `most` bytes; O_NONBLOCK so no FIFO holds us. */
static struct err
open_regular(
    int *out, size_t *size, int dir, const char *name, int extra, size_t most)
{
	int fd = dirs_open(dir, name, O_RDONLY | O_NONBLOCK | extra, 0);
	struct err e = err_none();
	struct stat st;

	if (fd < 0)
		return errno == ELOOP || errno == EXDEV
			   ? err_make(E_FORMAT, errno, "media: a link")
			   : dirs_err("media: open");
	if (fstat(fd, &st) != 0)
		e = dirs_err("media: stat");
	else if (!S_ISREG(st.st_mode))
		e = err_make(E_FORMAT, 0, "media: no regular file");
	else if (st.st_size < 0 || (size_t)st.st_size > most)
		e = err_make(E_LIMIT, 0, "media: file too large");
	if (err_is(e)) {
		close(fd);
		return e;
	}
	*out = fd;
	*size = (size_t)st.st_size;
	return e;
}

/* Read to the end into p[0..cap); E_LIMIT when there is more. */
static struct err
read_all(int fd, uint8_t *p, size_t cap, size_t *n)
{
	*n = 0;
	while (*n < cap) {
		ssize_t got = read(fd, p + *n, cap - *n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return dirs_err("media: read");
		if (got == 0)
			return err_none();
		*n += (size_t)got;
	}
	return err_none();
}

struct err
dirs_get(struct buf *out, int dir, const char *name)
{
	size_t room = out->cap - out->n, size = 0, n = 0;
	struct err e;
	int fd = -1;

	e = open_regular(&fd, &size, dir, name, 0, room);
	if (err_is(e))
		return e;
	e = read_all(fd, out->p + out->n, size, &n);
	close(fd);
	if (!err_is(e))
		out->n += n;
	return e;
}

/* Forget clean pages of the file, so that the next read asks the medium. */
static void
drop_pages(int dir, const char *name)
{
	int fd = dirs_open(dir, name, O_RDONLY | O_NONBLOCK, 0);

	if (fd < 0)
		return;
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	close(fd);
}

struct err
dirs_get_uncached(struct buf *out, int dir, const char *name, bool *direct)
{
	static _Alignas(BLOCK) uint8_t block[UNCACHED_MAX];
	size_t room = out->cap - out->n, size, n = 0;
	struct err e;
	int fd = -1;

	drop_pages(dir, name);
	*direct = true;
	e = open_regular(&fd, &size, dir, name, O_DIRECT,
	    room < sizeof block ? room : sizeof block);
	if (!err_is(e)) {
		e = read_all(fd, block, sizeof block, &n);
		close(fd);
	}
	/* tmpfs before 6.6 and some FUSE drivers: EINVAL at open or read */
	if (e.sys == EINVAL || e.sys == EOPNOTSUPP) {
		*direct = false;
		return dirs_get(out, dir, name);
	}
	if (!err_is(e) && n > room)
		e = err_make(E_LIMIT, 0, "media: file too large");
	if (!err_is(e))
		buf_add(out, block, n);
	secret_wipe(block, n);
	return e;
}

struct err
dirs_sync(int dir)
{
	if (fsync(dir) != 0 && errno != EINVAL)
		return dirs_err("media: fsync folder");
	return err_none();
}

struct err
dirs_list(int dir, size_t most,
    bool (*each)(void *ctx, int dir, const char *name), void *ctx)
{
	int fd = dirs_open(dir, ".", O_RDONLY | O_DIRECTORY, 0);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct err e = err_none();
	struct dirent *entry;

	if (d == NULL) {
		e = dirs_err("media: list");
		if (fd >= 0)
			close(fd);
		return e;
	}
	while (errno = 0, (entry = readdir(d)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (most-- == 0) {
			e = err_make(E_LIMIT, 0, "media: a crowded folder");
			break;
		}
		if (!each(ctx, dir, entry->d_name))
			break;
	}
	if (entry == NULL && errno != 0)
		e = dirs_err("media: list");
	closedir(d);
	return e;
}
