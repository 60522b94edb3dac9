/*
 * fault/fault.h - what a child leaves behind for its judge, and the parts of
 * the suite.
 */
#ifndef FAULT_FAULT_H
#define FAULT_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/note.h"
#include "crash.h"
#include "store/store.h"

enum { ACKS = 512, CASES_ACKED = 4, PATH = 512 };

/* What the outside world has seen: it outlives every crash. */
enum effect { SENT_RR, SENT_IR, SENT_CONF, EFFECTS };

/* The last arrow the store said was durable, per case. */
struct acked {
	char case_no[STORE_TEXT];
	int64_t version;
	enum case_state state;
	enum store_hold hold;
	int64_t rows; /* of that one arrow, in the journal */
};

/* In memory shared with the children. */
struct shared {
	volatile uint64_t ops; /* of the last child */
	struct acked cases[CASES_ACKED];
	volatile uint64_t audit_rows;	 /* durable rows of the audit log */
	volatile uint64_t office_signed; /* what head office signed for */
	volatile uint64_t cosigned;	 /* durable at the branch */
	volatile uint64_t pruned;	 /* rows whose going was acknowledged */
	struct note_key branch_key;	 /* of the audit log; "": not known */
	volatile int sent[EFFECTS];
	bool old_revoked;
	int transfers;	/* numbers the workers' messages have used */
	char says[256]; /* of a child that found something wrong itself */
};

extern struct shared *shared;

/* Faults put into the product, to see that the judge sees them. */
enum plant {
	PLANT_NONE,
	PLANT_SYNC_OFF,	  /* synchronous=OFF */
	PLANT_NORMAL,	  /* synchronous=NORMAL */
	PLANT_NO_JOURNAL, /* an arrow without its journal row */
	PLANT_HALF_ARROW, /* state and journal row in two transactions */
	PLANT_CLEAR,	  /* records are not sealed */
	PLANT_NO_INTENT,  /* intents are kept only after the effect */
	PLANT_DEAF,	  /* a failed arrow is taken for a good one */
	PLANT_CLOCK,	  /* a hold is forgotten when a year has passed */
	PLANT_NO_SIGNED,  /* dasi.signed is lost */
	PLANT_NO_LOOK,	  /* the file is not checked at opening */
	PLANT_ANCHOR,	  /* rows go in another transaction than the anchor */
	PLANT_COUNT
};
extern enum plant plant;

/* ---- work.c: a whole case ---- */

/* What must be in no file. */
#define PLANTED_NUMBER	 "9001011970015"
#define PLANTED_PASSWORD "New!2026pw"
extern const uint8_t work_device_key[SEAL_KEY];

enum work_end { WORK_DONE, WORK_STOPPED, WORK_WRONG };
struct work {
	const char *folder;
	/* The wall clock is moved by so much before the arrow `jump_at`. */
	int64_t jump_ms;
	int jump_at;
	int cases; /* how many, one after the other */
	struct err stopped;
	bool fresh_refused; /* stopped at the creation of a case */
};
/* Open the store and bring the cases to their end from wherever they are. */
enum work_end work_run(struct work *w);
/* Likewise through the agent's core and fake peers. */
enum work_end agent_run(struct work *w);
/* Make the peers once, before children; and remove their folder. */
void agent_prepare(void);
void agent_finish(void);
struct store_params work_params(const char *folder);
MUST_USE struct err work_open(struct store **out, const char *folder);
/* One arrow of the newest case.  *more is false when there is nothing left. */
MUST_USE struct err work_arrow(struct store *s, struct work *w, bool *more);

/* ---- office.c ---- */

const struct note_key *office_key(void);
/* Head office signs for the newest checkpoint now and then, and what is old
 * then goes.  That it fails is no end of the work; that it contradicts itself
 * is told in shared->says. */
void office_work(struct store *s, int64_t now_s);

/* ---- check.c: the one judge ---- */

/*
 * Look at a database with the normal VFS and at what the children told.
 * NULL, or what is wrong (static text).  With `whole` every case must have
 * reached its end.
 */
const char *judge_folder(const char *folder, bool whole);
/* A digest of what cases and journal hold, to compare two recoveries. */
uint64_t judge_digest(const char *folder);

/* ---- main.c ---- */

/* Run `body` in a child; its exit status, or 128 + signal. */
int in_child(void (*body)(void *arg), void *arg);
void folder_make(char out[static PATH], const char *name);
void folder_empty(const char *folder);
void folder_copy(const char *to, const char *from);

struct family {
	const char *name;
	/* Returns runs; adds to *violations; *skipped says why, if so. */
	long (*run)(bool full, long *violations, const char **skipped);
};
/* Count a violation and tell how to see it again. */
void violation(long *violations, const char *what, uint64_t seed, uint64_t at,
    uint64_t again);
uint64_t seed_first(void);

long crash_store(bool full, long *violations, const char **skipped);
long crash_agent(bool full, long *violations, const char **skipped);
long crash_plants(bool full, long *violations, const char **skipped);
long fail_disk(bool full, long *violations, const char **skipped);
long fail_full(bool full, long *violations, const char **skipped);
long fail_memory(bool full, long *violations, const char **skipped);
long clock_jumps(bool full, long *violations, const char **skipped);
long rollback(bool full, long *violations, const char **skipped);
long damage(bool full, long *violations, const char **skipped);

#endif
