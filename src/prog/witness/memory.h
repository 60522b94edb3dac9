/*
 * witness/memory.h - what this witness cosigned last for each branch, in files
 * of its own: a database put back to an older state cannot make it contradict
 * itself.
 */
#ifndef WITNESS_MEMORY_H
#define WITNESS_MEMORY_H

#include "base/err.h"
#include "base/span.h"

/* Append the note; nothing when there is none yet.  E_SYS, E_LIMIT. */
MUST_USE struct err memory_read(
    struct buf *out, const char *folder, const char *branch);

/* Durable when it returns.  E_FULL, E_SYS. */
MUST_USE struct err memory_write(
    const char *folder, const char *branch, struct span note);

#endif
