/*
 * report/report.h - a branch's state as JSON, for tools and their readers.
 *
 * dasi-agent answers status.get, case.list and case.timeline with these; the
 * tool makes the same objects by itself of a database at rest when no agent
 * runs.  Nothing here is personal: a holder comes masked from the caller.
 * Every function that returns json_t * gives it to the caller; NULL is no
 * memory.  Members are listed in src/rpc/README.md, "tool -> agent".
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <jansson.h>

#include "identity/mask.h"
#include "store/report.h"

/* Of the programs; the Makefile reads it for the package. */
#define REPORT_VERSION "0.1.0"

enum { REPORT_PAGE = 40 }; /* cases or rows in one answer: below RPC_MAX */

/* Fill in the holder, masked, or "" when nobody can tell any more. */
typedef void report_holder(
    char out[static MASK_TEXT], void *ctx, const struct store_case *c);

/* One case. `holder` is masked; "" becomes null. */
json_t *report_case(const struct store_case *c, const char *holder);

/*
 * {cases, before}: a page of cases, newest first; `before` is the filter's
 * value for the next page, or null.  `holder` may be NULL.  Errors of
 * store_report_cases, E_NOMEM.
 */
MUST_USE struct err report_cases(json_t **out, struct store *s,
    const struct store_filter *filter, report_holder *holder, void *ctx);

/*
 * {case, rows, after}: a page of the journal of one case, after row `after`;
 * the answer's `after` is for the next page, or null.  E_NOTFOUND: no such
 * case; else as report_cases.
 */
MUST_USE struct err report_timeline(json_t **out, struct store *s,
    const char *case_no, int64_t after, report_holder *holder, void *ctx);

/* {cases, intents, holds, spool}: see struct store_summary. */
MUST_USE struct err report_summary(json_t **out, struct store *s);

/* {schema, newest, integrity}: `integrity` null unless `check`, which reads the
 * whole file: only for a database at rest. */
MUST_USE struct err report_store(json_t **out, struct store *s, bool check);

/* {rows, first, signed, signed_at, newest_at} of the audit log. */
MUST_USE struct err report_audit(json_t **out, struct store *s);

/* {path, there, mode, size, owner, uid, mine}: mode as octal text; `mine`: of
 * this process's user.  `there` is null when it may not look. */
json_t *report_file(const char *path);

/* {path, free_mb, ballast}: of the folder of the database; nulls likewise. */
json_t *report_folder(const char *path);

/* {path, expires_at, days_left, fault}: can it be sealed to at `now_s`?
 * `fault` is "" or an error's word. */
json_t *report_certificate(const char *path, struct span der, int64_t now_s);

#endif
