/*
 * ui/qr.h - QR codes as modules; the page draws them (facts/handoff.md 4).
 */
#ifndef UI_QR_H
#define UI_QR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { QR_MAX = 97, QR_QUIET = 4 }; /* up to version 20 */

enum qr_level { QR_LOW, QR_MEDIUM, QR_QUARTILE, QR_HIGH };

struct qr {
	int size;		      /* modules a side */
	uint8_t dark[QR_MAX][QR_MAX]; /* 0 or 1 */
};

/* E_LIMIT: more than version 20 holds; E_ARG: empty; E_NOMEM. */
MUST_USE struct err qr_make(
    struct qr *qr, const char *text, enum qr_level level);

/* Dark module?  False outside, that is, in the quiet zone. */
bool qr_dark(const struct qr *qr, int row, int col);

#endif
