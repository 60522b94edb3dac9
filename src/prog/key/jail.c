/*
 * key/jail.c - secure heap and seccomp filter.  Source: facts/cmp.md 7.
 */
#include "prog/key/jail.h"

#include <errno.h>
#include <seccomp.h>
#include <sys/prctl.h>

#include <openssl/crypto.h>

enum { HEAP_BLOCK = 16, HEAP_LOCKED = 1 };

struct err
jail_secure_heap(size_t *size)
{
	for (*size = JAIL_HEAP; *size >= JAIL_HEAP_LEAST; *size /= 2) {
		/* 2 means: works, but could not be locked or guarded */
		int got = CRYPTO_secure_malloc_init(*size, HEAP_BLOCK);

		if (got == HEAP_LOCKED)
			return err_none();
		if (got != 0)
			CRYPTO_secure_malloc_done();
	}
	*size = 0;
	return err_make(E_LIMIT, 0, "jail: RLIMIT_MEMLOCK is too small");
}

/* clang-format off */
static const int allowed[] = {
	/* the descriptors we were given */
	SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(recvmsg), SCMP_SYS(sendmsg),
	SCMP_SYS(close), SCMP_SYS(poll), SCMP_SYS(ppoll),
	/* memory */
	SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mprotect),
	SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(munlock),
	/* time, randomness, identity */
	SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(getrandom),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
	SCMP_SYS(getpid), SCMP_SYS(gettid),
	/* locks, signals, the end */
	SCMP_SYS(futex), SCMP_SYS(sched_yield), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group),
};
/* clang-format on */

struct err
jail_enter(void)
{
	scmp_filter_ctx filter;
	int bad = 0;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_sys("jail: no new privileges");
	if ((filter = seccomp_init(SCMP_ACT_KILL_PROCESS)) == NULL)
		return err_make(E_NOMEM, 0, "jail: filter");
	for (size_t i = 0; bad == 0 && i < sizeof allowed / sizeof *allowed;
	     i++)
		bad = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	if (bad == 0)
		bad = seccomp_load(filter);
	seccomp_release(filter);
	if (bad != 0)
		return err_make(E_SYS, -bad, "jail: filter");
	return err_none();
}
