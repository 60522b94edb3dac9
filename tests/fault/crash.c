/*
 * fault/crash.c - the VFS above the disk that forgets, and our own fsync and
 * renameat (linked with --wrap).
 */
#define _GNU_SOURCE
#include "crash.h"

#include <errno.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crash_disk.h"

struct crash_file {
	sqlite3_file base;
	struct image *im;
	bool delete_on_close;
};

static struct crash_plan plan;
static volatile uint64_t *ops, own_ops;
static bool installed, struck;
static sqlite3_vfs vfs, *below;

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_renameat(int od, const char *old, int nd, const char *new);
int __wrap_renameat(int od, const char *old, int nd, const char *new);

bool
crash_struck(void)
{
	return struck;
}

_Noreturn void
crash_now(void)
{
	disk_cut();
	_exit(CRASH_EXIT);
}

/* One more operation: whether it must fail.  A cut comes after a write was
 * issued and before a sync was done, which `issue` says. */
static bool
strikes(bool is_write)
{
	++*ops;
	if (plan.kind == CRASH_FULL && *ops >= plan.at && is_write) {
		struck = true;
		return true;
	}
	if (plan.kind == CRASH_EIO && *ops == plan.at) {
		struck = true;
		return true;
	}
	return false;
}

static void
cut_here(void)
{
	if (plan.kind == CRASH_CUT && *ops == plan.at)
		crash_now();
}

static int
f_close(sqlite3_file *f)
{
	struct crash_file *c = (struct crash_file *)f;

	if (c->delete_on_close && c->im->linked)
		disk_unlink(c->im);
	return SQLITE_OK;
}

static int
f_read(sqlite3_file *f, void *p, int n, sqlite3_int64 off)
{
	struct image *im = ((struct crash_file *)f)->im;
	size_t want = (size_t)n, at = (size_t)off, got = 0;

	if (at < im->size)
		got = im->size - at < want ? im->size - at : want;
	if (got > 0)
		memcpy(p, im->data + at, got);
	memset((char *)p + got, 0, want - got);
	return got == want ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int
f_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 off)
{
	struct image *im = ((struct crash_file *)f)->im;

	if (strikes(true))
		return plan.kind == CRASH_FULL ? SQLITE_FULL
					       : SQLITE_IOERR_WRITE;
	disk_write(im, p, (size_t)n, (size_t)off);
	cut_here();
	return SQLITE_OK;
}

static int
f_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	if (strikes(false))
		return SQLITE_IOERR_TRUNCATE;
	disk_truncate(((struct crash_file *)f)->im, (size_t)size);
	cut_here();
	return SQLITE_OK;
}

static int
f_sync(sqlite3_file *f, int flags)
{
	struct image *im = ((struct crash_file *)f)->im;

	if (strikes(false)) {
		disk_sync_fails(im);
		return SQLITE_IOERR_FSYNC;
	}
	cut_here();
	disk_sync(im);
	if (im->new_journal) {
		disk_sync_folder(!plan.stubborn);
		im->new_journal = false;
	}
	return SQLITE_OK;
}

static int
f_size(sqlite3_file *f, sqlite3_int64 *size)
{
	*size = (sqlite3_int64)((struct crash_file *)f)->im->size;
	return SQLITE_OK;
}

static int
f_lock(sqlite3_file *f, int level)
{
	return SQLITE_OK;
}

static int
f_reserved(sqlite3_file *f, int *out)
{
	*out = 0;
	return SQLITE_OK;
}

static int
f_control(sqlite3_file *f, int op, void *arg)
{
	return SQLITE_NOTFOUND;
}

static int
f_sector(sqlite3_file *f)
{
	return DISK_SECTOR;
}

static int
f_device(sqlite3_file *f)
{
	return 0;
}

/* Version 1: no shared memory, which the product must not need. */
static const sqlite3_io_methods methods = { .iVersion = 1,
	.xClose = f_close,
	.xRead = f_read,
	.xWrite = f_write,
	.xTruncate = f_truncate,
	.xSync = f_sync,
	.xFileSize = f_size,
	.xLock = f_lock,
	.xUnlock = f_lock,
	.xCheckReservedLock = f_reserved,
	.xFileControl = f_control,
	.xSectorSize = f_sector,
	.xDeviceCharacteristics = f_device };

static int
v_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out)
{
	struct crash_file *c = (struct crash_file *)f;
	bool journal = (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL |
				    SQLITE_OPEN_SUPER_JOURNAL)) != 0;

	memset(c, 0, sizeof *c);
	c->im = name == NULL ? NULL : disk_find(name);
	if (c->im == NULL) {
		if (name == NULL || (flags & SQLITE_OPEN_CREATE) == 0)
			return SQLITE_CANTOPEN;
		c->im = disk_create(name);
		c->im->new_journal = journal;
	}
	if ((flags & SQLITE_OPEN_MAIN_DB) != 0 && c->im->size == 0)
		disk_made_outside(c->im);
	c->delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
	c->base.pMethods = &methods;
	if (out != NULL)
		*out = flags;
	return SQLITE_OK;
}

static int
v_delete(sqlite3_vfs *v, const char *name, int sync_folder)
{
	struct image *im = disk_find(name);

	if (im == NULL)
		return SQLITE_IOERR_DELETE_NOENT;
	if (strikes(false))
		return SQLITE_IOERR_DELETE;
	disk_unlink(im);
	cut_here();
	if (sync_folder)
		disk_sync_folder(true);
	return SQLITE_OK;
}

static int
v_access(sqlite3_vfs *v, const char *name, int flags, int *out)
{
	const struct image *im = disk_find(name);

	/* An empty journal is no journal, as for the real one. */
	*out = im != NULL && (flags != SQLITE_ACCESS_EXISTS || im->size > 0);
	return SQLITE_OK;
}

static int
v_full(sqlite3_vfs *v, const char *name, int n, char *out)
{
	return below->xFullPathname(below, name, n, out);
}

static int
v_random(sqlite3_vfs *v, int n, char *out)
{
	memset(out, 5, (size_t)n);
	return n;
}

static int
v_sleep(sqlite3_vfs *v, int us)
{
	return us;
}

static int
v_time(sqlite3_vfs *v, double *out)
{
	*out = 2461000.5;
	return SQLITE_OK;
}

static int
v_error(sqlite3_vfs *v, int n, char *out)
{
	return 0;
}

void
crash_install(const struct crash_plan *p, volatile uint64_t *count)
{
	plan = *p;
	ops = count == NULL ? &own_ops : count;
	*ops = 0;
	installed = true;
	disk_seed(p->seed * 1000003 + p->at);
	below = sqlite3_vfs_find("unix");
	vfs = (sqlite3_vfs){ .iVersion = 1,
		.szOsFile = (int)sizeof(struct crash_file),
		.mxPathname = DISK_PATH - 16,
		.zName = "crash",
		.xOpen = v_open,
		.xDelete = v_delete,
		.xAccess = v_access,
		.xFullPathname = v_full,
		.xRandomness = v_random,
		.xSleep = v_sleep,
		.xCurrentTime = v_time,
		.xGetLastError = v_error };
	sqlite3_vfs_register(&vfs, 1);
}

/* ---- files of ours beside the database ---- */

int
__wrap_fsync(int fd)
{
	struct stat st;

	if (!installed)
		return __real_fsync(fd);
	if (strikes(false)) {
		errno = EIO;
		return -1;
	}
	cut_here();
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		disk_sync_folder(true);
	return 0;
}

static bool
path_at(char out[static DISK_PATH], int dir, const char *name)
{
	char link[64], folder[PATH_MAX];
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
	n = readlink(link, folder, sizeof folder - 1);
	if (n <= 0)
		return false;
	folder[n] = '\0';
	return snprintf(out, DISK_PATH, "%s/%s", folder, name) < DISK_PATH;
}

int
__wrap_renameat(int od, const char *old, int nd, const char *new)
{
	static int count;
	char path[DISK_PATH], kept[DISK_PATH] = "";
	int rc;

	if (!installed || !path_at(path, nd, new))
		return __real_renameat(od, old, nd, new);
	if (strikes(false)) {
		errno = EIO;
		return -1;
	}
	if (access(path, F_OK) == 0) {
		snprintf(kept, sizeof kept, "%.480s.kept%d", path, count++);
		if (rename(path, kept) != 0)
			return -1;
	}
	rc = __real_renameat(od, old, nd, new);
	if (rc == 0)
		disk_renamed(path, kept);
	cut_here();
	return rc;
}
