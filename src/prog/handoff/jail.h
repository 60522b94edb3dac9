/*
 * handoff/jail.h - what is left to a program that strangers talk to.
 */
#ifndef PROG_HANDOFF_JAIL_H
#define PROG_HANDOFF_JAIL_H

#include <stdbool.h>

#include "base/err.h"

struct jail {
	int descriptors; /* at most so many open */
	bool local;	 /* may connect to a UNIX socket: the agent's */
	bool internet;	 /* may connect out: the relay's address */
	bool files;	 /* may read files: the watcher, which has no socket */
};

/*
 * Once everything is open: no new file, no program, no network but what is
 * accepted and what `j` says; no core.  With `files` nothing is accepted.
 * E_SYS.
 */
MUST_USE struct err jail_enter(const struct jail *j);

#endif
