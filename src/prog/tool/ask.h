/*
 * prog/tool/ask.h - passwords and numbers, typed unseen or read from a
 * descriptor; never from argv or the environment.
 */
#ifndef TOOL_ASK_H
#define TOOL_ASK_H

#include "base/err.h"
#include "base/span.h"

enum { ASK_MAX = 256, ASK_TERMINAL = -1 };

/* Wipe with secret_wipe(&s, sizeof s). */
struct ask_secret {
	size_t n;
	uint8_t p[ASK_MAX];
};

/*
 * One line without its end, from `fd`; with ASK_TERMINAL, from the controlling
 * terminal with `prompt` and without echo.  E_LIMIT over ASK_MAX bytes, E_GONE
 * without a terminal, E_ARG for a closed descriptor, E_SYS.  Blocks.
 */
MUST_USE struct err ask_secret(
    struct ask_secret *out_secret, int fd, const char *prompt);

/* A new password: by fd once; typed, twice the same (E_MISMATCH). */
MUST_USE struct err ask_new_password(struct ask_secret *out_secret, int fd);

/* The span of what was typed. */
struct span ask_span(const struct ask_secret *s);

#endif
