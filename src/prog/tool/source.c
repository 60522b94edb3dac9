/*
 * prog/tool/source.c - what PATH is.
 */
#include "prog/tool/source.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "npki/cert.h"

/* A stick's root is four above the pair: NPKI, O, USER, leaf. */
enum { DEPTH_MAX = 5 };

struct err
source_join(char out[static PATH_MAX], const char *dir, const char *name)
{
	int n = snprintf(out, PATH_MAX, "%s/%s", dir, name);

	if (n < 0 || n >= PATH_MAX)
		return err_make(E_LIMIT, 0, "source: path");
	return err_none();
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool
holds_pair(const char *dir)
{
	char path[PATH_MAX];
	struct stat st;

	return !err_is(source_join(path, dir, "signCert.der")) &&
	       lstat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static struct err
walk(struct source_list *out, const char *dir, int depth)
{
	struct dirent *entry;
	struct err e = err_none();
	DIR *d;

	if (holds_pair(dir)) {
		if (out->n == SOURCE_FOUND_MAX)
			return err_make(E_LIMIT, 0, "source: too many pairs");
		str_copy(out->path[out->n++], PATH_MAX, dir);
		return err_none();
	}
	if (depth == DEPTH_MAX)
		return err_none();
	if ((d = opendir(dir)) == NULL)
		return depth == 0 ? err_sys("source: folder") : err_none();
	while (!err_is(e) && (entry = readdir(d)) != NULL) {
		char path[PATH_MAX];

		if (entry->d_name[0] == '.')
			continue;
		e = source_join(path, dir, entry->d_name);
		if (!err_is(e) && is_folder(path))
			e = walk(out, path, depth + 1);
	}
	closedir(d);
	return e;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

struct err
source_find(struct source_list *out, const char *path)
{
	struct err e;

	out->n = 0;
	e = walk(out, path, 0);
	if (!err_is(e) && out->n == 0)
		e = err_make(E_NOTFOUND, 0, "source: no signCert.der");
	qsort(out->path, out->n, PATH_MAX, by_name);
	return e;
}

static struct err
read_pair(struct source *out)
{
	struct buf cert = buf_make(out->file, sizeof out->file);
	struct buf key = buf_make(out->key, sizeof out->key);
	char path[PATH_MAX];
	struct err e = source_join(path, out->path, "signCert.der");

	out->kind = SOURCE_PAIR;
	if (!err_is(e))
		e = file_read(&cert, path);
	if (!err_is(e))
		e = source_join(path, out->path, "signPri.key");
	if (err_is(e))
		return e;
	e = file_read(&key, path);
	out->has_key = !err_is(e);
	out->file_n = cert.n;
	out->key_n = key.n;
	return e.code == E_NOTFOUND ? err_none() : e;
}

struct err
source_read(struct source *out, const char *path)
{
	struct buf b = buf_make(out->file, sizeof out->file);
	struct stat st;
	X509 *cert;
	struct err e;

	out->has_key = false;
	out->file_n = out->key_n = 0;
	if (!str_copy(out->path, sizeof out->path, path))
		return err_make(E_LIMIT, 0, "source: path");
	if (stat(path, &st) != 0)
		return errno == ENOENT
			   ? err_make(E_NOTFOUND, errno, "source: path")
			   : err_sys("source: path");
	if (S_ISDIR(st.st_mode))
		return read_pair(out);
	e = file_read(&b, path);
	if (err_is(e))
		return e;
	out->file_n = b.n;
	/* by content: names on sticks cannot be trusted */
	e = npki_cert_parse_any(&cert, buf_span(&b));
	out->kind = err_is(e) ? SOURCE_P12 : SOURCE_CERTIFICATE;
	X509_free(cert);
	return err_none();
}
