/*
 * fault/back.c - the file is an old one, somebody else's, damaged or gone.
 *
 * What can be known at the branch is refused and left exactly as it was; what
 * only head office can see is written down in README.md.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault.h"
#include "store/audit_rows.h"

static void
complain(const char *what)
{
	if (shared->says[0] == '\0')
		snprintf(shared->says, sizeof shared->says, "%s", what);
}

struct trial {
	char folder[PATH], good[PATH];
	int arrows;
	enum err_code refused; /* what came of opening */
	const char *what;
};

/* So many arrows, then a clean end. */
static void
arrows_child(void *arg)
{
	const struct trial *t = arg;
	struct work w = { .folder = t->folder, .cases = 1, .jump_at = -1 };
	struct store *s;
	bool more = true;
	struct err e = work_open(&s, t->folder);

	for (int i = 0; i < t->arrows && more && !err_is(e); i++) {
		e = work_arrow(s, &w, &more);
		if (!err_is(e))
			e = store_audit_tick(s);
	}
	if (err_is(e))
		complain(e.where);
	else
		store_close(s);
}

static void
path_of(char out[static 2 * PATH], const char *folder, const char *name)
{
	snprintf(out, 2 * PATH, "%s/%s", folder, name);
}

static void
put_back(const char *to, const char *from, const char *name)
{
	char a[2 * PATH], b[2 * PATH];
	int in, out;
	ssize_t n;
	static char room[65536];

	path_of(a, to, name);
	path_of(b, from, name);
	in = open(b, O_RDONLY | O_CLOEXEC);
	out = open(a, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	while ((n = read(in, room, sizeof room)) > 0) {
		if (write(out, room, (size_t)n) != n)
			abort();
	}
	close(in);
	close(out);
}

static void
open_child(void *arg)
{
	const struct trial *t = arg;
	struct store *s = NULL;
	struct err e = work_open(&s, t->folder);

	if (!err_is(e))
		store_close(s);
	_exit((int)e.code);
}

static uint64_t
digest_of(const char *path)
{
	static unsigned char room[4 << 20];
	uint64_t h = 14695981039346656037u;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, room, sizeof room);

	for (ssize_t i = 0; i < n; i++)
		h = (h ^ room[i]) * 1099511628211u;
	if (fd >= 0)
		close(fd);
	return n < 0 ? 0 : h;
}

/* Opening must fail with one of the two codes and leave the file alone. */
static void
must_refuse(struct trial *t, long *violations, uint64_t at)
{
	char path[2 * PATH];
	uint64_t before;
	int status;

	path_of(path, t->folder, "dasi.db");
	before = digest_of(path);
	status = in_child(open_child, t);
	if (status != E_CORRUPT && status != E_MISMATCH)
		violation(violations, t->what, (uint64_t)status, at, 0);
	else if (before != digest_of(path))
		violation(violations, "the refused file was changed",
		    (uint64_t)status, at, 0);
}

/* ---- an older copy ---- */

long
rollback(bool full, long *violations, const char **skipped)
{
	struct trial t = { .what = "an old copy of the database is taken" };
	char now[PATH];
	long runs = 0;

	folder_make(t.folder, "back");
	folder_make(t.good, "old");
	folder_make(now, "now");
	/* one arrow and three later ones are at least one checkpoint apart */
	for (int i = 1; i <= 8; i += full ? 1 : 2) {
		folder_empty(t.folder);
		memset(shared, 0, sizeof *shared);
		t.arrows = i;
		(void)in_child(arrows_child, &t);
		folder_copy(t.good, t.folder);
		t.arrows = 4;
		(void)in_child(arrows_child, &t);
		put_back(t.folder, t.good, "dasi.db");
		if (plant == PLANT_NO_SIGNED) {
			char path[2 * PATH];
			path_of(path, t.folder, "dasi.signed");
			unlink(path);
		}
		must_refuse(&t, violations, (uint64_t)i);
		runs++;
		if (shared->says[0] != '\0')
			violation(violations, shared->says, 0, (uint64_t)i, 1);
	}
	return runs;
}

/* ---- damage ---- */

/* Cut the good file to `size`, or write `n` bytes of `with` at `off`. */
static void
spoil(const struct trial *t, off_t size, off_t off, int with, size_t n)
{
	static unsigned char room[1 << 20];
	char path[2 * PATH];
	int fd;

	folder_copy(t->folder, t->good);
	path_of(path, t->folder, "dasi.db");
	fd = open(path, O_RDWR | O_CLOEXEC);
	memset(room, with, sizeof room);
	if (ftruncate(fd, size) != 0 ||
	    (n > 0 && pwrite(fd, room, n, off) != (ssize_t)n))
		abort();
	close(fd);
}

static void
make_foreign(const struct trial *t)
{
	char path[2 * PATH];
	sqlite3 *db = NULL;

	folder_copy(t->folder, t->good);
	path_of(path, t->folder, "dasi.db");
	unlink(path);
	if (sqlite3_open_v2(path, &db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
		"unix") == SQLITE_OK)
		sqlite3_exec(db, "CREATE TABLE notes (a)", NULL, NULL, NULL);
	sqlite3_close(db);
}

long
damage(bool full, long *violations, const char **skipped)
{
	struct trial t = { .arrows = 9 };
	char path[2 * PATH];
	struct stat st;
	long runs = 0;

	folder_make(t.folder, "damage");
	folder_make(t.good, "good");
	memset(shared, 0, sizeof *shared);
	(void)in_child(arrows_child, &t);
	folder_copy(t.good, t.folder);
	path_of(path, t.good, "dasi.db");
	if (stat(path, &st) != 0)
		return 0;
	t.what = "a truncated file is taken";
	for (off_t cut = 0; cut < st.st_size;
	     cut += full ? 512 : 8192, runs++) {
		spoil(&t, cut, 0, 0, 0);
		must_refuse(&t, violations, (uint64_t)cut);
	}
	t.what = "a file with zeroed pages is taken";
	for (off_t at = 0; at < st.st_size; at += full ? 4096 : 16384, runs++) {
		spoil(&t, st.st_size, at, 0, 4096);
		must_refuse(&t, violations, (uint64_t)at);
	}
	t.what = "a file of noise is taken";
	spoil(&t, st.st_size, 0, 0xa5, (size_t)st.st_size);
	must_refuse(&t, violations, 0);
	t.what = "somebody else's database is taken";
	make_foreign(&t);
	must_refuse(&t, violations, 0);
	t.what = "a fresh start beside the traces of an older one";
	folder_copy(t.folder, t.good);
	path_of(path, t.folder, "dasi.db");
	unlink(path);
	must_refuse(&t, violations, 0);
	return runs + 3;
}
