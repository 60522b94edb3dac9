/*
 * attack.h - a log in the hands of somebody who knows how it is made.
 */
#ifndef TEST_AUDIT_ATTACK_H
#define TEST_AUDIT_ATTACK_H

#include "audit/verify.h"
#include "world.h"

enum { ROWS = 700 }; /* checkpoints at 256 and 512, 188 rows behind */

/* A log under attack, and what the verifier is told. */
struct attack {
	struct world *w;
	struct memory *m;
	struct audit_check check;
	struct note_signer signer;
	uint8_t key[3][HASH_KEY]; /* of the epochs */
};

/* What the verifier knows. */
enum knows { BLIND = 0, KEY = 1, SEAL = 2, HEAD = 4, ALL = KEY | SEAL | HEAD };

struct tampering {
	const char *what;
	void (*tamper)(struct attack *a);
	unsigned int knows;
	enum audit_finding finding;
	uint64_t seq;
};

extern const struct tampering tamperings[];
extern const size_t tampering_n;
extern struct hasher *attack_hasher;

/* Write rows and checkpoints of a->m into the database of a->w. */
void attack_put_back(struct attack *a);

/* Let a->check trust the head of all rows and the first checkpoint. */
void attack_note_head(struct attack *a);

#endif
