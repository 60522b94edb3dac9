/*
 * audit/row.h - one row of the audit log as bytes, and back.
 *
 * A row is one CBOR map in core deterministic encoding (RFC 8949 4.2.1) with
 * small integer keys; README.md has it to the byte.  There is exactly one
 * encoding of a row, and the decoder accepts no other: shortest heads,
 * ascending keys, definite lengths, no floats, tags, null or undefined.
 */
#ifndef AUDIT_ROW_H
#define AUDIT_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/hash.h"
#include "base/err.h"
#include "base/span.h"

enum {
	ROW_FORMAT = 1,
	ROW_BOOT = 16,	  /* bytes of a boot id */
	ROW_NAME = 64,	  /* longest branch, actor, role, case no, kind */
	ROW_FIELDS = 16,  /* most fields */
	ROW_KEY = 32,	  /* longest key of a field */
	ROW_VALUE = 256,  /* longest text or bytes of a field */
	ROW_BYTES = 4096, /* longest row */
};

enum row_type {
	ROW_TYPE_TEXT, /* UTF-8 */
	ROW_TYPE_INT,
	ROW_TYPE_BOOL,
	ROW_TYPE_BYTES,
	ROW_TYPE_COUNT
};

struct row_field {
	struct span key;
	enum row_type type;
	struct span data; /* text, bytes */
	int64_t whole;	  /* int */
	bool yes;	  /* bool */
};

/* Spans borrow: from the caller when encoding, from the bytes when decoded. */
struct audit_row {
	struct span branch;
	uint8_t boot_id[ROW_BOOT];
	uint64_t seq;	  /* from 0; index of the leaf */
	uint64_t mono_ms; /* order within one boot */
	int64_t wall_ms;  /* for people; may jump */
	struct span actor, role;
	struct span case_no; /* n 0: about no case */
	struct span kind;
	struct row_field fields[ROW_FIELDS];
	size_t field_count;
	bool has_sealed;
	uint8_t sealed_hash[HASH_SIZE]; /* SHA-256 of sealed personal data */
	uint8_t prev[HASH_SIZE];	/* leaf hash of row seq - 1; zeros */
};

struct row_field row_text(const char *key, const char *value);
struct row_field row_int(const char *key, int64_t value);
struct row_field row_bool(const char *key, bool value);
struct row_field row_bytes(const char *key, struct span value);

/*
 * Append the row to `out`.  Fields may come in any order.  E_ARG: a name that
 * is empty, too long or not UTF-8, two fields of one key, too many fields, a
 * number above 2^63 - 1; E_LIMIT: no room, or longer than ROW_BYTES.
 */
MUST_USE struct err row_encode(struct buf *out, const struct audit_row *row);

/* E_FORMAT when `bytes` are not what row_encode writes; *out is then void. */
MUST_USE struct err row_decode(struct audit_row *out, struct span bytes);

#endif
