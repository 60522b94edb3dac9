/*
 * sandbox/van.h - the host of a VAN: approve, cancel, net-cancel.
 *
 * The wire is that of the example driver in src/peer/pay_van.c.
 */
#ifndef SANDBOX_VAN_H
#define SANDBOX_VAN_H

#include "sandbox.h"

/*
 * One POST under /van: `path` is what follows ("/approve"), `body` its bytes,
 * a JSON object.  The same approval again gets the same answer and charges
 * nothing more; a net-cancel is acknowledged for ever, also before the
 * approval it is about arrives, which then is none.
 */
void van_answer(struct sandbox *sb, const char *path, struct span body,
    struct fault fault, struct reply *out);

/* All approvals, and what they cost each order added to `charged`. */
json_t *van_records(const struct sandbox *sb, json_t *charged);

#endif
