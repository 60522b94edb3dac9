/*
 * fault/errors.c - operations that fail instead of the power: no room, EIO on
 * write and sync, no memory.
 *
 * The child goes on as far as the store lets it, then the power goes too.
 * Whatever failed, what was acknowledged is there, and without the fault the
 * case comes to its end.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"
#include "store/audit_rows.h"

struct failing {
	char folder[PATH];
	struct crash_plan plan;
	long memory_at; /* the allocation that fails; 0 for none */
	bool memory_on; /* and all after it */
};

static long memory_count, memory_at;
static bool memory_on;

static void
complain(const char *what)
{
	if (shared->says[0] == '\0')
		snprintf(shared->says, sizeof shared->says, "%s", what);
}

/* After a failed sync the store may acknowledge nothing any more. */
static void
try_on(struct store *s, struct work *w)
{
	bool more, was_broken = store_is_broken(s);
	struct err e = store_audit_tick(s);

	if (!err_is(e))
		e = work_arrow(s, w, &more);
	if (was_broken && !err_is(e) && more)
		complain("an arrow was acknowledged after a failed sync");
	if (!was_broken && !err_is(e) && crash_struck() && w->fresh_refused)
		complain("refused and taken at once");
}

static void
failing_child(void *arg)
{
	const struct failing *f = arg;
	struct work w = { .folder = f->folder, .cases = 1, .jump_at = -1 };
	struct store *s = NULL;
	bool more = true;
	struct err e;

	crash_install(&f->plan, &shared->ops);
	memory_count = 0;
	memory_at = f->memory_at;
	memory_on = f->memory_on;
	e = work_open(&s, f->folder);
	for (int i = 0; i < 40 && more && !err_is(e); i++) {
		e = work_arrow(s, &w, &more);
		if (!err_is(e))
			e = store_audit_tick(s);
	}
	for (int i = 0; i < 3 && s != NULL; i++)
		try_on(s, &w);
	memory_at = 0;
	if (!crash_struck() && f->memory_at == 0)
		_exit(0);
	if (f->memory_at != 0 && memory_count < f->memory_at)
		_exit(0);
	crash_now();
}

static void
healthy_child(void *arg)
{
	const struct failing *f = arg;
	struct work w = { .folder = f->folder, .cases = 1, .jump_at = -1 };

	if (work_run(&w) != WORK_DONE)
		complain("without the fault it does not go on");
}

/* False when the fault lies behind the end of the work. */
static bool
one(struct failing *f, long *violations, uint64_t at)
{
	const char *bad;
	int status;

	memset(shared, 0, sizeof *shared);
	folder_empty(f->folder);
	status = in_child(failing_child, f);
	if (status != 0 && status != CRASH_EXIT)
		complain("the child died of the fault");
	bad = judge_folder(f->folder, false);
	if (bad == NULL) {
		(void)in_child(healthy_child, f);
		bad = judge_folder(f->folder, true);
	}
	if (bad != NULL)
		violation(violations, bad, f->plan.seed, at, 0);
	return status == CRASH_EXIT;
}

long
fail_disk(bool full, long *violations, const char **skipped)
{
	struct failing f = { .plan = { .seed = seed_first() } };
	long runs = 0;

	folder_make(f.folder, "errors");
	for (int kind = CRASH_FULL; kind <= CRASH_EIO; kind++) {
		f.plan.kind = (enum crash_kind)kind;
		for (f.plan.at = 1 + f.plan.seed % 7;;
		     f.plan.at += full ? 1 : 11) {
			runs++;
			if (!one(&f, violations, f.plan.at))
				break;
		}
	}
	return runs;
}

/* ---- memory ---- */

void *__real_malloc(size_t n);
void *__wrap_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);

static bool
memory_fails(void)
{
	if (memory_at == 0)
		return false;
	memory_count++;
	return memory_on ? memory_count >= memory_at
			 : memory_count == memory_at;
}

void *
__wrap_malloc(size_t n)
{
	return memory_fails() ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return memory_fails() ? NULL : __real_calloc(n, size);
}

static sqlite3_mem_methods real_memory;

static void *
sql_malloc(int n)
{
	return memory_fails() ? NULL : real_memory.xMalloc(n);
}

static void *
sql_realloc(void *p, int n)
{
	return memory_fails() ? NULL : real_memory.xRealloc(p, n);
}

/* SQLite takes its memory from here from now on. */
static void
take_memory(void)
{
	sqlite3_mem_methods ours;

	if (real_memory.xMalloc != NULL)
		return;
	sqlite3_shutdown();
	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory);
	ours = real_memory;
	ours.xMalloc = sql_malloc;
	ours.xRealloc = sql_realloc;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
}

long
fail_memory(bool full, long *violations, const char **skipped)
{
	struct failing f = { .plan = { .seed = seed_first() } };
	long runs = 0, step;

	folder_make(f.folder, "memory");
	take_memory();
	for (int on = 0; on < 2; on++) {
		f.memory_on = on == 1;
		f.memory_at = 1 + (long)(f.plan.seed % 13);
		for (step = full ? 3 : 151;; f.memory_at += step) {
			runs++;
			if (!one(&f, violations, (uint64_t)f.memory_at))
				break;
		}
	}
	return runs;
}
