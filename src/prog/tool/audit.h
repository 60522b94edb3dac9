/*
 * prog/tool/audit.h - one `dasi audit` call: its options, the log it reads.
 */
#ifndef TOOL_AUDIT_H
#define TOOL_AUDIT_H

#include "audit/prove.h"
#include "audit/verify.h"
#include "prog/tool/tool.h"
#include "store/audit_rows.h"

struct audit_options {
	bool json, compact, from;
	const char *database; /* NULL: the one of dasi.conf */
	const char *key, *mac_key, *office, *check, *since;
	const char *checkpoint[AUDIT_TRUSTED];
	size_t checkpoint_n;
	uint64_t seq;
};

struct audit_job {
	struct audit_options opt;
	json_t *out;
	bool finding;
	bool quiet; /* the answer is printed already */

	/* by job_audit_open; ended by the caller of the verb */
	char path[STORE_PATH];
	struct store_snapshot snapshot;
	struct store *door[AUDIT_PARTS];
	struct audit_port port[AUDIT_PARTS];
	size_t door_n;
	char branch[ROW_NAME + 1];
	struct note_key key;
	bool own_key;		/* the key is the database's own word */
	struct note_key office; /* head office's */
	bool has_office;	/* --office, or ship.cosign_key of dasi.conf */
	struct hasher *h;
};

/* The verbs: fill job->out.  An error ends the job. */
struct err audit_job_verify(struct audit_job *job);
struct err audit_job_prove(struct audit_job *job);
struct err audit_job_checkpoint(struct audit_job *job);

/*
 * Open the database through `doors` connections, a copy of it when an agent
 * may be writing; read branch and key, the latter from --key when given.
 */
MUST_USE struct err audit_job_open(struct audit_job *job, size_t doors);

/* A file with a key as text: name+id+base64.  E_FORMAT, E_NOTFOUND. */
MUST_USE struct err audit_read_key(struct note_key *out, const char *path);

/*
 * A signed checkpoint from a file, believed when the line of the key is right.
 * E_FORMAT, E_MISMATCH, E_NOTFOUND (no file).
 */
MUST_USE struct err audit_job_head(
    struct audit_head *out, const struct audit_job *job, const char *path);

/* The newest signed checkpoint, its signature checked.  E_NOTFOUND, E_MISMATCH.
 */
MUST_USE struct err audit_job_newest(
    struct audit_checkpoint *out, struct audit_job *job);

/* Bytes as hexadecimal in JSON. */
json_t *audit_hex(const uint8_t *p, size_t n);

#endif
