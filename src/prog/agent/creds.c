/*
 * agent/creds.c - SO_PEERCRED, then users and groups of dasi.conf.
 */
#define _GNU_SOURCE
#include "prog/agent/creds.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/span.h"
#include "rpc/roles.h"

enum { GROUPS_MAX = 256 };

static bool
is_user(const struct conf_role *r, const char *name, uid_t uid)
{
	for (size_t i = 0; i < r->user_count; i++) {
		if (strcmp(r->users[i], "@self") == 0 && uid == getuid())
			return true;
		if (name != NULL && strcmp(r->users[i], name) == 0)
			return true;
	}
	return false;
}

static bool
in_group(const struct conf_role *r, const gid_t *groups, int n)
{
	for (size_t i = 0; i < r->group_count; i++) {
		const struct group *g = getgrnam(r->groups[i]);
		for (int k = 0; g != NULL && k < n; k++) {
			if (groups[k] == g->gr_gid)
				return true;
		}
	}
	return false;
}

unsigned
creds_roles(const struct conf *conf, uid_t uid, gid_t gid)
{
	const struct passwd *pw = getpwuid(uid);
	const char *name = pw == NULL ? NULL : pw->pw_name;
	gid_t groups[GROUPS_MAX] = { gid };
	int n = GROUPS_MAX;
	unsigned roles = 0;

	/* In more groups than that: those that fit count. */
	if (name == NULL)
		n = 1;
	else if (getgrouplist(name, gid, groups, &n) < 0)
		n = GROUPS_MAX;
	for (size_t i = 0; i < conf->role_count; i++) {
		const struct conf_role *r = &conf->roles[i];
		if (is_user(r, name, uid) || in_group(r, groups, n))
			roles |= 1u << rpc_role_named(r->name);
	}
	return roles & ~(1u << ROLE_NONE);
}

unsigned
creds_of_peer(const struct conf *conf, int sock)
{
	struct ucred peer;
	socklen_t n = sizeof peer;

	if (getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0)
		return 0;
	return creds_roles(conf, peer.uid, peer.gid);
}

void
creds_person(int sock, int64_t *uid, char *name, size_t cap)
{
	struct ucred peer;
	socklen_t n = sizeof peer;
	const struct passwd *pw;

	*uid = -2;
	if (!str_copy(name, cap, "unknown") ||
	    getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0)
		return;
	*uid = peer.uid;
	pw = getpwuid(peer.uid);
	if (pw == NULL || pw->pw_name[0] == '\0' ||
	    !str_copy(name, cap, pw->pw_name))
		snprintf(name, cap, "uid-%u", (unsigned)peer.uid);
}
