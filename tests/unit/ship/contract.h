/*
 * unit/ship/contract.h - what any agent must do for dasi-ship, whoever wrote
 * it (src/rpc/README.md, role `ship`).
 */
#ifndef UNIT_SHIP_CONTRACT_H
#define UNIT_SHIP_CONTRACT_H

#include "audit/note.h"

/*
 * Run against an agent at `socket` that knows this user as `ship`, whose log
 * has at least three rows and a signed checkpoint of `log`.  Fails the running
 * Criterion test where the agent does not keep to it.
 */
void ship_contract(const char *socket, const struct note_key *log);

#endif
