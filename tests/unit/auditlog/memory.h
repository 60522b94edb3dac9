/*
 * memory.h - the audit port over arrays: the second implementation the
 * contract is tested on, and the form in which tests tamper with a log.
 */
#ifndef TEST_AUDIT_MEMORY_H
#define TEST_AUDIT_MEMORY_H

#include "audit/store.h"

enum { MEMORY_ROWS = 2048, MEMORY_CHECKPOINTS = 64, MEMORY_SMALL = 16 };

struct memory_row {
	uint64_t seq;
	size_t n;
	uint8_t row[512];
	uint8_t hash[HASH_SIZE], mac[HASH_SIZE];
};

struct memory_blob {
	uint8_t hash[HASH_SIZE];
	size_t n;
	uint8_t sealed[2048];
};

struct memory_meta {
	char key[64];
	size_t n;
	uint8_t value[AUDIT_META];
};

struct memory {
	size_t row_n, checkpoint_n, blob_n, meta_n;
	struct memory_row row[MEMORY_ROWS];
	struct audit_checkpoint checkpoint[MEMORY_CHECKPOINTS];
	struct memory_blob blob[MEMORY_SMALL];
	struct memory_meta meta[MEMORY_SMALL];
	bool has_seen;
	struct audit_seen seen;
};

struct audit_port memory_port(struct memory *m);

/* Take rows and checkpoints of another port. */
void memory_load(struct memory *m, const struct audit_port *from);

#endif
