/*
 * media/write.h - a certificate pair onto a stick, whole or not at all.
 *
 * Everything is staged under temporary names, read back past the page cache
 * and compared; one rename of the folder to its final name is the commit
 * mark.  Killed or pulled at any moment, the final name either does not exist
 * (or still holds what it held) or holds all files whole.
 *
 *	NPKI/<organisation>/USER/<leaf>/signCert.der ...	the pair
 *	NPKI/<organisation>/USER/<leaf>/<name>.p12	beside it, when wanted
 *	NPKI/<organisation>/OLD/<YYYYMMDD-HHMMSS>/...	what stood there before
 */
#ifndef MEDIA_WRITE_H
#define MEDIA_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "prog/media/names.h"

enum {
	FILE_ROOM = 16 * 1024, /* one file on a stick */
	WRITE_FILES = 6,
	WRITE_LIST = 200 /* entries of one folder we look at */
};

struct write_file {
	const char *name;
	struct span data;	 /* borrowed, 1..FILE_ROOM */
	uint8_t back[FILE_ROOM]; /* what the stick holds */
	size_t back_n;
};

struct write_job {
	const char *organisation, *leaf;      /* valid (names.h) */
	struct write_file files[WRITE_FILES]; /* distinct names */
	size_t file_count;
	int64_t now_s; /* names the OLD folder */
	void (*progress)(void *ctx, int percent);
	void *ctx;
	/* results */
	bool moved_aside; /* an older leaf stood there */
	bool direct;	  /* read back with O_DIRECT */
};

/*
 * Write the job under the folder `root` of a stick and fill in `back` of each
 * file from the final names.  A leaf that already holds exactly these bytes is
 * only verified.  Leftovers of broken writes are removed first.  E_FULL,
 * E_READONLY, E_GONE, E_MISMATCH (the medium gives back other bytes), E_FORMAT
 * (a link or other oddity where a folder belongs), E_SYS.  Blocks for seconds.
 */
MUST_USE struct err write_pair(int root, struct write_job *job);

/*
 * New bytes for one file of an existing leaf (a changed password): the new
 * file is verified under a temporary name, the old bytes are kept as
 * "<name>.bak" until the new ones are verified under the final name.  `file`
 * receives what was read back.  E_NOTFOUND without that leaf or file; else as
 * write_pair.
 */
MUST_USE struct err write_replace(int root, const char *organisation,
    const char *leaf, struct write_file *file);

/* Bytes a job may need on a file system with this allocation unit. */
uint64_t write_need(const struct write_job *job, uint64_t unit);

#endif
