/*
 * media/watch.c - the mount table and the folder, read afresh at each look.
 */
#define _GNU_SOURCE
#include "prog/media/watch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libmount/libmount.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/file.h"
#include "base/span.h"

enum { MOST_FOLDERS = 200 };

struct watch {
	char folder[PATH_MAX];
	int dir; /* the folder */
	bool folders;
	struct libmnt_monitor *monitor;
	FILE *mountinfo;
	int inotify; /* -1 without folders */
};

struct found {
	struct stick one;
	size_t count;
};

static struct err
open_mounts(struct watch *w)
{
	w->mountinfo = fopen("/proc/self/mountinfo", "re");
	if (w->mountinfo == NULL)
		return err_sys("media: mountinfo");
	w->monitor = mnt_new_monitor();
	if (w->monitor == NULL)
		return err_make(E_NOMEM, 0, "media: monitor");
	if (mnt_monitor_enable_kernel(w->monitor, 1) != 0 ||
	    mnt_monitor_get_fd(w->monitor) < 0)
		return err_sys("media: mount monitor");
	return err_none();
}

static struct err
open_folder(struct watch *w, const char *folder)
{
	struct err e;

	if (w->folders && err_is(e = file_make_dirs(folder)))
		return e;
	if (realpath(folder, w->folder) == NULL)
		return errno == ENOENT
			   ? err_make(E_NOTFOUND, errno, "media: media folder")
			   : err_sys("media: media folder");
	w->dir = open(w->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (w->dir < 0)
		return err_sys("media: media folder");
	if (!w->folders)
		return err_none();
	w->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (w->inotify < 0 ||
	    inotify_add_watch(w->inotify, w->folder,
		IN_CREATE | IN_DELETE | IN_MOVE | IN_ATTRIB | IN_ONLYDIR) < 0)
		return err_sys("media: inotify");
	return err_none();
}

struct err
watch_open(struct watch **out, const char *folder, bool folders)
{
	struct watch *w = calloc(1, sizeof *w);
	struct err e;

	if (w == NULL)
		return err_make(E_NOMEM, 0, "media: watch");
	w->dir = w->inotify = -1;
	w->folders = folders;
	e = open_folder(w, folder);
	if (!err_is(e))
		e = open_mounts(w);
	if (err_is(e)) {
		watch_close(w);
		return e;
	}
	*out = w;
	return e;
}

void
watch_close(struct watch *w)
{
	if (w == NULL)
		return;
	if (w->monitor != NULL)
		mnt_unref_monitor(w->monitor);
	if (w->mountinfo != NULL)
		fclose(w->mountinfo);
	if (w->inotify >= 0)
		close(w->inotify);
	if (w->dir >= 0)
		close(w->dir);
	free(w);
}

void
watch_fds(const struct watch *w, int fds[static WATCH_FDS])
{
	fds[0] = mnt_monitor_get_fd(w->monitor);
	fds[1] = w->inotify;
}

bool
watch_drain(struct watch *w)
{
	_Alignas(struct inotify_event) char events[4096];
	bool changed = false;

	while (mnt_monitor_next_change(w->monitor, NULL, NULL) == 0)
		changed = true;
	while (w->inotify >= 0 && read(w->inotify, events, sizeof events) > 0)
		changed = true;
	return changed;
}

const char *
watch_folder(const struct watch *w)
{
	return w->folder;
}

/* Count it; a later mount at the same place hides the earlier one. */
static void
add(struct found *f, const struct stick *s)
{
	if (f->count == 0 || strcmp(f->one.path, s->path) != 0)
		f->count++;
	f->one = *s;
}

static void
look_at_mounts(struct watch *w, struct found *f)
{
	struct libmnt_table *t = mnt_new_table();
	struct libmnt_iter *i = mnt_new_iter(MNT_ITER_FORWARD);
	size_t n = strlen(w->folder);
	struct libmnt_fs *fs;

	/* The stream was opened before the jail; from its start it is fresh. */
	rewind(w->mountinfo);
	if (t != NULL && i != NULL &&
	    mnt_table_parse_stream(t, w->mountinfo, "mountinfo") == 0)
		while (mnt_table_next_fs(t, i, &fs) == 0) {
			const char *at = mnt_fs_get_target(fs);
			const char *type = mnt_fs_get_fstype(fs);
			struct stick s = { .dev = mnt_fs_get_devno(fs),
				.mount_id = mnt_fs_get_id(fs) };
			if (at == NULL || type == NULL ||
			    strncmp(at, w->folder, n) != 0 || at[n] != '/' ||
			    strcmp(type, "autofs") == 0 ||
			    !str_copy(s.path, sizeof s.path, at))
				continue;
			str_copy(s.fs, sizeof s.fs, type);
			s.readonly = mnt_fs_match_options(fs, "ro");
			add(f, &s);
		}
	mnt_free_iter(i);
	mnt_unref_table(t);
}

static void
look_at_folders(struct watch *w, struct found *f)
{
	int fd = openat(w->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct stat here, st;
	struct dirent *entry;

	if (d == NULL || fstat(fd, &here) != 0) {
		if (d != NULL)
			closedir(d);
		else if (fd >= 0)
			close(fd);
		return;
	}
	for (int i = 0; i < MOST_FOLDERS && (entry = readdir(d)) != NULL; i++) {
		struct stick s = { .dev = here.st_dev };
		/* another device: a mount, counted already */
		if (entry->d_name[0] == '.' ||
		    fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISDIR(st.st_mode) || st.st_dev != here.st_dev ||
		    (size_t)snprintf(s.path, sizeof s.path, "%s/%s", w->folder,
			entry->d_name) >= sizeof s.path)
			continue;
		add(f, &s);
	}
	closedir(d);
}

static struct found
look(struct watch *w)
{
	struct found f = { .count = 0 };

	look_at_mounts(w, &f);
	if (w->folders)
		look_at_folders(w, &f);
	return f;
}

/* The device of a stick that was pulled is gone before its mount is. */
static bool
device_there(const struct stick *s)
{
	char path[64];

	if (major(s->dev) == 0)
		return true;
	snprintf(path, sizeof path, "/sys/dev/block/%u:%u", major(s->dev),
	    minor(s->dev));
	return access("/sys/dev/block", F_OK) != 0 || access(path, F_OK) == 0;
}

struct stick_status
watch_look(struct watch *w)
{
	struct found f = look(w);
	struct stick_status s = { .state = STICK_NONE };

	if (f.count > 1)
		s.state = STICK_SEVERAL;
	else if (f.count == 1 && device_there(&f.one))
		s = stick_judge(&f.one, STICK_FREE_MIN_KB);
	return s;
}

bool
watch_present(struct watch *w, const struct stick *stick)
{
	struct found f = look(w);

	return f.count == 1 && strcmp(f.one.path, stick->path) == 0 &&
	       f.one.dev == stick->dev && f.one.mount_id == stick->mount_id &&
	       device_there(stick);
}
