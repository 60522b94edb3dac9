/*
 * media/stick.h - which stick there is, if exactly one, and its condition.
 */
#ifndef MEDIA_STICK_H
#define MEDIA_STICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

enum {
	STICK_PATH = 1024,
	STICK_LABEL = 64,
	STICK_FREE_MIN_KB = 512 /* below that: full (write.h: need) */
};

enum stick_state {
	STICK_NONE,
	STICK_READY,
	STICK_SEVERAL,
	STICK_READONLY,
	STICK_FULL,
	STICK_WRONG_FS,
	STICK_BUSY, /* being written: do not pull */
	STICK_COUNT
};

struct stick {
	char path[STICK_PATH];
	char fs[32];   /* "vfat"; "" for a plain folder */
	dev_t dev;     /* what its root must belong to */
	bool readonly; /* mounted so */
	int mount_id;  /* 0 for a plain folder */
};

struct stick_status {
	enum stick_state state;
	struct stick stick;	 /* when there is exactly one */
	char label[STICK_LABEL]; /* its name, maybe cut */
	uint64_t free_kb;
};

/* "none" "ready" ...: the word of media.changed. */
const char *stick_word(enum stick_state state);

/* Is it a file system we write to? */
bool stick_fs_known(const char *fs);

/*
 * Judge the one stick: file system, write protection, room.  `need_kb` is
 * what a write needs at least.
 */
struct stick_status stick_judge(const struct stick *stick, uint64_t need_kb);

/*
 * Open its root folder.  E_GONE when something else is at that path by now,
 * E_SYS.
 */
MUST_USE struct err stick_open(int *root, const struct stick *stick);

#endif
