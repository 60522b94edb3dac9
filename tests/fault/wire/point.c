/*
 * point.c - kill a program of the branch at its Nth call to the outside.
 *
 * Preloaded into every program of a practice branch.  Calls that make a file
 * durable, send or have received a message are counted per program in one
 * shared file; when a program's count reaches `at` it dies as by a power cut.
 * dasi-key is jailed and cannot send itself a signal: an illegal instruction
 * ends it as suddenly.  The layout is read and written by sweep.py.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SLOTS = 5, NAME = 20 };

struct slot {
	_Atomic uint32_t seen;	/* calls since the run began */
	_Atomic uint32_t at;	/* die at this one; 0: never */
	_Atomic uint32_t fired; /* how often that happened */
	char name[NAME];	/* of the call it died at */
};

static const char *const programs[SLOTS] = { "dasi-agent", "dasi-net",
	"dasi-media", "dasi-key", "wire-customer" };

static struct slot *slot;

__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("DASI_POINTS");
	int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
	struct slot *all;

	if (fd < 0)
		return;
	all = mmap(NULL, sizeof *all * SLOTS, PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0);
	close(fd);
	for (int i = 0; all != MAP_FAILED && i < SLOTS; i++)
		if (strcmp(program_invocation_short_name, programs[i]) == 0)
			slot = &all[i];
}

static void
point(const char *name)
{
	uint32_t n;

	if (slot == NULL)
		return;
	n = atomic_fetch_add(&slot->seen, 1) + 1;
	if (n != atomic_load(&slot->at))
		return;
	strncpy(slot->name, name, NAME - 1);
	atomic_store(&slot->at, 0);
	atomic_fetch_add(&slot->fired, 1);
	syscall(SYS_kill, (pid_t)syscall(SYS_getpid), SIGKILL);
	__builtin_trap();
}

/* The next definition of a name; ISO C has no cast from object to function. */
#define NEXT(f) (*(void **)&next = dlsym(RTLD_NEXT, f))

#define BEFORE(type, f, params, args)                                          \
	type f params;                                                         \
	type f params                                                          \
	{                                                                      \
		static type(*next) params;                                     \
		if (next == NULL)                                              \
			NEXT(#f);                                              \
		point(#f);                                                     \
		return next args;                                              \
	}
#define AFTER(type, f, params, args)                                           \
	type f params;                                                         \
	type f params                                                          \
	{                                                                      \
		static type(*next) params;                                     \
		type got;                                                      \
		if (next == NULL)                                              \
			NEXT(#f);                                              \
		got = next args;                                               \
		if (got > 0)                                                   \
			point(#f);                                             \
		return got;                                                    \
	}

BEFORE(ssize_t, pwrite64, (int fd, const void *p, size_t n, off_t at),
    (fd, p, n, at))
BEFORE(int, fdatasync, (int fd), (fd))
BEFORE(int, fsync, (int fd), (fd))
BEFORE(int, ftruncate64, (int fd, off_t n), (fd, n))
BEFORE(int, unlink, (const char *path), (path))
BEFORE(
    int, unlinkat, (int dir, const char *path, int flags), (dir, path, flags))
BEFORE(int, renameat, (int d1, const char *from, int d2, const char *to),
    (d1, from, d2, to))
BEFORE(ssize_t, sendmsg, (int sock, const struct msghdr *m, int flags),
    (sock, m, flags))
BEFORE(ssize_t, send, (int sock, const void *p, size_t n, int flags),
    (sock, p, n, flags))
AFTER(
    ssize_t, recvmsg, (int sock, struct msghdr *m, int flags), (sock, m, flags))
AFTER(ssize_t, recv, (int sock, void *p, size_t n, int flags),
    (sock, p, n, flags))
