/*
 * print/folder.c - files instead of paper.
 */
#include "prog/print/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum { NUMBER_MOST = 99999 };

struct err
folder_next(char out[static CONF_PATH], const char *folder, const char *kind)
{
	DIR *d = opendir(folder);
	const struct dirent *f;
	long last = 0;
	int n;

	if (d == NULL)
		return err_sys("print: folder");
	while ((f = readdir(d)) != NULL) {
		long number = strtol(f->d_name, NULL, 10);

		if (number > last && number <= NUMBER_MOST)
			last = number;
	}
	closedir(d);
	if (last == NUMBER_MOST)
		return err_make(E_FULL, 0, "print: folder");
	n = snprintf(out, CONF_PATH, "%s/%04ld-%s", folder, last + 1, kind);
	return n < 0 || n >= CONF_PATH ? err_make(E_LIMIT, 0, "print: folder")
				       : err_none();
}

static struct err
path_of(char out[static CONF_PATH + 16], const char *stem, const char *ending)
{
	int n = snprintf(out, CONF_PATH + 16, "%s%s", stem, ending);

	return n < 0 || n >= CONF_PATH + 16
		   ? err_make(E_LIMIT, 0, "print: path")
		   : err_none();
}

struct err
folder_write(const char *stem, const char *ending, struct span data)
{
	char path[CONF_PATH + 16];
	struct err e = path_of(path, stem, ending);

	return err_is(e) ? e : file_write(path, data, 0600);
}

struct err
folder_copy(const char *stem, const char *ending, int fd)
{
	char path[CONF_PATH + 16];
	struct stat st;
	uint8_t *room;
	ssize_t n;
	struct err e = path_of(path, stem, ending);

	if (err_is(e))
		return e;
	if (fstat(fd, &st) != 0)
		return err_sys("print: form");
	room = malloc((size_t)st.st_size + 1);
	if (room == NULL)
		return err_make(E_NOMEM, 0, "print: form");
	n = pread(fd, room, (size_t)st.st_size, 0);
	e = n == st.st_size ? file_write(path, span_make(room, (size_t)n), 0600)
			    : err_sys("print: form");
	free(room);
	return e;
}

struct err
file_append(const char *path, struct span data)
{
	int fd = open(
	    path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct err e;

	if (fd < 0)
		return file_err("print: file");
	e = file_write_all(fd, data);
	if (!err_is(e) && fsync(fd) != 0)
		e = file_err("print: file");
	close(fd);
	return e;
}
