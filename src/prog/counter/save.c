/*
 * prog/counter/save.c - files for the clerk, in the clerk's own folder.
 */
#include "prog/counter/counter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/file.h"

enum { FILE_MAX = 32 << 20 };

static bool
is_plain(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && name[0] != '.' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == n;
}

static struct err
save(char path[static SAVED_PATH], const char *name, struct span data)
{
	const char *to = getenv("DASI_EXPORT"), *home = getenv("HOME");
	char real[SAVED_PATH];
	struct err e;
	int n;

	if (!is_plain(name))
		return err_make(E_ARG, 0, "save: name");
	if (to == NULL || to[0] == '\0')
		to = home;
	if (to == NULL || to[0] != '/')
		return err_make(E_STATE, 0, "save: no folder");
	n = snprintf(real, sizeof real, "%s/%s", to, name);
	if (n < 0 || (size_t)n >= sizeof real)
		return err_make(E_LIMIT, 0, "save: path");
	e = file_write(real, data, 0600);
	if (err_is(e))
		return e;
	if (to == home)
		snprintf(path, SAVED_PATH, "~/%s", name);
	else
		memcpy(path, real, sizeof real);
	return err_none();
}

struct err
save_text(char path[static SAVED_PATH], const char *name, const char *text)
{
	return save(path, name, span_str(text));
}

struct err
save_fd(char path[static SAVED_PATH], const char *name, int fd)
{
	struct stat st;
	struct err e;
	void *data;

	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return err_make(E_ARG, 0, "save: no file");
	if (st.st_size <= 0 || st.st_size > FILE_MAX)
		return err_make(E_LIMIT, 0, "save: size");
	data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return err_sys("save: map");
	e = save(path, name, span_make(data, (size_t)st.st_size));
	munmap(data, (size_t)st.st_size);
	return e;
}
