/*
 * audit/row_keys.h - what the two halves of row.h share: the keys of the map
 * in their order, and what counts as a text.
 */
#ifndef AUDIT_ROW_KEYS_H
#define AUDIT_ROW_KEYS_H

#include "audit/row.h"

enum row_map_key {
	KEY_FORMAT,
	KEY_BRANCH,
	KEY_BOOT,
	KEY_SEQ,
	KEY_MONO,
	KEY_WALL,
	KEY_ACTOR,
	KEY_ROLE,
	KEY_CASE, /* optional */
	KEY_KIND,
	KEY_FIELDS,
	KEY_SEALED, /* optional */
	KEY_PREV,
	KEY_COUNT
};

/* Bytewise order of the encoded keys, which is length first (4.2.1). */
int row_key_order(struct span a, struct span b);

/* UTF-8 of `least` to `most` bytes. */
bool row_text_fits(struct span s, size_t least, size_t most);

#endif
