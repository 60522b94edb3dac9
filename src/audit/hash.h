/*
 * audit/hash.h - SHA-256 and HMAC for many short messages.
 *
 * One digest context, fetched once and used again for every message; a
 * hasher belongs to one thread.  Leaf and node hashes are those of RFC 6962
 * section 2.1.
 */
#ifndef AUDIT_HASH_H
#define AUDIT_HASH_H

#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

enum { HASH_SIZE = 32, HASH_KEY = 32 };

struct hasher;

/* E_NOMEM or E_CRYPTO.  The caller closes *out. */
MUST_USE struct err hasher_open(struct hasher **out);
void hasher_close(struct hasher *h); /* NULL is fine */

/* SHA-256(data).  E_CRYPTO. */
MUST_USE struct err hash_data(
    struct hasher *h, uint8_t out[static HASH_SIZE], struct span data);

/* SHA-256(0x00 || row): the leaf of the tree and the link of the chain. */
MUST_USE struct err hash_leaf(
    struct hasher *h, uint8_t out[static HASH_SIZE], struct span row);

/* SHA-256(0x01 || left || right); `out` may be either of them. */
MUST_USE struct err hash_node(struct hasher *h, uint8_t out[static HASH_SIZE],
    const uint8_t left[static HASH_SIZE],
    const uint8_t right[static HASH_SIZE]);

/* HMAC-SHA-256 (RFC 2104) under a key of 32 bytes. */
MUST_USE struct err hash_mac(struct hasher *h, uint8_t out[static HASH_SIZE],
    const uint8_t key_secret[static HASH_KEY], struct span data);

#endif
