/*
 * Writing a pair: what is there afterwards, and what never happens.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "help.h"
#include "prog/media/dirs.h"

static const char *stick;
static struct write_job *job;
static int last_percent;

static void
setup(void)
{
	stick = help_folder();
	job = help_job(1, true);
}

static void
teardown(void)
{
	help_remove(stick);
}

static void
on_progress(void *ctx, int percent)
{
	cr_expect_gt(percent, last_percent);
	last_percent = percent;
}

TestSuite(write, .init = setup, .fini = teardown);

Test(write, leaves_the_pair_and_the_p12_whole_and_nothing_else)
{
	struct err e;
	struct stat st;

	job->progress = on_progress;
	e = help_write(stick, job);
	cr_assert_eq(e.code, E_NONE, "%s", e.where);
	cr_expect_eq(last_percent, 100);
	cr_expect_not(job->moved_aside);
	cr_expect(help_exists(stick, USER LEAF));
	cr_expect(help_leaf_is_whole(stick, job));
	cr_expect(help_exists(stick, USER LEAF "/hong.p12"));
	cr_expect_eq(help_count(stick, "NPKI"), 1);
	cr_expect_eq(help_count(stick, "NPKI/yessign"), 1);
	cr_expect_eq(help_count(stick, USER), 1);
	cr_expect_eq(help_count(stick, USER LEAF), 3);
	cr_expect_eq(stat(help_path(stick, USER LEAF "/signPri.key"), &st), 0);
	cr_expect_eq(st.st_mode & 07777, 0600);
	for (size_t i = 0; i < job->file_count; i++)
		cr_expect(
		    span_eq(span_make(job->files[i].back, job->files[i].back_n),
			job->files[i].data));
}

Test(write, an_existing_leaf_is_moved_aside_never_overwritten)
{
	struct span old;

	cr_assert_eq(help_write(stick, help_job(1, false)).code, E_NONE);
	job = help_job(2, false);
	cr_assert_eq(help_write(stick, job).code, E_NONE);
	cr_expect(job->moved_aside);
	cr_expect(help_leaf_is_whole(stick, job));
	job = help_job(1, false);
	old = job->files[1].data;
	cr_expect(help_holds(stick,
	    "NPKI/yessign/OLD/20261122-140509/" LEAF "/signPri.key", old));
	/* and again within the same second */
	job = help_job(3, false);
	cr_assert_eq(help_write(stick, job).code, E_NONE);
	cr_expect(job->moved_aside);
	cr_expect(
	    help_exists(stick, "NPKI/yessign/OLD/20261122-140509-1/" LEAF));
}

Test(write, the_same_bytes_again_are_only_verified)
{
	cr_assert_eq(help_write(stick, job).code, E_NONE);
	memset(job->files[1].back, 0, sizeof job->files[1].back);
	cr_assert_eq(help_write(stick, job).code, E_NONE);
	cr_expect_not(job->moved_aside);
	cr_expect_not(help_exists(stick, "NPKI/yessign/OLD"));
	cr_expect(span_eq(span_make(job->files[1].back, job->files[1].back_n),
	    job->files[1].data));
}

Test(write, a_leaf_without_the_p12_moves_aside_whole_for_one_with_it)
{
	cr_assert_eq(help_write(stick, help_job(1, false)).code, E_NONE);
	job = help_job(1, true);
	cr_assert_eq(help_write(stick, job).code, E_NONE);
	cr_expect(job->moved_aside);
	cr_expect(help_exists(stick, USER LEAF "/hong.p12"));
	cr_expect(help_leaf_is_whole(stick, job));
	cr_expect_eq(
	    help_count(stick, "NPKI/yessign/OLD/20261122-140509/" LEAF), 2);
}

Test(write, where_moving_aside_fails_the_old_leaf_stays_and_we_refuse)
{
	cr_assert_eq(help_write(stick, help_job(1, false)).code, E_NONE);
	help_put(stick, "NPKI/yessign/OLD", "a file, not a folder");
	job = help_job(2, false);
	cr_expect_neq(help_write(stick, job).code, E_NONE);
	cr_expect_not(job->moved_aside);
	job = help_job(1, false);
	cr_expect(help_exists(stick, USER LEAF));
	cr_expect(help_leaf_is_whole(stick, job));
	cr_expect_eq(help_count(stick, USER), 1, "a leftover");
}

Test(write, leftovers_of_ours_go_and_everything_else_stays)
{
	help_dirs(stick, USER ".dasi-0123abcd");
	help_put(stick, USER ".dasi-0123abcd/signPri.key", "half");
	help_put(stick, USER ".dasi-0123abcd/hong.p12", "half");
	help_dirs(stick, USER ".dasi-4567abcd");
	help_put(stick, USER ".dasi-4567abcd/photo.jpg", "not ours");
	help_dirs(stick, USER "cn=other");
	help_put(stick, USER "cn=other/signPri.key", "another person's");
	help_put(stick, USER ".dasi-notours", "x");
	cr_assert_eq(help_write(stick, job).code, E_NONE);
	cr_expect_not(help_exists(stick, USER ".dasi-0123abcd"));
	cr_expect(help_exists(stick, USER ".dasi-4567abcd/photo.jpg"));
	cr_expect(help_holds(
	    stick, USER "cn=other/signPri.key", span_str("another person's")));
	cr_expect(help_exists(stick, USER ".dasi-notours"));
}

Test(write, no_link_is_followed_out_of_the_stick)
{
	static const char *const at[] = { "NPKI", "NPKI/yessign",
		"NPKI/yessign/USER" };

	help_dirs(stick, "outside");
	for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
		const char *inner = help_path(stick, "stick");
		char here[512];

		snprintf(here, sizeof here, "%s", inner);
		help_dirs(here, i == 0 ? "" : i == 2 ? "NPKI/yessign" : "NPKI");
		cr_assert_eq(symlink(help_path(stick, "outside"),
				 help_path(here, at[i])),
		    0);
		cr_expect_eq(help_write(here, job).code, E_FORMAT, "%s", at[i]);
		cr_expect_eq(help_count(stick, "outside"), 0, "%s", at[i]);
		help_remove(here);
	}
}

Test(write, a_link_in_place_of_the_leaf_is_moved_aside_as_a_link)
{
	help_dirs(stick, "outside");
	help_put(stick, "outside/signPri.key", "theirs");
	help_dirs(stick, USER);
	cr_assert_eq(
	    symlink(help_path(stick, "outside"), help_path(stick, USER LEAF)),
	    0);
	cr_expect_eq(help_write(stick, job).code, E_NONE);
	cr_expect(job->moved_aside);
	cr_expect(help_leaf_is_whole(stick, job));
	cr_expect(help_holds(stick, "outside/signPri.key", span_str("theirs")));
	cr_expect_eq(help_count(stick, "outside"), 1);
}

Test(write, a_file_where_a_folder_belongs_is_refused)
{
	help_put(stick, "NPKI", "no folder");
	cr_expect_eq(help_write(stick, job).code, E_FORMAT);
	cr_expect(help_holds(stick, "NPKI", span_str("no folder")));
}

Test(write, the_way_without_openat2_follows_no_link_either)
{
	int dir = open(stick, O_RDONLY | O_DIRECTORY), fd;

	help_dirs(stick, "real");
	cr_assert_eq(symlink("real", help_path(stick, "link")), 0);
	fd = dirs_open_old(dir, "real", O_RDONLY | O_DIRECTORY, 0);
	cr_expect_geq(fd, 0);
	close(fd);
	cr_expect_lt(dirs_open_old(dir, "link", O_RDONLY | O_DIRECTORY, 0), 0);
	cr_expect_lt(dirs_open_old(dir, "link", O_RDONLY, 0), 0);
	cr_expect_lt(dirs_open(dir, "link", O_RDONLY | O_DIRECTORY, 0), 0);
	cr_expect_lt(dirs_open(dir, "link", O_RDONLY, 0), 0);
	close(dir);
}

Test(replace, the_new_file_takes_the_name_and_no_backup_stays)
{
	static struct write_file file;
	int root;

	setup();
	cr_assert_eq(help_write(stick, job).code, E_NONE);
	root = open(stick, O_RDONLY | O_DIRECTORY);
	file.name = "signPri.key";
	file.data = span_str("changed password");
	cr_expect_eq(write_replace(root, "yessign", LEAF, &file).code, E_NONE);
	cr_expect(help_holds(stick, USER LEAF "/signPri.key", file.data));
	cr_expect_eq(help_count(stick, USER LEAF), 3);
	cr_expect(span_eq(span_make(file.back, file.back_n), file.data));
	file.name = "kmPri.key";
	cr_expect_eq(
	    write_replace(root, "yessign", LEAF, &file).code, E_NOTFOUND);
	cr_expect_eq(write_replace(root, "KICA", LEAF, &file).code, E_NOTFOUND);
	cr_expect_eq(help_count(stick, USER LEAF), 3);
	close(root);
	teardown();
}

Test(replace, a_broken_replace_is_settled_by_the_next)
{
	static struct write_file file;
	int root;

	setup();
	cr_assert_eq(help_write(stick, job).code, E_NONE);
	cr_assert_eq(rename(help_path(stick, USER LEAF "/signPri.key"),
			 help_path(stick, USER LEAF "/signPri.key.bak")),
	    0);
	help_put(stick, USER LEAF "/.dasi-00000001", "half");
	root = open(stick, O_RDONLY | O_DIRECTORY);
	file.name = "signPri.key";
	file.data = span_str("changed password");
	cr_expect_eq(write_replace(root, "yessign", LEAF, &file).code, E_NONE);
	cr_expect(help_holds(stick, USER LEAF "/signPri.key", file.data));
	cr_expect_eq(help_count(stick, USER LEAF), 3);
	close(root);
	teardown();
}
