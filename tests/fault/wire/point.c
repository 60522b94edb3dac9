/*
 * point.c - kill or halt a program of the branch at its Nth call to the
 * outside, or refuse the agent its Nth piece of memory.
 *
 * Preloaded into every program of a practice branch.  Calls that change a
 * file, send or have received a message are counted per program in one shared
 * file; when a program's count reaches `at` it dies as by a power cut, or
 * halts until it is told to go on.  dasi-key is jailed and cannot send itself
 * a signal: an illegal instruction ends it as suddenly.  The layout is read
 * and written by branch.py.
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
#include <time.h>
#include <unistd.h>

enum { PROGRAMS = 7, SLOTS = PROGRAMS + 1, NAME = 20 };
enum mode { DIES, HALTS };

struct slot {
	_Atomic uint32_t seen;	 /* calls since the run began */
	_Atomic uint32_t at;	 /* die at this one; 0: never */
	_Atomic uint32_t fired;	 /* how often that happened */
	_Atomic uint32_t mode;	 /* of the memory: how many fail in a row */
	_Atomic uint32_t looked; /* the last call that goes past the cache */
	char name[NAME];	 /* of the call it died at */
};

static const char *const programs[PROGRAMS] = { "dasi-agent", "dasi-net",
	"dasi-media", "dasi-key", "wire-customer", "dasi-ship", "dasi-token" };

/* Ours; and the agent's memory, the last of them. */
static struct slot *slot, *heap;

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);

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
	for (int i = 0; all != MAP_FAILED && i < PROGRAMS; i++)
		if (strcmp(program_invocation_short_name, programs[i]) == 0)
			slot = &all[i];
	if (slot != NULL && slot == all)
		heap = &all[PROGRAMS];
}

/* ---- memory ---- */

static int
heap_fails(void)
{
	uint32_t n, at;

	if (heap == NULL)
		return 0;
	n = atomic_fetch_add(&heap->seen, 1) + 1;
	at = atomic_load(&heap->at);
	if (at == 0 || n < at || n >= at + atomic_load(&heap->mode))
		return 0;
	atomic_fetch_add(&heap->fired, 1);
	errno = ENOMEM;
	return 1;
}

void *
malloc(size_t n)
{
	return heap_fails() ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return heap_fails() ? NULL : __libc_calloc(n, size);
}

/* ---- calls ---- */

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
	if (atomic_load(&slot->mode) == HALTS) {
		syscall(SYS_kill, (pid_t)syscall(SYS_getpid), SIGSTOP);
		return;
	}
	syscall(SYS_kill, (pid_t)syscall(SYS_getpid), SIGKILL);
	__builtin_trap();
}

/* For a library that has calls of its own to be counted (token_shim.c). */
void wire_point(const char *name);
void
wire_point(const char *name)
{
	point(name);
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
BEFORE(
    int, mkdirat, (int dir, const char *path, mode_t mode), (dir, path, mode))
BEFORE(int, syncfs, (int fd), (fd))
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

/*
 * libfaketime moves timers of the boot clock with the wall clock, which no
 * kernel does; loaded before it, we give the agent the kernel's own.
 */
int
timerfd_settime(
    int fd, int flags, const struct itimerspec *new, struct itimerspec *old)
{
	return (int)syscall(SYS_timerfd_settime, fd, flags, new, old);
}

/* Logs and the terminal are no effect. */
ssize_t
write(int fd, const void *p, size_t n)
{
	static ssize_t (*next)(int, const void *, size_t);

	if (next == NULL)
		NEXT("write");
	if (fd > STDERR_FILENO)
		point("write");
	return next(fd, p, n);
}

/* dasi-media, before it reads what the medium has. */
int
posix_fadvise(int fd, off_t at, off_t n, int advice)
{
	static int (*next)(int, off_t, off_t, int);

	if (next == NULL)
		NEXT("posix_fadvise");
	point("posix_fadvise");
	if (slot != NULL)
		atomic_store(&slot->looked, atomic_load(&slot->seen));
	return next(fd, at, n, advice);
}
