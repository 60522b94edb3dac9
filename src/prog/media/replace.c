/*
 * media/replace.c - one file of an existing leaf gets new bytes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "prog/media/dirs.h"
#include "prog/media/stage.h"

enum { BAK_ROOM = 32 };

/* The open leaf, or -1 with *e. */
static int
open_leaf(struct err *e, int root, const char *organisation, const char *leaf)
{
	const char *const path[] = { "NPKI", organisation, "USER", leaf };
	int at = -1, next;

	for (size_t i = 0; i < sizeof path / sizeof path[0]; i++) {
		*e = dirs_enter(&next, at < 0 ? root : at, path[i], false);
		if (at >= 0)
			close(at);
		if (err_is(*e))
			return -1;
		at = next;
	}
	return at;
}

/* A replace that broke off: the name is whole, or its .bak is. */
static struct err
settle_earlier(int dir, const char *name, const char *bak)
{
	if (!dirs_has(dir, bak))
		return err_none();
	if (dirs_has(dir, name)) {
		if (unlinkat(dir, bak, 0) != 0)
			return dirs_err("media: old backup");
	} else if (renameat(dir, bak, dir, name) != 0) {
		return dirs_err("media: restore");
	}
	return err_none();
}

/* Old bytes under `bak`, beside the name that keeps them too. */
static struct err
keep_old(int dir, const char *name, const char *bak)
{
	static uint8_t old[FILE_ROOM];
	struct buf b = buf_make(old, sizeof old);
	struct err e = dirs_get(&b, dir, name);

	if (!err_is(e))
		e = dirs_put(dir, bak, buf_span(&b));
	secret_wipe(old, sizeof old);
	return e;
}

static struct err
settle_new(int root, int dir)
{
	struct err e = dirs_sync(dir);

	if (!err_is(e) && syncfs(root) != 0)
		e = dirs_err("media: syncfs");
	return e;
}

/* The new bytes under the name `temp`, verified; gone again on failure. */
static struct err
stage_new(int dir, struct write_file *file, const char *temp, bool *direct)
{
	const char *name = file->name;
	struct err e;

	file->name = temp;
	e = stage_put(dir, file, 1);
	if (!err_is(e))
		e = stage_verify(dir, file, 1, direct);
	file->name = name;
	if (err_is(e))
		unlinkat(dir, temp, 0);
	return e;
}

static struct err
swap(int root, int dir, struct write_file *file, const char *bak)
{
	char temp[NAME_TEMP];
	bool direct = true;
	struct err e;

	name_make_temp(temp);
	e = stage_new(dir, file, temp, &direct);
	if (err_is(e))
		return e;
	e = keep_old(dir, file->name, bak);
	if (!err_is(e) && renameat(dir, temp, dir, file->name) != 0)
		e = dirs_err("media: rename");
	if (err_is(e)) {
		unlinkat(dir, temp, 0);
		unlinkat(dir, bak, 0);
		return e;
	}
	e = settle_new(root, dir);
	if (!err_is(e))
		e = stage_verify(dir, file, 1, &direct);
	if (err_is(e))
		(void)renameat(dir, bak, dir, file->name);
	else if (unlinkat(dir, bak, 0) != 0)
		e = dirs_err("media: backup");
	else
		e = settle_new(root, dir);
	return e;
}

struct err
write_replace(int root, const char *organisation, const char *leaf,
    struct write_file *file)
{
	char bak[BAK_ROOM];
	struct err e;
	int dir = open_leaf(&e, root, organisation, leaf);

	if (dir < 0)
		return e;
	snprintf(bak, sizeof bak, "%s.bak", file->name);
	stage_clean(dir);
	e = settle_earlier(dir, file->name, bak);
	if (!err_is(e) && !dirs_has(dir, file->name))
		e = err_make(E_NOTFOUND, ENOENT, "media: file to replace");
	if (!err_is(e))
		e = swap(root, dir, file, bak);
	close(dir);
	return e;
}
