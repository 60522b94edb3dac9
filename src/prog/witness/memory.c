/*
 * witness/memory.c - one small file per branch, named by the branch in hex.
 */
#include "prog/witness/memory.h"

#include <stdio.h>
#include <string.h>

#include "audit/row.h"
#include "base/file.h"
#include "base/text.h"

enum { PATH = 1024 };

static struct err
path_of(char out[static PATH], const char *folder, const char *branch)
{
	char name[HEX_TEXT(ROW_NAME)];

	if (strlen(branch) > ROW_NAME)
		return err_make(E_LIMIT, 0, "witness: name of a branch");
	hex_encode(name, sizeof name, span_str(branch));
	if (snprintf(out, PATH, "%s/%s.note", folder, name) >= PATH)
		return err_make(E_LIMIT, 0, "witness: path");
	return err_none();
}

struct err
memory_read(struct buf *out, const char *folder, const char *branch)
{
	char path[PATH];
	struct err e = path_of(path, folder, branch);

	if (!err_is(e))
		e = file_read(out, path);
	return e.code == E_NOTFOUND ? err_none() : e;
}

struct err
memory_write(const char *folder, const char *branch, struct span note)
{
	char path[PATH];
	struct err e = path_of(path, folder, branch);

	return err_is(e) ? e : file_write(path, note, 0600);
}
