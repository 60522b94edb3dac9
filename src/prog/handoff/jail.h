/*
 * handoff/jail.h - what is left to a program that strangers talk to.
 */
#ifndef PROG_HANDOFF_JAIL_H
#define PROG_HANDOFF_JAIL_H

#include "base/err.h"

/*
 * Once everything is open: no new file, no program, no network but what is
 * accepted and the agent's socket; few descriptors, no core.  E_SYS.
 */
MUST_USE struct err jail_enter(void);

#endif
