/*
 * prog/counter/role.c - what dasi.conf lets this user be.
 *
 * Only to ask for the right role: the agent decides, from the kernel's word
 * on who is at the other end of the socket.
 */
#define _GNU_SOURCE
#include "prog/counter/counter.h"

#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { GROUPS_MAX = 256 };

static bool
in_group(const char *name)
{
	gid_t mine[GROUPS_MAX];
	const struct group *g = getgrnam(name);
	int n = getgroups(GROUPS_MAX, mine);

	if (g == NULL)
		return false;
	for (int i = 0; i < n; i++)
		if (mine[i] == g->gr_gid)
			return true;
	return getegid() == g->gr_gid;
}

/* "@self" is the user the agent runs as: whose socket it is. */
static bool
is_user(const char *name, const char *socket)
{
	const struct passwd *pw = getpwuid(getuid());
	struct stat st;

	if (strcmp(name, "@self") == 0)
		return stat(socket, &st) == 0 && st.st_uid == getuid();
	return pw != NULL && strcmp(pw->pw_name, name) == 0;
}

static bool
may_be(const struct conf *conf, const char *role)
{
	for (size_t i = 0; i < conf->role_count; i++) {
		const struct conf_role *r = &conf->roles[i];

		if (strcmp(r->name, role) != 0)
			continue;
		for (size_t u = 0; u < r->user_count; u++)
			if (is_user(r->users[u], conf->socket))
				return true;
		for (size_t g = 0; g < r->group_count; g++)
			if (in_group(r->groups[g]))
				return true;
	}
	return false;
}

enum counter_role
role_of_user(const struct conf *conf)
{
	static const enum counter_role order[] = { CR_SUPERVISOR, CR_TELLER,
		CR_AUDITOR };

	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if (may_be(conf, counter_role_word(order[i])))
			return order[i];
	return CR_TELLER;
}
