/*
 * sandbox/control.h - for tests and curious people: faults, a look inside.
 */
#ifndef SANDBOX_CONTROL_H
#define SANDBOX_CONTROL_H

#include "sandbox.h"

/* `path` is what follows /control; `in` is NULL for GET. */
void control_answer(
    struct sandbox *sb, const char *path, const json_t *in, struct reply *out);

#endif
