/*
 * media/scan.h - the certificate pairs a stick holds, read within bounds.
 *
 * A stick is hostile until shown otherwise: at most SCAN_PAIRS pairs,
 * WRITE_LIST entries of a folder, FILE_ROOM bytes of a file; regular files
 * only; no links; names that name_is_leaf accepts.
 */
#ifndef MEDIA_SCAN_H
#define MEDIA_SCAN_H

#include "base/err.h"
#include "base/span.h"

enum { SCAN_PAIRS = 16 };

struct scan_pair {
	const char *organisation, *leaf;
	struct span cert, pri; /* signCert.der, signPri.key */
};

/*
 * Call `each` for every pair under `root`; what it is given lasts for the call
 * only.  It returns false to stop.  No NPKI folder is no error and no pairs.
 * E_GONE or E_SYS when the stick cannot be read.  Blocks.
 */
MUST_USE struct err scan_pairs(
    int root, bool (*each)(void *ctx, const struct scan_pair *pair), void *ctx);

#endif
