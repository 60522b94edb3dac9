/*
 * unit/print/rig.h - a folder of its own and the sandbox's printer in it.
 */
#ifndef TESTS_PRINT_RIG_H
#define TESTS_PRINT_RIG_H

#include <jansson.h>
#include <stdint.h>

#include "prog/print/job.h"

struct rig {
	char folder[64];
	char to[64];   /* "tcp:127.0.0.1:PORT" */
	void *machine; /* the sandbox's printer */
	struct conf conf;
};

extern struct rig rig;

/* TestSuite init and fini. */
void rig_open(void);
void rig_close(void);

/* The machine's mood; files in `folder` whose name ends so. */
void rig_mood(const char *state);
int rig_files(const char *folder, const char *ending);

/* Remove a folder and all in it; 0 when that went well. */
int rig_remove(const char *folder);

/* A sample document of tests/golden/paper; the caller's. */
json_t *rig_document(const char *name);

#endif
