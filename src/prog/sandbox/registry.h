/*
 * sandbox/registry.h - the RA system and the ID authenticity check.
 *
 * src/peer/README.md is the contract.
 */
#ifndef SANDBOX_REGISTRY_H
#define SANDBOX_REGISTRY_H

#include "sandbox.h"

enum { TOKEN_TEXT = 41, REFNUM_TEXT = 7, AUTHCODE_TEXT = 20 };

/*
 * One POST under /registry: `path` is what follows ("/identity/verify").
 * `fault` may ask for a refusal.  The reply is always filled.
 */
void registry_answer(struct sandbox *sb, const char *path, const json_t *in,
    struct fault fault, struct reply *out);

/* The factor part of it: "/factor/start" and "/factor/verify". */
json_t *factor_start(
    struct sandbox *sb, const struct person *p, const json_t *in);
json_t *factor_verify(
    struct sandbox *sb, const struct person *p, const json_t *in);
/* The list of factors this person has, with hints. */
json_t *factor_list(const struct person *p);

/* Equal in NFC when spaces are left out: names and answers. */
bool same_text(const char *a, const char *b);

/* Forget wrong answers and locks of one person.  Blocks. */
MUST_USE struct err factor_unlock(struct sandbox *sb, const struct person *p);

/* The opaque word for a person, and back (NULL: nobody's). */
void person_token(const struct sandbox *sb, char out[static TOKEN_TEXT],
    const struct person *p);
const struct person *person_of_token(
    const struct sandbox *sb, const char *token);

/* What an enrollment is asked for. */
struct enroll {
	const struct person *person;
	const json_t *old; /* certificate record, or NULL: a first one */
	const char *application;
	int waiting; /* polls before the certificate */
};

/*
 * A reference number and authorisation code: the one still open of this
 * application, or a new one (which voids other open ones for the same
 * certificate).  *rec is borrowed.  Blocks.
 */
MUST_USE struct err enroll_make(
    struct sandbox *sb, const struct enroll *want, json_t **rec);
/* "open", "used", "locked", "void" or "expired". */
const char *enroll_state(const struct sandbox *sb, const json_t *rec);
/* Count a wrong MAC; the fifth locks.  Blocks. */
void enroll_wrong_mac(struct sandbox *sb, json_t *rec);

#endif
