/*
 * agent/print.h - what the agent has printed: slips for customers, forms for
 * the file.
 *
 * dasi-print lays out and drives the printers; here a case becomes a document
 * (paper/README.md), and every form leaves its hash in the audit log before
 * anybody gets it.
 */
#ifndef PROG_AGENT_PRINT_H
#define PROG_AGENT_PRINT_H

#include "prog/agent/core.h"

/*
 * The state of the slip printer: `none` (none is configured, or dasi-print has
 * never said), `ok` `low` `out` `down`.  Never NULL.
 */
const char *print_health(const struct agent *a);

/* At the end of the agent: nobody is told anything any more. */
void print_end(struct agent *a);

/* dasi-print's event print.state, and the loss of its link. */
void print_heard(struct agent *a, const json_t *params);
void print_lost(struct agent *a);

/*
 * A document with the members all kinds have (bank, branch, printed_at ...);
 * `lang` is "ko" or "en".  The caller adds the kind's own and owns it.  NULL
 * when memory is short.
 */
json_t *print_blank(
    const struct agent *a, const char *kind, const char *lang, bool copy);

/*
 * The document of a case: kind `receipt` `loss` `fee` `checklist` `ticket` or
 * `refund`, from the case as view_case() tells it (its holder is masked); of
 * `guide` the members about the case, the caller adds the others.
 * NULL when there is nothing of this kind to print: a receipt for a fee that
 * was not paid, a loss that was not reported.
 */
json_t *print_document(const struct agent *a, const json_t *view,
    const char *kind, const char *lang, bool copy);

/*
 * Send a slip to the printer; takes `document`.  `done` hears result {} or
 * `print.none` `print.paper` `print.offline` `print.io` (also for "rpc.gone"
 * and "rpc.timeout": whether paper came out is not known then).  Never calls
 * `done` before it returns.
 */
void print_slip(struct agent *a, json_t *document, call_done *done,
    const struct context *ctx);

/*
 * Have a form made; takes `document`.  The row `form.printed` (kind, sha256,
 * content, paper) is durable before `done` hears of it; `who` (may be NULL) is
 * its actor, `case_no` may be "".  The reply has {sha256} and in *r->fd the PDF
 * as a memory file: take it by setting *r->fd to -1, else it is closed.  With
 * `paper` it goes to the A4 printer as well; that is asked for after the row.
 */
void print_form(struct agent *a, json_t *document, bool paper,
    const struct link *who, const char *case_no, call_done *done,
    const struct context *ctx);

#endif
