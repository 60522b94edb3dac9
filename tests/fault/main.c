/*
 * fault - the fault suite of the branch's memory: families of faults, one
 * judge, seeds that can be replayed.
 *
 *   FULL=1            the full set
 *   FAULT_FAMILY=name one family alone
 *   SEED=n            begin with this seed (1)
 *   POINT=n AGAIN=m   and do this one point alone (crash families)
 *   FAULT_FOLDER=dir  where runs live (/dev/shm)
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "fault.h"

static char base[PATH];
static const char *current;

static const struct family families[] = {
	{ "crash-store", crash_store },
	{ "crash-agent", crash_agent },

	{ "disk-errors", fail_disk },
	{ "disk-full", fail_full },
	{ "memory", fail_memory },
	{ "clock", clock_jumps },
	{ "rollback", rollback },
	{ "damage", damage },
	{ "planted", crash_plants },
};

int
in_child(void (*body)(void *arg), void *arg)
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		/* a run that hangs is a failure of its own */
		alarm(60);
		if (getenv("FAULT_LOG") == NULL)
			(void)!freopen("/dev/null", "w", stderr);
		body(arg);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 255;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void
folder_make(char out[static PATH], const char *name)
{
	snprintf(out, PATH, "%.400s/%.60s", base, name);
	(void)!mkdir(out, 0700);
	folder_empty(out);
}

void
folder_empty(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			(void)!unlinkat(dirfd(d), e->d_name, 0);
	}
	if (d != NULL)
		closedir(d);
}

static void
folder_remove(void)
{
	DIR *d = opendir(base);
	char path[2 * PATH];
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", base, e->d_name);
		folder_empty(path);
		rmdir(path);
	}
	if (d != NULL)
		closedir(d);
	rmdir(base);
}

static void
copy_file(int to, int from, const char *name)
{
	char room[65536];
	int in = openat(from, name, O_RDONLY | O_CLOEXEC);
	int out = openat(to, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	ssize_t n;

	while ((n = read(in, room, sizeof room)) > 0) {
		if (write(out, room, (size_t)n) != n)
			abort();
	}
	close(in);
	close(out);
}

void
folder_copy(const char *to, const char *from)
{
	DIR *d, *t;
	struct dirent *e;

	folder_empty(to);
	d = opendir(from);
	t = opendir(to);
	while (d != NULL && t != NULL && (e = readdir(d)) != NULL) {
		if (e->d_type == DT_REG &&
		    strcmp(e->d_name, "dasi.ballast") != 0)
			copy_file(dirfd(t), dirfd(d), e->d_name);
	}
	if (d != NULL)
		closedir(d);
	if (t != NULL)
		closedir(t);
}

void
violation(long *violations, const char *what, uint64_t seed, uint64_t at,
    uint64_t again)
{
	if (++*violations > 5 || plant != PLANT_NONE)
		return;
	printf("  %s; again: FAULT_FAMILY=%s SEED=%llu POINT=%llu"
	       " AGAIN=%llu\n",
	    what, current, (unsigned long long)seed, (unsigned long long)at,
	    (unsigned long long)again);
}

uint64_t
seed_first(void)
{
	const char *seed = getenv("SEED");

	return seed == NULL || *seed == '\0' ? 1 : strtoull(seed, NULL, 10);
}

static void
run_family(const struct family *f, bool full, int counts[3])
{
	const char *skipped = NULL;
	struct timespec t0, t1;
	long violations = 0, runs;

	current = f->name;
	memset(shared, 0, sizeof *shared);
	plant = PLANT_NONE;
	clock_gettime(CLOCK_MONOTONIC, &t0);
	runs = f->run(full, &violations, &skipped);
	clock_gettime(CLOCK_MONOTONIC, &t1);
	if (skipped != NULL && violations == 0) {
		printf("%s: skipped: %s\n", f->name, skipped);
		counts[2]++;
		return;
	}
	printf("%s: runs %ld, violations %ld, seed %llu, %ld s\n", f->name,
	    runs, violations, (unsigned long long)seed_first(),
	    (long)(t1.tv_sec - t0.tv_sec));
	counts[violations == 0 && runs > 0 ? 0 : 1]++;
}

int
main(void)
{
	const char *only = getenv("FAULT_FAMILY"), *room;
	const char *wish = getenv("FULL");
	bool full = wish != NULL && *wish != '\0' && *wish != '0';
	int counts[3] = { 0 };

	room = getenv("FAULT_FOLDER");
	snprintf(base, sizeof base, "%.400s/dasi-fault-XXXXXX",
	    room == NULL ? "/dev/shm" : room);
	if (mkdtemp(base) == NULL)
		snprintf(base, sizeof base, "/tmp/dasi-fault-XXXXXX");
	if (access(base, W_OK) != 0 && mkdtemp(base) == NULL)
		return 2;
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 2;
	log_open("fault", getenv("FAULT_LOG") ? LOG_DEBUG : LOG_ERROR);
	for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
		if (only == NULL || *only == '\0' ||
		    strcmp(only, families[i].name) == 0)
			run_family(&families[i], full, counts);
		fflush(stdout);
	}
	agent_finish();
	folder_remove();
	printf("%d passed, %d failed, %d skipped\n", counts[0], counts[1],
	    counts[2]);
	return counts[1] != 0;
}
