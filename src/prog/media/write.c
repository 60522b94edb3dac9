/*
 * media/write.c - stage, verify, commit, read back.
 */
#define _GNU_SOURCE
#include "prog/media/write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/log.h"
#include "prog/media/dirs.h"
#include "prog/media/stage.h"

enum {
	/* root, NPKI, <O>, USER, leaf, OLD, stamp, and each may grow one */
	FOLDERS = 7 * 2,
	MARGIN = 64 * 1024
};

/* The open folders of one job; -1 when not open. */
struct open_job {
	int root, npki, organisation, user;
	char temp[NAME_TEMP]; /* folder in USER; "" when there is none */
};

uint64_t
write_need(const struct write_job *job, uint64_t unit)
{
	uint64_t need = MARGIN + FOLDERS * unit;

	for (size_t i = 0; i < job->file_count; i++)
		need += (job->files[i].data.n / unit + 1) * unit;
	return need;
}

static struct err
check_room(int root, const struct write_job *job)
{
	struct statvfs v;
	uint64_t unit;

	if (fstatvfs(root, &v) != 0)
		return dirs_err("media: statvfs");
	if (v.f_flag & ST_RDONLY)
		return err_make(E_READONLY, EROFS, "media: read-only");
	unit = v.f_frsize > 0 ? v.f_frsize : 4096;
	if (v.f_bavail * unit < write_need(job, unit))
		return err_make(E_FULL, ENOSPC, "media: room");
	return err_none();
}

static void
step(struct write_job *job, int percent)
{
	if (job->progress != NULL)
		job->progress(job->ctx, percent);
}

static struct err
open_folders(struct open_job *o, int root, const struct write_job *job)
{
	struct err e;

	o->root = root;
	e = dirs_enter(&o->npki, root, "NPKI", true);
	if (!err_is(e))
		e = dirs_enter(
		    &o->organisation, o->npki, job->organisation, true);
	if (!err_is(e))
		e = dirs_enter(&o->user, o->organisation, "USER", true);
	if (e.sys == ELOOP || e.sys == ENOTDIR || e.sys == EXDEV)
		e.code = E_FORMAT;
	if (!err_is(e))
		stage_clean(o->user);
	return e;
}

static void
close_folders(struct open_job *o)
{
	const int fds[] = { o->npki, o->organisation, o->user };

	for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

/* Does the leaf hold these files already (an answer that was lost)? */
static bool
holds_already(const struct open_job *o, struct write_job *job)
{
	bool direct = true;
	int leaf = dirs_open(o->user, job->leaf, O_RDONLY | O_DIRECTORY, 0);
	struct err e;

	if (leaf < 0)
		return false;
	e = stage_verify(leaf, job->files, job->file_count, &direct);
	close(leaf);
	return !err_is(e);
}

/* All files in a folder of a temporary name, verified. */
static struct err
stage(struct open_job *o, struct write_job *job)
{
	int dir = -1;
	struct err e;

	name_make_temp(o->temp);
	if (mkdirat(o->user, o->temp, 0700) != 0)
		return dirs_err("media: temporary folder");
	step(job, 30);
	e = dirs_enter(&dir, o->user, o->temp, false);
	if (!err_is(e))
		e = stage_put(dir, job->files, job->file_count);
	step(job, 50);
	if (!err_is(e))
		e = stage_verify(
		    dir, job->files, job->file_count, &job->direct);
	if (dir >= 0)
		close(dir);
	return e;
}

/* An older leaf moves to OLD, then ours takes the name: the commit. */
static struct err
commit(struct open_job *o, struct write_job *job)
{
	if (dirs_has(o->user, job->leaf)) {
		struct err e = stage_aside(
		    o->organisation, o->user, job->leaf, job->now_s);
		if (err_is(e))
			return e;
		job->moved_aside = true;
	}
	if (renameat(o->user, o->temp, o->user, job->leaf) != 0)
		return dirs_err("media: rename");
	o->temp[0] = '\0';
	return err_none();
}

/* Folders, then the whole file system: FAT keeps its tables elsewhere. */
static struct err
settle(const struct open_job *o)
{
	const int dirs[] = { o->user, o->organisation, o->npki, o->root };
	struct err e = err_none();

	for (size_t i = 0; !err_is(e) && i < sizeof dirs / sizeof dirs[0]; i++)
		e = dirs_sync(dirs[i]);
	if (!err_is(e) && syncfs(o->root) != 0)
		e = dirs_err("media: syncfs");
	return e;
}

/* What the customer carries away: read from the final names. */
static struct err
read_back(const struct open_job *o, struct write_job *job)
{
	int leaf = -1;
	struct err e = dirs_enter(&leaf, o->user, job->leaf, false);

	if (!err_is(e)) {
		e = stage_verify(
		    leaf, job->files, job->file_count, &job->direct);
		close(leaf);
	}
	return e;
}

/* A leaf that does not read back must not look whole. */
static void
withdraw(struct open_job *o, struct write_job *job)
{
	name_make_temp(o->temp);
	if (renameat(o->user, job->leaf, o->user, o->temp) != 0)
		o->temp[0] = '\0';
}

struct err
write_pair(int root, struct write_job *job)
{
	struct open_job o = { -1, -1, -1, -1, "" };
	struct err e = check_room(root, job);

	job->moved_aside = false;
	job->direct = true;
	if (!err_is(e))
		e = open_folders(&o, root, job);
	step(job, 10);
	if (!err_is(e) && !holds_already(&o, job)) {
		e = stage(&o, job);
		step(job, 70);
		if (!err_is(e))
			e = commit(&o, job);
	}
	if (!err_is(e))
		e = settle(&o);
	step(job, 85);
	if (!err_is(e)) {
		e = read_back(&o, job);
		if (err_is(e))
			withdraw(&o, job);
	}
	if (!err_is(e))
		step(job, 100);
	else if (o.temp[0] != '\0')
		stage_drop(o.user, o.temp);
	close_folders(&o);
	return e;
}
