/*
 * tokens.h - software tokens in a folder of the test, and dasi-token's jobs
 * over them in a process of their own.
 */
#ifndef TOKENS_H
#define TOKENS_H

#include "bench.h"

#define PIN    "80231957"
#define SO_PIN "11112222"

/*
 * A folder with one token, a bench whose process serves it through the shim.
 * Environment and bench are torn down by tokens_close.
 */
void tokens_open(struct bench *b);
/* The process's status. */
int tokens_close(struct bench *b);

/* One more token. */
void tokens_add(const char *label);
/* What the shim says from now on, see tests/support/token_shim.c. */
void tokens_say(const char *words);
/* The same words when the bench calls back. */
void tokens_gone(struct bench *b);

/* token.list; borrowed until the next call. */
const json_t *tokens_list(struct bench *b);
/* token.start with this PIN on the token of that index, to its end. */
json_t *tokens_issue(struct bench *b, int index, const char *pin);
/* Objects on the first token as pkcs11-tool lists them: how many lines begin
 * with `what`, e.g. "Private Key Object". */
int tokens_count(const char *what);
/* Run a shell command; its exit status. */
int tokens_run(const char *command);
/* The whole answer of token.check or token.pin. */
json_t *tokens_ask(struct bench *b, const char *method, int index,
    const char *secret, const char *number);

#endif
