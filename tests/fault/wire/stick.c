/*
 * wire-stick: a customer's stick that turns bad when it is told to.
 *
 *   wire-stick BACKING MOUNT MOOD
 *
 * A file system in user space over the folder BACKING, which says that it is
 * exfat.  The first byte of the file MOOD is looked at before each call: 'g'
 * good, 'e' every call fails, 'f' no room, 'r' write-protected, 'w' takes
 * bytes and keeps others, 'b' gives back other bytes than it has, 'n' takes
 * everything and keeps nothing.  Killed, it is a stick whose port died.
 */
#define _GNU_SOURCE
#define FUSE_USE_VERSION 31
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { FLIP = 0x10 };

static int backing;
static const volatile char *mood;

/* "/" is the backing folder itself. */
static const char *
rel(const char *path)
{
	return path[1] == '\0' ? "." : path + 1;
}

static int
done(int rc)
{
	return rc < 0 ? -errno : 0;
}

/* 0, or why a call that changes something fails. */
static int
refused(void)
{
	switch (*mood) {
	case 'e':
		return -EIO;
	case 'f':
		return -ENOSPC;
	case 'r':
		return -EROFS;
	default:
		return 0;
	}
}

static int
s_getattr(const char *path, struct stat *st, struct fuse_file_info *fi)
{
	if (*mood == 'e')
		return -EIO;
	if (fi != NULL)
		return done(fstat((int)fi->fh, st));
	return done(fstatat(backing, rel(path), st, AT_SYMLINK_NOFOLLOW));
}

static int
s_mkdir(const char *path, mode_t mode)
{
	int rc = refused();

	if (rc != 0 || *mood == 'n')
		return rc;
	return done(mkdirat(backing, rel(path), mode));
}

static int
s_unlink(const char *path)
{
	int rc = refused();

	/* a full disk can still forget */
	if (rc != 0 && rc != -ENOSPC)
		return rc;
	return *mood == 'n' ? 0 : done(unlinkat(backing, rel(path), 0));
}

static int
s_rmdir(const char *path)
{
	int rc = refused();

	if (rc != 0 && rc != -ENOSPC)
		return rc;
	return *mood == 'n' ? 0
			    : done(unlinkat(backing, rel(path), AT_REMOVEDIR));
}

static int
s_rename(const char *from, const char *to, unsigned flags)
{
	int rc = refused();

	if (rc != 0 || *mood == 'n')
		return rc;
	return done(renameat2(backing, rel(from), backing, rel(to), flags));
}

static int
keep(struct fuse_file_info *fi, int fd)
{
	fi->fh = (uint64_t)fd;
	return done(fd);
}

static int
s_open(const char *path, struct fuse_file_info *fi)
{
	if (*mood == 'e')
		return -EIO;
	return keep(fi,
	    openat(backing, rel(path), (fi->flags & ~O_DIRECT) | O_CLOEXEC));
}

static int
s_create(const char *path, mode_t mode, struct fuse_file_info *fi)
{
	int rc = refused();

	if (rc != 0)
		return rc;
	if (*mood == 'n')
		return keep(fi,
		    openat(backing, ".", O_RDWR | O_TMPFILE | O_CLOEXEC, mode));
	return keep(
	    fi, openat(backing, rel(path),
		    (fi->flags & ~O_DIRECT) | O_CLOEXEC | O_CREAT, mode));
}

static int
s_read(const char *path, char *p, size_t n, off_t at, struct fuse_file_info *fi)
{
	ssize_t got;

	if (*mood == 'e')
		return -EIO;
	got = pread((int)fi->fh, p, n, at);
	if (got < 0)
		return -errno;
	if (*mood == 'b' && got > 0)
		p[got / 2] ^= FLIP;
	return (int)got;
}

static int
s_write(const char *path, const char *p, size_t n, off_t at,
    struct fuse_file_info *fi)
{
	int rc = refused();
	ssize_t put;
	char *other;

	if (rc != 0)
		return rc;
	if (*mood != 'w' && *mood != 'n') {
		put = pwrite((int)fi->fh, p, n, at);
		return put < 0 ? -errno : (int)put;
	}
	if (*mood == 'n')
		return (int)n;
	other = malloc(n + 1);
	if (other == NULL)
		return -EIO;
	memcpy(other, p, n);
	other[n / 2] ^= FLIP;
	put = pwrite((int)fi->fh, other, n, at);
	free(other);
	return put < 0 ? -errno : (int)put;
}

static int
s_fsync(const char *path, int data, struct fuse_file_info *fi)
{
	return *mood == 'e' ? -EIO : 0;
}

static int
s_release(const char *path, struct fuse_file_info *fi)
{
	return done(close((int)fi->fh));
}

static int
s_statfs(const char *path, struct statvfs *v)
{
	if (*mood == 'e')
		return -EIO;
	if (fstatvfs(backing, v) != 0)
		return -errno;
	if (*mood == 'f')
		v->f_bavail = v->f_bfree = 0;
	return 0;
}

static int
s_readdir(const char *path, void *out, fuse_fill_dir_t fill, off_t at,
    struct fuse_file_info *fi, enum fuse_readdir_flags flags)
{
	int fd = *mood == 'e' ? -1
			      : openat(backing, rel(path),
				    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	if (d == NULL)
		return *mood == 'e' ? -EIO : -errno;
	while (
	    (e = readdir(d)) != NULL && fill(out, e->d_name, NULL, 0, 0) == 0)
		;
	closedir(d);
	return 0;
}

static const struct fuse_operations operations = {
	.getattr = s_getattr,
	.mkdir = s_mkdir,
	.unlink = s_unlink,
	.rmdir = s_rmdir,
	.rename = s_rename,
	.open = s_open,
	.create = s_create,
	.read = s_read,
	.write = s_write,
	.fsync = s_fsync,
	.fsyncdir = s_fsync,
	.release = s_release,
	.statfs = s_statfs,
	.readdir = s_readdir,
};

int
main(int argc, char **argv)
{
	static char options[] = "fsname=stick,subtype=exfat";
	char *args[] = { argv[0], "-f", "-s", "-o", options, NULL, NULL };
	int fd;

	if (argc != 4)
		return 2;
	backing = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fd = open(argv[3], O_RDONLY | O_CLOEXEC);
	if (backing < 0 || fd < 0)
		return 3;
	mood = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);
	if (mood == MAP_FAILED)
		return 3;
	args[5] = argv[2];
	return fuse_main(6, args, &operations, NULL);
}
