/*
 * Wiping, comparing and hardening.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secret.h"

Test(secret, wiping_clears_exactly_the_bytes_named)
{
	char s[8] = "secret!";

	secret_wipe(s + 1, 5);
	cr_expect_eq(memcmp(s, "s\0\0\0\0\0!", 8), 0);
	secret_wipe(s, 0);
	cr_expect_eq(s[0], 's');
	secret_wipe(NULL, 0);
	secret_wipe(NULL, 8);
}

Test(secret, equality_sees_every_single_bit)
{
	unsigned char a[33], b[33];

	for (size_t i = 0; i < sizeof a; i++)
		a[i] = b[i] = (unsigned char)(i * 37);
	cr_expect(secret_equal(a, b, sizeof a));
	cr_expect(secret_equal(a, b, 0));
	for (size_t bit = 0; bit < sizeof a * 8; bit++) {
		b[bit / 8] ^= (unsigned char)(1u << bit % 8);
		cr_expect_not(secret_equal(a, b, sizeof a), "bit %zu", bit);
		cr_expect(secret_equal(a, b, bit / 8), "before it");
		b[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
}

static const char password[] = "correct-horse-battery";

__attribute__((noinline)) static size_t
use_secret(void)
{
	char deep_secret[16 * 1024];
	size_t sum = 0;

	for (size_t i = 0; i + sizeof password < sizeof deep_secret;
	     i += sizeof password)
		memcpy(deep_secret + i, password, sizeof password);
	/* the compiler must keep the copies */
	for (size_t i = 0; i < sizeof deep_secret; i += 512)
		sum += (size_t)((volatile char *)deep_secret)[i];
	return sum;
}

/* Copies of the password in the 60 KiB below this frame. */
__attribute__((noinline, no_sanitize_address)) static int
copies_below(void)
{
	static char seen[60 * 1024];
	const volatile char *top = __builtin_frame_address(0);
	int n = 0;

	for (size_t i = 0; i < sizeof seen; i++)
		seen[i] = top[(ptrdiff_t)i - (ptrdiff_t)sizeof seen];
	for (char *p = seen; (p = memmem(p, sizeof seen - (size_t)(p - seen),
				  password, sizeof password - 1)) != NULL;
	     p++)
		n++;
	return n;
}

Test(secret, the_stack_below_is_wiped)
{
#ifdef __SANITIZE_ADDRESS__
	cr_skip_test("under ASan frames are not where they seem to be");
#endif
	cr_assert_gt(use_secret(), 0);
	cr_expect_gt(copies_below(), 100, "this test can see what is left");
	secret_wipe_stack();
	cr_expect_eq(copies_below(), 0);
}

Test(secret, hardening_closes_core_dump_ptrace_and_umask)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct rlimit core;
		bool locked = true;
		if (err_is(secret_harden(&locked)) ||
		    err_is(secret_harden(NULL)))
			_exit(1);
		if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0 ||
		    core.rlim_max != 0)
			_exit(2);
		if (prctl(PR_GET_DUMPABLE) != 0)
			_exit(3);
		if (umask(0) != 077)
			_exit(4);
		_exit(0);
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_expect(WIFEXITED(status));
	cr_expect_eq(WEXITSTATUS(status), 0);
}

Test(secret, memory_is_locked_only_where_later_mappings_cannot_fail)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct rlimit small = { 65536, 65536 };
		bool locked = true;
		void *p;
		if (setrlimit(RLIMIT_MEMLOCK, &small) != 0)
			_exit(1);
		if (err_is(secret_harden(&locked)) || locked)
			_exit(2);
		p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		_exit(p == MAP_FAILED ? 3 : 0);
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_expect(WIFEXITED(status));
	cr_expect_eq(WEXITSTATUS(status), 0);
}
