/*
 * sandbox/printer.h - an 80 mm ESC/POS printer on the network: it keeps what
 * it was sent as files and answers for its paper.
 */
#ifndef SANDBOX_PRINTER_H
#define SANDBOX_PRINTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct printer;

/*
 * Listen on 127.0.0.1 on a free port, which *port gets, and serve in a thread
 * of its own, one connection at a time.  A job, that is what comes before a
 * cut, becomes NNNN.escpos (its bytes), NNNN.txt (what is written, UTF-8) and
 * NNNN.pbm (what is drawn, when there is any) in `folder`, which is made.
 * E_NOMEM, E_SYS.
 */
MUST_USE struct err printer_start(
    struct printer **out, const char *folder, uint16_t *port);
/* NULL is fine. */
void printer_stop(struct printer *p);

/*
 * `ok`; `low` and `out` of paper; `offline` (the cover is open); `mute` (never
 * answers); `ends` (paper runs out during the next job); `cut` (the line
 * breaks in the middle of the next job); `gone` (hangs up at once).  False for
 * another word.
 */
bool printer_set(struct printer *p, const char *state);

#endif
