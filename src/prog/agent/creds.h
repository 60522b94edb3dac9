/*
 * agent/creds.h - who is at the other end, asked of the kernel.
 */
#ifndef PROG_AGENT_CREDS_H
#define PROG_AGENT_CREDS_H

#include "conf/conf.h"

/*
 * Roles (bits 1 << enum rpc_role) that dasi.conf gives to the user with this
 * id and primary group: by name, by "@self" (the agent's own user), or by one
 * of the user's groups.  May block on the user database.
 */
unsigned creds_roles(const struct conf *conf, uid_t uid, gid_t gid);

/* The same for the peer of a connected socket; 0 when the kernel will not
 * say. */
unsigned creds_of_peer(const struct conf *conf, int sock);

/*
 * The user behind a connected socket: its number and its name ("uid-1001"
 * when it has none, "unknown" and -2 when the kernel will not say).  May block
 * on the user database.
 */
void creds_person(int sock, int64_t *uid, char *name, size_t cap);

#endif
