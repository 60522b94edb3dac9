/*
 * help.h - a folder that plays a stick, and a job to write there.
 */
#ifndef MEDIA_HELP_H
#define MEDIA_HELP_H

#include <stdbool.h>
#include <stddef.h>

#include "prog/media/write.h"

#define LEAF                                                                   \
	"cn=홍길동()0003041201606170000001,ou=HANBIT,ou=personal4IB,o="     \
	"yessign,c=kr"
#define USER "NPKI/yessign/USER/"

/* A fresh folder below $TMPDIR or /tmp; its path stays until the next call. */
const char *help_folder(void);
void help_remove(const char *path); /* with all in it */

/* "dir/name" in one of 32 turning buffers. */
const char *help_path(const char *dir, const char *name);
bool help_exists(const char *dir, const char *name);
void help_put(const char *dir, const char *name, const char *text);
/* Make a folder and its parents. */
void help_dirs(const char *dir, const char *name);
/* Does the file hold exactly these bytes? */
bool help_holds(const char *dir, const char *name, struct span data);
/* How many entries a folder has; -1 when there is none. */
int help_count(const char *dir, const char *name);

/* A pair (and a PKCS#12) whose bytes depend on `seed`; static storage. */
struct write_job *help_job(int seed, bool beside);
/* Open `stick`, write, close. */
struct err help_write(const char *stick, struct write_job *job);
/* The leaf is absent, or holds the files of the job whole and no other. */
bool help_leaf_is_whole(const char *stick, const struct write_job *job);

#endif
