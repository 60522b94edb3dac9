/*
 * paper/cp949.h - text as Korean printers with their own letters take it.
 */
#ifndef PAPER_CP949_H
#define PAPER_CP949_H

#include "base/err.h"
#include "base/span.h"

/*
 * Append `text` in CP949.  E_UNSUPPORTED when a letter is none of KS X 1001
 * (of the 11,172 syllables the printers' ROMs hold 2,350), or one that the
 * Korean set draws differently, such as the backslash; nothing is appended
 * then.  E_LIMIT, E_SYS (no such conversion on this system).
 */
MUST_USE struct err cp949_encode(struct buf *out, const char *text);

#endif
