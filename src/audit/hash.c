/*
 * audit/hash.c - SHA-256 by OpenSSL's own functions for it.
 *
 * Not through EVP, which spends on a message of 65 bytes, a node of the tree,
 * half as much again as the hash takes.  They are deprecated, not gone; unit
 * tests hold them against the published values.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "audit/hash.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 64, INNER = 0x36, OUTER = 0x5c };

struct hasher {
	SHA256_CTX ctx;
};

struct err
hasher_open(struct hasher **out)
{
	*out = calloc(1, sizeof **out);
	return *out == NULL ? err_make(E_NOMEM, 0, "hash: open") : err_none();
}

void
hasher_close(struct hasher *h)
{
	free(h);
}

/* SHA-256 of `head` followed by `data`. */
static struct err
digest(struct hasher *h, uint8_t out[static HASH_SIZE], struct span head,
    struct span data)
{
	if (SHA256_Init(&h->ctx) != 1 ||
	    SHA256_Update(&h->ctx, head.p, head.n) != 1 ||
	    SHA256_Update(&h->ctx, data.p, data.n) != 1 ||
	    SHA256_Final(out, &h->ctx) != 1)
		return err_make(E_CRYPTO, 0, "hash: digest");
	return err_none();
}

struct err
hash_data(struct hasher *h, uint8_t out[static HASH_SIZE], struct span data)
{
	return digest(h, out, span_make(NULL, 0), data);
}

struct err
hash_leaf(struct hasher *h, uint8_t out[static HASH_SIZE], struct span row)
{
	return digest(h, out, span_make("\0", 1), row);
}

struct err
hash_node(struct hasher *h, uint8_t out[static HASH_SIZE],
    const uint8_t left[static HASH_SIZE], const uint8_t right[static HASH_SIZE])
{
	uint8_t pair[1 + 2 * HASH_SIZE];

	pair[0] = 1;
	memcpy(pair + 1, left, HASH_SIZE);
	memcpy(pair + 1 + HASH_SIZE, right, HASH_SIZE);
	return digest(h, out, span_make(NULL, 0), span_make(pair, sizeof pair));
}

/* By hand: EVP_MAC takes three times as long for a message this short. */
struct err
hash_mac(struct hasher *h, uint8_t out[static HASH_SIZE],
    const uint8_t key_secret[static HASH_KEY], struct span data)
{
	uint8_t inner_secret[BLOCK], outer_secret[BLOCK];
	uint8_t first[HASH_SIZE];
	struct err e;

	for (size_t i = 0; i < BLOCK; i++) {
		uint8_t k = i < HASH_KEY ? key_secret[i] : 0;

		inner_secret[i] = k ^ INNER;
		outer_secret[i] = k ^ OUTER;
	}
	e = digest(h, first, span_make(inner_secret, BLOCK), data);
	if (!err_is(e))
		e = digest(h, out, span_make(outer_secret, BLOCK),
		    span_make(first, sizeof first));
	OPENSSL_cleanse(inner_secret, sizeof inner_secret);
	OPENSSL_cleanse(outer_secret, sizeof outer_secret);
	return e;
}
