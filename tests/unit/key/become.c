/*
 * become.c - the process under test is dasi-key.
 */
#include <assert.h>
#include <libgen.h>
#include <stdio.h>
#include <unistd.h>

#include "bench.h"
#include "npki/npki.h"
#include "prog/key/worker.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>

/* The sanitizer's runtime cannot live in the jail: the same code without it. */
void
bench_become(int fd)
{
	struct err e = npki_init();

	if (!err_is(e))
		e = worker_warm_up();
	if (!err_is(e))
		e = worker_run(fd);
	close(fd);
	_exit(err_is(e) ? 1 : __lsan_do_recoverable_leak_check() ? 99 : 0);
}
#else
void
bench_become(int fd)
{
	char self[512] = "", path[600];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	assert(n > 0);
	snprintf(path, sizeof path, "%s/dasi-key", dirname(self));
	dup2(fd, 3);
	execl(path, "dasi-key", (char *)NULL);
	_exit(127);
}
#endif
