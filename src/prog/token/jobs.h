/*
 * token/jobs.h - what the agent may ask.  Each consumes the request, answers
 * it, and fails only when the agent has gone (E_GONE).
 */
#ifndef PROG_TOKEN_JOBS_H
#define PROG_TOKEN_JOBS_H

#include "enrol/failure.h"
#include "prog/token/token.h"

/* The request goes to its job; what there is none for is refused. */
MUST_USE struct err jobs_run(
    struct module *m, struct port *port, struct request *r);

/* The token's word for `e`; with a wrong PIN also what is left. */
void jobs_failure(struct failure *f, struct err e, const struct token *t);

/* ---- issue.c ---- */
/* token.start: a pair made on the token becomes a certificate.  Blocks until
 * the agent has decided. */
MUST_USE struct err issue_start(
    struct module *m, struct port *port, struct request *r);

/* ---- check.c ---- */
/* token.check -> {opens, pair, signature, vid, certificate}. */
MUST_USE struct err check_start(
    struct module *m, struct port *port, struct request *r);
/* token.pin -> {}: "old\nnew" out of the pipe. */
MUST_USE struct err pin_start(
    struct module *m, struct port *port, struct request *r);

#endif
