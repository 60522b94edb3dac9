/*
 * fault/crash_disk.h - images and the list of what is not durable yet.
 */
#ifndef FAULT_CRASH_DISK_H
#define FAULT_CRASH_DISK_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

enum { DISK_PATH = 512, DISK_SECTOR = 512 };

struct image {
	struct image *next;
	char path[DISK_PATH];
	char gone[DISK_PATH]; /* where an unlinked one waits; "" while linked */
	uint8_t *data;
	size_t size, cap;
	bool linked;
	bool new_journal; /* its first sync syncs the folder too */
};

/* The linked image of a path, loaded from the real file; NULL: no file. */
struct image *disk_find(const char *path);
/* A new, empty, not yet durable file. */
struct image *disk_create(const char *path);
/* An empty file of an open() of ours: its name is not durable either. */
void disk_made_outside(struct image *im);
void disk_write(struct image *im, const void *p, size_t n, size_t off);
void disk_truncate(struct image *im, size_t size);
void disk_sync(struct image *im);
/* A failed sync: what waited may be on the disk or not, and is forgotten. */
void disk_sync_fails(struct image *im);
void disk_unlink(struct image *im);
/* A file of ours was renamed over `path`; `old` keeps what was there. */
void disk_renamed(const char *path, const char *old);
/* `unlinks`: those too. */
void disk_sync_folder(bool unlinks);

/* Toss the coins and leave on the real disk what has survived. */
void disk_cut(void);
void disk_seed(uint64_t seed);

#endif
