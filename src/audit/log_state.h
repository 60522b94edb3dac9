/*
 * audit/log_state.h - the inside of a log, for log.c and append.c.
 */
#ifndef AUDIT_LOG_STATE_H
#define AUDIT_LOG_STATE_H

#include "audit/log.h"

/* What a rollback takes back. */
struct log_state {
	struct tree tree;
	uint8_t prev[HASH_SIZE]; /* leaf hash of the newest row, or zeros */
	uint64_t epoch;		 /* checkpoints so far */
	uint64_t cut_size;	 /* rows under a checkpoint */
	int64_t waits_since_ms;	 /* of the oldest row without, monotonic */
	uint8_t epoch_secret[HASH_KEY];
};

struct audit_log {
	struct audit_port port;
	struct hasher *h;
	struct clock clock;
	struct note_signer signer; /* holds the seed */
	uint8_t wrap_secret[SEAL_KEY];
	uint8_t boot_id[ROW_BOOT];
	char branch[ROW_NAME + 1];
	size_t head_office_n;
	uint8_t head_office[8 * 1024];
	struct log_state now, undo;
	uint64_t durable_epochs; /* may be signed */
	uint64_t signed_epochs;	 /* are signed */
	bool refuses;		 /* found a fork: signs no more */
};

/* Names of settings. */
#define META_ORIGIN    "audit.origin"
#define META_BRANCH    "audit.branch"
#define META_KEY       "audit.key"
#define META_EPOCH_KEY "audit.epoch_key"

/* Seal the epoch key of state `s` into the settings. */
MUST_USE struct err log_keep_key(
    struct audit_log *log, const struct log_state *s);

#endif
