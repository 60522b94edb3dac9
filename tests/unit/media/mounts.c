/*
 * Real mounts, in a mount namespace of the test's own: every state of a
 * stick, a medium that fills up, turns read-only or is pulled half-way.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "help.h"
#include "prog/media/stick.h"
#include "prog/media/watch.h"

static char folder[256];

static bool
put_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) > 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

/* Mounts from here on are ours alone; as root, or root of a new user space. */
static void
enter(void)
{
	char map[64];
	uid_t uid = geteuid();

	if (unshare(CLONE_NEWNS | (uid != 0 ? CLONE_NEWUSER : 0)) != 0)
		cr_skip_test("skipped: not root and no mount namespace (try "
			     "unshare -Urm)");
	snprintf(map, sizeof map, "0 %u 1", (unsigned)uid);
	if (uid != 0 && !put_text("/proc/self/uid_map", map))
		cr_skip_test("skipped: no user mapping");
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		cr_skip_test("skipped: mounts cannot be made private");
	snprintf(folder, sizeof folder, "%s", help_folder());
	if (mount("media", folder, "tmpfs", 0, NULL) != 0)
		cr_skip_test("skipped: no tmpfs can be mounted");
}

static const char *
plug(const char *name, const char *type, unsigned long flags,
    const char *options)
{
	const char *at = help_path(folder, name);

	mkdir(at, 0700);
	cr_assert_eq(mount("test", at, type, flags, options), 0, "%s", type);
	return at;
}

static void
leave(void)
{
	umount2(folder, MNT_DETACH);
	rmdir(folder);
}

/* execvp takes its words as writable; they are not written. */
static void
become(const char *const argv[])
{
	char *words[12];
	size_t n = 0;

	while (argv[n] != NULL && n < sizeof words / sizeof words[0] - 1)
		n++;
	memcpy(words, argv, n * sizeof words[0]);
	words[n] = NULL;
	execvp(words[0], words);
	_exit(127);
}

/* The exit status, its words to nowhere; -1 when it cannot run. */
static int
run(const char *const argv[], char *said, size_t room)
{
	int p[2], status;
	ssize_t n;
	pid_t pid;

	cr_assert_eq(pipe(p), 0);
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(p[1], 1);
		dup2(null, 2);
		become(argv);
	}
	close(p[1]);
	n = said != NULL ? read(p[0], said, room - 1) : 0;
	close(p[0]);
	if (said != NULL) {
		said[n > 0 ? n : 0] = '\0';
		said[strcspn(said, "\n")] = '\0';
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status) == 127 ? -1 : WEXITSTATUS(status);
}

/* A file system image on a loop device; NULL when this machine cannot. */
static const char *
make_loop(const char *image, const char *const mkfs[])
{
	static char loop[64];
	char path[300];
	const char *attach[] = { "losetup", "-f", "--show", path, NULL };
	int fd;

	snprintf(path, sizeof path, "%s", image);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || ftruncate(fd, 8 << 20) != 0)
		return NULL;
	close(fd);
	if (geteuid() != 0 || run(mkfs, NULL, 0) != 0 ||
	    run(attach, loop, sizeof loop) != 0)
		return NULL;
	return loop;
}

static void
drop_loop(const char *loop)
{
	char path[64];
	const char *argv[] = { "losetup", "-d", path, NULL };

	snprintf(path, sizeof path, "%s", loop);
	run(argv, NULL, 0);
}

/* The state after the kernel said that something changed. */
static enum stick_state
next_state(struct watch *w)
{
	int fds[WATCH_FDS];

	watch_fds(w, fds);
	struct pollfd p[] = { { fds[0], POLLIN, 0 }, { fds[1], POLLIN, 0 } };
	cr_expect_gt(poll(p, 2, 2000), 0, "no event");
	cr_expect(watch_drain(w));
	return watch_look(w).state;
}

Test(mounts, each_change_is_an_event_and_gives_the_right_state)
{
	struct watch *w;
	struct stick_status s;
	const char *one;
	int held;

	enter();
	cr_assert_eq(watch_open(&w, folder, false).code, E_NONE);
	cr_expect_eq(watch_look(w).state, STICK_NONE);
	mkdir(help_path(folder, "plain"), 0700);
	cr_expect_eq(watch_look(w).state, STICK_NONE, "a folder is no stick");
	plug("sdb1", "tmpfs", 0, "size=4m");
	cr_expect_eq(next_state(w), STICK_READY);
	s = watch_look(w);
	cr_expect_str_eq(s.label, "sdb1");
	cr_expect_eq(s.free_kb, 4096);
	cr_expect(watch_present(w, &s.stick));
	plug("sdc1", "tmpfs", 0, "size=4m");
	cr_expect_eq(next_state(w), STICK_SEVERAL);
	cr_expect_not(watch_present(w, &s.stick));
	umount(help_path(folder, "sdc1"));
	cr_expect_eq(next_state(w), STICK_READY);
	one = help_path(folder, "sdb1");
	mount("test", one, NULL, MS_REMOUNT | MS_RDONLY, NULL);
	cr_expect_eq(next_state(w), STICK_READONLY);
	/* held as a write holds it, so that the kernel gives no number twice */
	cr_assert_eq(stick_open(&held, &s.stick).code, E_NONE);
	umount2(one, MNT_DETACH);
	cr_expect_eq(next_state(w), STICK_NONE);
	cr_expect_not(watch_present(w, &s.stick));
	plug("sdb1", "tmpfs", 0, "size=4m");
	cr_expect_eq(next_state(w), STICK_READY);
	cr_expect_not(watch_present(w, &s.stick), "the same place, another");
	close(held);
	watch_close(w);
	leave();
}

Test(mounts, a_small_or_unknown_medium_is_told)
{
	struct watch *w;

	enter();
	cr_assert_eq(watch_open(&w, folder, false).code, E_NONE);
	plug("sdb1", "tmpfs", 0, "size=64k");
	cr_expect_eq(next_state(w), STICK_FULL);
	cr_expect_eq(
	    help_write(help_path(folder, "sdb1"), help_job(1, true)).code,
	    E_FULL);
	cr_expect_eq(help_count(folder, "sdb1"), 0, "nothing was tried");
	umount(help_path(folder, "sdb1"));
	plug("sdb1", "ramfs", 0, NULL);
	cr_expect_eq(next_state(w), STICK_WRONG_FS);
	watch_close(w);
	leave();
}

Test(mounts, another_mount_at_the_same_path_is_not_opened)
{
	struct watch *w;
	struct stick stick;
	int root, other;

	enter();
	cr_assert_eq(watch_open(&w, folder, false).code, E_NONE);
	plug("sdb1", "tmpfs", 0, "size=4m");
	stick = watch_look(w).stick;
	cr_assert_eq(stick_open(&root, &stick).code, E_NONE);
	umount2(stick.path, MNT_DETACH);
	cr_expect_eq(stick_open(&other, &stick).code, E_GONE);
	plug("sdb1", "tmpfs", 0, "size=4m");
	cr_expect_eq(stick_open(&other, &stick).code, E_GONE);
	close(root);
	watch_close(w);
	leave();
}

Test(mounts, a_medium_that_fills_at_any_file_leaves_nothing_half)
{
	bool failed = false, passed = false;

	enter();
	for (int inodes = 2; inodes < 16; inodes++) {
		struct write_job *job = help_job(inodes, true);
		char options[64];
		const char *at;
		struct err e;

		snprintf(
		    options, sizeof options, "size=4m,nr_inodes=%d", inodes);
		at = plug("sdb1", "tmpfs", 0, options);
		e = help_write(at, job);
		at = help_path(folder, "sdb1");
		cr_expect(e.code == E_NONE || e.code == E_FULL, "%d: %s",
		    inodes, e.where);
		cr_expect_eq(help_exists(at, USER LEAF), e.code == E_NONE);
		cr_expect(help_leaf_is_whole(at, job));
		if (e.code == E_FULL)
			cr_expect_leq(help_count(at, USER), 0, "%d", inodes);
		*(e.code == E_NONE ? &passed : &failed) = true;
		umount(help_path(folder, "sdb1"));
	}
	cr_expect(failed && passed);
	leave();
}

Test(mounts, a_read_only_medium_is_told_and_untouched)
{
	enter();
	plug("sdb1", "tmpfs", MS_RDONLY, "size=4m");
	cr_expect_eq(
	    help_write(help_path(folder, "sdb1"), help_job(1, true)).code,
	    E_READONLY);
	leave();
}

static int pull_at;

static void
pull(void *ctx, int percent)
{
	if (percent == pull_at)
		umount2(ctx, MNT_DETACH);
}

Test(mounts, a_stick_pulled_at_any_step_is_noticed)
{
	static const int steps[] = { 10, 30, 50, 70, 85, 100 };

	enter();
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		struct write_job *job = help_job(1, true);
		struct watch *w;
		struct stick stick;
		int root;
		struct err e;

		plug("sdb1", "tmpfs", 0, "size=4m");
		cr_assert_eq(watch_open(&w, folder, false).code, E_NONE);
		stick = watch_look(w).stick;
		cr_assert_eq(stick_open(&root, &stick).code, E_NONE);
		pull_at = steps[i];
		job->progress = pull;
		job->ctx = stick.path;
		e = write_pair(root, job);
		/* memory cannot be pulled: only the mount table tells */
		cr_expect(
		    err_is(e) || !watch_present(w, &stick), "%d", steps[i]);
		cr_expect_not(watch_present(w, &stick), "%d", steps[i]);
		close(root);
		watch_close(w);
	}
	leave();
}

Test(mounts, ext4_is_read_back_past_the_cache_and_keeps_it)
{
	struct write_job *job = help_job(1, true);
	char image[300];
	const char *mkfs[] = { "mkfs.ext4", "-q", "-F", image, NULL };
	const char *loop, *at;

	enter();
	snprintf(image, sizeof image, "%s/image", folder);
	if ((loop = make_loop(image, mkfs)) == NULL)
		cr_skip_test("skipped: no loop device for an ext4 image");
	at = help_path(folder, "sdb1");
	mkdir(at, 0700);
	cr_assert_eq(mount(loop, at, "ext4", 0, NULL), 0);
	cr_expect_eq(help_write(at, job).code, E_NONE);
	cr_expect(job->direct, "no O_DIRECT");
	at = help_path(folder, "sdb1");
	cr_assert_eq(umount(at), 0);
	cr_assert_eq(mount(loop, at, "ext4", MS_RDONLY, NULL), 0);
	cr_expect(help_exists(at, USER LEAF));
	cr_expect(help_leaf_is_whole(at, job));
	umount(at);
	drop_loop(loop);
	leave();
}

/* exfat-fuse in the foreground; its process, which is ours to end. */
static pid_t
serve_exfat(const char *loop, const char *at)
{
	char device[64], where[512];
	const char *argv[] = { "mount.exfat-fuse", "-d", device, where, NULL };
	struct stat before, now;
	pid_t pid;

	snprintf(device, sizeof device, "%s", loop);
	snprintf(where, sizeof where, "%s", at);
	stat(where, &before);
	if ((pid = fork()) == 0) {
		int null = open("/dev/null", O_RDWR);
		dup2(null, 1);
		dup2(null, 2);
		become(argv);
	}
	for (int i = 0; i < 300; i++) {
		if (stat(where, &now) == 0 && now.st_dev != before.st_dev)
			return pid;
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return -1;
		poll(NULL, 0, 10);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return -1;
}

static pid_t server;

static void
kill_server(void *ctx, int percent)
{
	if (percent == pull_at) {
		kill(server, SIGKILL);
		waitpid(server, NULL, 0);
	}
}

Test(mounts, exfat_takes_hangul_names_and_its_loss_is_told, .timeout = 60)
{
	static const int steps[] = { 10, 30, 50, 70 };
	char image[300], at[512];
	const char *mkfs[] = { "mkfs.exfat", image, NULL };
	struct write_job *job = help_job(1, true);
	const char *loop;

	enter();
	snprintf(image, sizeof image, "%s/image", folder);
	snprintf(at, sizeof at, "%s/sdb1", folder);
	mkdir(at, 0700);
	if ((loop = make_loop(image, mkfs)) == NULL)
		cr_skip_test("skipped: no loop device for an exfat image");
	if ((server = serve_exfat(loop, at)) < 0) {
		drop_loop(loop);
		cr_skip_test("skipped: no exfat-fuse here");
	}
	cr_expect_eq(help_write(at, job).code, E_NONE);
	cr_expect(help_exists(at, USER LEAF));
	cr_expect(help_leaf_is_whole(at, job));
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		job = help_job(2 + (int)i, true);
		job->progress = kill_server;
		pull_at = steps[i];
		cr_expect_eq(
		    help_write(at, job).code, E_GONE, "at %d", steps[i]);
		umount2(at, MNT_DETACH);
		server = serve_exfat(loop, at);
		cr_assert_gt(server, 0);
		job = help_job(
		    help_exists(at, "NPKI/yessign/OLD/20261122-140509/" LEAF)
			? 2 + (int)i
			: 1,
		    true);
		cr_expect(help_leaf_is_whole(at, job), "at %d", steps[i]);
	}
	umount2(at, MNT_DETACH);
	waitpid(server, NULL, 0);
	drop_loop(loop);
	leave();
}
