/*
 * sandbox/records.h - a folder of JSON objects, one file each, kept in memory.
 */
#ifndef SANDBOX_RECORDS_H
#define SANDBOX_RECORDS_H

#include <jansson.h>

#include "base/err.h"

enum { RECORDS_PATH = 768, RECORD_KEY = 160, RECORD_FILE_MAX = 1024 * 1024 };

struct records {
	char dir[RECORDS_PATH];
	json_t *all; /* key -> object, in the order they came */
};

/*
 * Make the folder if need be and read every file of it.  records_close frees.
 * E_FORMAT names no file: the log does.  E_LIMIT, E_NOMEM, E_SYS.  Blocks.
 */
MUST_USE struct err records_open(
    struct records *r, const char *dir, const char *name);
void records_close(struct records *r);

/*
 * Keep `value` (a reference is taken over, also on failure) under `key`
 * ([A-Za-z0-9_-]) and write its file.  Blocks.
 */
MUST_USE struct err records_put(
    struct records *r, const char *key, json_t *value);

/* Write a record that was changed in place. */
MUST_USE struct err records_save(struct records *r, const char *key);

/* Borrowed; NULL when there is none. */
json_t *records_get(const struct records *r, const char *key);

/* Members by name; "" and 0 when absent or of another type. */
const char *rec_text(const json_t *rec, const char *key);
int64_t rec_int(const json_t *rec, const char *key);
void rec_set_text(json_t *rec, const char *key, const char *value);
void rec_set_int(json_t *rec, const char *key, int64_t value);

#endif
