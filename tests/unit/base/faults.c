/*
 * faults.c - file system calls that fail on demand.
 */
#define _GNU_SOURCE
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static enum fault_kind kind;
static int steps, hit, hit_sys;

void
fault_arm(enum fault_kind k, int step, int sys)
{
	steps = 0;
	hit = step;
	hit_sys = sys;
	kind = k;
}

int
fault_disarm(void)
{
	kind = FAULT_NONE;
	return steps;
}

/* Is this call to fail?  Sets errno. */
static bool
strikes(void)
{
	bool now = steps == hit;

	if (kind == FAULT_NONE)
		return false;
	steps++;
	if (!now || kind == FAULT_SHORT)
		return false;
	if (kind == FAULT_KILL)
		raise(SIGKILL);
	errno = kind == FAULT_INTERRUPTED ? EINTR : hit_sys;
	return true;
}

int
openat(int dir, const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return strikes() ? -1
			 : (int)syscall(SYS_openat, dir, path, flags, mode);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	if (strikes())
		return -1;
	if (kind == FAULT_SHORT && n > 1)
		n = 1;
	return syscall(SYS_write, fd, p, n);
}

int
fsync(int fd)
{
	return strikes() ? -1 : (int)syscall(SYS_fsync, fd);
}

int
renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return strikes()
		   ? -1
		   : (int)syscall(SYS_renameat, from_dir, from, to_dir, to);
}

int
unlinkat(int dir, const char *path, int flags)
{
	return strikes() ? -1 : (int)syscall(SYS_unlinkat, dir, path, flags);
}
