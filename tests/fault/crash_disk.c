/*
 * fault/crash_disk.c - images and the list of what is not durable yet.
 *
 * Entries are kept in the order of their operations.  The real file of an
 * unlinked image waits under another name until the unlink is durable.
 */
#define _GNU_SOURCE
#include "crash_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The disk's own memory never fails. */
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);

enum pending_kind {
	WAITS_WRITE,
	WAITS_SIZE,
	WAITS_LINK,
	WAITS_UNLINK,
	WAITS_RENAME
};

struct pending {
	struct pending *next;
	enum pending_kind kind;
	struct image *im; /* NULL for a rename */
	size_t off, n;
	char *path, *old; /* of a rename; old "" when nothing was there */
	uint8_t *data;
};

static struct image *images;
static struct pending *first, **last = &first;
static uint64_t coins;

void
disk_seed(uint64_t seed)
{
	coins = seed;
}

/* Steele, Lea and Flood's splitmix64. */
static bool
coin(void)
{
	uint64_t z = coins += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (z >> 63) != 0;
}

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "crash disk: %s: %s\n", what, strerror(errno));
	_exit(99);
}

static struct pending *
wait_for(enum pending_kind kind, struct image *im)
{
	struct pending *p = __real_calloc(1, sizeof *p);

	must(p != NULL, "memory");
	p->kind = kind;
	p->im = im;
	*last = p;
	last = &p->next;
	return p;
}

static void
drop(struct pending *p)
{
	free(p->data);
	free(p->path);
	free(p->old);
	free(p);
}

/* Take out of the list what `take` says, calling it once for each. */
static void
sweep(bool (*take)(struct pending *p, void *arg), void *arg)
{
	struct pending *p = first;

	first = NULL;
	last = &first;
	while (p != NULL) {
		struct pending *next = p->next;
		p->next = NULL;
		if (take(p, arg)) {
			drop(p);
		} else {
			*last = p;
			last = &p->next;
		}
		p = next;
	}
}

static const char *
real_path(const struct image *im)
{
	return im->linked ? im->path : im->gone;
}

static int
real_open(const struct image *im)
{
	int fd = open(real_path(im), O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	must(fd >= 0, real_path(im));
	return fd;
}

static void
real_write(const struct pending *p, bool torn)
{
	int fd = real_open(p->im);
	size_t at = 0;

	if (p->kind == WAITS_SIZE)
		must(ftruncate(fd, (off_t)p->off) == 0, "truncate");
	while (p->kind == WAITS_WRITE && at < p->n) {
		size_t left = DISK_SECTOR - (p->off + at) % DISK_SECTOR;
		size_t n = left < p->n - at ? left : p->n - at;
		if (!torn || coin())
			must(pwrite(fd, p->data + at, n,
				 (off_t)(p->off + at)) == (ssize_t)n,
			    "write");
		at += n;
	}
	close(fd);
}

static void
grow(struct image *im, size_t size)
{
	if (size > im->cap) {
		im->cap = size + 65536;
		im->data = realloc(im->data, im->cap);
		must(im->data != NULL, "memory");
	}
	if (size > im->size)
		memset(im->data + im->size, 0, size - im->size);
	im->size = size;
}

static struct image *
new_image(const char *path)
{
	struct image *im = __real_calloc(1, sizeof *im);

	must(im != NULL && strlen(path) < DISK_PATH, path);
	strcpy(im->path, path);
	im->linked = true;
	im->next = images;
	images = im;
	return im;
}

struct image *
disk_find(const char *path)
{
	struct image *im;
	struct stat st;
	int fd;

	for (im = images; im != NULL; im = im->next) {
		if (im->linked && strcmp(im->path, path) == 0)
			return im;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	im = new_image(path);
	must(fstat(fd, &st) == 0, path);
	grow(im, (size_t)st.st_size);
	must(read(fd, im->data, im->size) == (ssize_t)im->size, path);
	close(fd);
	return im;
}

struct image *
disk_create(const char *path)
{
	struct image *im = new_image(path);

	close(real_open(im));
	wait_for(WAITS_LINK, im);
	return im;
}

void
disk_made_outside(struct image *im)
{
	wait_for(WAITS_LINK, im);
}

void
disk_write(struct image *im, const void *p, size_t n, size_t off)
{
	struct pending *w = wait_for(WAITS_WRITE, im);

	w->off = off;
	w->n = n;
	w->data = __real_malloc(n);
	must(w->data != NULL, "memory");
	memcpy(w->data, p, n);
	if (off + n > im->size)
		grow(im, off + n);
	memcpy(im->data + off, p, n);
}

void
disk_truncate(struct image *im, size_t size)
{
	wait_for(WAITS_SIZE, im)->off = size;
	grow(im, size);
}

static bool
sync_one(struct pending *p, void *im)
{
	if (p->im != im || p->kind > WAITS_SIZE)
		return false;
	real_write(p, false);
	return true;
}

void
disk_sync(struct image *im)
{
	sweep(sync_one, im);
}

static bool
fail_one(struct pending *p, void *im)
{
	if (p->im != im || p->kind > WAITS_SIZE)
		return false;
	if (coin())
		real_write(p, coin());
	return true;
}

void
disk_sync_fails(struct image *im)
{
	sweep(fail_one, im);
}

void
disk_unlink(struct image *im)
{
	static int count;

	snprintf(im->gone, sizeof im->gone, "%.480s.gone%d", im->path, count++);
	must(rename(im->path, im->gone) == 0, im->path);
	im->linked = false;
	wait_for(WAITS_UNLINK, im);
}

void
disk_renamed(const char *path, const char *old)
{
	struct pending *p = wait_for(WAITS_RENAME, NULL);

	p->path = strdup(path);
	p->old = strdup(old);
	must(p->path != NULL && p->old != NULL, "memory");
}

static bool
sync_name(struct pending *p, void *unlinks)
{
	switch (p->kind) {
	case WAITS_LINK:
		return true;
	case WAITS_UNLINK:
		/* a durable new file of that name has taken the entry */
		if (!*(bool *)unlinks && access(p->im->path, F_OK) != 0)
			return false;
		unlink(p->im->gone);
		p->im->gone[0] = '\0';
		return true;
	case WAITS_RENAME:
		unlink(p->old);
		return true;
	case WAITS_WRITE:
	case WAITS_SIZE:
		break;
	}
	/* bytes of a file that has no name any more */
	return !p->im->linked && p->im->gone[0] == '\0';
}

void
disk_sync_folder(bool unlinks)
{
	sweep(sync_name, &unlinks);
}

static bool
cut_bytes(struct pending *p, void *arg)
{
	if (p->kind > WAITS_SIZE)
		return false;
	if (coin())
		real_write(p, p->kind == WAITS_WRITE && coin());
	return true;
}

/* Creations go first: an old file comes back only where no new one is. */
static bool
cut_link(struct pending *p, void *arg)
{
	if (p->kind != WAITS_LINK)
		return false;
	if (coin())
		unlink(real_path(p->im));
	return true;
}

static bool
cut_name(struct pending *p, void *arg)
{
	bool undone = coin();

	if (p->kind == WAITS_UNLINK && undone && access(p->im->path, F_OK) != 0)
		(void)!rename(p->im->gone, p->im->path);
	else if (p->kind == WAITS_UNLINK)
		unlink(p->im->gone);
	else if (p->kind == WAITS_RENAME && undone && p->old[0] != '\0')
		(void)!rename(p->old, p->path);
	else if (p->kind == WAITS_RENAME && undone)
		unlink(p->path);
	else if (p->kind == WAITS_RENAME)
		unlink(p->old);
	return true;
}

void
disk_cut(void)
{
	sweep(cut_bytes, NULL);
	sweep(cut_link, NULL);
	sweep(cut_name, NULL);
}
