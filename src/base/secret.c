/*
 * base/secret.c - wiping and process hardening.
 */
#define _GNU_SOURCE
#include "base/secret.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { STACK_WIPE = 64 * 1024 };

void
secret_wipe(void *p, size_t n)
{
	if (p != NULL && n > 0)
		explicit_bzero(p, n);
}

bool
secret_equal(const void *a, const void *b, size_t n)
{
	const volatile uint8_t *x = a, *y = b;
	uint8_t diff = 0;

	for (size_t i = 0; i < n; i++)
		diff |= (uint8_t)(x[i] ^ y[i]);
	return diff == 0;
}

struct err
secret_harden(bool *locked)
{
	struct rlimit none = { 0, 0 }, lock;
	bool held = false;

	umask(077);
	if (setrlimit(RLIMIT_CORE, &none) != 0)
		return err_sys("secret: core limit");
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return err_sys("secret: dumpable");
	/* Under a finite limit MCL_FUTURE would make later mmaps fail. */
	if (getrlimit(RLIMIT_MEMLOCK, &lock) == 0 &&
	    lock.rlim_cur == RLIM_INFINITY)
		held = mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0;
	if (locked != NULL)
		*locked = held;
	return err_none();
}

__attribute__((noinline)) void
secret_wipe_stack(void)
{
	uint8_t below[STACK_WIPE];

	explicit_bzero(below, sizeof below);
}
