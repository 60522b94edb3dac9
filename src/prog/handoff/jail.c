/*
 * handoff/jail.c - seccomp by allow list.  What is not on it fails with
 * EPERM: a library that tries something optional goes on without it.
 */
#include "prog/handoff/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/socket.h>

static const int networking[] = {
	SCMP_SYS(recvmsg),
	SCMP_SYS(recvfrom),
	SCMP_SYS(sendmsg),
	SCMP_SYS(sendto),
	SCMP_SYS(accept4),
	SCMP_SYS(accept),
	SCMP_SYS(shutdown),
	SCMP_SYS(getsockname),
	SCMP_SYS(getpeername),
	SCMP_SYS(getsockopt),
	SCMP_SYS(setsockopt),
};

static const int looking[] = {
	SCMP_SYS(stat),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(statx),
};

static const int allowed[] = {
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(close),
	SCMP_SYS(fcntl),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(eventfd2),
	SCMP_SYS(futex),
	SCMP_SYS(mmap),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(mprotect),
	SCMP_SYS(madvise),
	SCMP_SYS(brk),
	SCMP_SYS(getrandom),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getrusage),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(tgkill),
};

static int
allow(scmp_filter_ctx ctx, const int *calls, size_t count)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, calls[i], 0);
	return rc;
}
#define ALLOW(ctx, calls) allow(ctx, calls, sizeof(calls) / sizeof *(calls))

/* To read, and nothing else. */
static int
allow_files(scmp_filter_ctx ctx)
{
	int rc = ALLOW(ctx, looking);

	return rc != 0
		   ? rc
		   : seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
			 SCMP_A2(SCMP_CMP_MASKED_EQ,
			     O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY));
}

/* What is connected to is there again when the other end was started again. */
static int
allow_sockets(scmp_filter_ctx ctx, const struct jail *j)
{
	const struct {
		bool yes;
		int family;
	} rows[] = {
		{ j->local, AF_UNIX },
		{ j->internet, AF_INET },
		{ j->internet, AF_INET6 },
	};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof rows / sizeof rows[0]; i++) {
		if (rows[i].yes)
			rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW,
			    SCMP_SYS(socket), 1,
			    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)rows[i].family));
	}
	if (rc == 0 && (j->local || j->internet))
		rc = seccomp_rule_add(
		    ctx, SCMP_ACT_ALLOW, SCMP_SYS(connect), 0);
	return rc;
}

struct err
jail_enter(const struct jail *j)
{
	struct rlimit files = { (rlim_t)j->descriptors,
		(rlim_t)j->descriptors };
	struct rlimit none = { 0, 0 };
	scmp_filter_ctx ctx;
	int rc;

	if (setrlimit(RLIMIT_NOFILE, &files) != 0 ||
	    setrlimit(RLIMIT_CORE, &none) != 0)
		return err_sys("handoff: limits");
	ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	rc = ctx == NULL ? -ENOMEM : ALLOW(ctx, allowed);
	if (rc == 0)
		rc = j->files ? allow_files(ctx) : ALLOW(ctx, networking);
	if (rc == 0)
		rc = allow_sockets(ctx, j);
	if (rc == 0)
		rc = seccomp_load(ctx);
	seccomp_release(ctx);
	return rc == 0 ? err_none() : err_make(E_SYS, -rc, "handoff: seccomp");
}
