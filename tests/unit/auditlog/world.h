/*
 * world.h - a branch with an audit log, over memory or over a real file.
 */
#ifndef TEST_AUDIT_WORLD_H
#define TEST_AUDIT_WORLD_H

#include "audit/log.h"
#include "memory.h"
#include "store/audit_rows.h"

enum world_kind { WORLD_MEMORY, WORLD_SQLITE, WORLD_COUNT };

struct world {
	enum world_kind kind;
	char folder[64];
	uint8_t device_key[SEAL_KEY];
	uint8_t k0[HASH_KEY]; /* as escrowed */
	int escrows;
	int64_t wall_ms, mono_ms;
	struct memory *memory;
	struct store *store;
	struct audit_log *log;
	struct span head_office;
	struct hasher *h;
};

/* Run the body once per implementation. */
#define EACH(w)                                                                \
	for (int kind_ = 0; kind_ < WORLD_COUNT; kind_++)                      \
		for (struct world *w = world_new((enum world_kind)kind_);      \
		     w != NULL; world_free(w), w = NULL)

#define BRANCH "004-0123"
#define ORIGIN "audit.dasi/004/0123"

struct world *world_new(enum world_kind kind); /* opened */
void world_free(struct world *w);

/* Close and open again; the error of opening. */
struct err world_reopen(struct world *w);

struct audit_port world_port(struct world *w);

/* Append one event in a transaction of its own, and tick. */
struct err world_add(struct world *w, const struct audit_event *event);
/* `n` rows of kind "test" with a number in them. */
void world_rows(struct world *w, size_t n);
void world_tick(struct world *w);

/* Run SQL on the closed database, triggers out of the way. */
void world_sql(struct world *w, const char *sql);
char *world_path(struct world *w, const char *name);

/* A self-signed certificate and its key as DER; `type` "EC" or "RSA". */
void world_certificate(
    struct buf *cert, struct buf *key, const char *type, int bits, long days);

#endif
