/*
 * rig.h - a store in a folder of its own, with or without an audit log, at
 * 16:20 on 2026-11-22 in Korea.
 */
#ifndef TESTS_STORE_RIG_H
#define TESTS_STORE_RIG_H

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

extern char folder[64];
extern uint8_t device_key[SEAL_KEY];
extern int64_t now_ms;
extern struct store *store;

/* Init and fini of a suite. */
void rig_begin(void);
void rig_begin_audited(void);
void rig_end(void);

/* Close the store; and open it again as it stands. */
void rig_close(void);
struct err rig_open(bool audited);
struct store_params rig_params(void);

/* In the folder; valid until the next call. */
char *path_of(const char *name);

/* Run on the file by another connection; SQLite's result. */
int rig_sql(const char *text);

/* A case with a sealed person. */
struct store_case new_case(const char *serial);

#endif
