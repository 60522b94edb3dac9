/*
 * media/stick.c - the condition of one stick.
 */
#define _GNU_SOURCE
#include "prog/media/stick.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/span.h"
#include "base/utf8.h"
#include "prog/media/dirs.h"

/*
 * Where writing, renaming and syncing are known to do what we rely on.
 * tmpfs and ext4 serve tests and technicians; sticks come as vfat and exfat
 * (by the kernel, or as fuseblk by exfat-fuse).
 */
static const char *const known_fs[] = { "vfat", "exfat", "ext4", "tmpfs",
	"fuseblk", "fuse.exfat", "fuse.exfat-fuse" };

const char *
stick_word(enum stick_state state)
{
	static const char *const words[STICK_COUNT] = { "none", "ready",
		"several", "readonly", "full", "wrong_fs", "busy" };

	return words[state];
}

bool
stick_fs_known(const char *fs)
{
	for (size_t i = 0; i < sizeof known_fs / sizeof known_fs[0]; i++)
		if (strcmp(known_fs[i], fs) == 0)
			return true;
	return false;
}

/* The last component, only whole characters that a screen may show. */
static void
make_label(char out[static STICK_LABEL], const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *s = slash != NULL ? slash + 1 : path;
	size_t left = strlen(s), n = 0, step;
	uint32_t cp;

	for (; left > 0; s += step, left -= step) {
		if ((step = utf8_decode(&cp, s, left)) == 0 ||
		    n + step >= STICK_LABEL)
			break;
		if (utf8_is_control(cp))
			continue;
		memcpy(out + n, s, step);
		n += step;
	}
	out[n] = '\0';
}

struct stick_status
stick_judge(const struct stick *stick, uint64_t need_kb)
{
	struct stick_status s = { .state = STICK_READY, .stick = *stick };
	struct statvfs v;

	make_label(s.label, stick->path);
	if (stick->fs[0] != '\0' && !stick_fs_known(stick->fs)) {
		s.state = STICK_WRONG_FS;
		return s;
	}
	if (statvfs(stick->path, &v) != 0) {
		s.state = STICK_NONE;
		return s;
	}
	s.free_kb = (uint64_t)v.f_bavail * v.f_frsize / 1024;
	if (stick->readonly || (v.f_flag & ST_RDONLY) != 0 ||
	    faccessat(AT_FDCWD, stick->path, W_OK, AT_EACCESS) != 0)
		s.state = STICK_READONLY;
	else if (s.free_kb < need_kb)
		s.state = STICK_FULL;
	return s;
}

struct err
stick_open(int *root, const struct stick *stick)
{
	struct stat st;
	int fd = open(
	    stick->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP
			   ? err_make(E_GONE, errno, "media: stick")
			   : dirs_err("media: stick");
	if (fstat(fd, &st) != 0 || st.st_dev != stick->dev) {
		close(fd);
		return err_make(E_GONE, 0, "media: another stick");
	}
	*root = fd;
	return err_none();
}
