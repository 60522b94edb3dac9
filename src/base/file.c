/*
 * base/file.c - atomic whole-file writes.
 */
#define _GNU_SOURCE
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct err
file_err(const char *where)
{
	if (errno == ENOSPC || errno == EDQUOT)
		return err_make(E_FULL, errno, where);
	if (errno == EROFS)
		return err_make(E_READONLY, errno, where);
	return err_sys(where);
}

struct err
file_read(struct buf *out, const char *path)
{
	struct err e = err_none();
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	uint8_t extra;

	if (fd < 0)
		return errno == ENOENT
			   ? err_make(E_NOTFOUND, errno, "file: open")
			   : err_sys("file: open");
	for (;;) {
		bool room = out->n < out->cap;
		ssize_t n = room ? read(fd, out->p + out->n, out->cap - out->n)
				 : read(fd, &extra, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			e = err_sys("file: read");
		else if (n > 0 && !room)
			e = err_make(E_LIMIT, 0, "file: larger than the room");
		if (n <= 0 || err_is(e))
			break;
		out->n += (size_t)n;
	}
	close(fd);
	return e;
}

struct err
file_write_all(int fd, struct span data)
{
	while (data.n > 0) {
		ssize_t n = write(fd, data.p, data.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return file_err("file: write");
		data.p += n;
		data.n -= (size_t)n;
	}
	return err_none();
}

static struct err
write_at(
    int dir, const char *name, const char *temp, struct span data, mode_t mode)
{
	struct err e;
	int fd;

	unlinkat(dir, temp, 0);
	fd = openat(dir, temp,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0)
		return file_err("file: create");
	e = file_write_all(fd, data);
	if (!err_is(e) && fsync(fd) != 0)
		e = file_err("file: fsync");
	if (close(fd) != 0 && !err_is(e))
		e = file_err("file: close");
	if (!err_is(e) && renameat(dir, temp, dir, name) != 0)
		e = file_err("file: rename");
	if (!err_is(e) && fsync(dir) != 0)
		e = file_err("file: fsync folder");
	if (err_is(e))
		unlinkat(dir, temp, 0);
	return e;
}

struct err
file_write(const char *path, struct span data, mode_t mode)
{
	char folder[PATH_MAX], temp[NAME_MAX + 1];
	const char *slash = strrchr(path, '/'), *name = path;
	struct err e;
	int dir;

	if (!str_copy(folder, sizeof folder, slash == NULL ? "." : path))
		return err_make(E_LIMIT, 0, "file: path");
	if (slash != NULL) {
		folder[slash == path ? 1 : slash - path] = '\0';
		name = slash + 1;
	}
	if ((size_t)snprintf(temp, sizeof temp, ".%s.tmp", name) >= sizeof temp)
		return err_make(E_LIMIT, 0, "file: name");
	dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return err_sys("file: folder");
	e = write_at(dir, name, temp, data, mode);
	close(dir);
	return e;
}

struct err
file_make_dirs(const char *path)
{
	char part[PATH_MAX];
	struct stat st;

	if (!str_copy(part, sizeof part, path))
		return err_make(E_LIMIT, 0, "file: path");
	for (char *p = part + (*part == '/');; p++) {
		char c = *p;
		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(part, 0700) != 0 && errno != EEXIST)
			return file_err("file: mkdir");
		*p = c;
		if (c == '\0')
			break;
	}
	/* what existed may be a file */
	if (stat(part, &st) != 0)
		return file_err("file: folder");
	if (!S_ISDIR(st.st_mode))
		return err_make(E_SYS, ENOTDIR, "file: no folder");
	return err_none();
}
