/*
 * media/jail.c - Landlock by plain system calls (landlock(7)); the library
 * wrappers are younger than Debian 12.
 */
#define _GNU_SOURCE
#include "prog/media/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	/* what a customer's folder needs; the rest is handled and never given
	 */
	GIVEN = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |
		LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR |
		LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |
		LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REFER,
	HANDLED = (LANDLOCK_ACCESS_FS_REFER << 1) - 1, /* all of ABI 2 */
	/* younger than Debian 12's headers */
	TRUNCATE = 1 << 14, /* ABI 3 */
	IOCTL = 1 << 15,    /* ABI 5 */
	NET_TCP = 3	    /* ABI 4: bind, connect */
};

/* The kernel reads as much of it as the size says. */
struct ruleset {
	uint64_t files;
	uint64_t net;
};

static long
abi(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
}

static struct err
restrict_to(const char *folder, long version)
{
	struct ruleset r = { HANDLED, 0 };
	struct landlock_path_beneath_attr rule = { 0 };
	struct err e = err_none();
	int set, dir;

	if (version >= 3)
		r.files |= TRUNCATE;
	if (version >= 5)
		r.files |= IOCTL;
	if (version >= 4)
		r.net = NET_TCP;
	set = (int)syscall(SYS_landlock_create_ruleset, &r,
	    version >= 4 ? sizeof r : sizeof r.files, 0);
	if (set < 0)
		return err_sys("media: landlock ruleset");
	dir = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	rule.allowed_access = r.files & (GIVEN | TRUNCATE);
	rule.parent_fd = dir;
	if (dir < 0)
		e = err_sys("media: media folder");
	else if (syscall(SYS_landlock_add_rule, set, LANDLOCK_RULE_PATH_BENEATH,
		     &rule, 0) != 0)
		e = err_sys("media: landlock rule");
	else if (syscall(SYS_landlock_restrict_self, set, 0) != 0)
		e = err_sys("media: landlock");
	if (dir >= 0)
		close(dir);
	close(set);
	return e;
}

struct err
jail_enter(const char *folder, bool *landlocked)
{
	long version = abi();

	*landlocked = false;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_sys("media: no new privileges");
	/* Before ABI 2 every rename between folders would be refused. */
	if (version < 2)
		return err_none();
	*landlocked = true;
	return restrict_to(folder, version);
}
