/*
 * paper/form.h - A4 forms as PDF: applications, loss reports, the day's end.
 */
#ifndef PAPER_FORM_H
#define PAPER_FORM_H

#include <jansson.h>

#include "base/err.h"
#include "base/span.h"

typedef struct err form_take(void *ctx, struct span bytes);

/*
 * Check the document and give its PDF to `take`, piece by piece.  The same
 * document and hash are the same bytes; fonts are embedded as subsets.
 * `hash` (hexadecimal, or "") is what the foot shows of the content.  E_ARG as
 * paper_check (also for a slip's kind), E_NOMEM, or what `take` says.
 */
MUST_USE struct err form_pdf(
    const json_t *document, const char *hash, form_take *take, void *ctx);

#endif
