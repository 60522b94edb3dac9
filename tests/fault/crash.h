/*
 * fault/crash.h - a disk that forgets.
 *
 * A SQLite VFS above the normal one, and our own fsync and renameat beside it.
 * Every file has an image, which is what the process reads; what was written
 * and not synced waits in one ordered list.  At a chosen operation the power
 * goes: each entry of the list is written, torn by 512-byte sectors or
 * dropped, each by a coin; an un-synced creation is undone, an un-synced
 * unlink or rename comes back.  Then the process ends.
 *
 * The device is the weakest there is: nothing atomic, no safe append, no
 * powersafe overwrite.  For forked children with one database, one thread.
 */
#ifndef FAULT_CRASH_H
#define FAULT_CRASH_H

#include <stdbool.h>
#include <stdint.h>

enum crash_kind {
	CRASH_NONE, /* only the one at the end */
	CRASH_CUT,  /* the power goes at operation `at` */
	CRASH_FULL, /* from `at` on no write finds room */
	CRASH_EIO,  /* the operation `at` fails, once */
	CRASH_KIND_COUNT
};

struct crash_plan {
	enum crash_kind kind;
	uint64_t at;   /* 1 for the first operation */
	uint64_t seed; /* of the coins */
	/*
	 * Only the folder sync of an unlink makes unlinks durable; otherwise
	 * that of a new journal does too, as POSIX allows.
	 */
	bool stubborn;
};

enum { CRASH_EXIT = 77 };

/* Register as the default VFS of this process.  `ops` is counted up. */
void crash_install(const struct crash_plan *plan, volatile uint64_t *ops);
/* Whether the plan has struck. */
bool crash_struck(void);
/* The power goes now; exits with CRASH_EXIT. */
_Noreturn void crash_now(void);

#endif
