/*
 * fault/full.c - a real disk of three megabytes that somebody fills up.
 *
 * In a mount namespace of its own.  The case that is open is brought to its
 * end on the ballast; new ones are refused until there is room again.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault.h"
#include "store/audit_rows.h"

enum { NO_NAMESPACE = 50, ARROWS_MAX = 40 * CASES_ACKED };

struct filling {
	char folder[PATH], kept[PATH];
	int arrows;   /* done before the disk fills up */
	bool ballast; /* false: it is taken away first */
};

static void
complain(const char *what)
{
	if (shared->says[0] == '\0')
		snprintf(shared->says, sizeof shared->says, "%s", what);
}

/* Leave not one block. */
static void
fill(const char *path)
{
	static const char page[4096] = { 1 };
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	while (write(fd, page, sizeof page) > 0)
		;
	close(fd);
}

static bool tick_failed;

/* As the agent does: an arrow, then what is due for the audit log, which may
 * fail without stopping the case. */
static struct err
arrow(struct store *s, struct work *w, bool *more)
{
	struct err e = work_arrow(s, w, more);

	if (!err_is(e))
		tick_failed |= err_is(store_audit_tick(s));
	return e;
}

static struct err
go_on(struct store *s, struct work *w)
{
	bool more = true;
	struct err e = err_none();

	for (int i = 0; i < ARROWS_MAX && more && !err_is(e); i++)
		e = arrow(s, w, &more);
	return e;
}

/* What was acknowledged on the full disk is there at once. */
static void
check_versions(struct store *s)
{
	for (int i = 0; i < CASES_ACKED; i++) {
		const struct acked *a = &shared->cases[i];
		struct store_case c;

		if (a->version != 0 &&
		    (err_is(store_case_by_no(s, &c, a->case_no)) ||
			c.version < a->version))
			complain("an arrow acknowledged on a full disk is not"
				 " there");
	}
}

static void
filling_child(void *arg)
{
	struct filling *f = arg;
	/* what one case writes may still fit into the log's old pages */
	struct work w = { .folder = f->folder,
		.cases = f->ballast ? 1 : CASES_ACKED,
		.jump_at = -1 };
	char path[PATH + 32];
	struct store *s;
	bool more;
	struct err e;

	if (unshare(CLONE_NEWNS) != 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("tmpfs", f->folder, "tmpfs", 0, "size=3m") != 0)
		_exit(NO_NAMESPACE);
	e = work_open(&s, f->folder);
	for (int i = 0; i < f->arrows && !err_is(e); i++)
		e = arrow(s, &w, &more);
	if (err_is(e)) {
		complain("it failed before the disk was full");
		return;
	}
	snprintf(path, sizeof path, "%s/dasi.ballast", f->folder);
	if (!f->ballast)
		unlink(path);
	snprintf(path, sizeof path, "%s/filler", f->folder);
	fill(path);
	tick_failed = false;
	e = go_on(s, &w);
	if (f->ballast && err_is(e))
		complain("the open case does not come to its end on ballast");
	check_versions(s);
	snprintf(path, sizeof path, "%s/dasi.ballast", f->folder);
	/* a checkpoint may have made room for new ballast */
	if (!store_is_low(s) && access(path, F_OK) != 0)
		complain("no ballast, and the store does not say so");
	if (!f->ballast && !err_is(e) && !tick_failed)
		complain("a disk without room takes everything");
	if (store_is_broken(s))
		complain("a full disk broke the store");
	snprintf(path, sizeof path, "%s/filler", f->folder);
	/* once there is room it goes on, without a restart */
	unlink(path);
	if (store_is_low(s))
		complain("the store is low with room");
	e = go_on(s, &w);
	if (err_is(e))
		complain("it does not go on when there is room again");
	store_close(s);
	folder_copy(f->kept, f->folder);
}

long
fail_full(bool full, long *violations, const char **skipped)
{
	struct filling f;
	long runs = 0;

	folder_make(f.folder, "small");
	folder_make(f.kept, "kept");
	for (int i = 0; i < 20; i++) {
		const char *bad;
		f.arrows = 1 + i / 2;
		f.ballast = i % 2 == 0;
		memset(shared, 0, sizeof *shared);
		folder_empty(f.kept);
		if (in_child(filling_child, &f) == NO_NAMESPACE) {
			*skipped = "no mount namespace (not root)";
			return runs;
		}
		runs++;
		bad = judge_folder(f.kept, true);
		if (bad != NULL)
			violation(violations, bad, 0, (uint64_t)i, 0);
	}
	return runs;
}
