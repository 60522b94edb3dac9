/*
 * store/desk_seal.h - what desk.c and desk_more.c share.
 */
#ifndef STORE_DESK_SEAL_H
#define STORE_DESK_SEAL_H

#include <sqlite3.h>

#include "store/desk.h"

int64_t desk_now_s(const struct store *s);
/* A text column; cut when too long. */
void desk_text(char *out, size_t cap, sqlite3_stmt *q, int column);
/* After the last row: reset, and what the statement ended with. */
MUST_USE struct err desk_finish(
    struct store *s, sqlite3_stmt *q, int rc, struct err e);

/* Seal `text` into parameter `at`: under the case's key, or the device's.
 * E_LIMIT, E_NOTFOUND (the key is gone). */
MUST_USE struct err desk_bind_sealed(struct store *s, sqlite3_stmt *q, int at,
    const struct store_case *c, bool kept, const char *text);
/* The other way; "" for NULL and when the key is gone. */
MUST_USE struct err desk_open_sealed(struct store *s,
    char out[static DESK_TEXT], sqlite3_stmt *q, int column,
    const struct store_case *c, bool kept);

#endif
