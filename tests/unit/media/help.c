/*
 * help.c - folders, files and jobs for the tests of dasi-media.
 */
#define _GNU_SOURCE
#include "help.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *
help_folder(void)
{
	static char path[256];
	const char *tmp = getenv("TMPDIR");

	snprintf(path, sizeof path, "%s/dasi-media-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	cr_assert(mkdtemp(path) != NULL);
	return path;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	return remove(path);
}

void
help_remove(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

const char *
help_path(const char *dir, const char *name)
{
	static char paths[32][2048];
	static int turn;

	turn = (turn + 1) % 32;
	snprintf(paths[turn], sizeof paths[turn], "%s/%s", dir, name);
	return paths[turn];
}

bool
help_exists(const char *dir, const char *name)
{
	struct stat st;

	return lstat(help_path(dir, name), &st) == 0;
}

void
help_put(const char *dir, const char *name, const char *text)
{
	FILE *f = fopen(help_path(dir, name), "w");

	cr_assert(f != NULL, "%s/%s", dir, name);
	fputs(text, f);
	fclose(f);
}

void
help_dirs(const char *dir, const char *name)
{
	char path[2048];

	snprintf(path, sizeof path, "%s", help_path(dir, name));
	for (char *p = path + 1;; p++) {
		char c = *p;
		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		mkdir(path, 0700);
		*p = c;
		if (c == '\0')
			return;
	}
}

bool
help_holds(const char *dir, const char *name, struct span data)
{
	static uint8_t got[2 * FILE_ROOM];
	int fd = open(help_path(dir, name), O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, got, sizeof got);

	if (fd >= 0)
		close(fd);
	return n >= 0 && span_eq(span_make(got, (size_t)n), data);
}

int
help_count(const char *dir, const char *name)
{
	DIR *d = opendir(help_path(dir, name));
	int n = -2; /* "." and ".." */

	if (d == NULL)
		return -1;
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

struct write_job *
help_job(int seed, bool beside)
{
	static uint8_t bytes[3][FILE_ROOM];
	static struct write_job job;

	memset(&job, 0, sizeof job);
	for (size_t f = 0; f < 3; f++)
		for (size_t i = 0; i < FILE_ROOM; i++)
			bytes[f][i] = (uint8_t)(i * 7 + f * 31 + seed);
	job.organisation = "yessign";
	job.leaf = LEAF;
	job.files[0].name = "signCert.der";
	job.files[0].data = span_make(bytes[0], 1523);
	job.files[1].name = "signPri.key";
	job.files[1].data = span_make(bytes[1], 4096);
	job.files[2].name = "hong.p12";
	job.files[2].data = span_make(bytes[2], 5001);
	job.file_count = beside ? 3 : 2;
	job.now_s = 1795323909; /* 2026-11-22 14:05:09 KST */
	return &job;
}

struct err
help_write(const char *stick, struct write_job *job)
{
	int root = open(stick, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct err e;

	cr_assert(root >= 0, "%s", stick);
	e = write_pair(root, job);
	close(root);
	return e;
}

bool
help_leaf_is_whole(const char *stick, const struct write_job *job)
{
	const char *leaf = help_path(stick, USER LEAF);

	if (!help_exists(stick, USER LEAF))
		return true;
	for (size_t i = 0; i < job->file_count; i++)
		if (!help_holds(leaf, job->files[i].name, job->files[i].data))
			return false;
	return help_count(stick, USER LEAF) == (int)job->file_count;
}
